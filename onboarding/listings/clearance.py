"""Prices proposed for what has lain too long: shown in the form of the variants, kept when its owner saves them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kernel.i18n import typed
from onboarding.listings.ageing import STEPS, old_in
from onboarding.listings.batch import Bulk

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from onboarding.listings.models import Listing, Sku

_OFF_BP: Final = dict(zip(STEPS, (1_000, 1_500, 2_000), strict=True))
"""By how much less what has lain so many days is proposed to cost: within what holds at once, without an operator."""
_YUAN: Final = 100


@dataclass(frozen=True, slots=True)
class Reduced:
    """One variant that lies: its old `pieces`, the `days` of the oldest, and its price (fen) now and as proposed."""

    sku: str
    options: Mapping[str, str]
    pieces: int
    days: int
    old_fen: int
    new_fen: int


def reductions(listing: Listing, *, now: datetime) -> list[Reduced]:
    """What is proposed for the old variants of a listing that are sold, the oldest first."""
    skus = {sku.public_id: sku for sku in listing.skus if not sku.off}
    lain = [one for one in old_in(listing, now=now) if one.sku in skus]
    prices = {one.sku: skus[one.sku].retail_price_fen for one in lain}
    return [
        Reduced(one.sku, one.options, sum(one.pieces[1:]), one.days, prices[one.sku], _lower(prices[one.sku], one.days))
        for one in lain
    ]


def filled_in(skus: Sequence[Sku], proposed: Sequence[Reduced]) -> dict[str, str]:
    """The form of the variants as it stands, with the proposed prices in their fields: nothing is saved by that."""
    lower = {one.sku: one.new_fen for one in proposed}
    form: dict[str, str] = {}
    for sku in skus:
        name, supply = sku.public_id, typed(sku.supply_price_fen) if sku.supply_price_fen else ""
        form |= {f"price_{name}": typed(lower.get(name, sku.retail_price_fen))}
        form |= {f"priced_{name}": typed(sku.retail_price_fen), f"supply_{name}": supply, f"supplied_{name}": supply}
        form |= {f"stock_{name}": str(sku.on_hand), f"was_{name}": str(sku.on_hand)}
        form |= {f"grams_{name}": str(sku.weight_grams or "")} | ({f"off_{name}": "yes"} if sku.off else {})
    return form


def _lower(fen: int, days: int) -> int:
    """Whole tenths of a yuan, as prices are written on a tag; a cheap thing to the fen."""
    passed = max((step for step in STEPS if days >= step), default=STEPS[0])
    found = Bulk("price", "down", _OFF_BP[passed]).applied(fen) or fen
    return found - found % 10 if found > _YUAN else found
