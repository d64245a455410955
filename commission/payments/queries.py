"""What can be asked about payments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import case, exists, func, select
from sqlalchemy.orm import aliased

from commission.payments.models import Payment, RailIntent
from commission.payments.rules import OPEN
from kernel.db import session
from kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class PaymentView:
    """A payment as pages show it; `attempt` is the state of the last charge, empty before the first."""

    public_id: str
    reference: str
    amount: Money
    refunded: Money
    state: str
    attempt: str
    reason: str


@dataclass(frozen=True, slots=True)
class RefusedRefund:
    """Money that should be back with a payer and is not: the rail said no, and nobody has begun it again."""

    matter: str
    payment: str
    amount: Money
    reason: str
    refused_at: datetime
    attempts: int


def payment_of(*, payer: str, payment: str = "", reference: str = "") -> PaymentView | None:
    """The payer's own payment by its id or by what it is for; nothing for anybody else."""
    last = (
        select(func.max(RailIntent.id))
        .where(RailIntent.payment_id == Payment.id, RailIntent.kind == "charge")
        .correlate(Payment)
        .scalar_subquery()
    )
    wanted = Payment.public_id == payment if payment else Payment.reference == reference
    query = select(Payment, RailIntent.state, RailIntent.reason).outerjoin(RailIntent, RailIntent.id == last)
    found = session().execute(query.where(wanted, Payment.payer == payer)).one_or_none()
    if found is None:
        return None
    row, attempt, reason = found
    return PaymentView(
        row.public_id,
        row.reference,
        Money(row.amount_fen, row.currency),
        Money(row.refunded_fen, row.currency),
        row.state,
        attempt or "",
        reason or "",
    )


def due_of(*, payer: str, references: Sequence[str]) -> dict[str, str]:
    """The payer's own payments (public ids) that are not paid yet, by what they are for."""
    query = select(Payment.reference, Payment.public_id).where(Payment.payer == payer, Payment.state == "pending")
    return {row[0]: row[1] for row in session().execute(query.where(Payment.reference.in_(references)))}


def open_charges(*, reference: str) -> list[str]:
    """Charges of what a payment is for that were begun and have no answer."""
    query = (
        select(RailIntent.public_id)
        .join(Payment, Payment.id == RailIntent.payment_id)
        .where(Payment.reference == reference, RailIntent.kind == "charge", RailIntent.state.in_(OPEN))
    )
    return list(session().scalars(query))


def failed_refunds(subjects: Sequence[str]) -> set[str]:
    """Those of these matters whose refund the rail refused and nobody has begun again."""
    if not subjects:
        return set()
    of_matter = (RailIntent.kind == "refund") & RailIntent.subject.in_(subjects)
    standing = func.count(case((RailIntent.state != "failed", 1)))
    query = select(RailIntent.subject).where(of_matter).group_by(RailIntent.subject).having(standing == 0)
    return set(session().scalars(query))


def refused_refunds(limit: int = 100) -> list[RefusedRefund]:
    """All such refunds, the longest waiting first; the last answer is the one told."""
    other = aliased(RailIntent)
    same = (other.kind == RailIntent.kind) & (other.subject == RailIntent.subject)
    newer = exists().where(same, (other.state != "failed") | (other.attempt > RailIntent.attempt))
    query = (
        select(RailIntent, Payment.public_id)
        .join(Payment, Payment.id == RailIntent.payment_id)
        .where(RailIntent.kind == "refund", RailIntent.state == "failed", ~newer)
        .order_by(RailIntent.answered_at, RailIntent.id)
        .limit(limit)
    )
    return [
        RefusedRefund(
            row.subject, payment, Money(row.amount_fen, row.currency), row.reason, row.answered_at, row.attempt
        )
        for row, payment in session().execute(query)
        if row.answered_at is not None
    ]


def unanswered(*, before: datetime, limit: int = 100) -> list[str]:
    """Intents begun before a moment that have no answer, oldest first."""
    query = select(RailIntent.public_id).where(RailIntent.state.in_(OPEN), RailIntent.created_at <= before)
    return list(session().scalars(query.order_by(RailIntent.created_at, RailIntent.id).limit(limit)))
