"""What sellers see of their orders, what buyers see of their parcels, and a factory's day at a glance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from sqlalchemy import case, func, select
from sqlalchemy.orm import selectinload

from commission.settlement.queries import held_lines
from kernel.clock import business_date, start_of
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Permission
from onboarding.listings.models import Listing
from storefront.orders.models import Order
from storefront.orders.rules import CONSIGNEE_SHOWN, Address
from storefront.shipments.models import Shipment
from storefront.shipments.rules import CARRIERS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from commission.settlement.queries import Line
    from kernel.permissions import Actor

PAGE = 20
TO_SHIP = ("paid", "packed")
_DAYS = 12
_FIRST = 5


@dataclass(frozen=True, slots=True)
class Parcel:
    """A parcel as people see it."""

    carrier: str
    tracking: str
    shipped_at: datetime


@dataclass(frozen=True, slots=True)
class SellerOrder:
    """An order as its seller sees it: the consignee in full only while it is to be packed and shipped."""

    order: Order
    address: Address
    parcels: Sequence[Parcel]


@dataclass(frozen=True, slots=True)
class Money:
    """What a seller has coming: the next release and its day, all that is held, what each recent day sold. Fen."""

    next_fen: int
    next_day: date | None
    held_fen: int
    waiting: int
    days: Sequence[int]


@dataclass(frozen=True, slots=True)
class Today:
    """A factory's day at a glance."""

    to_ship: int
    on_the_way: int
    listings: dict[str, int]
    first: Sequence[Order]
    money: Money


def parcels_of(order_id: int) -> list[Parcel]:
    """The parcels of an order, oldest first."""
    query = select(Shipment).where(Shipment.order_id == order_id).order_by(Shipment.id)
    return [Parcel(CARRIERS[row.carrier], row.tracking, row.shipped_at) for row in session().scalars(query)]


def parcel_of(shipment: str) -> Parcel:
    """One parcel by its public id."""
    row = session().scalars(select(Shipment).where(Shipment.public_id == shipment)).one()
    return Parcel(CARRIERS[row.carrier], row.tracking, row.shipped_at)


def seller_orders(actor: Actor, *, states: Sequence[str] = (), after: str = "", limit: int = PAGE + 1) -> list[Order]:
    """Paid orders of the actor's organisation with their lines, from after one of them on (public id).

    Newest first; what is still to be shipped comes oldest first, as it is worked off.
    """
    query = select(Order).where(Order.organisation_id == _organisation(actor), Order.paid_at.is_not(None))
    query = query.where(Order.state.in_(states)) if states else query
    last = select(Order.id).where(Order.public_id == after).scalar_subquery()
    oldest_first = tuple(states) == TO_SHIP
    if after:
        query = query.where(Order.id > last if oldest_first else Order.id < last)
    order = Order.id if oldest_first else Order.id.desc()
    return list(session().scalars(query.options(selectinload(Order.lines)).order_by(order).limit(limit)))


def counts_of(actor: Actor) -> dict[str, int]:
    """How many orders of the actor's organisation stand in each state."""
    mine = Order.organisation_id == _organisation(actor)
    return dict(session().execute(select(Order.state, func.count()).where(mine).group_by(Order.state)).all())


def seller_order(actor: Actor, order: str) -> SellerOrder:
    """A paid order of the actor's own organisation; NotFoundError for everybody else."""
    query = select(Order).where(Order.public_id == order, Order.paid_at.is_not(None))
    found = session().scalar(query.options(selectinload(Order.lines), selectinload(Order.group)))
    if found is None or not actor.may(Permission.FACTORY_ORDERS_VIEW, organisation_id=found.organisation_id):
        raise NotFoundError
    address = Address.from_json(found.group.address)
    shown = address if found.state in CONSIGNEE_SHOWN else address.masked()
    return SellerOrder(found, shown, parcels_of(found.id))


def today_of(actor: Actor, *, now: datetime) -> Today:
    """What waits for a factory today; six statements whatever it sells."""
    organisation_id = _organisation(actor)
    counts = counts_of(actor)
    listings = select(Listing.state, func.count()).where(Listing.organisation_id == organisation_id)
    first = seller_orders(actor, states=TO_SHIP, limit=_FIRST) if any(counts.get(state) for state in TO_SHIP) else []
    return Today(
        to_ship=sum(counts.get(state, 0) for state in TO_SHIP),
        on_the_way=counts.get("shipped", 0),
        listings=dict(session().execute(listings.group_by(Listing.state)).all()),
        first=first,
        money=money_of(actor.membership(Permission.FACTORY_ORDERS_VIEW).organisation, organisation_id, now),
    )


def money_of(organisation: str, organisation_id: int, now: datetime) -> Money:
    """What an organisation has coming, and what each of the last twelve days sold."""
    lines, totals = held_lines(organisation)
    next_day = lines[0].release_on if lines else None
    due: list[Line] = [line for line in lines if next_day is not None and line.release_on == next_day]
    waiting = sum(line.release_on is None for line in lines)
    return Money(sum(line.net for line in due), next_day, totals.net, waiting, _sold_by_day(organisation_id, now))


def _sold_by_day(organisation_id: int, now: datetime) -> Sequence[int]:
    """What was paid on each of the last twelve business days, in one statement."""
    today = business_date(now)
    starts = [start_of(today - timedelta(days=back)) for back in range(_DAYS - 1, -2, -1)]
    sums = [
        func.coalesce(func.sum(case(((Order.paid_at >= start) & (Order.paid_at < end), Order.total_fen), else_=0)), 0)
        for start, end in pairwise(starts)
    ]
    mine = (Order.organisation_id == organisation_id) & (Order.paid_at >= starts[0])
    return [int(total) for total in session().execute(select(*sums).where(mine)).one()]


def _organisation(actor: Actor) -> int:
    return actor.membership(Permission.FACTORY_ORDERS_VIEW).organisation_id
