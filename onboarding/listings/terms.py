"""What can be done about how goods are sold: how many at once, ladder and floor for merchants, lead time, weight."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import DomainError
from kernel.outbox import publish
from onboarding.listings.bands import set_tiers
from onboarding.listings.changes import DIRECT, TIERS
from onboarding.listings.edits import frozen_in_review, hold_terms
from onboarding.listings.facts import ListingChanged
from onboarding.listings.pricing import check_price
from onboarding.listings.queries import own_listing
from onboarding.listings.rules import (
    LEAD_DAYS_CAP,
    PRICEABLE,
    STOCK_CAP,
    Lot,
    check_grams,
    check_lot,
    check_tiers,
)

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.models import Listing, ListingEdit, WayOfSelling


@dataclass(frozen=True, slots=True)
class ListingTerms:
    """How a listing is sold: a `Lot` for each way it has, `tiers` and floor of the supply way (fen).

    `to_order` says that all variants are made to order, or none; nothing where they differ and shall stay so. Unless
    `resold_shown`, merchants' copies show in their own shops and not in the channel.
    """

    direct: Lot | None
    supply: Lot | None
    tiers: tuple[tuple[int, int], ...]
    floor_price_fen: int | None
    low_stock: int
    lead_days: int | None
    weight_grams: int | None
    to_order: bool | None
    resold_shown: bool = True


@operation("listing.set_terms")
def set_terms(*, actor: Actor, listing: str, terms: ListingTerms, now: datetime) -> Listing:
    """Say how goods are sold from now on; what was bought before stays as it was.

    What shoppers must buy at least, and ladders, wait for an operator where they lie outside the band (`bands`).
    Raises `lot.least`, `lot.pack`, `listing.tiers_not_falling`, `listing.price`, `listing.lead_days`,
    `listing.low_stock`, `listing.weight`.
    """
    found = own_listing(actor, listing, lock=True)
    frozen_in_review(found)
    if found.state not in PRICEABLE:
        raise DomainError("listing.state", state=found.state, action="edit")
    _check(terms)
    before = terms_as_they_are(found)
    terms = _within_band(found, terms, before, actor=actor, now=now)
    for way in found.ways:
        _set_way(way, terms)
    if any(way.way == "supply" for way in found.ways):
        set_tiers(found, terms.tiers)
    found.low_stock, found.lead_days, found.weight_grams = terms.low_stock, terms.lead_days, terms.weight_grams
    for sku in found.skus if terms.to_order is not None else ():
        sku.made_to_order = bool(terms.to_order)
    session().flush()
    after = terms_as_they_are(found)
    if after != before:
        note(f"listing:{listing}", before=asdict(before), after=asdict(after))
    if after != before and found.state == "published":
        publish(ListingChanged(listing), actor=actor, now=now)
    return found


def terms_as_they_are(listing: Listing) -> ListingTerms:
    """How a loaded listing is sold."""
    ways = {way.way: way for way in listing.ways}
    lots = {name: Lot(way.min_quantity, way.pack_size, way.mix) for name, way in ways.items()}
    to_order = {sku.made_to_order for sku in listing.skus}
    return ListingTerms(
        direct=lots.get("direct"),
        supply=lots.get("supply"),
        tiers=tuple((tier.min_quantity, tier.unit_price_fen) for tier in listing.tiers),
        floor_price_fen=ways["supply"].floor_price_fen if "supply" in ways else None,
        low_stock=listing.low_stock,
        lead_days=listing.lead_days,
        weight_grams=listing.weight_grams,
        to_order=to_order.pop() if len(to_order) == 1 else None,
        resold_shown="supply" not in ways or ways["supply"].resold_shown,
    )


def as_asked(known: ListingTerms, waiting: ListingEdit | None) -> ListingTerms:
    """The terms of a listing as they will be once what waits holds."""
    asked = waiting.after if waiting else {}
    direct = known.direct
    if direct is not None and DIRECT in asked:
        least, pack = asked[DIRECT]
        direct = Lot(least, pack, direct.mix)
    tiers = tuple((least, fen) for least, fen in asked.get(TIERS, known.tiers))
    return replace(known, direct=direct, tiers=tiers)


def _within_band(
    listing: Listing, terms: ListingTerms, before: ListingTerms, *, actor: Actor, now: datetime
) -> ListingTerms:
    """The terms of which nothing need wait: the rest stays as it was before."""
    asked: dict[str, Any] = {}
    if terms.direct is not None and before.direct is not None:
        asked[DIRECT] = [terms.direct.min_quantity, terms.direct.pack_size]
    if before.supply is not None:
        asked[TIERS] = [[*rung] for rung in terms.tiers]
    far = hold_terms(listing, asked, actor=actor, now=now)
    if DIRECT in far and terms.direct is not None and before.direct is not None:
        terms = replace(terms, direct=replace(before.direct, mix=terms.direct.mix))
    return replace(terms, tiers=before.tiers) if TIERS in far else terms


def _check(terms: ListingTerms) -> None:
    for lot in (terms.direct, terms.supply):
        if lot is not None:
            check_lot(lot)
    check_tiers(terms.tiers)
    floor = [] if terms.floor_price_fen is None else [terms.floor_price_fen]
    for price in [*(price for _least, price in terms.tiers), *floor]:
        check_price(price)
    check_grams(terms.weight_grams)
    if terms.lead_days is not None and not 1 <= terms.lead_days <= LEAD_DAYS_CAP:
        raise DomainError("listing.lead_days", limit=LEAD_DAYS_CAP)
    if terms.to_order and terms.lead_days is None:
        raise DomainError("listing.lead_days", limit=LEAD_DAYS_CAP)
    if not 0 <= terms.low_stock <= STOCK_CAP:
        raise DomainError("listing.low_stock")


def _set_way(way: WayOfSelling, terms: ListingTerms) -> None:
    lot = terms.supply if way.way == "supply" else terms.direct
    if lot is not None:
        way.min_quantity, way.pack_size, way.mix = lot.min_quantity, lot.pack_size, lot.mix
    if way.way == "supply":
        way.floor_price_fen, way.resold_shown = terms.floor_price_fen, terms.resold_shown
