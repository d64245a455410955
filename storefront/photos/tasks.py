"""What the worker does: look at pictures that buyers see, forget those that they do not, keep the index so.

Every task brings about what the database says now, so a repeat or a wrong order does no harm.
"""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from PIL import Image
from structlog import get_logger

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.files import Files, key_of
from kernel.permissions import SYSTEM
from kernel.work import each
from storefront.photos import operations, queries
from storefront.photos.features import Features, features_of
from storefront.photos.index import PhotoIndex

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.pictures import Look
    from kernel.ports import Ports

_log = get_logger("photos")
_AT_ONCE: Final = 100
"""Listings of one sweep: about a minute, in which the queue's other work waits."""
_LEAST_WIDTH: Final = 640


def learn(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:
    """Look at the pictures of `{"listing": public id}`, or of the listing of `{"picture": public id}`."""
    listing = payload.get("listing") or queries.listing_with(payload["picture"])
    session().rollback()
    if listing:
        learn_listing(listing, files=ports.get(Files), now=now)


def learn_missing(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001
    """Look at what nobody has looked at: after an update of this software, or where a job was given up."""
    learn_all(files=ports.get(Files), now=now, limit=_AT_ONCE)


def learn_all(*, files: Files, now: datetime, limit: int | None = None) -> int:
    """The same for so many listings, or for all; how many there were."""
    listings = queries.listings_to_learn(limit=limit)
    session().rollback()
    each(listings, lambda listing: learn_listing(listing, files=files, now=now))
    return len(listings)


def learn_listing(listing: str, *, files: Files, now: datetime) -> None:
    """Look at pictures outside any transaction, then note what was seen, and forget what buyers do not see."""
    unlearnt = queries.unlearnt_of(listing)
    session().rollback()
    learnt = {one.picture_id: _look_at(one.look, files) for one in unlearnt}
    operations.record_learnt(actor=SYSTEM, listing=listing, learnt=learnt, now=now)


def index_photos(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001
    """Bring the pictures of `{"listing": public id}` in the index up to date."""
    ports.get(PhotoIndex).replace(payload["listing"], queries.looks_of(payload["listing"]))


def ensure_index(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001
    """Fill the index when it is new or of an older shape."""
    if ports.get(PhotoIndex).needs_rebuild:
        rebuild(index=ports.get(PhotoIndex))


def mend_index(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001
    """Fill the index anew where it holds more or less than it should: a factory was thrown away, a job given up."""
    if ports.get(PhotoIndex).count() != queries.known():
        rebuild(index=ports.get(PhotoIndex))


def forget_searches(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001
    """Delete the pictures that people asked about, once their time is over."""
    operations.forget_searches(actor=SYSTEM, now=now)


def rebuild(*, index: PhotoIndex) -> int:
    """Fill the index anew from the database; how many pictures it holds."""
    index.rebuild(queries.all_looks())
    return index.count()


def _look_at(look: Look, files: Files) -> Features | None:
    """What a picture looks like, in the smallest size that shows enough; None when it cannot be read."""
    size = min((one for one in look.sizes if one >= _LEAST_WIDTH), default=look.sizes[-1])
    try:
        with Image.open(BytesIO(files.get(key_of(f"{look.name}/{size}.webp")))) as opened:
            return features_of(opened)
    except (NotFoundError, OSError) as error:
        _log.warning("picture of goods cannot be looked at", picture=look.picture, error=repr(error))
        return None
