"""Pages of an owner whose factory or shop was decided upon: her appeal, her licence and its check."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from flask import Blueprint, Response, redirect, request

from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.files import Files
from kernel.i18n import gettext as _
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.photos import PHOTO_CAP_BYTES, take_photo
from kernel.web import actor, form_data, now, page, requires, say, service
from onboarding.licences.operations import upload_licence
from onboarding.licences.queries import newest_licence
from onboarding.licences.rules import WAITING
from onboarding.standing import operations
from onboarding.standing.queries import check_of, recourse
from onboarding.standing.rules import APPEAL
from onboarding.standing.schemas import AppealForm, NothingForm
from onboarding.verification.queries import application_of, seller_of

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.verification.queries import Seller

blueprint = Blueprint("standing", __name__, template_folder="templates")

_PHOTOS: Final = (30, timedelta(hours=1))


@blueprint.get("/factory/appeal", defaults={"kind": "factory"})
@blueprint.get("/merchant/appeal", defaults={"kind": "merchant"})
@requires(Permission.SELLER_ORGANISATION_EDIT)
def appeal_form(kind: str) -> Response:
    """The decision, and room for what she has to say against it; or what became of that."""
    return _appeal_page(_owned(kind))


@blueprint.post("/factory/appeal", defaults={"kind": "factory"})
@blueprint.post("/merchant/appeal", defaults={"kind": "merchant"})
@requires(Permission.SELLER_ORGANISATION_EDIT)
def appeal(kind: str) -> Response | BaseResponse:
    """Have the decision looked at again."""
    found = _owned(kind)
    try:
        operations.appeal(actor=actor(), kind=kind, **form_data(AppealForm()), now=now())
    except DomainError as error:
        return _appeal_page(found, error)
    say(_("申诉已提交，由另一位审核员来看，结果会发短信。"), "good")
    return redirect(f"/{kind}/appeal", 303)


@blueprint.get("/factory/licence", defaults={"kind": "factory"})
@blueprint.get("/merchant/licence", defaults={"kind": "merchant"})
@requires(Permission.SELLER_ORGANISATION_EDIT)
def licence(kind: str) -> Response:
    """What is on file of her licence, and whether it has to be confirmed."""
    return _licence_page(_owned(kind))


@blueprint.post("/factory/licence", defaults={"kind": "factory"})
@blueprint.post("/merchant/licence", defaults={"kind": "merchant"})
@requires(Permission.SELLER_ORGANISATION_EDIT)
def hand_photo(kind: str) -> Response | BaseResponse:
    """A new photo, whenever she likes; where a check waits it is the answer."""
    found = _owned(kind)
    try:
        hit([(f"licences:{actor().user}", *_PHOTOS)], now=now())
        photo = _photo()
    except DomainError as error:
        return _licence_page(found, error)
    key = service(Files).put(photo)
    upload_licence(actor=actor(), organisation=found.organisation, photo_key=key, now=now())
    waited = operations.answer_check(actor=actor(), answer="photo", kind=kind, now=now())
    told = _("照片收到了，审核员核对后复核就完成了。") if waited else _("照片收到了，下次复核时用这一张。")
    say(told, "good")
    return redirect(f"/{kind}/licence", 303)


@blueprint.post("/factory/licence/same", defaults={"kind": "factory"})
@blueprint.post("/merchant/licence/same", defaults={"kind": "merchant"})
@requires(Permission.SELLER_ORGANISATION_EDIT)
def still_the_same(kind: str) -> Response | BaseResponse:
    """Say that nothing has changed."""
    found = _owned(kind)
    try:
        form_data(NothingForm())
        answered = operations.answer_check(actor=actor(), answer="same", kind=kind, now=now())
    except DomainError as error:
        return _licence_page(found, error)
    if answered:
        say(_("已确认没有变化，审核员看过就完成了。"), "good")
    return redirect(f"/{kind}/licence", 303)


def _photo() -> bytes:
    given = request.files.get("licence")
    data = given.stream.read(PHOTO_CAP_BYTES + 1) if given else b""
    try:
        return take_photo(data).jpeg
    except DomainError as refusal:
        raise InvalidInputError({"licence": (refusal.code, dict(refusal.params))}) from refusal


def _owned(kind: str) -> Seller:
    mine = seller_of(actor(), kind)
    if mine is None or not actor().may(Permission.SELLER_ORGANISATION_EDIT, organisation_id=mine.organisation_id):
        raise NotFoundError
    return mine


def _appeal_page(seller: Seller, error: DomainError | None = None) -> Response:
    return page(
        "standing/appeal.html",
        error=error,
        seller=seller,
        recourse=recourse(seller),
        lifecycle=APPEAL,
        words=request.form.get("words", ""),
    )


def _licence_page(seller: Seller, error: DomainError | None = None) -> Response:
    newest = newest_licence(seller.organisation_id)
    shown = page(
        "standing/licence.html",
        error=error,
        seller=seller,
        application=application_of(seller.organisation_id),
        check=check_of(seller.organisation_id),
        newest=newest,
    )
    if newest and newest.state == WAITING:
        shown.headers["Refresh"] = "3"
    return shown
