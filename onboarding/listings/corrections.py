"""Asking a factory to change some fields of its goods; the rest of them stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.audit import note, operation
from kernel.errors import InvalidInputError
from kernel.outbox import publish
from onboarding.listings.asked import snapshots
from onboarding.listings.facts import ListingRefused
from onboarding.listings.steps import for_decision, take_step

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.models import Listing


@operation("listing.ask")
def ask_for_changes(*, actor: Actor, listing: str, fields: Collection[str], reason: str, now: datetime) -> Listing:
    """Give submitted goods (public id) back for some fields (`GOODS_FIELDS`): they come again once each is changed."""
    found = for_decision(actor, listing)
    asked = snapshots(found, fields)
    if not asked:
        raise InvalidInputError({"fields": ("field.asked", {})})
    take_step(found, "refuse", actor=actor, now=now, reason=reason)
    found.asked = asked
    note(f"listing:{listing}", after={"asked": [*asked]}, reason=reason)
    publish(ListingRefused(listing), actor=actor, now=now)
    return found
