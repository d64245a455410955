"""How goods move: one edge of their lifecycle at a time, and who holds goods that are decided upon."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from kernel.audit import note
from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import Permission
from onboarding.listings.models import Listing, Measure
from onboarding.listings.queries import place_of
from onboarding.listings.rules import LISTING

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor


_ANSWERS: Final = frozenset({"publish", "refuse"})
"""What was asked before is settled by the next decision."""
_TOWARDS_SALE: Final = frozenset({"submitted", "published"})
"""Where goods cannot go while a notice keeps them off sale: rewritten they are no others."""


def take_step(listing: Listing, action: str, *, actor: Actor, now: datetime, reason: str = "") -> None:
    """Take one edge of the lifecycle, if it is there and the actor may; `listing.under_notice`."""
    step = LISTING.step(listing.state, action)
    belt, region, _ = place_of(listing.organisation_id)
    actor.require(step.permission, organisation_id=listing.organisation_id, region=region, belt=belt)
    if step.to in _TOWARDS_SALE and is_measured(listing.id):
        raise DomainError("listing.under_notice")
    change = {"state": listing.state, "at": now.isoformat()}
    note(f"listing:{listing.public_id}", before=change, after={"state": step.to}, reason=reason)
    listing.state, listing.reason = step.to, reason
    if action in _ANSWERS:
        listing.asked = {}
    session().flush()


def is_measured(listing_id: int) -> bool:
    """Whether a notice keeps a listing (id) off sale."""
    held = select(Measure.id).where(Measure.listing_id == listing_id, Measure.ended_at.is_(None)).limit(1)
    return session().scalar(held) is not None


def is_held(listing: Listing) -> bool:
    """Whether goods are down for a notice, whoever else took them down as well."""
    return listing.state == "taken_down" and is_measured(listing.id)


def for_decision(actor: Actor, listing: str) -> Listing:
    """A listing (public id), held, within the scope of somebody who decides; outside of it there is nothing to see."""
    query = select(Listing).where(Listing.public_id == listing).with_for_update()
    found = session().scalar(query.execution_options(populate_existing=True))
    if found is None or not may_decide(actor, found):
        raise NotFoundError
    return found


def may_decide(actor: Actor, listing: Listing) -> bool:
    """Whether goods lie within the scope of somebody who decides."""
    belt, region, _ = place_of(listing.organisation_id)
    return actor.may(Permission.OPS_CASES_DECIDE, region=region, belt=belt)
