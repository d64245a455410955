"""Pages of price sheets on their way in: handing one in, its progress, what it says, what became of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, redirect, request

from kernel.errors import DomainError, InvalidInputError
from kernel.files import Files
from kernel.i18n import coded_text
from kernel.i18n import gettext as _
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.web import actor, form_data, now, page, requires, say, service
from onboarding.listings import columns, operations, queries
from onboarding.listings.differences import CHANGES_SHOWN, told
from onboarding.listings.headings import column_tables
from onboarding.listings.plan import STOCK_MEANINGS
from onboarding.listings.preview import EXAMPLE_MARKUP, left_out_rows, preview
from onboarding.listings.rules import SHEET_CAP_BYTES, UPLOADS
from onboarding.listings.schemas import ImportForm, columns_form
from onboarding.listings.settled import foreseen, is_stopped

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.exceptions import RequestEntityTooLarge
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.listings.models import SheetImport

blueprint = Blueprint("sheets", __name__)

_SECOND = timedelta(seconds=1)
_PERCENT: Final = re.compile(r"[0-9]{1,4}")
_EDIT = Permission.LISTING_GOODS_EDIT


@blueprint.get("/factory/sheets")
@requires(_EDIT)
def sheets() -> Response:
    """Where a price sheet is handed in."""
    return _upload_page()


@blueprint.post("/factory/sheets")
@requires(_EDIT)
def upload() -> BaseResponse:
    """Keep the file, note it, and show its progress."""
    factory = actor().membership(_EDIT)
    given = request.files.get("sheet")
    if len(request.files.getlist("sheet")) > 1:
        return _upload_page(InvalidInputError({"sheet": ("sheet.one_at_a_time", {})}))
    data = given.stream.read(SHEET_CAP_BYTES + 1) if given else b""
    if given is None or not data:
        return _upload_page(InvalidInputError({"sheet": ("sheet.missing", {})}))
    if len(data) > SHEET_CAP_BYTES:
        return _upload_page(DomainError("sheet.too_large", limit_mb=SHEET_CAP_BYTES >> 20), status=413)
    hit([(f"sheets:{factory.organisation}", *UPLOADS)], now=now())
    key = service(Files).put(data)
    sheet = operations.upload_sheet(actor=actor(), filename=given.filename or "", file_key=key, now=now())
    return redirect(f"/factory/sheets/{sheet.public_id}", 303)


@blueprint.errorhandler(413)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """A request that was refused unread, by its length alone; nobody is known to have sent it."""
    if request.endpoint != "sheets.upload" or not actor().holds(_EDIT):
        return page("errors/error.html", status=413, error_status=413, error_text=coded_text("request.too_large", {}))
    return _upload_page(DomainError("sheet.too_large", limit_mb=SHEET_CAP_BYTES >> 20), status=413)


@blueprint.get("/factory/sheets/<sheet>")
@requires(_EDIT)
def sheet_page(sheet: str) -> Response:
    """The progress of a sheet, then what it says, then what became of it."""
    return _sheet_page(queries.own_sheet(actor(), sheet))


@blueprint.post("/factory/sheets/<sheet>/listings")
@requires(_EDIT)
def make_listings(sheet: str) -> BaseResponse:
    """Have drafts made of a sheet with the owner's answers."""
    found = queries.own_sheet(actor(), sheet)
    try:
        form = form_data(ImportForm())
        percent = form["markup_percent"]
        if form["then"]:
            return _sheet_page(found)
        operations.import_listings(
            actor=actor(),
            sheet_import=sheet,
            stock_meaning=form["stock_meaning"] or None,
            markup_bp=None if percent is None else percent * 100,
            now=now(),
        )
    except DomainError as refusal:
        return _sheet_page(found, refusal)
    return redirect(f"/factory/sheets/{sheet}", 303)


@blueprint.post("/factory/sheets/<sheet>/columns")
@requires(_EDIT)
def say_columns(sheet: str) -> BaseResponse:
    """Have a sheet read again as its owner says that its columns are meant."""
    found = queries.own_sheet(actor(), sheet)
    try:
        tables = column_tables(found.reading)
        names = [column.name for table in tables for column in table.columns]
        names += [table.head.name for table in tables if table.head]
        columns.choose_columns(actor=actor(), sheet_import=sheet, told=form_data(columns_form(names)), now=now())
    except DomainError as refusal:
        return _sheet_page(found, refusal)
    return redirect(f"/factory/sheets/{sheet}", 303)


@blueprint.post("/factory/sheets/<sheet>/columns/forgetting")
@requires(_EDIT)
def forget_columns(sheet: str) -> BaseResponse:
    """Have it read as it stands, and those that come too."""
    found = queries.own_sheet(actor(), sheet)
    try:
        columns.forget_columns(actor=actor(), sheet_import=sheet, now=now())
    except DomainError as refusal:
        return _sheet_page(found, refusal)
    say(_("忘掉了，以后的表也照原样识别。"))
    return redirect(f"/factory/sheets/{sheet}", 303)


def _upload_page(error: DomainError | None = None, *, status: int = 200) -> Response:
    factory = actor().membership(_EDIT)
    recent = queries.recent_sheets(factory.organisation_id)
    shown = page("listings/sheets.html", error=error, recent=recent, status=status)
    shown.status_code = status if error is None or status != 200 else error.status  # noqa: PLR2004
    return shown


def _sheet_page(sheet: SheetImport, error: DomainError | None = None) -> Response:
    if sheet.state == "waiting":
        return page("listings/sheet_waiting.html", sheet=sheet, seconds=(now() - sheet.created_at) // _SECOND)
    if sheet.state == "importing":
        far, said = queries.progress_of_sheet(sheet.id), queries.is_dictated(sheet.id)
        return page("listings/sheet_importing.html", sheet=sheet, far=far, said=said)
    if sheet.state == "failed":
        reason = coded_text(sheet.error_code, sheet.error_params)
        return page("listings/sheet_failed.html", sheet=sheet, reason=reason, stopped=is_stopped(sheet))
    if sheet.state == "imported":
        left_out = [(one, coded_text(one["code"], one["params"])) for one in sheet.result["left_out"]]
        rows = left_out_rows(sheet.reading)
        return page("listings/sheet_done.html", sheet=sheet, result=sheet.result, left_out=left_out, left_out_rows=rows)
    found = {"preview": preview(sheet.reading), "tables": column_tables(sheet.reading), **_foreseen(sheet)}
    return page("listings/sheet.html", sheet=sheet, form=request.form, error=error, **found)


def _foreseen(sheet: SheetImport) -> dict[str, Any]:
    """What the goods of a sheet would change, with the answers that were given or else as the form offers them."""
    said, percent = request.form.get("stock_meaning"), request.form.get("markup_percent", "")
    stock = STOCK_MEANINGS.get(said or "")
    markup = int(percent) if _PERCENT.fullmatch(percent) else EXAMPLE_MARKUP
    found = foreseen(sheet, stock=stock, markup_bp=markup * 100, limit=CHANGES_SHOWN)
    return {"difference": found, "changed": [told(known, changes) for known, changes in found.shown]}
