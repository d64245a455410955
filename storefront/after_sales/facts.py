"""What happens to refunds. Each is published once per refund, in the transaction of the change; ids are public ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class RefundAsked(Fact):
    """A shopper wants pieces of her order refunded; its seller answers."""

    kind: ClassVar[str] = "refund.asked"
    refund: str
    order: str


@dataclass(frozen=True, slots=True)
class RefundAgreed(Fact):
    """The seller agreed after the goods had left: they travel back to who shipped them. No money moved yet."""

    kind: ClassVar[str] = "refund.agreed"
    refund: str
    order: str


@dataclass(frozen=True, slots=True)
class RefundRefused(Fact):
    """The seller said no and why; the shopper may ask again."""

    kind: ClassVar[str] = "refund.refused"
    refund: str
    order: str


@dataclass(frozen=True, slots=True)
class RefundWithdrawn(Fact):
    """The shopper thought better of it."""

    kind: ClassVar[str] = "refund.withdrawn"
    refund: str
    order: str


@dataclass(frozen=True, slots=True)
class OrderRefunded(Fact):
    """Pieces of an order are refunded: the shopper is owed `goods_fen` and the refund at the rail is begun.

    `supply_fen` is what the factory gives back to the merchant for them, 0 where it sold itself. The pieces are noted
    on the order's lines already, and an order refunded whole before it was shipped is cancelled.
    """

    kind: ClassVar[str] = "order.refunded"
    order: str
    refund: str
    goods_fen: int
    supply_fen: int
