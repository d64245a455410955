"""The page on which a shopper says that something is wrong with goods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request

from kernel.errors import DomainError, InvalidInputError
from kernel.files import Files
from kernel.i18n import gettext as _
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.photos import PHOTO_CAP_BYTES, take_photo
from kernel.web import actor, form_data, now, page, requires, say, service
from onboarding.reports import operations
from onboarding.reports.queries import goods_named, has_reported
from onboarding.reports.rules import PICTURES, REASONS, SENT, WORDS_CAP
from onboarding.reports.schemas import ReportForm

if TYPE_CHECKING:
    from werkzeug.exceptions import RequestEntityTooLarge
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("reports", __name__, template_folder="templates")

_HERSELF = Permission.ACCOUNT_SELF_USE


@blueprint.get("/reports/new")
@requires(_HERSELF)
def form() -> Response:
    """Why, in what words, with which pictures; of goods that the address names."""
    return _form_page()


@blueprint.post("/reports/new")
@requires(_HERSELF)
def send() -> Response | BaseResponse:
    """Send it, and go back to the goods."""
    try:
        hit([(f"reports:{actor().user}", *SENT)], now=now())
        told = form_data(ReportForm())
        goods = goods_named(told.pop("goods"))
        operations.report(actor=actor(), goods=goods, **told, pictures=_pictures(), now=now())
    except InvalidInputError as error:
        return _form_page(error)
    except DomainError as error:
        if error.status == 404:  # noqa: PLR2004  not on sale
            raise
        return _form_page(error)
    say(_("举报已收到，平台核实后短信告诉您结果。卖家不会知道是谁举报的。"), "good")
    return redirect(goods.address, 303)


@blueprint.errorhandler(413)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Photographs that were refused unread, by their length alone."""
    raise DomainError("request.too_large")


def _pictures() -> list[str]:
    """The keys of the photographs, each bare of everything but what it shows; of too many none is unpacked."""
    given = [one for one in request.files.getlist("pictures") if one.filename]
    if len(given) > PICTURES:
        return [""] * len(given)  # as many as she sent, for the rule to refuse
    try:
        photos = [take_photo(one.stream.read(PHOTO_CAP_BYTES + 1)).jpeg for one in given]
    except DomainError as refusal:
        raise InvalidInputError({"pictures": (refusal.code, dict(refusal.params))}) from refusal
    return [service(Files).put(photo) for photo in photos]


def _form_page(error: DomainError | None = None) -> Response:
    goods = goods_named(request.values.get("goods", ""))
    return page(
        "reports/new.html",
        error=error,
        goods=goods,
        named=request.values.get("goods", ""),
        waits=has_reported(actor(), goods.listing_id),
        reasons=REASONS,
        values=request.form,
        most=WORDS_CAP,
        pictures=PICTURES,
    )
