"""What happens to orders. Each is published once per order, in the transaction of the change; ids are public ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class OrderPlaced(Fact):
    """A checkout became an order group; its stock is held, nothing is paid yet. Once per group."""

    kind: ClassVar[str] = "order.placed"
    group: str
    payment: str


@dataclass(frozen=True, slots=True)
class OrderPaid(Fact):
    """An order's money is at the rail, its stock taken and its sale on the books; the shipper ships now.

    The shipper is the seller itself, or the factory behind a merchant.
    """

    kind: ClassVar[str] = "order.paid"
    order: str
    seller: str
    shipper: str = ""


@dataclass(frozen=True, slots=True)
class OrderCancelled(Fact):
    """An order is off: given up unpaid by its buyer (`buyer`), run out (`expired`), paid too late (`late`), of goods
    taken down or without a certificate before it was paid (`taken_down`) or while the money was on its way
    (`returned`), or paid and refunded whole before it was shipped (`refunded`).
    """

    kind: ClassVar[str] = "order.cancelled"
    order: str
    seller: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderShipped(Fact):
    """The shipper handed the order's first parcel to a carrier."""

    kind: ClassVar[str] = "order.shipped"
    order: str
    seller: str
    shipment: str


@dataclass(frozen=True, slots=True)
class OrderReceived(Fact):
    """The buyer has the goods, by her word or by the time that passed; the days until release count from here."""

    kind: ClassVar[str] = "order.received"
    order: str
    seller: str


@dataclass(frozen=True, slots=True)
class OrderCompleted(Fact):
    """The days of return are over."""

    kind: ClassVar[str] = "order.completed"
    order: str
    seller: str


@dataclass(frozen=True, slots=True)
class LatePaymentReturned(Fact):
    """A payment came after its stock was sold or goods taken down: the orders are cancelled, a refund is begun."""

    kind: ClassVar[str] = "order.late_payment_returned"
    group: str
    payment: str
