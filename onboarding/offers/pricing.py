"""What a resale offer costs and earns: never sold at a loss. Money is whole fen, rates are basis points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kernel.money import BASIS
from onboarding.listings.pricing import with_markup
from onboarding.listings.rules import PRICE_CAP_FEN

BELOW_COST: Final = "below_cost"
BELOW_FLOOR: Final = "below_floor"
NOT_ADMITTED: Final = "not_admitted"
NOT_SUPPLIED: Final = "not_supplied"
TAKEN_DOWN: Final = "taken_down"


def earns(price_fen: int, supply_price_fen: int, fees_bp: int) -> bool:
    """Whether a merchant is left with a fen of each piece after the supply price and the fees of `fees_bp`.

    A whole one: commission is rounded half-up on her order, the processing fee on the whole checkout and then split by
    largest remainder, so together they take less than two fen more than their share of an order. What is left is whole
    fen and above -1, so it is never below 0, at any quantity and whatever else the checkout holds.
    """
    return price_fen * (BASIS - fees_bp) >= (supply_price_fen + 1) * BASIS


def least_price(supply_price_fen: int, fees_bp: int) -> int:
    """The lowest price that earns: `(supply + 1) / (1 - fees)`, rounded up to a whole fen."""
    return -(-(supply_price_fen + 1) * BASIS // (BASIS - fees_bp))


def retail_price(supply_price_fen: int, markup_bp: int) -> int:
    """The supply price with the markup, but never above the highest price there is."""
    return with_markup(min(supply_price_fen, PRICE_CAP_FEN * BASIS // (BASIS + markup_bp)), markup_bp)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a resale offer stands: what it costs, what the merchant owes for it, and whether it can be bought."""

    price_fen: int
    supply_price_fen: int
    state: str = "on"
    held_reason: str = ""

    def held(self, reason: str) -> Standing:
        """The same prices, off the shelf for a reason."""
        return Standing(self.price_fen, self.supply_price_fen, "held", reason)


@dataclass(frozen=True, slots=True)
class Bargain:
    """What decides about the offers of one pick-up: admission, the merchant's markup, and the fees of the day."""

    admitted: bool
    markup_bp: int
    fees_bp: int

    def standing(
        self, supply_price_fen: int | None, before: Standing | None, *, by_hand: bool, floor_fen: int | None = None
    ) -> Standing | None:
        """Where an offer of a variant stands now; none for one that cannot begin.

        Without admission or a supply price the last prices stay, so that a merchant who was sent away learns of no
        new ones. A price set `by_hand` stays when the supply price moves, and is held when the floor rises above it.
        """
        if not self.admitted or supply_price_fen is None:
            return before and before.held(NOT_SUPPLIED if self.admitted else NOT_ADMITTED)
        kept = before.price_fen if before and by_hand else retail_price(supply_price_fen, self.markup_bp)
        now = Standing(kept, supply_price_fen)
        if not earns(kept, supply_price_fen, self.fees_bp):
            return now.held(BELOW_COST)
        return now.held(BELOW_FLOOR) if floor_fen is not None and kept < floor_fen else now
