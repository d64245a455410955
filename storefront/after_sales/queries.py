"""What can be asked about refunds: each side sees its own amount, a stranger nothing."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from commission.payments.queries import failed_refunds
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Permission
from storefront.after_sales.models import Refund, RefundLine
from storefront.after_sales.rules import OPEN, REFUND, UNSHIPPED, WHY, may_ask, may_return_freely
from storefront.orders.models import Order, OrderGroup, OrderLine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select

    from kernel.permissions import Actor

    Side = Callable[[Refund], tuple[int, frozenset[str]]]

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
    made_to_order: bool


@dataclass(frozen=True, slots=True)
class RefundView:
    """A refund as one side sees it: `amount_fen` is that side's own, `actions` what it can do now.

    `unshipped` says that the order still lies with its shipper, `failed` that the rail refused to give the money back,
    so that the operator has to look.
    """

    lifecycle: ClassVar = REFUND

    refund: str
    order: str
    number: str
    state: str
    why: str
    words: str
    answer: str
    amount_fen: int
    goods: Sequence[Goods]
    unshipped: bool
    free_to_return: bool
    asked_at: datetime
    refunded_at: datetime | None
    paid_at: datetime | None
    failed: bool
    actions: frozenset[str]

    @property
    def made_to_order(self) -> bool:
        """Whether any of it was sold as made to order."""
        return any(goods.made_to_order for goods in self.goods)

    @property
    def pieces(self) -> int:
        """How many pieces."""
        return sum(goods.pieces for goods in self.goods)

    @property
    def waits_for_us(self) -> bool:
        """Whether nothing happens until this side does something."""
        return not self.actions.isdisjoint({"agree", "confirm"})


@dataclass(frozen=True, slots=True)
class BoughtRefunds:
    """What a buyer's page of an order says of refunds."""

    refunds: Sequence[RefundView]
    may_ask: bool

    @property
    def refunded_fen(self) -> int:
        """What the buyer got back, or is about to."""
        return sum(view.amount_fen for view in self.refunds if view.state == "refunded")


def bought_refunds(order: Order, *, now: datetime) -> BoughtRefunds:
    """The refunds of a buyer's own order, which `orders.queries.order_of` loaded, the newest first."""
    if order.paid_at is None:
        return BoughtRefunds([], may_ask=False)
    views = _views(_refunds().where(Refund.order_id == order.id).order_by(Refund.id.desc()), _to_buyer)
    left = any(line.refunded_quantity < line.quantity for line in order.lines)
    free = not any(view.state in OPEN for view in views)
    return BoughtRefunds(views, left and free and may_ask(order.state, received_at=order.received_at, now=now))


def factory_refunds(actor: Actor, order: str = "") -> list[RefundView]:
    """Refunds of one order (public id) that the actor's factory ships, the newest first; of all, the open ones.

    On resold goods at the factory's own supply price; the open ones the oldest first, 50 at most.
    """
    home = actor.membership(Permission.FACTORY_ORDERS_VIEW).organisation_id
    return _views(_of(order, Refund.shipper_id == home), _to_factory)


def merchant_refunds(actor: Actor, order: str = "") -> list[RefundView]:
    """Refunds of one order (public id) that the actor's shop sold, the newest first; of all, the open ones."""
    home = actor.membership(Permission.MERCHANT_ORDERS_VIEW).organisation_id
    return _views(_of(order, Refund.organisation_id == home), _to_merchant)


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


def sold_back(refund: str) -> tuple[dict[str, int], date]:
    """How many pieces of each listing (public id) a refund is of, and the business day on which they were paid."""
    row = refund_of(refund)
    paid_at = session().scalars(select(Order.paid_at).where(Order.id == row.order_id)).one()
    lines = select(OrderLine.listing, RefundLine.quantity).join(RefundLine, RefundLine.order_line_id == OrderLine.id)
    pieces = Counter[str]()
    for listing, quantity in session().execute(lines.where(RefundLine.refund_id == row.id)):
        pieces[listing] += quantity
    return dict(pieces), business_date(paid_at or row.asked_at)


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


def _refunds() -> Select[*tuple[Any, ...]]:
    return select(Refund, Order.public_id, Order.number, Order.state, Order.received_at).join(Order)


def _of(order: str, *where: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    wanted = Order.public_id == order if order else Refund.state.in_(OPEN)
    return _refunds().where(wanted, *where).order_by(Refund.id.desc() if order else Refund.id).limit(PAGE)


def _to_buyer(row: Refund) -> tuple[int, frozenset[str]]:
    return row.goods_fen, _BUYER


def _to_merchant(row: Refund) -> tuple[int, frozenset[str]]:
    return row.goods_fen, _SELLER


def _to_factory(row: Refund) -> tuple[int, frozenset[str]]:
    """Its own sale it decides and sees; of a merchant's it sees its own price, and the goods that come back."""
    if row.organisation_id == row.shipper_id:
        return row.goods_fen, _SELLER | _SHIPPER
    return row.supply_fen, _SHIPPER


def _views(query: Select[*tuple[Any, ...]], side: Side) -> list[RefundView]:
    rows = [tuple(row) for row in session().execute(query)]
    goods = _goods([row.id for row, *_order in rows])
    failed = failed_refunds([row.public_id for row, *_order in rows if row.state == "refunded" and not row.paid_at])
    views = []
    for row, order, number, state, received_at in rows:
        amount_fen, mine = side(row)
        to_order = any(one.made_to_order for one in goods[row.id])
        view = RefundView(
            refund=row.public_id,
            order=order,
            number=number,
            state=row.state,
            why=WHY[row.why],
            words=row.words,
            answer=row.answer,
            amount_fen=amount_fen,
            goods=goods[row.id],
            unshipped=state in UNSHIPPED,
            free_to_return=may_return_freely(received_at, row.asked_at, made_to_order=to_order),
            asked_at=row.asked_at,
            refunded_at=row.refunded_at,
            paid_at=row.paid_at,
            failed=row.public_id in failed,
            actions=mine & frozenset(REFUND.actions(row.state)),
        )
        views.append(view)
    return views


def _goods(refunds: Sequence[int]) -> dict[int, list[Goods]]:
    """The pieces of refunds; one statement."""
    found: dict[int, list[Goods]] = {refund: [] for refund in refunds}
    if found:
        columns = (RefundLine.refund_id, OrderLine.image, OrderLine.title, OrderLine.options, RefundLine.quantity)
        query = select(*columns, OrderLine.made_to_order).join(OrderLine, OrderLine.id == RefundLine.order_line_id)
        for refund, image, title, options, pieces, to_order in session().execute(
            query.where(RefundLine.refund_id.in_(refunds)).order_by(RefundLine.id)
        ):
            found[refund].append(Goods(image, title, " / ".join(options.values()), pieces, to_order))
    return found
