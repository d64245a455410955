"""What can be done with orders: place, pay, cancel, pack, ship, receive, complete, take back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from commission.payments.operations import begin_charge, begin_refund, close_payment, lock_payment, open_payment
from commission.payments.queries import open_charges, payment_of
from commission.settlement.operations import record_receipt, record_refund_paid, record_sale, record_unallocated
from commission.settlement.rules import Sale
from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.money import Money, allocate
from kernel.outbox import publish
from kernel.permissions import SYSTEM, Permission
from onboarding.listings import stock
from storefront.cart.operations import empty_cart, lock_cart
from storefront.cart.queries import cart_of
from storefront.orders.facts import (
    LatePaymentReturned,
    OrderCancelled,
    OrderCompleted,
    OrderPaid,
    OrderPlaced,
    OrderReceived,
    OrderShipped,
)
from storefront.orders.models import Order, OrderLine
from storefront.orders.placing import checked, insert_group, insert_orders, payment_of_form, with_held_prices
from storefront.orders.queries import (
    is_stopped,
    locked_due,
    locked_for_buyer,
    locked_for_shipper,
    locked_group,
    locked_order,
    taken_down,
)
from storefront.orders.rules import HOLD_FOR, ORDER, group_number, pieces_by_sku, received_before, shipped_before

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from commission.payments.facts import ChargeSucceeded, RefundSucceeded
    from kernel.permissions import Actor
    from storefront.orders.models import OrderGroup
    from storefront.orders.rules import Address


@operation("order.place")
def place(
    *,
    actor: Actor,
    cart: str,
    address: Address,
    form_token: str,
    total: Money,
    to_order: str | None = None,
    now: datetime,
) -> str:
    """Make an order group of a cart and hold its stock; returns the public id of the payment that is due.

    `form_token` names the state of the cart that the buyer saw: sent again it is the same order. `total` is what she
    saw and is only compared, as are the offers that she saw to be made `to_order` (`order.terms_changed`). Raises
    `stock.short` and what `placing` refuses: a changed cart, price or total, goods not for sale, a resold price that
    earns nothing, one's own goods.
    """
    actor.require(Permission.ORDER_OWN_BUY)
    lock_cart(cart)
    known = payment_of_form(form_token, buyer=actor)
    if known is not None:
        return known
    seen = checked(cart_of(cart), form_token=form_token, total=total, buyer=actor, now=now)
    if to_order is not None and to_order != seen.to_order:
        raise DomainError("order.terms_changed")
    found = with_held_prices(seen, now=now)
    group_id, group = insert_group(address, form_token=form_token, total=total, buyer=actor, now=now)
    stock.reserve(pieces_by_sku(found), holder=group, buyer=actor.user, expires_at=now + HOLD_FOR, now=now)
    insert_orders(found, group_id=group_id, now=now)
    empty_cart(cart=cart, actor=actor, now=now)
    payment = open_payment(reference=group, amount=total, actor=actor, now=now)
    note(f"group:{group}", after={"total_fen": total.amount, "number": group_number(group_id)})
    publish(OrderPlaced(group=group, payment=payment), actor=actor, now=now)
    return payment


@operation("order.begin_payment")
def begin_payment(*, actor: Actor, payment: str, method: str, now: datetime) -> str:
    """Write the intent to charge one's own checkout; returns its public id.

    Where goods were taken down meanwhile, or lost their certificate, there is none: the checkout is cancelled and its
    stock free again, unless an earlier charge is under way, whose answer decides.
    """
    mine = payment_of(payer=actor.user, payment=payment)
    if mine is None:
        raise NotFoundError
    group = mine.reference
    lock_payment(reference=group)
    found, orders = locked_group(group)
    if not taken_down(orders, now=now) or open_charges(reference=group):
        return begin_charge(payment=payment, method=method, actor=actor, now=now)
    close_payment(reference=group, actor=actor, now=now)
    _cancel(found, orders, "taken_down", actor, now)
    return ""


@operation("order.pay")
def record_payment(fact: ChargeSucceeded, *, actor: Actor, now: datetime) -> None:
    """Carry a charge over to its orders, all in one transaction: paid, stock taken, sales on the books.

    Runs within `payment.charge.succeeded`; orders already paid stay as they are. Stock whose reservation ran out
    is reserved again; where that fails, or goods may not be sold any more, or a seller, the money is booked as
    unallocated and sent back.
    """
    group, orders = locked_group(fact.reference)
    if any(order.state != ORDER.start for order in orders):
        return
    if refusal := _unservable(group, orders, now):
        _return_late(group, orders, fact, refusal, now)
        return
    stock.take(group.public_id, now=now)
    fees = allocate(fact.fee_fen, [order.total_fen for order in orders])
    for order, fee in zip(orders, fees, strict=True):
        order.state = ORDER.step(order.state, "pay").to
        order.paid_at, order.processing_fen = now, fee
        record_sale(sale=_sale(order, now), actor=actor, now=now)
        note(f"order:{order.public_id}", before={"state": ORDER.start}, after={"state": order.state})
        publish(OrderPaid(order=order.public_id, seller=order.seller, shipper=order.shipper), actor=actor, now=now)


@operation("order.refund")
def record_refund(fact: RefundSucceeded, *, actor: Actor, now: datetime) -> None:
    """Book money that went back to a buyer; runs within `payment.refund.succeeded`."""
    record_refund_paid(refund=fact.subject, amount=Money(fact.amount_fen, fact.currency), actor=actor, now=now)


@operation("order.cancel")
def cancel(*, actor: Actor, group: str, now: datetime) -> None:
    """Give up one's own unpaid checkout; `payment.in_flight` while money may be on its way."""
    close_payment(reference=group, actor=actor, now=now)
    found, orders = locked_group(group)
    _cancel(found, orders, "buyer", actor, now)


@operation("order.expire")
def expire(*, actor: Actor, group: str, now: datetime) -> None:
    """Cancel a checkout whose time to pay is over; `payment.in_flight` while money may be on its way."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    close_payment(reference=group, actor=actor, now=now)
    found, orders = locked_group(group)
    if found.expires_at > now:
        raise DomainError("order.not_expired")
    _cancel(found, orders, "expired", actor, now)


@operation("order.pack")
def pack(*, actor: Actor, order: str, now: datetime) -> None:  # noqa: ARG001  the audit row takes it
    """Say that an order is being packed."""
    _step(locked_for_shipper(actor, order), "pack")


@operation("order.ship")
def mark_shipped(*, actor: Actor, order: str, shipment: str, now: datetime) -> tuple[int, int]:
    """Note that an order's parcel is with the carrier; `(order id, shipper's id)` for the parcel's own row."""
    found = locked_for_shipper(actor, order)
    _step(found, "ship")
    found.shipped_at = now
    publish(OrderShipped(order=order, seller=found.seller, shipment=shipment), actor=actor, now=now)
    return found.id, found.shipper_id


@operation("order.receive")
def receive(*, actor: Actor, order: str, now: datetime) -> None:
    """Confirm that one's own order arrived: the seller's money is released 7 days and 1 later."""
    found = locked_for_buyer(actor, order)
    _receive(found, actor, now)


@operation("order.receive_due", quiet=True)
def receive_due(*, day: date, actor: Actor, now: datetime) -> int:
    """Count as received what was shipped more than ten days before a business day; how many, 200 at most."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    due = locked_due((Order.state == "shipped") & (Order.shipped_at < shipped_before(day)))
    for order in due:
        _receive(order, actor, now)
    return len(due)


@operation("order.complete_due", quiet=True)
def complete_due(*, day: date, actor: Actor, now: datetime) -> int:
    """Complete what was received eight days before a business day or earlier; how many, 200 at most."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    due = locked_due((Order.state == "delivered") & (Order.received_at < received_before(day)))
    for order in due:
        _step(order, "complete")
        order.completed_at = now
        publish(OrderCompleted(order=order.public_id, seller=order.seller), actor=actor, now=now)
    return len(due)


@operation("order.take_back")
def take_back(*, actor: Actor, order: str, pieces: Mapping[int, int], now: datetime) -> bool:
    """Count `{order line id: pieces}` as refunded; whether that cancelled the order.

    It does when the whole is refunded before it was shipped. The sale is then released like any other: what is left
    to settle is the processing fee.
    """
    found = locked_order(order)
    for line in found.lines:
        line.refunded_quantity += pieces.get(line.id, 0)
    note(f"order:{order}", after={"refunded": sum(line.refunded_quantity for line in found.lines)})
    if "refund" not in ORDER.actions(found.state) or any(
        line.refunded_quantity < line.quantity for line in found.lines
    ):
        return False
    _step(found, "refund")
    found.cancelled_at, found.cancel_reason = now, "refunded"
    record_receipt(order=order, received_at=now, actor=actor, now=now)
    publish(OrderCancelled(order=order, seller=found.seller, reason="refunded"), actor=actor, now=now)
    return True


def _unservable(group: OrderGroup, orders: Sequence[Order], now: datetime) -> str:
    """Why a checkout that is being paid cannot be served any more; empty when it can."""
    if taken_down(orders, now=now) or is_stopped(orders):
        return "returned"
    return "" if _secure_stock(group, orders, now) else "late"


def _secure_stock(group: OrderGroup, orders: Sequence[Order], now: datetime) -> bool:
    """Whether the goods are there for this payment: still held, or held again."""
    if stock.holding(group.public_id) == "held":
        return True
    pieces: dict[int, int] = {}
    lines = select(OrderLine.sku_id, OrderLine.quantity).where(OrderLine.order_id.in_([order.id for order in orders]))
    for sku, quantity in session().execute(lines):
        pieces[sku] = pieces.get(sku, 0) + quantity
    try:
        stock.reserve(pieces, holder=group.public_id, buyer=group.buyer, expires_at=now + HOLD_FOR, now=now)
    except DomainError as refusal:
        note(f"group:{group.public_id}", after={"stock": refusal.code})
        return False
    return True


def _return_late(group: OrderGroup, orders: Sequence[Order], fact: ChargeSucceeded, reason: str, now: datetime) -> None:
    gross = Money(fact.amount_fen, fact.currency)
    processing = Money(fact.fee_fen, fact.currency)
    record_unallocated(payment=fact.payment, gross=gross, processing=processing, actor=SYSTEM, now=now)
    begin_refund(payment=fact.payment, subject=fact.payment, amount=gross, actor=SYSTEM, now=now)
    _cancel(group, orders, reason, SYSTEM, now)
    publish(LatePaymentReturned(group=group.public_id, payment=fact.payment), actor=SYSTEM, now=now)


def _sale(order: Order, now: datetime) -> Sale:
    """The sale as the books are told of it; the category is that of its greatest line."""
    greatest = max(order.lines, key=lambda line: (line.amount_fen, -line.id))
    return Sale(
        order=order.public_id,
        number=order.number,
        seller=order.seller,
        seller_name=order.seller_name,
        way=order.way,
        goods=Money(order.goods_fen, order.currency),
        freight=Money(order.freight_fen, order.currency),
        processing=Money(order.processing_fen, order.currency),
        category=greatest.category,
        belt=order.belt,
        campaign="",
        paid_at=now,
    )


def _cancel(group: OrderGroup, orders: Sequence[Order], reason: str, actor: Actor, now: datetime) -> None:
    stock.release(group.public_id, now=now)
    for order in orders:
        _step(order, "cancel")
        order.cancelled_at, order.cancel_reason = now, reason
        publish(OrderCancelled(order=order.public_id, seller=order.seller, reason=reason), actor=actor, now=now)


def _receive(order: Order, actor: Actor, now: datetime) -> None:
    _step(order, "receive")
    order.received_at = now
    record_receipt(order=order.public_id, received_at=now, actor=actor, now=now)
    publish(OrderReceived(order=order.public_id, seller=order.seller), actor=actor, now=now)


def _step(order: Order, action: str) -> None:
    """Take an edge of the lifecycle under the row's lock, or refuse with `order.state`."""
    before, order.state = order.state, ORDER.step(order.state, action).to
    note(f"order:{order.public_id}", before={"state": before}, after={"state": order.state})
