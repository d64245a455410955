"""What a price sheet changes of goods on sale goes by the rules of edits, as if it were typed into their form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from kernel.db import session
from onboarding.listings.bands import completed
from onboarding.listings.changes import DROP_SHIP, PRICE, SUPPLY, TIERS
from onboarding.listings.edits import hold, sample
from onboarding.listings.models import Listing
from onboarding.listings.rules import WATCHED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.listings.known import KnownListing
    from onboarding.listings.revisions import Change

_PRICED: Final = frozenset({"variant", "retail_price_fen"})
_TERMS: Final = {"supply_price_fen": SUPPLY, "drop_ship_price_fen": DROP_SHIP, "tiers": TIERS}


def hold_prices(differing: Sequence[tuple[KnownListing, list[Change]]], *, actor: Actor, now: datetime) -> None:
    """Let prices that wait, and those of new variants, wait for an operator; some of the others are looked at after.

    All else is written already. A price of a sheet takes the place of the one that waited.
    """
    priced = {
        known.id: (known, mine)
        for known, changes in differing
        if known.state in WATCHED and (mine := [one for one in changes if one.name in _PRICED | _TERMS.keys()])
    }
    query = select(Listing).where(Listing.id.in_(priced)).order_by(Listing.id)
    fresh = query.options(selectinload(Listing.skus)).execution_options(populate_existing=True)
    for listing in session().scalars(fresh).all() if priced else ():
        known, changes = priced[listing.id]
        names = {sku.options_key: sku.public_id for sku in listing.skus}
        given = {_field(one, names): one for one in changes}
        risky = {name: _value(one) for name, one in given.items() if one.waits}
        if listing.vetted_terms:
            listing.vetted_terms = completed(listing.vetted_terms, known.terms)
        hold(listing, given=given, risky=risky, actor=actor, now=now)
        if listing.state == "published":
            moved = [one for one in changes if one.name == "retail_price_fen" and not one.waits]
            _sample(listing, known, moved, actor=actor, now=now)


def _field(one: Change, names: Mapping[str, str]) -> str:
    """Under which name a change of a sheet waits; `names` are the SKUs' public ids by their keys."""
    kind = PRICE if one.name in _PRICED else _TERMS[one.name]
    return kind if one.sku is None else kind + names[one.sku]


def _value(one: Change) -> Any:  # noqa: ANN401  a price or a ladder
    return one.new.retail_price_fen if one.name == "variant" else one.new


def _sample(listing: Listing, known: KnownListing, changes: list[Change], *, actor: Actor, now: datetime) -> None:
    before, after = {}, {}
    for one in changes:
        sku = known.skus[one.sku or ""]
        if sku.retail_price_fen != one.new:
            name = f"{sku.public_id}.price"
            before[name], after[name] = sku.retail_price_fen, one.new
    sample(listing, before, after, actor=actor, now=now)
