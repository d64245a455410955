"""What happens to payments: published by `record_outcome`, once per answer of the rail, in its transaction.

Amounts are fen; ids are public ids. None of them says anything about orders: `reference` is the payer's own word.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.outbox import Fact


@dataclass(frozen=True, slots=True)
class RefundBegun(Fact):
    """Money is to go back and the intent is on paper; the worker sends it."""

    kind: ClassVar[str] = "payment.refund.begun"
    intent: str


@dataclass(frozen=True, slots=True)
class ChargeSucceeded(Fact):
    """A buyer's money is at the rail, less the fee that the rail kept."""

    kind: ClassVar[str] = "payment.charge.succeeded"
    payment: str
    reference: str
    amount_fen: int
    fee_fen: int
    currency: str


@dataclass(frozen=True, slots=True)
class ChargeFailed(Fact):
    """The rail said no; the payment stays pending and may be tried again."""

    kind: ClassVar[str] = "payment.charge.failed"
    payment: str
    reference: str
    reason: str


@dataclass(frozen=True, slots=True)
class RefundSucceeded(Fact):
    """Money went back to the buyer for one matter (`subject`)."""

    kind: ClassVar[str] = "payment.refund.succeeded"
    payment: str
    reference: str
    subject: str
    amount_fen: int
    currency: str


@dataclass(frozen=True, slots=True)
class RefundFailed(Fact):
    """The rail refused a refund; somebody must look."""

    kind: ClassVar[str] = "payment.refund.failed"
    payment: str
    reference: str
    subject: str
    reason: str


@dataclass(frozen=True, slots=True)
class PayoutSucceeded(Fact):
    """A payout arrived at the rail and left it."""

    kind: ClassVar[str] = "payment.payout.succeeded"
    payout: str
    rail_ref: str


@dataclass(frozen=True, slots=True)
class PayoutFailed(Fact):
    """The rail refused a payout; the money is still with us."""

    kind: ClassVar[str] = "payment.payout.failed"
    payout: str
    reason: str
