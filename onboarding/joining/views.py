"""Pages of a seller's way in: the photo, what it says put right and handed in."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, current_app, redirect, request

from kernel.clock import business_date
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.files import Files
from kernel.i18n import coded_text
from kernel.i18n import gettext as _
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.photos import PHOTO_CAP_BYTES, take_photo
from kernel.web import HELPING_PAGE, actor, client_address, form_data, now, page, reload_actor, requires, say, service
from onboarding.accounts.grants import asking_limits, owner_reached
from onboarding.accounts.rules import sign_in_limits
from onboarding.compliance.queries import accepted, current
from onboarding.joining import operations as by_helper
from onboarding.joining import queries
from onboarding.joining.schemas import SellerForm, WordForm
from onboarding.licences.operations import upload_licence
from onboarding.licences.queries import newest_licence
from onboarding.licences.rules import UPLOADS, WAITING
from onboarding.listings.operations import upload_sheet
from onboarding.listings.rules import SHEET_CAP_BYTES
from onboarding.standing import operations as standing
from onboarding.standing.queries import claim_of
from onboarding.verification import operations
from onboarding.verification.rules import APPLICATION, TAKEN, promised_by

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Response
    from werkzeug.exceptions import RequestEntityTooLarge
    from werkzeug.wrappers import Response as BaseResponse

    from kernel.photos import Photo
    from onboarding.joining.queries import Standing
    from onboarding.licences.credit_code import Fault
    from onboarding.licences.queries import LicenceLine
    from onboarding.verification.models import Application
    from onboarding.verification.operations import Kind
    from onboarding.verification.rules import Said

blueprint = Blueprint("joining", __name__, template_folder="templates")

_GOODS: Final = {"factory": "/factory/sheets", "merchant": "/supply"}
_TOO_LARGE: Final[Fault] = ("sheet.too_large", {"limit_mb": SHEET_CAP_BYTES >> 20})
_SECOND: Final = timedelta(seconds=1)


@blueprint.before_request
def helpers_help_factories() -> BaseResponse | None:
    """A shop is a matter of her own, and rests like all of those."""
    is_shop = (request.view_args or {}).get("kind") == "merchant"
    return redirect(HELPING_PAGE, 303) if is_shop and actor().helping else None


@blueprint.get("/join/factory", defaults={"kind": "factory"})
@blueprint.get("/join/merchant", defaults={"kind": "merchant"})
@requires(Permission.JOINING_WAY_USE)
def way_in(kind: Kind) -> BaseResponse:
    """Wherever she left off: the photo, its reading, the form; whoever has handed in goes to her workplace."""
    found = queries.standing(actor(), kind)
    if found is None:
        return _photo_page(kind)
    if "hand_in" not in APPLICATION.actions(found.application.state):
        return redirect(_workplace(kind))
    if found.licence is None or "photo" in request.args:
        return _photo_page(kind, found)
    if found.is_being_read and "by-hand" not in request.args:
        return _reading_page(kind, found.licence)
    return _form_page(found)


@blueprint.post("/join/factory/licence", defaults={"kind": "factory"})
@blueprint.post("/join/merchant/licence", defaults={"kind": "merchant"})
@requires(Permission.JOINING_WAY_USE)
def hand_photo(kind: Kind) -> BaseResponse:
    """Keep the photo, and the price sheet if one came along; the worker reads both."""
    found = queries.standing(actor(), kind)
    try:
        _refuse_handed_in(found)
        hit([(f"licences:{actor().user}", *UPLOADS)], now=now())
        photo = _photo()
        sheet = _sheet() if kind == "factory" else None
    except DomainError as refusal:
        return _photo_page(kind, found, refusal)
    organisation = _begun(kind)
    key = service(Files).put(photo.jpeg)
    upload_licence(actor=actor(), organisation=organisation, photo_key=key, now=now())
    if sheet:
        name, data = sheet
        upload_sheet(actor=actor(), filename=name, file_key=service(Files).put(data), now=now())
        say(_("价目表也收到了，提交资料后到“上新”里核对。"), "good")
    return redirect(f"/join/{kind}", 303)


@blueprint.errorhandler(413)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """A request that was refused unread, by its length alone; nobody is known to have sent it."""
    refusal = InvalidInputError({"licence": ("photo.too_large", {"limit_mb": PHOTO_CAP_BYTES >> 20})})
    if request.endpoint != "joining.hand_photo" or not actor().is_signed_in:
        return page("errors/error.html", status=413, error_status=413, error_text=coded_text("request.too_large", {}))
    kind: Kind = (request.view_args or {})["kind"]
    shown = _photo_page(kind, queries.standing(actor(), kind), refusal)
    shown.status_code = 413
    return shown


@blueprint.post("/join/factory/later", defaults={"kind": "factory"})
@blueprint.post("/join/merchant/later", defaults={"kind": "merchant"})
@requires(Permission.JOINING_WAY_USE)
def photo_later(kind: Kind) -> BaseResponse:
    """Begin without the photo: goods may be prepared, or looked for, first."""
    _begun(kind)
    return redirect(_GOODS[kind], 303)


@blueprint.post("/join/factory", defaults={"kind": "factory"})
@blueprint.post("/join/merchant", defaults={"kind": "merchant"})
@requires(Permission.JOINING_WAY_USE)
def hand_in(kind: Kind) -> BaseResponse:
    """Hand the application in, the first time or again; what was filled in is kept whatever is wrong with it."""
    found = queries.standing(actor(), kind)
    if found is None:
        return redirect(f"/join/{kind}", 303)
    try:
        said = replace(form_data(SellerForm())["said"], kind=kind)
    except DomainError as refusal:
        return _form_page(found, request.form, refusal)
    try:
        if actor().helping and (asked := _asked_the_owner(said)):
            return asked
        hand = by_helper.hand_in if actor().helping else operations.hand_in
        handed_in = hand(actor=actor(), said=said, now=now())
    except DomainError as refusal:
        operations.keep(actor=actor(), said=said, now=now())
        return _form_page(queries.standing(actor(), kind) or found, request.form, refusal)
    return _done(handed_in)


@blueprint.post("/join/factory/word")
@requires(Permission.JOINING_WAY_USE)
def hand_in_with_word() -> BaseResponse:
    """Hand in by a helper's hand, with the code by which the owner accepts the agreement."""
    found = queries.standing(actor(), "factory")
    if found is None or not actor().helping:
        raise NotFoundError
    try:
        form = form_data(WordForm())
        hit(sign_in_limits(address=client_address(), scale=_scale()), now=now())
        handed_in = by_helper.hand_in(actor=actor(), said=form["said"], code=form["code"], now=now())
    except DomainError as refusal:
        wrong_code = refusal.code in {"word.refused", "rate.limited"} or "code" in getattr(refusal, "fields", {})
        return _word_page(refusal) if wrong_code else _form_page(found, request.form, refusal)
    return _done(handed_in)


@blueprint.post("/join/factory/claim", defaults={"kind": "factory"})
@blueprint.post("/join/merchant/claim", defaults={"kind": "merchant"})
@requires(Permission.ACCOUNT_SELF_USE)
def claim(kind: Kind) -> BaseResponse:
    """Say that a credit code somebody else holds is hers; all else is as in handing in."""
    found = queries.standing(actor(), kind)
    if found is None:
        return redirect(f"/join/{kind}", 303)
    try:
        form = form_data(SellerForm())
        said = replace(form["said"], kind=kind)
        standing.claim(actor=actor(), said=said, words=form["words"], now=now())
    except DomainError as refusal:
        return _form_page(found, request.form, refusal, claiming=True)
    say(_("认领已提交。核实后代码归您，资料自动进入审核，不用重填；结果会发短信。"), "good")
    return redirect(f"/join/{kind}", 303)


def _asked_the_owner(said: Said) -> Response | None:
    """The page that waits for the owner's word, which is asked for now; nothing when she gave it before."""
    if not by_helper.lacks_word(actor=actor(), said=said, now=now()):
        return None
    to = owner_reached(actor(), now=now())
    hit(asking_limits(actor=actor(), to=to, address=client_address(), scale=_scale()), now=now())
    operations.keep(actor=actor(), said=said, now=now())  # it waits for the code on this page, or on any other
    by_helper.ask_word(actor=actor(), site=current_app.config["PUBLIC_URL"], now=now())
    return _word_page()


def _done(handed_in: Application) -> BaseResponse:
    if handed_in.state == "approved":
        say(_("店铺开好了。先挑货：向工厂申请铺货，工厂同意后就能看供货价、上架开卖。"), "good")
        return redirect(_GOODS[handed_in.kind], 303)
    by, photo = f"{promised_by(now()):%m-%d %H:%M}", newest_licence(handed_in.organisation_id)
    if handed_in.kind == "merchant" and photo and photo.state == WAITING:
        say(_("资料已提交，照片还在识别：和填的一致就自动开店，会发短信；要人工看的，%(by)s 前审完。", by=by))
    else:
        say(_("资料已提交，%(by)s 前审完，结果会发短信给您。", by=by))
    return redirect(_workplace(handed_in.kind), 303)


def _workplace(kind: str) -> str:
    """Where she goes on: an owner to her workplace, a helper to the list of what is left for the one she helps."""
    return "/assist/steps" if actor().helping else f"/{kind}"


def _scale() -> int:
    found: int = current_app.config.get("LIMITS_SCALE", 1)
    return found


def _begun(kind: Kind) -> str:
    """The public id of her factory or shop, begun now if it was not; of a helper the one she has in hand."""
    if not actor().helping:
        operations.begin(actor=actor(), kind=kind, now=now())
        reload_actor()
    return queries.organisation_of(actor(), kind)


def _refuse_handed_in(found: Standing | None) -> None:
    """The photo that somebody looks at, or that stands behind a seller, is changed on its owner's own page alone."""
    if found and "hand_in" not in APPLICATION.actions(found.application.state):
        raise DomainError("licence.handed_in")


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


def _photo_page(kind: Kind, found: Standing | None = None, error: DomainError | None = None) -> Response:
    return page("joining/photo.html", error=error, found=found, kind=kind)


def _word_page(error: DomainError | None = None) -> Response:
    """What was filled in travels along with the code."""
    said = {name: text for name, text in request.form.items() if name not in {"csrf_token", "code"}}
    return page(
        "joining/word.html",
        error=error,
        said=said,
        masked=owner_reached(actor(), now=now()).masked,
        agreement=current("factory", business_date(now())),
    )


def _reading_page(kind: Kind, licence: LicenceLine) -> Response:
    shown = page("joining/reading.html", kind=kind, seconds=(now() - licence.uploaded_at) // _SECOND)
    shown.headers["Refresh"] = "2"
    return shown


def _form_page(
    found: Standing,
    values: Mapping[str, Any] | None = None,
    error: DomainError | None = None,
    *,
    claiming: bool = False,
) -> Response:
    application = found.application
    kind, is_taken = application.kind, error is not None and error.code == TAKEN[application.kind]
    belts = queries.belts_for(actor()) if kind == "factory" else ()
    agreement = current(kind, business_date(now()))
    shown = values or queries.values_of(found, belts)
    proposed = queries.proposals(shown, belts) if belts else []
    return page(
        "joining/form.html",
        error=error,
        found=found,
        kind=kind,
        values={"belt": proposed[0].belt.slug if proposed else "", **{key: shown[key] for key in shown if shown[key]}},
        proposed=proposed,
        belts=belts,
        asked=application.asked.split(),
        agreement=agreement,
        agreed=accepted(application.organisation_id, kind) == agreement.version,
        claim=claim_of(application.organisation_id),
        is_taken=is_taken or claiming,
    )
