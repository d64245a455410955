"""Cases of new pictures of goods on sale: opened when one is made, closed when none waits any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from kernel.db import session
from onboarding.moderation.models import Case
from onboarding.moderation.operations import open_case
from onboarding.moderation.rules import CASE
from onboarding.moderation.subjects import desk_of
from onboarding.pictures.queries import listing_of, pictures_to_see

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.facts import ListingArchived, ListingRelisted
    from onboarding.pictures.facts import PictureRemoved, PicturesAsked, PicturesShown


def open_case_for_pictures(fact: PicturesAsked, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `pictures.asked`: put the goods' new pictures on the desk of their belt; once while one case is open."""
    open_case("pictures", fact.listing, desk_of("pictures", fact.listing), now=now)


def on_pictures_shown(fact: PicturesShown, *, actor: Actor, now: datetime) -> None:
    """Within `pictures.shown`: with the goods, or by themselves, somebody has looked at them."""
    _close(fact.listing, "approve", actor=actor, now=now)


def on_picture_removed(fact: PictureRemoved, *, actor: Actor, now: datetime) -> None:
    """Within `picture.removed`: when no other one waits there is nothing to decide."""
    listing = listing_of(fact.picture)
    if not pictures_to_see(listing):
        _close(listing, "drop", actor=actor, now=now)


def on_listing_archived(fact: ListingArchived, *, actor: Actor, now: datetime) -> None:
    """Within `listing.archived`: nobody will see them unless the goods come back."""
    _close(fact.listing, "drop", actor=actor, now=now)


def on_listing_relisted(fact: ListingRelisted, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `listing.relisted`: pictures that nobody had looked at when the goods went off sale wait again."""
    if pictures_to_see(fact.listing):
        open_case("pictures", fact.listing, desk_of("pictures", fact.listing), now=now)


def _close(listing: str, action: str, *, actor: Actor, now: datetime) -> None:
    """Decide what is open and was not decided by itself; a decision has somebody who took it."""
    waits = (Case.subject_type == "pictures") & (Case.subject == listing) & (Case.state == CASE.start)
    found = session().scalar(select(Case).where(waits).with_for_update())
    if found is not None and actor.user_id is not None:
        found.state, found.decided_at, found.decided_by = CASE.step(found.state, action).to, now, actor.user_id
        session().flush()
