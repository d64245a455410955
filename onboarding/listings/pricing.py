"""From a trade price to a retail price. Money is whole fen, markups are basis points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.errors import DomainError
from onboarding.listings.rules import MARKUP_CAP_BP, PRICE_CAP_FEN

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BASIS: Final = 10_000
_JIAO: Final = 10


def with_markup(trade_price_fen: int, markup_bp: int) -> int:
    """The trade price plus the markup, rounded up to a whole jiao: ¥12.34 and 50 % make ¥18.60.

    Up, so that rounding never takes from the factory; to a jiao, because shelves show no single fen.
    Raises `listing.markup` (limit in percent) or `listing.price` (limit in yuan).
    """
    check_markup(markup_bp)
    step = _BASIS * _JIAO
    price = -(-trade_price_fen * (_BASIS + markup_bp) // step) * _JIAO
    check_price(price)
    return price


def drop_ship_price(way_fen: int | None, sku_fen: int | None, first_tier_fen: int | None) -> int | None:
    """What a merchant owes for a single piece: the listing's own price for it, else the SKU's, else the first tier."""
    return next((price for price in (way_fen, sku_fen, first_tier_fen) if price is not None), None)


def check_markup(markup_bp: int) -> None:
    """A markup stands between nothing and the cap; else `listing.markup` (limit in percent)."""
    if not 0 <= markup_bp <= MARKUP_CAP_BP:
        raise DomainError("listing.markup", limit=MARKUP_CAP_BP // 100)


def check_price(price_fen: int) -> None:
    """A price stands between one fen and the cap; else `listing.price` (limit in yuan)."""
    if not 1 <= price_fen <= PRICE_CAP_FEN:
        raise DomainError("listing.price", limit=PRICE_CAP_FEN // 100)


def check_supply(
    prices: Iterable[tuple[int, int | None]], *, single: int | None, tiers: Sequence[tuple[int, int]]
) -> None:
    """No merchant pays more for a piece than shoppers do; else `listing.supply_above` (both in yuan).

    `prices` are `(retail, own supply price)` of variants; without one of its own a variant costs what the ladder says.
    """
    first = tiers[0][1] if tiers else 0
    for retail, own in prices:
        dearest = max(first if own is None else own, single or 0)
        if dearest > retail:
            raise DomainError("listing.supply_above", supply=_yuan(dearest), retail=_yuan(retail))


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"
