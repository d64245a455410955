"""Pages of a factory's way in: the photo, what it says put right and handed in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, redirect, request

from kernel.clock import business_date
from kernel.errors import DomainError, InvalidInputError
from kernel.files import Files
from kernel.i18n import coded_text
from kernel.i18n import gettext as _
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.photos import PHOTO_CAP_BYTES, take_photo
from kernel.web import actor, form_data, now, page, reload_actor, requires, say, service
from onboarding.compliance.queries import accepted, current
from onboarding.joining import queries
from onboarding.joining.schemas import FactoryForm
from onboarding.licences.operations import upload_licence
from onboarding.licences.rules import UPLOADS
from onboarding.listings.operations import upload_sheet
from onboarding.listings.rules import SHEET_CAP_BYTES
from onboarding.standing import operations as standing
from onboarding.standing.queries import claim_of
from onboarding.verification import operations
from onboarding.verification.rules import APPLICATION, promised_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.exceptions import RequestEntityTooLarge
    from werkzeug.wrappers import Response as BaseResponse

    from kernel.photos import Photo
    from onboarding.joining.queries import Standing
    from onboarding.licences.credit_code import Fault
    from onboarding.licences.queries import LicenceLine

blueprint = Blueprint("joining", __name__, template_folder="templates")

_HERE: Final = "/join/factory"
_WORKPLACE: Final = "/factory"
_TOO_LARGE: Final[Fault] = ("sheet.too_large", {"limit_mb": SHEET_CAP_BYTES >> 20})
_SECOND: Final = timedelta(seconds=1)


@blueprint.get("/join/factory")
@requires(Permission.ACCOUNT_SELF_USE)
def way_in() -> BaseResponse:
    """Wherever she left off: the photo, its reading, the form; whoever has handed in goes to her workplace."""
    found = queries.standing(actor())
    if found is None:
        return _photo_page()
    if "hand_in" not in APPLICATION.actions(found.application.state):
        return redirect(_WORKPLACE)
    if found.licence is None or "photo" in request.args:
        return _photo_page(found)
    if found.is_being_read and "by-hand" not in request.args:
        return _reading_page(found.licence)
    return _form_page(found)


@blueprint.post("/join/factory/licence")
@requires(Permission.ACCOUNT_SELF_USE)
def hand_photo() -> BaseResponse:
    """Keep the photo, and the price sheet if one came along; the worker reads both."""
    try:
        hit([(f"licences:{actor().user}", *UPLOADS)], now=now())
        photo = _photo()
        sheet = _sheet()
    except DomainError as refusal:
        return _photo_page(queries.standing(actor()), refusal)
    organisation = _begun()
    key = service(Files).put(photo.jpeg)
    upload_licence(actor=actor(), organisation=organisation, photo_key=key, now=now())
    if sheet:
        name, data = sheet
        upload_sheet(actor=actor(), filename=name, file_key=service(Files).put(data), now=now())
        say(_("价目表也收到了，提交资料后到“上新”里核对。"), "good")
    return redirect(_HERE, 303)


@blueprint.errorhandler(413)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """A request that was refused unread, by its length alone; nobody is known to have sent it."""
    refusal = InvalidInputError({"licence": ("photo.too_large", {"limit_mb": PHOTO_CAP_BYTES >> 20})})
    if request.endpoint != "joining.hand_photo" or not actor().is_signed_in:
        return page("errors/error.html", status=413, error_status=413, error_text=coded_text("request.too_large", {}))
    shown = _photo_page(queries.standing(actor()), refusal)
    shown.status_code = 413
    return shown


@blueprint.post("/join/factory/later")
@requires(Permission.ACCOUNT_SELF_USE)
def photo_later() -> BaseResponse:
    """Begin without the photo: goods may be prepared first."""
    _begun()
    return redirect("/factory/sheets", 303)


@blueprint.post("/join/factory")
@requires(Permission.ACCOUNT_SELF_USE)
def hand_in() -> BaseResponse:
    """Hand the application in, the first time or again; what was filled in is kept whatever is wrong with it."""
    found = queries.standing(actor())
    if found is None:
        return redirect(_HERE, 303)
    try:
        said = form_data(FactoryForm())["said"]
    except DomainError as refusal:
        return _form_page(found, request.form, refusal)
    try:
        operations.hand_in(actor=actor(), said=said, now=now())
    except DomainError as refusal:
        operations.keep(actor=actor(), said=said, now=now())
        return _form_page(queries.standing(actor()) or found, request.form, refusal)
    by = promised_by(now())
    say(_("资料已提交，%(by)s 前审完，结果会发短信给您。", by=f"{by:%m-%d %H:%M}"), "good")
    return redirect(_WORKPLACE, 303)


@blueprint.post("/join/factory/claim")
@requires(Permission.ACCOUNT_SELF_USE)
def claim() -> BaseResponse:
    """Say that a credit code somebody else holds is hers; all else is as in handing in."""
    found = queries.standing(actor())
    if found is None:
        return redirect(_HERE, 303)
    try:
        form = form_data(FactoryForm())
        standing.claim(actor=actor(), **form, now=now())
    except DomainError as refusal:
        return _form_page(found, request.form, refusal, claiming=True)
    say(_("认领已提交。核实后代码归您，资料自动进入审核，不用重填；结果会发短信。"), "good")
    return redirect(_HERE, 303)


def _begun() -> str:
    """The public id of her factory, begun now if it was not."""
    operations.begin(actor=actor(), now=now())
    reload_actor()
    return queries.organisation_of(actor())


def _photo() -> Photo:
    given = request.files.get("licence")
    data = given.stream.read(PHOTO_CAP_BYTES + 1) if given else b""
    try:
        return take_photo(data)
    except DomainError as refusal:
        raise InvalidInputError({"licence": (refusal.code, dict(refusal.params))}) from refusal


def _sheet() -> tuple[str, bytes] | None:
    given = request.files.get("sheet")
    if given is None or not given.filename:
        return None
    data = given.stream.read(SHEET_CAP_BYTES + 1)
    if not data or len(data) > SHEET_CAP_BYTES:
        raise InvalidInputError({"sheet": _TOO_LARGE if data else ("sheet.missing", {})})
    return given.filename, data


def _photo_page(found: Standing | None = None, error: DomainError | None = None) -> Response:
    return page("joining/photo.html", error=error, found=found)


def _reading_page(licence: LicenceLine) -> Response:
    shown = page("joining/reading.html", seconds=(now() - licence.uploaded_at) // _SECOND)
    shown.headers["Refresh"] = "2"
    return shown


def _form_page(
    found: Standing,
    values: Mapping[str, Any] | None = None,
    error: DomainError | None = None,
    *,
    claiming: bool = False,
) -> Response:
    is_taken = error is not None and error.code == "factory.code_taken"
    belts, agreement = queries.belts_by_province(), current("factory", business_date(now()))
    shown = values or queries.values_of(found, belts)
    proposed = queries.proposals(shown, belts)
    return page(
        "joining/form.html",
        error=error,
        found=found,
        values={"belt": proposed[0].belt.slug if proposed else "", **{key: shown[key] for key in shown if shown[key]}},
        proposed=proposed,
        belts=belts,
        asked=found.application.asked.split(),
        agreement=agreement,
        agreed=accepted(found.application.organisation_id, "factory") == agreement.version,
        claim=claim_of(found.application.organisation_id),
        is_taken=is_taken or claiming,
    )
