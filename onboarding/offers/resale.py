"""Keeps resale offers in step with what they resell, for all merchants at once: few statements, however many."""

from __future__ import annotations

from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select, update

from commission.payments.rules import PROCESSING_BP
from commission.rates.queries import rate_for
from kernel.db import session
from kernel.ids import public_id
from kernel.outbox import publish
from onboarding.listings.queries import supply_terms
from onboarding.offers.facts import OfferHeld, OffersChanged
from onboarding.offers.models import Offer, PickUp
from onboarding.offers.pick_ups import hold_goods, names_of, resold
from onboarding.offers.pricing import TAKEN_DOWN, Bargain, Standing

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from kernel.permissions import Actor
    from onboarding.listings.queries import SupplyTerms
    from onboarding.offers.pick_ups import Resold


@dataclass(slots=True)
class Changes:
    """What a round found to write: rows of offers, their listings (ids), and why something of a pick-up was held."""

    made: list[dict[str, Any]] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)
    held: dict[tuple[str, str], str] = field(default_factory=dict)
    listings: set[int] = field(default_factory=set)

    def counts(self) -> dict[str, int]:
        """The round in numbers, for the audit."""
        return {"made": len(self.made), "moved": len(self.moved), "held": len(self.held)}


def fees_bp(now: datetime) -> int:
    """What the platform and the rail take of a merchant's price together."""
    return rate_for("merchant", now).basis_points + PROCESSING_BP


def hold_still(where: ColumnElement[bool]) -> bool:
    """Lock the pick-ups of a condition that stand; whether there are any.

    Whoever writes resale offers comes by here first and reads what decides about them only then: of two changes at
    once, such as a new price and the end of an admission, the second sees the first. Locks are taken in one order,
    admissions, goods, pick-ups, offers, each by id: a written offer asks for its goods, too (its foreign key).
    """
    hold_goods(where)
    standing = select(PickUp.id).where(where, PickUp.state == "on").order_by(PickUp.id)
    return bool(session().execute(standing.with_for_update()).all())


def resync(where: ColumnElement[bool], *, actor: Actor, now: datetime, changed: Collection[int] = ()) -> dict[str, int]:
    """Bring the offers of the pick-ups of a condition up to date; how many were made, moved and pick-ups held.

    Offers of the listings `changed` (ids) are another thing already: that is told with what is found here.
    """
    if not hold_still(where):
        return {}
    changes = _changes(resold(where), now)
    if changes.made:
        session().execute(insert(Offer), changes.made)
    if changes.moved:
        session().execute(update(Offer), sorted(changes.moved, key=itemgetter("id")))
    for (pick_up, merchant), reason in changes.held.items():
        publish(OfferHeld(pick_up, merchant, reason), actor=actor, now=now)
    tell_changed(changes.listings.union(changed), actor=actor, now=now)
    return changes.counts()


def tell_changed(listings: Collection[int], *, actor: Actor, now: datetime) -> None:
    """Say of listings (ids) that merchants offer them otherwise than before."""
    for listing in names_of(listings) if listings else ():
        publish(OffersChanged(listing), actor=actor, now=now)


def _changes(pick_ups: list[Resold], now: datetime) -> Changes:
    terms, fees, changes = supply_terms({one.listing_id for one in pick_ups}), fees_bp(now), Changes()
    for one in pick_ups:
        _compare(one, terms.get(one.listing_id), Bargain(one.admitted, one.markup_bp, fees), changes, now)
    return changes


def _compare(pick_up: Resold, terms: SupplyTerms | None, bargain: Bargain, changes: Changes, now: datetime) -> None:
    prices = {sku: pick_up.deal.price(fen) for sku, fen in terms.prices.items()} if terms else {}
    floor = terms.floor_price_fen if terms else None
    for sku in sorted(prices.keys() | pick_up.offers.keys()):
        known = pick_up.offers.get(sku)
        before = known.standing if known else None
        after = bargain.standing(prices.get(sku), before, by_hand=bool(known and known.by_hand), floor_fen=floor)
        if after and _is_down(pick_up, before):
            after = after.held(TAKEN_DOWN)
        if after is None or after == before:
            continue
        changes.listings.add(pick_up.listing_id)
        if known:
            changes.moved.append({"id": known.offer_id, **_columns(after)})
        elif terms:
            changes.made.append(_new(pick_up, sku, terms.currency, after, now))
        if after.state == "held" and (before is None or before.state != "held"):
            changes.held.setdefault((pick_up.pick_up, pick_up.merchant), after.held_reason)


def _is_down(pick_up: Resold, before: Standing | None) -> bool:
    """Whether the platform took the goods off sale: what was held for that waits until they are on sale again."""
    held = before is not None and before.held_reason == TAKEN_DOWN
    return pick_up.goods == "taken_down" or (held and pick_up.goods != "published")


def _columns(standing: Standing) -> dict[str, Any]:
    return {
        "price_fen": standing.price_fen,
        "supply_price_fen": standing.supply_price_fen,
        "state": standing.state,
        "held_reason": standing.held_reason,
    }


def _new(pick_up: Resold, sku: int, currency: str, standing: Standing, now: datetime) -> dict[str, Any]:
    return {
        **_columns(standing),
        "public_id": public_id("off"),
        "organisation_id": pick_up.merchant_id,
        "listing_id": pick_up.listing_id,
        "sku_id": sku,
        "kind": "resale",
        "currency": currency,
        "min_quantity": 1,
        "pick_up_id": pick_up.pick_up_id,
        "by_hand": False,
        "created_at": now,
    }
