"""What can be done with refunds: ask, withdraw, agree, refuse, confirm the return; and what the rail made of them.

Whoever answers takes the locks in one order (payment, order, refund, then stock and sales), so that a rival waits and
then finds what was decided.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import update
from structlog import get_logger

from commission.payments.operations import begin_refund, lock_payment
from commission.settlement.operations import refund_sale
from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError
from kernel.ids import public_id
from kernel.money import Money
from kernel.outbox import publish
from kernel.permissions import SYSTEM
from onboarding.listings import stock
from storefront.after_sales.facts import OrderRefunded, RefundAgreed, RefundAsked, RefundRefused, RefundWithdrawn
from storefront.after_sales.models import Refund, RefundLine
from storefront.after_sales.queries import answered_by, asked_by, locked_refund, returned_to, states_of
from storefront.after_sales.rules import (
    IN_VAIN,
    OPEN,
    REFUND,
    TRIES,
    UNSHIPPED,
    WHY,
    Part,
    amounts,
    check_pieces,
    check_reason,
    may_ask,
)
from storefront.orders.operations import take_back
from storefront.orders.queries import locked_for_buyer, locked_order

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from commission.payments.facts import RefundFailed, RefundSucceeded
    from kernel.permissions import Actor
    from storefront.after_sales.queries import Claim
    from storefront.orders.models import Order

_log = get_logger("after_sales")


@dataclass(frozen=True, slots=True)
class _Held:
    """What an answer is given under: the payment (public id), the order and the refund, all locked."""

    payment: str
    order: Order
    row: Refund


@operation("refund.ask")
def ask_refund(*, actor: Actor, order: str, pieces: Mapping[int, int], why: str, words: str, now: datetime) -> str:
    """Ask for `{order line id: pieces}` of one's own order to be refunded; the refund's public id.

    Raises NotFoundError, `refund.not_now` (unpaid, cancelled, or too long ago), `refund.open`, `refund.tries`,
    `refund.nothing`, `refund.more_than_left`, `refund.made_to_order`.
    """
    found = locked_for_buyer(actor, order)
    _refuse_asking(found, why, now)
    lines = {line.id: line for line in found.lines}
    asked = check_pieces({line.id: line.quantity - line.refunded_quantity for line in found.lines}, pieces)
    to_order = any(lines[one].made_to_order for one in asked)
    check_reason(why, shipped=found.state not in UNSHIPPED, made_to_order=to_order)
    parts = [Part(lines[one].unit_price_fen, lines[one].supply_price_fen, count) for one, count in asked.items()]
    goods, supply = amounts(parts)
    row = Refund(
        public_id=public_id("ref"),
        order_id=found.id,
        organisation_id=found.organisation_id,
        shipper_id=found.shipper_id,
        state=REFUND.start,
        why=why,
        words=words,
        answer="",
        shipped=found.state not in UNSHIPPED,
        goods_fen=goods,
        supply_fen=supply,
        currency=found.currency,
        asked_at=now,
        lines=[RefundLine(order_line_id=one, quantity=count) for one, count in asked.items()],
    )
    session().add(row)
    note(f"refund:{row.public_id}", after={"state": row.state, "order": order, "goods_fen": goods, "why": why})
    publish(RefundAsked(refund=row.public_id, order=order), actor=actor, now=now)
    return row.public_id


@operation("refund.withdraw")
def withdraw(*, actor: Actor, refund: str, now: datetime) -> None:
    """Take one's own request back while nothing has moved."""
    claim = asked_by(actor, refund)
    row = _lock(claim).row
    _step(row, "withdraw")
    publish(RefundWithdrawn(refund=refund, order=claim.order), actor=actor, now=now)


@operation("refund.agree")
def agree(*, actor: Actor, refund: str, now: datetime) -> str:
    """Agree, for the seller of record; the state it is in now.

    What has not left is refunded at once and lies in stock again; what has left travels back first.
    """
    claim = answered_by(actor, refund)
    held = _lock(claim)
    row = held.row
    row.answered_at, row.shipped = now, held.order.state not in UNSHIPPED
    if not row.shipped:
        _step(row, "refund", now)
        _refund(held, actor, now)
        return row.state
    _step(row, "agree")
    publish(RefundAgreed(refund=refund, order=claim.order), actor=actor, now=now)
    return row.state


@operation("refund.refuse")
def refuse(*, actor: Actor, refund: str, answer: str, now: datetime) -> None:
    """Say no and why, for the seller of record; also to what was agreed, when the goods never came or came broken.

    Raises `refund.answer_needed` without words.
    """
    claim = answered_by(actor, refund)
    row = _lock(claim).row
    if not answer.strip():
        raise DomainError("refund.answer_needed")
    _step(row, "refuse")
    row.answer, row.answered_at = answer, now
    publish(RefundRefused(refund=refund, order=claim.order), actor=actor, now=now)


@operation("refund.confirm_return")
def confirm_return(*, actor: Actor, refund: str, now: datetime) -> None:
    """Say that the goods are back, for who shipped them: refunded. They are looked at before they are sold again."""
    held = _lock(returned_to(actor, refund))
    _step(held.row, "confirm", now)
    _refund(held, actor, now)


@operation("refund.paid")
def record_paid(fact: RefundSucceeded, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  audited
    """Note that the money is with the shopper; runs within `payment.refund.succeeded`, other matters are not ours."""
    mine = (Refund.public_id == fact.subject) & Refund.paid_at.is_(None)
    if session().scalar(update(Refund).where(mine).values(paid_at=now).returning(Refund.id)) is not None:
        note(f"refund:{fact.subject}", after={"paid_fen": fact.amount_fen})


@operation("refund.unpaid")
def record_unpaid(fact: RefundFailed, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  audited
    """Keep that the rail refused to give money back: the operator looks, the pages of the order say so."""
    _log.error("refund failed at the rail", refund=fact.subject, payment=fact.payment, reason=fact.reason)
    note(f"refund:{fact.subject}", after={"failed": fact.reason})


def _refuse_asking(order: Order, why: str, now: datetime) -> None:
    if why not in WHY:
        raise InvalidInputError({"why": ("field.choice", {})})
    if not may_ask(order.state, received_at=order.received_at, now=now):
        raise DomainError("refund.not_now")
    states = states_of(order.id)
    if any(state in OPEN for state in states):
        raise DomainError("refund.open")
    if sum(state in IN_VAIN for state in states) >= TRIES:
        raise DomainError("refund.tries", limit=TRIES)


def _lock(claim: Claim) -> _Held:
    """The payment, the order and the refund, locked in this order."""
    payment = lock_payment(reference=claim.group)
    return _Held(payment, locked_order(claim.order), locked_refund(claim.refund))


def _refund(held: _Held, actor: Actor, now: datetime) -> None:
    """Move goods and money of a refund just decided: in stock, on the order, on the books and at the rail."""
    order, row = held.order, held.row
    if not row.shipped:
        stock.put_back(order.group.public_id, _by_sku(held), reason="refunded", source=row.public_id, now=now)
    pieces = {line.order_line_id: line.quantity for line in row.lines}
    take_back(actor=actor, order=order.public_id, pieces=pieces, now=now)
    goods, nothing = Money(row.goods_fen, row.currency), Money(0, row.currency)
    refund_sale(order=order.public_id, refund=row.public_id, goods=goods, freight=nothing, actor=actor, now=now)
    begin_refund(payment=held.payment, subject=row.public_id, amount=goods, actor=SYSTEM, now=now)
    told = {"order": order.public_id, "refund": row.public_id}
    publish(OrderRefunded(**told, goods_fen=row.goods_fen, supply_fen=row.supply_fen), actor=actor, now=now)


def _by_sku(held: _Held) -> dict[int, int]:
    skus = {line.id: line.sku_id for line in held.order.lines}
    pieces = Counter[int]()
    for line in held.row.lines:
        pieces[skus[line.order_line_id]] += line.quantity
    return dict(pieces)


def _step(row: Refund, action: str, refunded_at: datetime | None = None) -> None:
    """Take an edge of the lifecycle under the row's lock, or refuse with `refund.state`."""
    before, row.state = row.state, REFUND.step(row.state, action).to
    row.refunded_at = refunded_at
    note(f"refund:{row.public_id}", before={"state": before}, after={"state": row.state})
