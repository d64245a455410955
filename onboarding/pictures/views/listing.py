"""Pages of a listing's pictures: handing in, order and words, taking one off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, request

from kernel.errors import DomainError, NotFoundError
from kernel.files import Files
from kernel.i18n import coded_text
from kernel.i18n import gettext as _
from kernel.limits import hit
from kernel.permissions import Permission
from kernel.photos import PHOTO_CAP_BYTES
from kernel.web import actor, form_data, now, page, requires, say, service
from onboarding.listings.queries import own_listing
from onboarding.listings.rules import PICTURES_CAP, REWRITABLE
from onboarding.pictures import operations, queries
from onboarding.pictures.archive import shown
from onboarding.pictures.intake import take_in
from onboarding.pictures.rules import PICTURE, UPLOADS
from onboarding.pictures.schemas import order_form
from onboarding.pictures.views.door import blueprint

if TYPE_CHECKING:
    from flask import Response
    from werkzeug.datastructures import FileStorage
    from werkzeug.wrappers import Response as BaseResponse

    from onboarding.listings.models import Listing

_EDIT = Permission.LISTING_GOODS_EDIT


@blueprint.get("/factory/listings/<listing>/pictures")
@requires(_EDIT)
def pictures(listing: str) -> Response:
    """The pictures of one listing, and room for more."""
    return _pictures_page(own_listing(actor(), listing))


@blueprint.post("/factory/listings/<listing>/pictures")
@requires(_EDIT)
def hand_in(listing: str) -> BaseResponse:
    """Take the chosen files, each for itself: what is wrong with one does not keep the others."""
    found = own_listing(actor(), listing)
    given = request.files.getlist("pictures")
    if not any(one.filename for one in given):
        return _pictures_page(found, DomainError("photo.empty"))
    hit([(f"pictures:{found.organisation_id}", *UPLOADS)], now=now())
    refused = [told for one in given if (told := _taken(one, listing))]
    if refused:
        return _pictures_page(own_listing(actor(), listing), refused=refused, taken=len(given) - len(refused))
    return redirect(_url(listing), 303)


@blueprint.post("/factory/listings/<listing>/pictures/order")
@requires(_EDIT)
def arrange(listing: str) -> BaseResponse:
    """Put them in order and say what they show."""
    found = own_listing(actor(), listing)
    order = request.form.getlist("order")
    try:
        known = {*order, *(one.public_id for one in queries.pictures_of(found.id))}
        form = form_data(order_form(known), {**request.form.to_dict(), "order": order})
        words = {name.removeprefix("words_"): said for name, said in form.items() if name.startswith("words_")}
        told = {"order": order, "words": words, "move": form["move"]}
        operations.arrange(actor=actor(), listing=listing, **told, now=now())
    except NotFoundError:
        raise
    except DomainError as refusal:
        return _pictures_page(found, refusal)
    if not form["move"]:
        say(_("已保存。"))
    return redirect(_url(listing), 303)


@blueprint.post("/factory/listings/<listing>/pictures/<picture>/removal")
@requires(_EDIT)
def remove(listing: str, picture: str) -> BaseResponse:
    """Take one off."""
    try:
        operations.remove(actor=actor(), listing=listing, picture=picture, now=now())
    except NotFoundError:
        raise
    except DomainError as refusal:
        return _pictures_page(own_listing(actor(), listing), refusal)
    say(_("图片已删除。"))
    return redirect(_url(listing), 303)


@blueprint.post("/factory/listings/<listing>/pictures/refusal-read")
@requires(_EDIT)
def put_aside_refused(listing: str) -> BaseResponse:
    """She has read why pictures are not shown."""
    operations.put_aside_refused(actor=actor(), listing=listing, now=now())
    return redirect(_url(listing), 303)


def _taken(one: FileStorage, listing: str) -> tuple[str, str] | None:
    """Take one file; its name and the reason where that cannot be."""
    data, name, by_ai = one.stream.read(PHOTO_CAP_BYTES + 1), one.filename or "", bool(request.form.get("by_ai"))
    try:
        take_in(data, actor=actor(), listing=listing, filename=name, by_ai=by_ai, files=service(Files), now=now())
    except NotFoundError:
        raise
    except DomainError as refusal:
        return shown(name), coded_text(refusal.code, refusal.params)
    return None


def _pictures_page(
    listing: Listing, error: DomainError | None = None, *, refused: list[tuple[str, str]] | None = None, taken: int = 0
) -> Response:
    held = queries.pictures_of(listing.id)
    answer = page(
        "pictures/pictures.html",
        status=422 if refused else 200,
        listing=listing,
        pictures=held,
        room=PICTURES_CAP - len(held),
        most=PICTURES_CAP,
        lifecycle=PICTURE,
        is_open=listing.state in REWRITABLE,
        refused=refused or [],
        not_shown=queries.refused_pictures(listing.id),
        taken=taken,
        why={one.public_id: coded_text(one.refusal, one.refusal_params) for one in held if one.refusal},
        being_made=sum(1 for one in held if not one.made_at and not one.refusal),
        error=error,
    )
    if request.method == "GET" and any(not one.made_at and not one.refusal for one in held):
        answer.headers["Refresh"] = "3"
    return answer


def _url(listing: str) -> str:
    return f"/factory/listings/{listing}/pictures"
