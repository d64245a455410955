"""What reselling a piece earns: the resale price less the supply price, the channel's commission and the processing.

Amounts are whole fen a piece; rates are basis points.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from commission.payments.rules import PROCESSING_BP
from kernel.errors import DomainError
from kernel.money import share
from onboarding.listings.pricing import with_markup

MARKUP_BP: Final = 3_000
"""What a merchant adds unless she says otherwise."""
MARKUPS_BP: Final = (1_000, 2_000, 3_000, 5_000)
"""The markups whose earnings are shown beside each other."""
PICKS_AT_ONCE: Final = 100


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


def earnings(supply_fen: int, rate_bp: int) -> list[Earning]:
    """What each of the usual markups earns on a supply price."""
    found = (earning(supply_fen, markup, rate_bp) for markup in MARKUPS_BP)
    return [one for one in found if one is not None]
