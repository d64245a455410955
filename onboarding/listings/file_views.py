"""Files a factory takes along: the rows of a sheet that became no goods, an empty price sheet, all of its goods."""

from __future__ import annotations

import tempfile
from typing import TYPE_CHECKING
from urllib.parse import quote

from flask import Blueprint, Response, redirect, send_file, stream_with_context

from kernel.clock import business_date
from kernel.files import Files
from kernel.i18n import gettext as _
from kernel.permissions import Permission
from kernel.web import actor, now, requires, service
from onboarding.listings import queries
from onboarding.listings.exports import goods_csv, goods_sheets, template_sheets
from onboarding.listings.sheets.writer import MIME, write_workbook

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.listings.sheets.writer import Sheet

blueprint = Blueprint("goods_files", __name__)

_EDIT = Permission.LISTING_GOODS_EDIT


@blueprint.get("/factory/sheets/<sheet>/refused.xlsx")
@requires(_EDIT)
def refused(sheet: str) -> BaseResponse:
    """The rows of a sheet that became no goods, each with why; where there are none its page says what became of it."""
    found = queries.own_sheet(actor(), sheet)
    if not found.refused_key:
        return redirect(f"/factory/sheets/{sheet}", 303)
    stem = found.filename.rpartition(".")[0] or found.filename
    return _workbook(service(Files).open(found.refused_key), _("%(name)s-没读入的行", name=stem), "refused-rows")


@blueprint.get("/factory/sheets/template.xlsx")
@requires(_EDIT)
def template() -> Response:
    """An empty price sheet with what is asked of goods of her trade."""
    category = queries.place_of(actor().membership(_EDIT).organisation_id)[2]
    return _workbook(_written(template_sheets(category)), _("价目表模板"), "price-sheet")


@blueprint.get("/factory/listings/export.xlsx")
@requires(_EDIT)
def export() -> Response:
    """All goods of the factory; changed in a spreadsheet it may be handed in again."""
    return _workbook(_written(goods_sheets(actor().membership(_EDIT).organisation_id)), *_export_names())


@blueprint.get("/factory/listings/export.csv")
@requires(_EDIT)
def export_text() -> Response:
    """The same as text."""
    rows = goods_csv(actor().membership(_EDIT).organisation_id)
    shown = Response(stream_with_context(rows), mimetype="text/csv")
    return _named(shown, *_export_names(), "csv")


def _export_names() -> tuple[str, str]:
    day = business_date(now()).isoformat()
    return _("商品-%(day)s", day=day), f"goods-{day}"


def _written(sheets: Iterable[Sheet]) -> BinaryIO:
    """Written on the disk, which has more room than the memory."""
    file = tempfile.TemporaryFile()  # noqa: SIM115  closed when it is sent
    write_workbook(file, sheets)
    file.seek(0)
    return file


def _workbook(file: BinaryIO, name: str, plain: str) -> Response:
    return _named(send_file(file, mimetype=MIME), name, plain, "xlsx")


def _named(shown: Response, name: str, plain: str, kind: str) -> Response:
    """A file to keep by its name; `plain` is for programs that know ASCII alone and would drop all the rest."""
    whole = quote(f"{name}.{kind}", safe="")
    shown.headers["Content-Disposition"] = f"attachment; filename=\"{plain}.{kind}\"; filename*=UTF-8''{whole}"
    return shown
