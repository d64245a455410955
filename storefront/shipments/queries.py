"""What shippers see of the orders they ship, and what buyers see of their parcels.

A shipper's views are made of columns, never of the order itself: for a resold order the database hands out supply
prices alone, so that no page of a factory can show what its merchant's shopper paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, func, select

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Permission
from kernel.tables import Selected
from onboarding.accounts.models import User
from storefront.orders.models import Order, OrderGroup, OrderLine
from storefront.orders.rules import CONSIGNEE_SHOWN, Address
from storefront.shipments.models import Shipment
from storefront.shipments.rules import CARRIERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from kernel.permissions import Actor, Membership

PAGE: Final = 20
AT_ONCE: Final = 50
_READ_AT_MOST: Final = 500
TO_SHIP: Final = ("paid", "packed")
_DIRECT = Order.way == "direct"


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as people see it."""

    carrier: str
    tracking: str
    shipped_at: datetime


@dataclass(frozen=True, slots=True)
class ShipperLine:
    """Pieces of one SKU: how many are to go, how many were refunded, and what the shipper gets for one. Fen."""

    listing: str
    title: str
    options: dict[str, str]
    image: str
    price_fen: int
    bought: int
    refunded: int

    @property
    def quantity(self) -> int:
        """How many go into the parcel."""
        return self.bought - self.refunded


@dataclass(frozen=True, slots=True)
class ShipperOrder:
    """A paid order as who ships it may see it; `merchant` is the name of who sold it, empty for a factory's own.

    `place` is the province and the city it goes to, no more of the consignee.
    """

    lines: tuple[ShipperLine, ...]
    place: str
    order_id: int
    order: str
    number: str
    state: str
    merchant: str
    placed_at: datetime
    paid_at: datetime
    shipped_at: datetime | None
    received_at: datetime | None
    completed_at: datetime | None
    cancelled_at: datetime | None

    @property
    def goods_fen(self) -> int:
        """What the shipper's own side of it came to: retail of its own orders, supply prices of a merchant's."""
        return sum(line.price_fen * line.bought for line in self.lines)

    @property
    def pieces(self) -> int:
        """How many pieces go into the parcel."""
        return sum(line.quantity for line in self.lines)

    @property
    def refunded_fen(self) -> int:
        """What of that was given back."""
        return sum(line.price_fen * line.refunded for line in self.lines)

    @property
    def total_fen(self) -> int:
        """What is left of it."""
        return self.goods_fen - self.refunded_fen


@dataclass(frozen=True, slots=True)
class ShipperPage:
    """An order with its parcels and its consignee, who is shown in full only while it is to be packed and shipped."""

    order: ShipperOrder
    address: Address
    parcels: Sequence[Parcel]


@dataclass(frozen=True, slots=True)
class PackingList:
    """What lies in a parcel, from whom and for whom; no price, and of a resold order nothing of the factory.

    It is in the `language` of the buyer, who unpacks it.
    """

    language: str
    sender: str
    number: str
    placed_at: datetime
    lines: tuple[ShipperLine, ...]
    address: Address


def parcels_of(order_id: int) -> list[Parcel]:
    """The parcels of an order, oldest first."""
    query = select(Shipment).where(Shipment.order_id == order_id).order_by(Shipment.id)
    return [Parcel(CARRIERS[row.carrier], row.tracking, row.shipped_at) for row in session().scalars(query)]


def parcel_of(shipment: str) -> Parcel:
    """One parcel by its public id."""
    row = session().scalars(select(Shipment).where(Shipment.public_id == shipment)).one()
    return Parcel(CARRIERS[row.carrier], row.tracking, row.shipped_at)


def shipper_orders(
    actor: Actor, *, states: Sequence[str] = (), words: str = "", after: str = "", limit: int = PAGE + 1
) -> list[ShipperOrder]:
    """Paid orders that the actor's factory ships, its own and those of merchants, from after one of them (public id).

    Newest first; what is still to be shipped comes oldest first, as it is worked off. `words` look for an order.
    """
    home = _home(actor).organisation_id
    query = _orders(home, states)
    query = query.where(_meant(home, words)) if words else query
    last = select(Order.id).where(Order.public_id == after).scalar_subquery()
    oldest_first = tuple(states) == TO_SHIP
    if after:
        query = query.where(Order.id > last if oldest_first else Order.id < last)
    rows = session().execute(query.order_by(Order.id if oldest_first else Order.id.desc()).limit(limit))
    return _with_lines([tuple(row) for row in rows])


def shipped_by(actor: Actor, *, states: Sequence[str] = (), words: str = "") -> Selected[ShipperOrder]:
    """All that `shipper_orders` would give, in the same order, to be taken along as a file."""
    home, order = _home(actor).organisation_id, Order.id if tuple(states) == TO_SHIP else Order.id.desc()
    query = _orders(home, states)
    query = query.where(_meant(home, words)) if words else query
    return Selected(query, (order,), lambda rows: _with_lines([tuple(row) for row in rows]))


def shipper_order(actor: Actor, order: str) -> ShipperPage:
    """One paid order that the actor's factory ships; NotFoundError for everybody else, its merchant too."""
    row = session().execute(_orders(_home(actor).organisation_id).where(Order.public_id == order)).one_or_none()
    if row is None:
        raise NotFoundError
    [found] = _with_lines([tuple(row)])
    address = Address.from_json(row[0])
    shown = address if found.state in CONSIGNEE_SHOWN else address.masked()
    return ShipperPage(found, shown, parcels_of(found.order_id))


def last_carrier(actor: Actor) -> str:
    """By whom the actor's factory sent its latest parcel; empty before the first."""
    mine = Shipment.organisation_id == _home(actor).organisation_id
    return session().scalar(select(Shipment.carrier).where(mine).order_by(Shipment.id.desc()).limit(1)) or ""


def packing_lists(actor: Actor, *, orders: Sequence[str] = ()) -> list[PackingList]:
    """What to put into the parcels that the actor's factory is to ship: of these orders (public ids), or the oldest 50.

    NotFoundError where nothing of what was asked for is there to be shipped.
    """
    home = _home(actor)
    query = _orders(home.organisation_id, TO_SHIP).join(User, User.id == OrderGroup.buyer_id)
    query = query.add_columns(User.language)
    query = query.where(Order.public_id.in_(orders)) if orders else query
    rows = session().execute(query.order_by(Order.id).limit(AT_ONCE)).all()
    if orders and not rows:
        raise NotFoundError
    found = _with_lines([tuple(row)[:-1] for row in rows])
    return [_packing_list(one, home, row[-1], row[0]) for one, row in zip(found, rows, strict=True)]


def counts_of(actor: Actor) -> dict[str, int]:
    """How many orders that the actor's factory ships stand in each state."""
    mine = Order.shipper_id == _home(actor).organisation_id
    return dict(session().execute(select(Order.state, func.count()).where(mine).group_by(Order.state)).all())


def _orders(shipper_id: int, states: Sequence[str] = ()) -> Select[Any]:
    """The address, then the columns of `ShipperOrder` but its lines; of a seller no more than a merchant's name."""
    merchant = case((_DIRECT, ""), else_=Order.seller_name)
    moments = (Order.placed_at, Order.paid_at, Order.shipped_at, Order.received_at)
    ends = (Order.completed_at, Order.cancelled_at)
    columns = (OrderGroup.address, Order.id, Order.public_id, Order.number, Order.state, merchant, *moments, *ends)
    query = select(*columns).select_from(Order).join(OrderGroup, OrderGroup.id == Order.group_id)
    query = query.where(Order.shipper_id == shipper_id, Order.paid_at.is_not(None))
    return query.where(Order.state.in_(states)) if states else query


def _meant(shipper_id: int, words: str) -> ColumnElement[bool]:
    """An order by a part of its number or of its goods' title; while it is to be shipped, also by its consignee.

    A name or a phone is encrypted, so that the orders at hand are read; of others nobody is shown, and none is found.
    """
    at_hand = session().execute(_orders(shipper_id, TO_SHIP).order_by(Order.id).limit(_READ_AT_MOST))
    consigned = [row[1] for row in at_hand if Address.from_json(row[0]).answers_to(words)]
    titled = OrderLine.title.icontains(words, autoescape=True)
    lines = select(OrderLine.id).where(OrderLine.order_id == Order.id, titled)
    return Order.number.icontains(words, autoescape=True) | Order.id.in_(consigned) | lines.exists()


def _with_lines(rows: Sequence[tuple[Any, ...]]) -> list[ShipperOrder]:
    lines: dict[int, list[ShipperLine]] = {row[1]: [] for row in rows}
    if rows:
        for order_id, *line in session().execute(_lines(Order.id.in_(list(lines)))):
            lines[order_id].append(ShipperLine(*line))
    return [ShipperOrder(tuple(lines[row[1]]), Address.from_json(row[0]).region, *row[1:]) for row in rows]


def _lines(where: ColumnElement[bool]) -> Select[Any]:
    """The columns of `ShipperLine` after the order's id: the price of a resold piece is its supply price, always."""
    price = case((_DIRECT, OrderLine.unit_price_fen), else_=OrderLine.supply_price_fen)
    goods = (OrderLine.listing, OrderLine.title, OrderLine.options, OrderLine.image)
    query = select(OrderLine.order_id, *goods, price, OrderLine.quantity, OrderLine.refunded_quantity)
    return query.join(Order, Order.id == OrderLine.order_id).where(where).order_by(OrderLine.id)


def _packing_list(order: ShipperOrder, home: Membership, language: str, kept: str) -> PackingList:
    lines = tuple(line for line in order.lines if line.quantity)
    sender, address = order.merchant or home.name, Address.from_json(kept)
    return PackingList(language, sender, order.number, order.placed_at, lines, address)


def _home(actor: Actor) -> Membership:
    return actor.membership(Permission.FACTORY_ORDERS_VIEW)
