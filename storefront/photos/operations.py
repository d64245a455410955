"""What can be done: note what pictures look like, forget it, keep a question for some minutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete

from kernel.audit import note, operation
from kernel.db import session
from kernel.ids import public_id
from kernel.outbox import publish
from storefront.photos.facts import PhotosLearnt
from storefront.photos.features import VERSION
from storefront.photos.models import PhotoSearch, PictureFeatures
from storefront.photos.queries import as_kept, outlived_of, unlearnt_of
from storefront.photos.rules import KEPT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from kernel.permissions import Actor
    from storefront.photos.features import Features
    from storefront.photos.rules import Hit


@operation("photo.learn", quiet=True)
def record_learnt(*, actor: Actor, listing: str, learnt: Mapping[int, Features | None], now: datetime) -> None:
    """Note what pictures (ids) of a listing (public id) look like, None for what cannot be read; forget what is gone.

    Only of pictures that buyers see by now: they may have been taken down while somebody looked at them.
    """
    outlived = outlived_of(listing)
    wanted = [one.picture_id for one in unlearnt_of(listing) if one.picture_id in learnt]
    if not outlived and not wanted:
        return
    gone = PictureFeatures.id.in_(outlived) | PictureFeatures.picture_id.in_(wanted)
    session().execute(delete(PictureFeatures).where(gone))
    session().add_all(_row(picture, learnt[picture], now) for picture in wanted)
    session().flush()
    note(f"listing:{listing}", after={"looked_at": len(wanted), "forgotten": len(outlived)})
    publish(PhotosLearnt(listing), actor=actor, now=now)


@operation("photo.keep_search", quiet=True)
def keep_search(*, actor: Actor, thumb: bytes, hits: Sequence[Hit], now: datetime) -> str:  # noqa: ARG001  audited
    """Keep what a question found for some minutes, with its small picture (JPEG), but not who asked; its public id."""
    search = PhotoSearch(public_id=public_id("pho"), thumb=thumb, hits=as_kept(hits), created_at=now)
    search.expires_at = now + KEPT
    session().add(search)
    session().flush()
    return search.public_id


@operation("photo.forget_searches", quiet=True)
def forget_searches(*, actor: Actor, now: datetime) -> None:  # noqa: ARG001  audited
    """Delete the questions whose time is over, pictures and all."""
    session().execute(delete(PhotoSearch).where(PhotoSearch.expires_at <= now))


def _row(picture: int, features: Features | None, now: datetime) -> PictureFeatures:
    places, packed = (len(features), features.packed()) if features else (0, b"")
    return PictureFeatures(picture_id=picture, looked=VERSION, places=places, features=packed, created_at=now)
