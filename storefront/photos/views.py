"""The pages on which shoppers find goods by a picture of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, redirect, request

from kernel.errors import DomainError
from kernel.photos import PHOTO_CAP_BYTES
from kernel.web import actor, client_address, form_data, now, page, public, service
from storefront.photos.index import PhotoIndex
from storefront.photos.intake import ask_with, count_try, handed_over
from storefront.photos.queries import hits_of, search_kept
from storefront.photos.rules import KEPT
from storefront.photos.schemas import PhotoForm
from storefront.search.queries import card_shown, cards, newest_of_makers

if TYPE_CHECKING:
    from werkzeug.exceptions import RequestEntityTooLarge
    from werkzeug.wrappers import Response as BaseResponse

blueprint = Blueprint("photos", __name__, template_folder="templates")

PATH = "/factory-goods/by-photo"
_MEANWHILE = 8


@blueprint.get(PATH)
@public
def form() -> Response:
    """Take a photo, choose one, paste one, drop one."""
    return _form_page()


@blueprint.post(PATH)
@public
def ask() -> Response | BaseResponse:
    """Find goods by the picture that was handed in."""
    try:
        count_try(client_address(), scale=current_app.config.get("LIMITS_SCALE", 1), now=now())
        form_data(PhotoForm())
        search = ask_with(handed_over(request.files), actor=actor(), index=service(PhotoIndex), now=now())
    except DomainError as refusal:
        return _form_page(refusal)
    return redirect(f"{PATH}/{search}", 303)


@blueprint.get(f"{PATH}/<search>")
@public
def found(search: str) -> Response:
    """What a question found, of that what can be bought now; for some minutes."""
    kept = search_kept(search, now=now())
    hits = hits_of(kept)
    known = cards(hit.listing for hit in hits)
    shown = [(card_shown(known[hit.listing]), hit.likeness) for hit in hits if hit.listing in known]
    response = page(
        "photos/found.html",
        search=kept,
        goods=shown,
        newest=[] if shown else [card_shown(card) for card in newest_of_makers(limit=_MEANWHILE)],
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get(f"{PATH}/<search>/picture")
@public
def picture(search: str) -> Response:
    """The small picture of what was asked, which nobody keeps."""
    response = Response(search_kept(search, now=now()).thumb, mimetype="image/jpeg")
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.errorhandler(413)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """A photo that was refused unread, by its length alone."""
    return _form_page(DomainError("photo.too_large", limit_mb=PHOTO_CAP_BYTES >> 20))


def _form_page(error: DomainError | None = None) -> Response:
    return page("photos/ask.html", error=error, minutes=KEPT.seconds // 60)
