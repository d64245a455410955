"""A question asked with a picture, on its way in: looked at by its header, decoded small, answered."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Final

from kernel.errors import DomainError
from kernel.limits import hit
from kernel.photos import PHOTO_CAP_BYTES, check_photo, undressed
from kernel.text import clean
from storefront.photos.features import LONGEST, features_of
from storefront.photos.operations import keep_search
from storefront.photos.queries import alike_either_way
from storefront.photos.rules import LEAST_PLACES, LEAST_SIDE, MOST_PIXELS, THUMB_SIDE, TRIES, TRIES_A_DAY

if TYPE_CHECKING:
    from datetime import datetime

    from PIL import Image
    from werkzeug.datastructures import FileStorage, MultiDict

    from kernel.permissions import Actor
    from storefront.photos.index import PhotoIndex

_OF_PAPERS: Final = {
    "photo.too_small": "photo_search.too_small",
    "photo.pdf": "photo_search.pdf",
    "photo.markup": "photo_search.markup",
}
"""These refusals speak of licences, whose text is to be read; of goods others have to speak."""
_TITLE: Final = re.compile(rb"<svg[^>]*>\s*<title>([^<>&]{2,60})</title>")
_HEAD_BYTES: Final = 1_000
_QUALITY: Final = 80
_MEGA: Final = 1_000_000


def count_try(address: str, *, scale: int, now: datetime) -> None:
    """Count a question against what one network address may ask; TooManyError `rate.limited`."""
    allowed = [("photos", *TRIES), ("photos-a-day", *TRIES_A_DAY)]
    hit([(f"{name}:{address}", most * scale, window) for name, most, window in allowed], now=now)


def handed_over(files: MultiDict[str, FileStorage]) -> bytes:
    """The picture of a form, from its camera or its album; DomainError `photo_search.none` when there is none."""
    given = [one for name in ("camera", "photo") for one in files.getlist(name) if one.filename]
    if not given:
        raise DomainError("photo_search.none")
    return given[0].stream.read(PHOTO_CAP_BYTES + 1)


def ask_with(data: bytes, *, actor: Actor, index: PhotoIndex, now: datetime) -> str:
    """Find goods by an uploaded file; the public id of the question, which is kept for some minutes.

    DomainError `photo.…` or `photo_search.…` for what is no picture, or one that shows nothing to tell it by.
    """
    picture = _opened(data)
    features = features_of(picture)
    if len(features) < LEAST_PLACES:
        raise DomainError("photo_search.plain")
    hits = alike_either_way(picture, features, index)
    return keep_search(actor=actor, thumb=_thumb(picture), hits=hits, now=now)


def _opened(data: bytes) -> Image.Image:
    try:
        _check_effort(*check_photo(data, least=LEAST_SIDE))
        picture, _notes = undressed(data, least=LEAST_SIDE, longest=LONGEST)
    except DomainError as refusal:
        raise _of_goods(refusal, data) from None
    return picture


def _check_effort(kind: str, pixels: int) -> None:
    if kind != "jpeg" and pixels > MOST_PIXELS:
        raise DomainError("photo.too_many_pixels", megapixels=pixels // _MEGA, most=MOST_PIXELS // _MEGA)


def _of_goods(refusal: DomainError, data: bytes) -> DomainError:
    """The same in words for who looks for goods; a drawing says what it shows, which can be searched for."""
    named = _TITLE.search(data[:_HEAD_BYTES]) if refusal.code == "photo.markup" else None
    if named and (title := clean(named[1].decode("utf-8", "ignore"))):
        return DomainError("photo_search.drawing", title=title)
    return DomainError(_OF_PAPERS.get(refusal.code, refusal.code), **refusal.params)


def _thumb(picture: Image.Image) -> bytes:
    small, kept = picture.copy(), BytesIO()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE))
    small.save(kept, "JPEG", quality=_QUALITY)
    return kept.getvalue()
