"""Pages of a factory's certificates: those there are, another one, the photo of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, request

from kernel.clock import business_date
from kernel.errors import DomainError, InvalidInputError
from kernel.files import Files
from kernel.i18n import gettext as _
from kernel.i18n import ngettext
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.photos import PHOTO_CAP_BYTES, take_photo
from kernel.web import actor, form_data, now, page, requires, say, service
from onboarding.certificates import operations
from onboarding.certificates.queries import certificate_for, certificates_of, factory_in_hand, photo_of, same_number
from onboarding.certificates.rules import CERTIFICATE, KINDS, PHOTOS
from onboarding.certificates.schemas import CertificateForm, told
from onboarding.listings.certified import goods_in_need

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("certificates", __name__)

_EDIT = Permission.SELLER_PAPERS_EDIT
_HERE = "/factory/certificates"
_NOT_ALWAYS = ("factory", "valid_until")
"""Fields that some kinds need: the form says which, for the kind may change while it is filled in."""


@blueprint.get("/factory/certificates")
@requires(_EDIT)
def certificates() -> Response:
    """What was handed in, and room for another one; `kind` in the address chooses which."""
    return _certificates_page()


@blueprint.post("/factory/certificates")
@requires(_EDIT)
def hand_in() -> Response | BaseResponse:
    """Hand one in, with its photo."""
    factory = factory_in_hand(actor())
    try:
        hit([(f"certificates:{factory.organisation}", *PHOTOS)], now=now())
        given = {name: request.form[name] for name in request.form if name != "goods"}
        form = told(form_data(CertificateForm(), given))
        goods = _goods(factory.organisation_id)
        key = service(Files).put(_photo())
        made = operations.hand_in(actor=actor(), told=form, goods=goods, photo_key=key, now=now())
    except DomainError as error:
        return _certificates_page(error)
    if again := same_number(made):
        known = ngettext(
            "这个编号您还交过 %(num)s 张：续期的不用管，交错的请把多余的撤回。",
            "这个编号您还交过 %(num)s 张：续期的不用管，交错的请把多余的撤回。",
            len(again),
        )
        say(known, "warn")
    say(_("证书收到了，核对好会发短信通知您。现在就可以提交要用它的商品。"), "good")
    return redirect(_HERE, 303)


@blueprint.post("/factory/certificates/<certificate>/withdrawal")
@requires(_EDIT)
def withdraw(certificate: str) -> BaseResponse:
    """Take back one that waits."""
    operations.withdraw(actor=actor(), certificate=certificate, now=now())
    say(_("证书撤回了，不再审核。要用时可以再交。"))
    return redirect(_HERE, 303)


@blueprint.get("/factory/certificates/<certificate>/photo")
@requires(_EDIT)
def photo(certificate: str) -> Response:
    """The photo of one's own: nobody between the server and this browser keeps it."""
    jpeg = photo_of(certificate_for(actor(), certificate), files=service(Files))
    return Response(jpeg, mimetype="image/jpeg", headers={"Cache-Control": "private"})


def _goods(organisation_id: int) -> set[int] | None:
    """The ticked goods of her own (ids); none ticked are all that need it."""
    ticked, own = request.form.getlist("goods"), {one.public_id: one.id for one in goods_in_need(organisation_id)}
    if any(one not in own for one in ticked):
        raise InvalidInputError({"goods": ("field.choice", {})})
    return {own[one] for one in ticked} or None


def _photo() -> bytes:
    given = request.files.get("photo")
    data = given.stream.read(PHOTO_CAP_BYTES + 1) if given else b""
    try:
        return take_photo(data).jpeg
    except DomainError as refusal:
        raise InvalidInputError({"photo": (refusal.code, dict(refusal.params))}) from refusal


def _certificates_page(error: DomainError | None = None) -> Response:
    factory = factory_in_hand(actor())
    return page(
        "listings/certificates.html",
        error=error,
        held=certificates_of(factory.organisation_id),
        lifecycle=CERTIFICATE,
        kinds=KINDS,
        goods=goods_in_need(factory.organisation_id),
        ticked=request.form.getlist("goods"),
        form=request.form,
        wanted=request.values.get("kind", ""),
        must={
            name: [kind.name for kind in KINDS.values() if name in kind.needs] for name in ("factory", "valid_until")
        },
        maker=factory.name,
        today=business_date(now()),
    )
