"""What is true of the supply leg: what a merchant owes for her order, and what reselling a piece earns her.

Amounts are whole fen; rates are basis points.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from commission.payments.rules import PROCESSING_BP
from kernel.errors import DomainError
from kernel.money import share
from onboarding.listings.pricing import with_markup

if TYPE_CHECKING:
    from collections.abc import Sequence

MARKUP_BP: Final = 3_000
"""What a merchant adds unless she says otherwise."""
MARKUPS_BP: Final = (1_000, 2_000, 3_000, 5_000)
"""The markups whose earnings are shown beside each other."""
PICKS_AT_ONCE: Final = 100
ASKS: Final = (60, timedelta(hours=1))
"""How often a merchant may ask to be supplied: each time her words are texted to a person."""
ASKS_OF_ONE: Final = (5, timedelta(days=1))
"""How often one and the same factory, which may say no each time."""


@dataclass(frozen=True, slots=True)
class SuppliedLine:
    """So many pieces of a resold line at the supply price frozen when the order was placed; fen."""

    category: str
    supply_price_fen: int
    quantity: int

    @property
    def amount_fen(self) -> int:
        """What is owed for the line."""
        return self.supply_price_fen * self.quantity


def owed_fen(lines: Sequence[SuppliedLine]) -> int:
    """What a merchant owes her factory for an order."""
    return sum(line.amount_fen for line in lines)


def main_category(lines: Sequence[SuppliedLine]) -> str:
    """The category of the line that is worth most, the first of equals, as on every sale."""
    return max(lines, key=lambda line: line.amount_fen).category


@dataclass(frozen=True, slots=True)
class Earning:
    """What a markup makes of a supply price: the price in the shop, and what is left of it for the merchant."""

    markup_bp: int
    price_fen: int
    commission_fen: int
    processing_fen: int
    earned_fen: int


def earned_fen(price_fen: int, supply_fen: int, rate_bp: int) -> int:
    """What a merchant keeps of a piece sold: both fees are rounded half-up, as they will be charged."""
    return price_fen - supply_fen - share(price_fen, rate_bp) - share(price_fen, PROCESSING_BP)


def earning(supply_fen: int, markup_bp: int, rate_bp: int) -> Earning | None:
    """What a markup earns; None where the price would pass the limit of any price."""
    try:
        price = with_markup(supply_fen, markup_bp)
    except DomainError:
        return None
    fees = share(price, rate_bp), share(price, PROCESSING_BP)
    return Earning(markup_bp, price, *fees, price - supply_fen - sum(fees))


def earnings(supply_fen: int, rate_bp: int, *, floor_fen: int | None) -> list[Earning]:
    """What each of the usual markups earns on a supply price; those below the floor are forbidden, and missing."""
    found = (earning(supply_fen, markup, rate_bp) for markup in MARKUPS_BP)
    return [one for one in found if one is not None and one.price_fen >= (floor_fen or 0)]
