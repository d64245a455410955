"""Commission: a share of what was paid net for goods, in basis points, half-up in fen. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kernel.money import Money

WAYS = ("direct", "supply", "merchant")
# What a rate is taken of: goods net of discounts and refunds, without freight.
BASES = {"direct": "retail_net", "supply": "supply_net", "merchant": "retail_net"}
FIRST_RATES = {"direct": 50, "supply": 50, "merchant": 100}
FIRST_DAY = date(2025, 1, 1)


@dataclass(frozen=True, slots=True)
class FrozenRate:
    """The rate a sale met: card version and basis points; it never changes for that sale."""

    version: int
    basis_points: int

    def commission(self, net_goods: Money) -> Money:
        """The commission of a cumulative net amount; 0.5 % of ¥0.99 is 0 fen, of ¥1.00 is 1 fen."""
        return net_goods.share(self.basis_points)

    def change(self, before: Money, after: Money) -> Money:
        """What a refund that takes the net from `before` to `after` gives back; the parts sum to the whole."""
        return self.commission(before) - self.commission(after)
