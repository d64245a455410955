"""What can be asked about orders, and the rows that operations lock: a buyer her own, a shipper what it ships."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, selectinload

from commission.payments.queries import due_of, payment_of
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Permission
from onboarding.accounts.models import User
from onboarding.accounts.queries import Contact
from onboarding.listings.models import Sku
from onboarding.listings.sharing import withdrawn
from onboarding.verification.queries import are_approved
from storefront.orders.models import Order, OrderGroup, OrderLine
from storefront.orders.rules import ORDER, Address

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from commission.payments.queries import PaymentView
    from kernel.permissions import Actor

PAGE = 20
_AT_ONCE = 200
_FRESH = {"populate_existing": True}


@dataclass(frozen=True, slots=True)
class Parties:
    """Who sells an order and who ships it: one and the same factory, or a merchant and the factory behind her."""

    number: str
    seller_id: int
    seller_name: str
    shipper_id: int

    @property
    def resold(self) -> bool:
        """Whether a merchant sold it."""
        return self.seller_id != self.shipper_id


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout with its payment, as its pay page shows it."""

    payment: PaymentView
    group: OrderGroup
    orders: Sequence[Order]


def orders_of(actor: Actor, *, states: Sequence[str] = (), after: str = "") -> list[Order]:
    """One's own orders with their lines, newest first, from after one of them on; the 21st tells of a next page."""
    query = select(Order).join(OrderGroup).where(OrderGroup.buyer_id == actor.user_id)
    query = query.where(Order.state.in_(states)) if states else query
    if after:
        query = query.where(Order.id < select(Order.id).where(Order.public_id == after).scalar_subquery())
    with_parts = query.options(selectinload(Order.lines), selectinload(Order.group))
    return list(session().scalars(with_parts.order_by(Order.id.desc()).limit(PAGE + 1)))


def order_of(actor: Actor, order: str) -> Order:
    """One's own order with its lines; NotFoundError for everybody else."""
    query = select(Order).join(OrderGroup).where(Order.public_id == order, OrderGroup.buyer_id == actor.user_id)
    found = session().scalar(query.options(selectinload(Order.lines), selectinload(Order.group)))
    if found is None:
        raise NotFoundError
    return found


def checkout_of(actor: Actor, payment: str) -> Checkout:
    """One's own checkout by its payment; NotFoundError for everybody else."""
    found = payment_of(payer=actor.user, payment=payment)
    if found is None:
        raise NotFoundError
    query = select(OrderGroup).where(OrderGroup.public_id == found.reference, OrderGroup.buyer_id == actor.user_id)
    group = session().scalar(query.options(selectinload(OrderGroup.orders)))
    if group is None:
        raise NotFoundError
    return Checkout(found, group, group.orders)


def is_stopped(orders: Sequence[Order]) -> bool:
    """Whether a factory that would ship a part of a checkout, or a merchant who sells it, may sell no more, as of now.

    One statement, whatever the number of sellers.
    """
    sellers = {seller for order in orders for seller in (order.shipper_id, order.organisation_id)}
    return not are_approved(sellers)


def taken_down(orders: Sequence[Order], *, now: datetime) -> Sequence[str]:
    """The titles of goods of a checkout that may not be sold any more: nobody pays for these.

    They were taken down since it was placed, or lack a certificate now.
    """
    lines = select(OrderLine.sku_id).where(OrderLine.order_id.in_([order.id for order in orders]))
    return withdrawn(lines, since=orders[0].placed_at, today=business_date(now))


def is_pictured(actor: Actor, listing_id: int, address: str) -> bool:
    """Whether the picture at an address stands in an order of goods (id) that she bought, or that her shop sold.

    Shops see orders from when they are paid.
    """
    sees = Permission.MERCHANT_ORDERS_VIEW
    shops = [one.organisation_id for one in actor.memberships if sees in one.permissions]
    sold = Order.organisation_id.in_(shops) & (Order.way == "merchant") & Order.paid_at.is_not(None)
    skus = select(Sku.id).where(Sku.listing_id == listing_id)
    pictured = select(OrderLine.id).where(OrderLine.sku_id.in_(skus), OrderLine.image == address)
    mine = pictured.join(Order).join(OrderGroup).where((OrderGroup.buyer_id == actor.user_id) | sold)
    return actor.user_id is not None and session().scalar(mine.limit(1)) is not None


def due_payment(actor: Actor, order: Order) -> str:
    """The payment (public id) that one's own order waits for; empty when it waits for none."""
    found = payment_of(payer=actor.user, reference=order.group.public_id) if order.state == ORDER.start else None
    return found.public_id if found else ""


def due_payments(actor: Actor, orders: Sequence[Order]) -> dict[str, str]:
    """The payments (public ids) that one's own orders wait for, by the public id of their checkout."""
    waiting = {order.group.public_id for order in orders if order.state == ORDER.start}
    return due_of(payer=actor.user, references=sorted(waiting)) if waiting else {}


def last_address(actor: Actor) -> Address | None:
    """Where the actor's newest order went, to spare her typing it again."""
    query = select(OrderGroup.address).where(OrderGroup.buyer_id == actor.user_id).order_by(OrderGroup.id.desc())
    kept = session().scalar(query.limit(1))
    return Address.from_json(kept) if kept else None


def due_checkouts(*, now: datetime) -> list[str]:
    """Checkouts (public ids) that are unpaid though their time is over, the oldest first."""
    unpaid = select(Order.id).where(Order.group_id == OrderGroup.id, Order.state == "placed").exists()
    query = select(OrderGroup.public_id).where(OrderGroup.expires_at <= now, unpaid)
    return list(session().scalars(query.order_by(OrderGroup.id).limit(_AT_ONCE)))


def consignee_of(order: str) -> Contact:
    """Whom to text about a parcel: the name and the number of the address, the language of the buyer."""
    query = select(OrderGroup.address, User.language).join(Order).join(User, User.id == OrderGroup.buyer_id)
    kept, language = session().execute(query.where(Order.public_id == order)).one()
    address = Address.from_json(kept)
    return Contact(address.name, address.phone, language)


def pieces_of(order: str) -> dict[str, int]:
    """How many pieces of each listing (public id) an order is of."""
    query = select(OrderLine.listing, func.sum(OrderLine.quantity)).join(Order, Order.id == OrderLine.order_id)
    rows = session().execute(query.where(Order.public_id == order).group_by(OrderLine.listing))
    return {listing: int(pieces) for listing, pieces in rows}


def parties_of(order: str) -> Parties:
    """Whom the worker tells about an order."""
    columns = (Order.number, Order.organisation_id, Order.seller_name, Order.shipper_id)
    return Parties(*session().execute(select(*columns).where(Order.public_id == order)).one())


def locked_group(group: str) -> tuple[OrderGroup, Sequence[Order]]:
    """A group and its orders under lock. The one order of locks: payment, orders, reservations, SKUs."""
    query = select(Order).join(Order.group).where(OrderGroup.public_id == group).order_by(Order.id)
    query = query.options(contains_eager(Order.group))
    orders = session().scalars(query.with_for_update(of=Order), execution_options=_FRESH).all()
    if not orders:
        raise NotFoundError
    return orders[0].group, orders


def locked_for_buyer(actor: Actor, order: str) -> Order:
    """One's own order under lock; NotFoundError for everybody else."""
    return _locked(Order.public_id == order, Order.group.has(OrderGroup.buyer_id == actor.user_id))


def locked_for_shipper(actor: Actor, order: str) -> Order:
    """An order that an organisation ships in which this person ships, under lock; its merchant too finds nothing."""
    found = _locked(Order.public_id == order)
    if not actor.may(Permission.FACTORY_ORDERS_SHIP, organisation_id=found.shipper_id):
        raise NotFoundError
    return found


def locked_order(order: str) -> Order:
    """An order under lock, for an operation that has looked at who acts; NotFoundError when there is none."""
    return _locked(Order.public_id == order)


def locked_due(where: ColumnElement[bool]) -> Sequence[Order]:
    """Up to 200 orders that a rule of time concerns; rows another process holds are left to it."""
    query = select(Order).where(where).order_by(Order.id).limit(_AT_ONCE).with_for_update(skip_locked=True)
    return session().scalars(query, execution_options=_FRESH).all()


def _locked(*where: ColumnElement[bool]) -> Order:
    found = session().scalar(select(Order).where(*where).with_for_update(), execution_options=_FRESH)
    if found is None:
        raise NotFoundError
    return found
