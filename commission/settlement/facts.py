"""What happens to sellers' money, published in the transaction of its entry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class SaleSettled(Fact):
    """A sale's money was released to its seller; once per order, and once per supply order behind it."""

    kind: ClassVar[str] = "sale.settled"
    order: str
    seller: str


@dataclass(frozen=True, slots=True)
class PayoutBegun(Fact):
    """A payout and its call to the rail are on paper; the worker performs it (`tasks.perform_payout`)."""

    kind: ClassVar[str] = "payout.begun"
    payout: str
