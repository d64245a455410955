"""The door of the pictures: their blueprint, room for large requests, each picture at its own address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flask import Blueprint, Response, request

from kernel.errors import NotFoundError
from kernel.files import Files, key_of
from kernel.i18n import coded_text
from kernel.permissions import Permission
from kernel.pictures import KINDS, look
from kernel.web import actor, page, public, service
from onboarding.pictures import queries
from onboarding.pictures.rules import REQUEST_CAP_BYTES

if TYPE_CHECKING:
    from werkzeug.exceptions import RequestEntityTooLarge

blueprint = Blueprint("pictures", __name__, template_folder="../templates")

_WHILE_SHOWN: Final = "public, max-age=600, must-revalidate"
"""Not for good: goods that are taken down take their pictures along, out of caches too. Asked again it costs a tag."""
_LARGE: Final = {"pictures.hand_in", "pictures.hand_in_album", "pictures.read_sentences"}


@blueprint.url_value_preprocessor
def make_room(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Several photos are more than other forms hold: room for those who may send any, before anything is read."""
    if endpoint in _LARGE and actor().holds(Permission.LISTING_GOODS_EDIT):
        request.max_content_length = REQUEST_CAP_BYTES


@blueprint.get("/pictures/<look_name>/<size>")
@public
def picture(look_name: str, size: str) -> Response:
    """One size of a picture; everybody sees what is shown, its team and operators what waits, buyers theirs."""
    width, _dot, kind = size.rpartition(".")
    told = look(f"/pictures/{look_name}/{width}.webp")
    if told is None or kind not in KINDS or width not in map(str, told.sizes):
        raise NotFoundError
    everybody = queries.is_public(actor(), told, in_orders=service(queries.InOrders))
    files = service(Files)
    try:
        content, mimetype = files.get(key_of(f"{told.name}/{width}.{kind}")), KINDS[kind]
    except NotFoundError:  # made where there is no library for this kind
        content, mimetype = files.get(key_of(f"{told.name}/{width}.webp")), KINDS["webp"]
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = _WHILE_SHOWN if everybody else "private, no-cache"
    response.set_etag(f"{told.name}-{width}-{mimetype}")
    return response


@blueprint.errorhandler(413)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """A request that was refused unread, by its length alone."""
    told = coded_text("picture.request_too_large", {"limit_mb": REQUEST_CAP_BYTES >> 20})
    return page("errors/error.html", status=413, code=413, text=told)
