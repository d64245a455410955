"""What can be done with stock by hand: count one variant anew and say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.audit import note, operation
from kernel.errors import DomainError, NotFoundError
from kernel.outbox import publish
from onboarding.listings.facts import ListingChanged
from onboarding.listings.queries import own_listing
from onboarding.listings.rules import COUNTABLE
from onboarding.listings.stock import Why, set_on_hand

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor


@operation("stock.adjust")
def adjust(
    *, actor: Actor, listing: str, sku: str, pieces: int, shown: int, reason: str, words: str, now: datetime
) -> None:
    """Say how many pieces of a variant lie there now, why, and in which words.

    `shown` is what stood on the page; moved since, it is refused with `stock.moved`. Raises `stock.below_reserved`,
    and what `rules.check_why` refuses.
    """
    found = own_listing(actor, listing, lock=True)
    if found.state not in COUNTABLE:
        raise DomainError("listing.state", state=found.state, action="edit")
    one = next((one for one in found.skus if one.public_id == sku), None)
    if one is None:
        raise NotFoundError
    before = one.on_hand
    set_on_hand(one.id, pieces, shown=shown, why=Why(reason, actor.user, words), now=now)
    note(f"listing:{listing}", before={f"{sku}.stock": before}, after={f"{sku}.stock": pieces}, reason=reason)
    if found.state == "published" and pieces != before:
        publish(ListingChanged(listing), actor=actor, now=now)
