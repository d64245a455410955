"""What is true of a supply order: what a merchant owes for the lines of her order, and what kind of goods they are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


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
