"""What happens to refunds. Ids are public ids, amounts fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class OrderRefunded(Fact):
    """Part of a paid order was given back on the books: `goods_fen` to the buyer, `supply_fen` by the factory.

    The pieces are noted on the order's lines before it is published; once per refund.
    """

    kind: ClassVar[str] = "order.refunded"
    order: str
    refund: str
    goods_fen: int
    supply_fen: int
