"""What can be done with payments: open, charge, refund, pay out, close; begin, perform outside, record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from structlog import get_logger

from commission.payments.facts import (
    ChargeFailed,
    ChargeSucceeded,
    PayoutFailed,
    PayoutSucceeded,
    RefundBegun,
    RefundFailed,
    RefundSucceeded,
)
from commission.payments.models import Payment, RailIntent
from commission.payments.queries import refused_refunds
from commission.payments.rail import UNKNOWN, Outcome, Rail, RailUnknownError
from commission.payments.rules import INTENT, OPEN, PAYMENT, intent_key
from kernel.audit import note, operation
from kernel.db import WRITING, is_sqlite, session
from kernel.errors import DomainError, NotFoundError
from kernel.ids import public_id
from kernel.money import Money
from kernel.outbox import publish
from kernel.permissions import SYSTEM, Permission

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from kernel.outbox import Fact
    from kernel.permissions import Actor

_log = get_logger("payments")


@operation("payment.open")
def open_payment(*, reference: str, amount: Money, actor: Actor, now: datetime) -> str:
    """Note what the actor is to pay for `reference`; returns the payment's public id."""
    values = {
        "public_id": public_id("pay"),
        "reference": reference,
        "payer": actor.user,
        "amount_fen": amount.amount,
        "currency": amount.currency,
        "fee_fen": 0,
        "refunded_fen": 0,
        "state": PAYMENT.start,
        "created_at": now,
    }
    session().execute(insert(Payment).values(values))
    note(f"payment:{values['public_id']}", after={"state": PAYMENT.start, "amount_fen": amount.amount})
    return str(values["public_id"])


@operation("payment.close")
def close_payment(*, reference: str, actor: Actor, now: datetime) -> None:  # noqa: ARG001  the audit row takes it
    """Give up a pending payment; refused with `payment.in_flight` while a charge is under way or unknown."""
    row = _locked(Payment.reference == reference, actor)
    _charge_at_rest(row)
    row.state = PAYMENT.step(row.state, "close").to
    note(f"payment:{row.public_id}", after={"state": row.state})


def lock_payment(*, reference: str) -> str:
    """Lock the payment for `reference` before the rows of what it paid for, as everybody does; its public id."""
    return _locked(Payment.reference == reference, SYSTEM).public_id


@operation("payment.charge.begin")
def begin_charge(*, payment: str, method: str, actor: Actor, now: datetime) -> str:
    """Write the intent to charge, or find the one under way; returns its public id. A refusal allows another try."""
    row = _locked(Payment.public_id == payment, actor)
    PAYMENT.step(row.state, "pay")
    return _begin("charge", payment, method, Money(row.amount_fen, row.currency), payment_id=row.id, now=now)


@operation("payment.refund.begin")
def begin_refund(*, payment: str, subject: str, amount: Money, actor: Actor, now: datetime) -> str:
    """Write the intent to give back `amount` for one matter; returns its public id, the same for the same matter.

    Refunds under way count: together they never exceed what was paid (`payment.refund_exceeds`).
    """
    row = _locked(Payment.public_id == payment, actor, Permission.SYSTEM_WORK_RUN)
    PAYMENT.step(row.state, "refund")
    mine = (RailIntent.payment_id == row.id) & (RailIntent.state != "failed")
    others = select(func.coalesce(func.sum(RailIntent.amount_fen), 0)).where(
        mine, RailIntent.kind == "refund", RailIntent.subject != subject
    )
    if session().scalars(others).one() + amount.amount > row.amount_fen:
        raise DomainError("payment.refund_exceeds", payment=payment)
    charge_ref = session().scalars(select(RailIntent.rail_ref).where(mine, RailIntent.kind == "charge")).one()
    intent = _begin("refund", subject, charge_ref, amount, payment_id=row.id, now=now)
    publish(RefundBegun(intent=intent), actor=actor, now=now)
    return intent


@operation("payment.refunds.retry")
def retry_refunds(*, actor: Actor, now: datetime) -> list[str]:
    """Begin every refund again that the rail refused; returns the intents. A lost answer is no refusal."""
    actor.require(Permission.FINANCE_PAYOUTS_RUN)
    return [
        begin_refund(payment=found.payment, subject=found.matter, amount=found.amount, actor=SYSTEM, now=now)
        for found in refused_refunds()
    ]


@operation("payment.payout.begin")
def begin_payout(*, payout: str, payee: str, amount: Money, actor: Actor, now: datetime) -> str:  # noqa: ARG001  audited
    """Write the intent to send `amount` to a payee for one payout; returns its public id, the same every time."""
    return _begin("payout", payout, payee, amount, payment_id=None, now=now)


def perform(intent: str, *, rail: Rail) -> Outcome:
    """Call the rail for an intent, outside any transaction; a lost answer is the outcome `unknown`.

    Safe to repeat: the key stays, and an intent already answered gives its outcome without a call.
    """
    row, key = _outside(intent), intent_key(intent)
    if row.state not in OPEN:
        return Outcome(row.state, row.rail_ref, row.fee_fen, row.reason)
    amount = Money(row.amount_fen, row.currency)
    try:
        if row.kind == "charge":
            return rail.charge(key=key, amount=amount, reference=row.subject, method=row.counterpart)
        if row.kind == "refund":
            return rail.refund(key=key, charge_ref=row.counterpart, amount=amount)
        return rail.payout(key=key, amount=amount, payee=row.counterpart)
    except RailUnknownError:
        return UNKNOWN


def look_up(intent: str, *, rail: Rail) -> Outcome:
    """Ask the rail what became of an intent; one it never saw is sent again under the same key."""
    _outside(intent)
    try:
        found = rail.query(key=intent_key(intent))
    except RailUnknownError:
        return UNKNOWN
    return found or perform(intent, rail=rail)


def resolve(intent: str, *, rail: Rail, now: datetime) -> str:
    """Look up one intent and keep the answer, if the rail gives one; returns its state."""
    outcome = look_up(intent, rail=rail)
    state = record_outcome(intent=intent, outcome=outcome, actor=SYSTEM, now=now)
    _log.info("intent looked up", intent=intent, state=state)
    return state


@operation("payment.outcome.record")
def record_outcome(*, intent: str, outcome: Outcome, actor: Actor, now: datetime) -> str:
    """Keep what the rail said and publish it; returns the intent's state. What is answered stays as it is."""
    payment = _lock_payment_of(intent)
    answer = {"ok": "succeed", "failed": "fail", "unknown": "lose"}[outcome.state]
    state = INTENT.step("begun", answer).to
    told = {"state": state, "rail_ref": outcome.rail_ref, "fee_fen": outcome.fee_fen, "reason": outcome.reason}
    changed = session().scalar(
        update(RailIntent)
        .where(RailIntent.public_id == intent, RailIntent.state.in_(INTENT.sources(answer)))
        .values(**told, answered_at=now if outcome.is_known else None)
        .returning(RailIntent),
        execution_options={"populate_existing": True},
    )
    if changed is None:
        return session().scalars(select(RailIntent.state).where(RailIntent.public_id == intent)).one()
    note(f"intent:{intent}", after=told)
    if outcome.is_known:
        publish(_answered(changed, payment, now), actor=actor, now=now)
    return state


def _locked(wanted: ColumnElement[bool], actor: Actor, permission: Permission = Permission.ORDER_OWN_BUY) -> Payment:
    """The payment of this payer, or of anyone for the system, under the writer's lock."""
    found = session().scalar(
        select(Payment).where(wanted).with_for_update(),
        execution_options={"populate_existing": True},
    )
    foreign = found is not None and found.payer != actor.user and not actor.may(Permission.SYSTEM_WORK_RUN)
    if found is None or foreign or not actor.may(permission):
        raise NotFoundError
    return found


def _charge_at_rest(payment: Payment) -> None:
    under_way = select(RailIntent.id).where(
        RailIntent.kind == "charge", RailIntent.subject == payment.public_id, RailIntent.state.in_(OPEN)
    )
    if session().scalar(under_way.limit(1)) is not None:
        raise DomainError("payment.in_flight")


def _begin(kind: str, subject: str, counterpart: str, amount: Money, *, payment_id: int | None, now: datetime) -> str:
    """Insert the next attempt unless one stands already: the partial unique index decides between rivals."""
    of_matter = (RailIntent.kind == kind) & (RailIntent.subject == subject)
    attempts = session().scalar(select(func.count()).select_from(RailIntent).where(of_matter))
    row = {
        "public_id": public_id("int"),
        "kind": kind,
        "subject": subject,
        "attempt": (attempts or 0) + 1,
        "payment_id": payment_id,
        "counterpart": counterpart,
        "amount_fen": amount.amount,
        "currency": amount.currency,
        "state": INTENT.start,
        "rail_ref": "",
        "fee_fen": 0,
        "reason": "",
        "created_at": now,
    }
    dialect = sqlite if is_sqlite() else postgresql
    session().execute(dialect.insert(RailIntent).values(**row).on_conflict_do_nothing())
    standing = select(RailIntent.public_id).where(of_matter, RailIntent.state != "failed")
    intent: str = session().scalars(standing).one()
    note(f"intent:{intent}", after={"kind": kind, "subject": subject, "amount_fen": amount.amount})
    return intent


def _outside(intent: str) -> RailIntent:
    """The intent, detached; the read behind it is over, so that no transaction waits for the rail."""
    if session().info.get(WRITING):
        raise RuntimeError("the rail is never called inside a transaction")
    row = session().scalar(select(RailIntent).where(RailIntent.public_id == intent))
    if row is None:
        raise NotFoundError
    session().expunge(row)
    session().rollback()
    return row


def _lock_payment_of(intent: str) -> Payment | None:
    """The payment first, then the intent: the one order of locks everywhere."""
    owner = select(RailIntent.payment_id).where(RailIntent.public_id == intent).scalar_subquery()
    return session().scalar(
        select(Payment).where(Payment.id == owner).with_for_update(),
        execution_options={"populate_existing": True},
    )


def _answered(intent: RailIntent, payment: Payment | None, now: datetime) -> Fact:
    """Carry an answer over to the payment and say what happened."""
    ok = intent.state == "ok"
    if payment is None:
        return PayoutSucceeded(intent.subject, intent.rail_ref) if ok else PayoutFailed(intent.subject, intent.reason)
    if intent.kind == "refund":
        if not ok:
            return RefundFailed(payment.public_id, payment.reference, intent.subject, intent.reason)
        payment.refunded_fen += intent.amount_fen
        if payment.refunded_fen == payment.amount_fen:
            payment.state = PAYMENT.step(payment.state, "refund").to
        return RefundSucceeded(
            payment.public_id, payment.reference, intent.subject, intent.amount_fen, payment.currency
        )
    if not ok:
        return ChargeFailed(payment.public_id, payment.reference, intent.reason)
    payment.state, payment.fee_fen, payment.paid_at = PAYMENT.step(payment.state, "pay").to, intent.fee_fen, now
    return ChargeSucceeded(payment.public_id, payment.reference, payment.amount_fen, payment.fee_fen, payment.currency)
