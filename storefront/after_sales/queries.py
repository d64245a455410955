"""What can be asked about refunds: each side sees its own amount, a stranger nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from commission.payments.queries import failed_refunds
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Permission
from storefront.after_sales.models import Refund
from storefront.after_sales.rules import OPEN, REFUND, TONES, UNSHIPPED, WHY, is_within_seven_days, may_ask
from storefront.orders.models import Order, OrderGroup, OrderLine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from kernel.permissions import Actor, Membership

PAGE = 50
_BUYER, _SELLER, _SHIPPER = frozenset({"withdraw"}), frozenset({"agree", "refuse"}), frozenset({"confirm"})


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose refund it is: the ids that its locks and its people are found by."""

    refund: str
    order: str
    number: str
    group: str
    buyer: str
    seller_id: int
    shipper_id: int

    @property
    def seller_page(self) -> str:
        """Where its seller looks at the order."""
        return f"/{'factory' if self.seller_id == self.shipper_id else 'merchant'}/orders/{self.order}"


@dataclass(frozen=True, slots=True)
class Goods:
    """So many pieces of one line, as it was bought."""

    image: str
    title: str
    options: str
    pieces: int


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund as one side sees it; `amount_fen` is that side's own, `actions` what it can do now.

    `failed` says that the rail refused to give the money back, so that the operator has to look.
    """

    public_id: str
    state: str
    label: str
    tone: str
    why: str
    words: str
    answer: str
    amount_fen: int
    goods: Sequence[Goods]
    shipped: bool
    in_seven_days: bool
    asked_at: datetime
    refunded_at: datetime | None
    paid_at: datetime | None
    failed: bool
    actions: frozenset[str]

    @property
    def pieces(self) -> int:
        """How many pieces."""
        return sum(goods.pieces for goods in self.goods)


@dataclass(frozen=True, slots=True)
class Panel:
    """What an order's page says of refunds: `asking` pieces not shipped yet, `left` to ship where some came off."""

    refunds: Sequence[RefundView]
    may_ask: bool = False
    asking: int = 0
    left: Sequence[Goods] = ()


@dataclass(frozen=True, slots=True)
class OpenRefund:
    """A line in a seller's list of open refunds."""

    number: str
    url: str
    waits_for_us: bool
    refund: RefundView


def bought_panel(order: Order, *, now: datetime) -> Panel:
    """The refunds of a buyer's own order (loaded by `orders.queries.order_of`), at what she gets back."""
    rows = _refunds_of(order)
    left = any(line.refunded_quantity < line.quantity for line in order.lines)
    free = not any(row.state in OPEN for row in rows)
    askable = may_ask(order.state, received_at=order.received_at, now=now)
    return Panel(_views(rows, [order], retail=True, mine=_BUYER), may_ask=left and free and askable)


def factory_panel(actor: Actor, order: Order) -> Panel:
    """The refunds of an order that the actor's factory ships, at what it gives back itself; strangers find nothing."""
    if not actor.may(Permission.FACTORY_ORDERS_VIEW, organisation_id=order.shipper_id):
        raise NotFoundError
    direct = order.organisation_id == order.shipper_id
    rows = _refunds_of(order)
    views = _views(rows, [order], retail=direct, mine=_SHIPPER | _SELLER if direct else _SHIPPER)
    if order.state not in UNSHIPPED:
        return Panel(views)
    some_off = any(line.refunded_quantity for line in order.lines)
    left = [_goods(line, line.quantity - line.refunded_quantity) for line in order.lines] if some_off else []
    asking = sum(view.pieces for view in views if view.state in OPEN)
    return Panel(views, asking=asking, left=[goods for goods in left if goods.pieces])


def merchant_panel(actor: Actor, order: Order) -> Panel:
    """The refunds of an order that the actor's own shop sold, at what its buyer gets back; strangers find nothing."""
    if not actor.may(Permission.MERCHANT_ORDERS_VIEW, organisation_id=order.organisation_id):
        raise NotFoundError
    return Panel(_views(_refunds_of(order), [order], retail=True, mine=_SELLER))


def open_at_factory(actor: Actor) -> list[OpenRefund]:
    """Open refunds of what the actor's factory ships, the oldest first; on resold goods at its own supply price."""
    house = actor.membership(Permission.FACTORY_ORDERS_VIEW)
    return _open(house, "factory", Refund.shipper_id == house.organisation_id)


def open_at_merchant(actor: Actor) -> list[OpenRefund]:
    """Open refunds of what the actor's shop sold, the oldest first."""
    house = actor.membership(Permission.MERCHANT_ORDERS_VIEW)
    return _open(house, "merchant", Refund.organisation_id == house.organisation_id)


def asked_by(actor: Actor, refund: str) -> Claim:
    """A refund that this person asked for herself; NotFoundError for everybody else."""
    return _claim(refund, OrderGroup.buyer_id == actor.user_id)


def answered_by(actor: Actor, refund: str) -> Claim:
    """A refund that this person decides for its seller of record; NotFoundError for everybody else."""
    found = _claim(refund)
    if not actor.may(Permission.SELLER_REFUNDS_DECIDE, organisation_id=found.seller_id):
        raise NotFoundError
    return found


def returned_to(actor: Actor, refund: str) -> Claim:
    """A refund whose goods come back to the factory in which this person ships; NotFoundError for everybody else."""
    found = _claim(refund)
    if not actor.may(Permission.FACTORY_ORDERS_SHIP, organisation_id=found.shipper_id):
        raise NotFoundError
    return found


def claim_of(refund: str) -> Claim:
    """Whom the worker tells about a refund."""
    return _claim(refund)


def refund_of(refund: str) -> Refund:
    """A refund with its lines, for the worker."""
    query = select(Refund).where(Refund.public_id == refund)
    return session().scalars(query.options(selectinload(Refund.lines))).one()


def locked_refund(refund: str) -> Refund:
    """A refund under lock. The one order of locks: payment, order, refund, reservations, SKUs, sales."""
    query = select(Refund).where(Refund.public_id == refund).with_for_update()
    return session().scalars(query, execution_options={"populate_existing": True}).one()


def states_of(order_id: int) -> list[str]:
    """The states of all refunds that were ever asked of an order."""
    return list(session().scalars(select(Refund.state).where(Refund.order_id == order_id)))


def _claim(refund: str, *more: ColumnElement[bool]) -> Claim:
    columns = (Refund.public_id, Order.public_id, Order.number, OrderGroup.public_id, OrderGroup.buyer)
    query = select(*columns, Refund.organisation_id, Refund.shipper_id).select_from(Refund).join(Order).join(OrderGroup)
    found = session().execute(query.where(Refund.public_id == refund, *more)).one_or_none()
    if found is None:
        raise NotFoundError
    return Claim(*found)


def _refunds_of(order: Order) -> Sequence[Refund]:
    query = select(Refund).where(Refund.order_id == order.id).options(selectinload(Refund.lines))
    return session().scalars(query.order_by(Refund.id.desc())).all()


def _open(house: Membership, desk: str, where: ColumnElement[bool]) -> list[OpenRefund]:
    query = select(Refund).where(where, Refund.state.in_(OPEN)).options(selectinload(Refund.lines))
    rows = session().scalars(query.order_by(Refund.id).limit(PAGE)).all()
    in_orders = select(Order).where(Order.id.in_({row.order_id for row in rows})).options(selectinload(Order.lines))
    orders = {order.id: order for order in session().scalars(in_orders)} if rows else {}
    found = []
    for row in rows:
        order, sells = orders[row.order_id], row.organisation_id == house.organisation_id
        mine = (_SELLER if sells else frozenset()) | (
            _SHIPPER if row.shipper_id == house.organisation_id else frozenset()
        )
        [view] = _views([row], [order], retail=sells, mine=mine)
        waits = bool(view.actions - {"refuse"})
        found.append(OpenRefund(order.number, f"/{desk}/orders/{order.public_id}", waits, view))
    return found


def _views(rows: Sequence[Refund], orders: Sequence[Order], *, retail: bool, mine: frozenset[str]) -> list[RefundView]:
    lines = {line.id: line for order in orders for line in order.lines}
    received = {order.id: order.received_at for order in orders}
    failed = failed_refunds([row.public_id for row in rows if row.state == "refunded" and row.paid_at is None])
    return [
        RefundView(
            public_id=row.public_id,
            state=row.state,
            label=REFUND.labels[row.state],
            tone=TONES[row.state],
            why=WHY[row.why],
            words=row.words,
            answer=row.answer,
            amount_fen=row.goods_fen if retail else row.supply_fen,
            goods=[_goods(lines[line.order_line_id], line.quantity) for line in row.lines],
            shipped=row.shipped,
            in_seven_days=is_within_seven_days(received[row.order_id], row.asked_at),
            asked_at=row.asked_at,
            refunded_at=row.refunded_at,
            paid_at=row.paid_at,
            failed=row.public_id in failed,
            actions=mine & frozenset(REFUND.actions(row.state)),
        )
        for row in rows
    ]


def _goods(line: OrderLine, pieces: int) -> Goods:
    return Goods(line.image, line.title, " / ".join(line.options.values()), pieces)
