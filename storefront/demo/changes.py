"""What a factory of the demo wants to change about goods on sale, and waits for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from onboarding.listings.changes import last_edit
from onboarding.listings.operations import edit_listing
from onboarding.listings.queries import listing_rows, own_listing
from storefront.demo.days import Calendar, Event
from storefront.demo.people import DAN, Person, acting

if TYPE_CHECKING:
    from datetime import datetime


def changes(calendar: Calendar) -> list[Event]:
    """A factory gives goods a longer name and a far higher price; it does nothing when it was done before."""
    return [Event(calendar.at(90, 15), partial(_rename, DAN))]


def _rename(owner: Person, *, now: datetime) -> None:
    who = acting(owner)
    first = listing_rows(who.memberships[0].organisation_id, state="published", limit=1)[0]
    goods = own_listing(who, first.listing)
    if last_edit(goods.id) is None:
        prices = {sku.public_id: sku.retail_price_fen * 3 // 2 for sku in goods.skus[:1]}
        words = {"title": f"{goods.title} 加宽鼻托"}
        edit_listing(actor=who, listing=goods.public_id, words=words, prices=prices, stock={}, now=now)
