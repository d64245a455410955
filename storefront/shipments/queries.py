"""What shippers see of the orders they ship, what buyers see of their parcels, and a factory's day at a glance.

A shipper's views are made of columns, never of the order itself: for a resold order the database hands out supply
prices alone, so that no page of a factory can show what its merchant's shopper paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, func, select

from commission.settlement.models import SaleRow
from commission.settlement.queries import held_lines
from kernel.clock import business_date, start_of
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Permission
from onboarding.accounts.models import User
from onboarding.listings.models import Listing
from storefront.orders.models import Order, OrderGroup, OrderLine
from storefront.orders.rules import CONSIGNEE_SHOWN, Address
from storefront.shipments.models import Shipment
from storefront.shipments.rules import CARRIERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Select

    from commission.settlement.queries import Line
    from kernel.permissions import Actor, Membership

PAGE: Final = 20
AT_ONCE: Final = 50
TO_SHIP: Final = ("paid", "packed")
_DAYS = 12
_FIRST = 5
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
    """A paid order as who ships it may see it; `merchant` is the name of who sold it, empty for a factory's own."""

    lines: tuple[ShipperLine, ...]
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


@dataclass(frozen=True, slots=True)
class Money:
    """What a seller has coming: the next release and its day, all that is held, what each recent day sold. Fen."""

    next_fen: int
    next_day: date | None
    held_fen: int
    waiting: int
    days: Sequence[tuple[date, int]]


@dataclass(frozen=True, slots=True)
class Today:
    """A factory's day at a glance."""

    to_ship: int
    on_the_way: int
    listings: dict[str, int]
    first: Sequence[ShipperOrder]
    money: Money


def parcels_of(order_id: int) -> list[Parcel]:
    """The parcels of an order, oldest first."""
    query = select(Shipment).where(Shipment.order_id == order_id).order_by(Shipment.id)
    return [Parcel(CARRIERS[row.carrier], row.tracking, row.shipped_at) for row in session().scalars(query)]


def parcel_of(shipment: str) -> Parcel:
    """One parcel by its public id."""
    row = session().scalars(select(Shipment).where(Shipment.public_id == shipment)).one()
    return Parcel(CARRIERS[row.carrier], row.tracking, row.shipped_at)


def shipper_orders(
    actor: Actor, *, states: Sequence[str] = (), after: str = "", limit: int = PAGE + 1
) -> list[ShipperOrder]:
    """Paid orders that the actor's factory ships, its own and those of merchants, from after one of them (public id).

    Newest first; what is still to be shipped comes oldest first, as it is worked off.
    """
    query = _orders(_home(actor).organisation_id, states)
    last = select(Order.id).where(Order.public_id == after).scalar_subquery()
    oldest_first = tuple(states) == TO_SHIP
    if after:
        query = query.where(Order.id > last if oldest_first else Order.id < last)
    rows = session().execute(query.order_by(Order.id if oldest_first else Order.id.desc()).limit(limit))
    return _with_lines([tuple(row) for row in rows])


def shipper_order(actor: Actor, order: str) -> ShipperPage:
    """One paid order that the actor's factory ships; NotFoundError for everybody else, its merchant too."""
    query = _orders(_home(actor).organisation_id).where(Order.public_id == order)
    row = session().execute(query.join(OrderGroup).add_columns(OrderGroup.address)).one_or_none()
    if row is None:
        raise NotFoundError
    *columns, kept = row
    [found] = _with_lines([tuple(columns)])
    address = Address.from_json(kept)
    shown = address if found.state in CONSIGNEE_SHOWN else address.masked()
    return ShipperPage(found, shown, parcels_of(found.order_id))


def packing_lists(actor: Actor, *, order: str = "") -> list[PackingList]:
    """What to put into the parcels that the actor's factory is to ship: of one order (public id) or of the oldest 50.

    NotFoundError for an order that is not there to be shipped.
    """
    home = _home(actor)
    query = _orders(home.organisation_id, TO_SHIP).join(OrderGroup, OrderGroup.id == Order.group_id)
    query = query.join(User, User.id == OrderGroup.buyer_id).add_columns(User.language, OrderGroup.address)
    query = query.where(Order.public_id == order) if order else query
    rows = session().execute(query.order_by(Order.id).limit(AT_ONCE)).all()
    if order and not rows:
        raise NotFoundError
    found = _with_lines([tuple(row)[:-2] for row in rows])
    return [_packing_list(one, home, *tuple(row)[-2:]) for one, row in zip(found, rows, strict=True)]


def counts_of(actor: Actor) -> dict[str, int]:
    """How many orders that the actor's factory ships stand in each state."""
    mine = Order.shipper_id == _home(actor).organisation_id
    return dict(session().execute(select(Order.state, func.count()).where(mine).group_by(Order.state)).all())


def today_of(actor: Actor, *, now: datetime) -> Today:
    """What waits for a factory today; seven statements whatever it sells."""
    home, counts = _home(actor), counts_of(actor)
    listings = select(Listing.state, func.count()).where(Listing.organisation_id == home.organisation_id)
    first = shipper_orders(actor, states=TO_SHIP, limit=_FIRST) if any(counts.get(state) for state in TO_SHIP) else []
    return Today(
        to_ship=sum(counts.get(state, 0) for state in TO_SHIP),
        on_the_way=counts.get("shipped", 0),
        listings=dict(session().execute(listings.group_by(Listing.state)).all()),
        first=first,
        money=money_of(home.organisation, now=now),
    )


def money_of(organisation: str, *, now: datetime) -> Money:
    """What an organisation (public id) has coming of all its sales, and what each of the last twelve days sold."""
    lines, totals = held_lines(organisation)
    next_day = lines[0].release_on if lines else None
    due: list[Line] = [line for line in lines if next_day is not None and line.release_on == next_day]
    waiting = sum(line.release_on is None for line in lines)
    return Money(sum(line.net for line in due), next_day, totals.net, waiting, _sold_by_day(organisation, now))


def _sold_by_day(organisation: str, now: datetime) -> Sequence[tuple[date, int]]:
    """What each of the last twelve business days sold on this side of the trade, in one statement."""
    today = business_date(now)
    days = [today - timedelta(days=back) for back in range(_DAYS - 1, -1, -1)]
    starts = [start_of(day) for day in (*days, today + timedelta(days=1))]
    gross = SaleRow.goods_fen + SaleRow.freight_fen
    sums = [
        func.coalesce(func.sum(case(((SaleRow.paid_at >= start) & (SaleRow.paid_at < end), gross), else_=0)), 0)
        for start, end in pairwise(starts)
    ]
    mine = (SaleRow.seller == organisation) & (SaleRow.paid_at >= starts[0])
    return [
        (day, int(sold)) for day, sold in zip(days, session().execute(select(*sums).where(mine)).one(), strict=True)
    ]


def _orders(shipper_id: int, states: Sequence[str] = ()) -> Select[Any]:
    """The columns of `ShipperOrder` but its lines; of a seller no more than a merchant's name."""
    merchant = case((_DIRECT, ""), else_=Order.seller_name)
    moments = (Order.placed_at, Order.paid_at, Order.shipped_at, Order.received_at)
    ends = (Order.completed_at, Order.cancelled_at)
    query = select(Order.id, Order.public_id, Order.number, Order.state, merchant, *moments, *ends)
    query = query.where(Order.shipper_id == shipper_id, Order.paid_at.is_not(None))
    return query.where(Order.state.in_(states)) if states else query


def _with_lines(rows: Sequence[tuple[Any, ...]]) -> list[ShipperOrder]:
    lines: dict[int, list[ShipperLine]] = {row[0]: [] for row in rows}
    if rows:
        for order_id, *line in session().execute(_lines(Order.id.in_(list(lines)))):
            lines[order_id].append(ShipperLine(*line))
    return [ShipperOrder(tuple(lines[row[0]]), *row) for row in rows]


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
