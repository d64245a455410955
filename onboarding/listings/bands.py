"""How far what buyers and merchants must pay may move at once: within a band around what an operator saw last.

A listing keeps what she saw (`vetted_terms`): the fewest that shoppers buy, what merchants pay for a single piece of
each variant, and the ladder. Of what nobody saw nothing waits, as with retail prices.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.db import session
from onboarding.listings.changes import DIRECT, DROP_SHIP, SUPPLY, TIERS, of_variants
from onboarding.listings.models import SupplyTier
from onboarding.listings.pricing import check_price, drop_ship_price
from onboarding.listings.rules import PRICE_BAND_BP, Lot, check_tiers, moves_far

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from onboarding.listings.models import Listing, WayOfSelling

Ladder = list[list[int]]
"""Pieces and fen."""


def terms_of(listing: Listing) -> dict[str, Any]:
    """The terms of a listing that may wait, as they hold, under the names of their fields."""
    direct, supply = (_way(listing, name) for name in ("direct", "supply"))
    told: dict[str, Any] = {
        DIRECT: [direct.min_quantity, direct.pack_size] if direct else [1, 1],
        DROP_SHIP: supply.drop_ship_price_fen if supply else None,
        TIERS: [[tier.min_quantity, tier.unit_price_fen] for tier in listing.tiers],
    }
    return told | {SUPPLY + sku.public_id: sku.supply_price_fen for sku in listing.skus}


def far_among(vetted: Mapping[str, Any], holds: Mapping[str, Any], asked: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the terms asked for that differ from what holds and lie outside the band around what was seen."""
    if not vetted:
        return {}
    moved = {name: value for name, value in asked.items() if holds.get(name) != value}
    seen = completed(vetted, holds)
    return {name: value for name, value in moved.items() if _is_far(seen, {**holds, name: value}, name)}


def completed(vetted: Mapping[str, Any], holds: Mapping[str, Any]) -> dict[str, Any]:
    """What was seen, with the first prices for merchants of goods that had none then: later ones keep near these."""
    singles = {sku: fen for sku, fen in _singles(holds).items() if fen is not None}
    return {**vetted, "singles": singles | vetted["singles"], "tiers": vetted["tiers"] or holds[TIERS]}


def vet_terms(listing: Listing, names: Collection[str] | None = None) -> None:
    """An operator has seen the terms as they are; of fields alone (none: of all) these."""
    terms, kept = terms_of(listing), listing.vetted_terms
    least, singles = Lot(*terms[DIRECT]).least, {sku: fen for sku, fen in _singles(terms).items() if fen is not None}
    seen = {"least": least, "singles": singles, "tiers": terms[TIERS]}
    if kept and names is not None:
        seen |= {} if DIRECT in names else {"least": kept["least"]}
        seen |= {} if {*names} - {DIRECT} else {"singles": kept["singles"]}
        seen |= {} if TIERS in names else {"tiers": kept["tiers"]}
    listing.vetted_terms = seen


def write_terms(listing: Listing, fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Let terms hold; returns them as they were and as they are. `listing.price`, `listing.tiers_not_falling`."""
    holds = terms_of(listing)
    after = {name: value for name, value in fields.items() if name in holds and holds[name] != value}
    if DIRECT in after and (way := _way(listing, "direct")):
        way.min_quantity, way.pack_size = after[DIRECT]
    if DROP_SHIP in after and (way := _way(listing, "supply")):
        way.drop_ship_price_fen = after[DROP_SHIP]
    if TIERS in after:
        set_tiers(listing, after[TIERS])
    own = of_variants(after, SUPPLY)
    for sku in listing.skus:
        sku.supply_price_fen = own.get(sku.public_id, sku.supply_price_fen)
    for fen in (after.get(DROP_SHIP), *own.values()):
        if fen is not None:
            check_price(fen)
    return {name: holds[name] for name in after}, after


def set_tiers(listing: Listing, tiers: Sequence[Sequence[int]]) -> None:
    """The old ladder goes first: a rung among those of before may not fall."""
    check_tiers([(least, price) for least, price in tiers])
    if [[*rung] for rung in tiers] == terms_of(listing)[TIERS]:
        return
    for tier in listing.tiers:
        session().delete(tier)
    session().flush()
    session().refresh(listing, ["tiers"])
    listing.tiers.extend(SupplyTier(min_quantity=least, unit_price_fen=price) for least, price in tiers)


def _is_far(vetted: Mapping[str, Any], terms: Mapping[str, Any], name: str) -> bool:
    """Fewer at least is never too far: a shopper who must buy more pays more, whatever the price of one."""
    if name == DIRECT:
        seen: int = vetted["least"]
        return (Lot(*terms[DIRECT]).least - seen) * 10_000 > seen * PRICE_BAND_BP
    if name == TIERS and any(moves_far(fen, _at(vetted["tiers"], least)) for least, fen in terms[TIERS]):
        return True
    if name.startswith(SUPPLY) and (own := terms[name]) is not None:
        return moves_far(own, vetted["singles"].get(name.removeprefix(SUPPLY)))
    singles = {sku: fen for sku, fen in _singles(terms).items() if fen is not None}
    return any(moves_far(fen, vetted["singles"].get(sku)) for sku, fen in singles.items())


def _singles(terms: Mapping[str, Any]) -> dict[str, int | None]:
    """What merchants pay for a single piece, by SKU public id."""
    first = terms[TIERS][0][1] if terms[TIERS] else None
    return {sku: drop_ship_price(terms[DROP_SHIP], own, first) for sku, own in of_variants(terms, SUPPLY).items()}


def _at(ladder: Ladder, pieces: int) -> int | None:
    """The price on a ladder for so many pieces, of the first rung below it; none where there is no ladder."""
    reached = [fen for least, fen in ladder if least <= pieces]
    return reached[-1] if reached else ladder[0][1] if ladder else None


def _way(listing: Listing, name: str) -> WayOfSelling | None:
    return next((way for way in listing.ways if way.way == name), None)
