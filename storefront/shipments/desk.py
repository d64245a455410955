"""A factory's day at a glance: what waits and since when, what money comes and when, what happened lately.

Made of columns like the orders it ships: of a resold order the supply price alone. Amounts are fen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import case, func, literal, select

from commission.settlement.desk import Due, Paid, dues, last_payout
from commission.settlement.models import SaleRow
from commission.settlement.unsent import Unsent, unsent
from kernel.clock import business_date, start_of
from kernel.db import session
from kernel.permissions import Permission
from onboarding.admissions.models import Admission
from onboarding.closings.queries import last_rest
from onboarding.compliance.queries import newest_accepted
from onboarding.departures.queries import closing_day
from onboarding.listings.desk import Scarce, refusals_at, scarce
from onboarding.listings.models import Listing, Mending
from onboarding.listings.rules import MENDED_WHILE
from onboarding.pictures.queries import picture_refusals_at
from storefront.after_sales.models import Refund
from storefront.after_sales.rules import prospect
from storefront.after_sales.unfinished import open_matters
from storefront.orders.models import Order
from storefront.shipments.queries import TO_SHIP, ShipperOrder, shipper_orders
from storefront.shipments.rules import is_late

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement

    from kernel.permissions import Actor, Membership
    from storefront.after_sales.rules import Prospect

_DAYS: Final = 12
_FIRST: Final = 5
_LATELY: Final = 6
_RECENT_ORDERS: Final = 40
_MOMENTS: Final = {
    "paid": Order.paid_at,
    "shipped": Order.shipped_at,
    "received": Order.received_at,
    "cancelled": Order.cancelled_at,
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of each kind waits for a factory, and since when the oldest does.

    `edit_refused_of` is one of the goods (public id) whose change was refused, `pictures_refused_of` whose pictures.
    `accepted` is its newest agreement, `reopens_at` the end of its last rest, `closes_at` of its notice if it leaves.
    """

    to_ship: int
    paid_at: datetime | None
    refunds: int
    refund_asked_at: datetime | None
    asking: int
    refused: int
    taken_down: int
    lapsed: int
    mending: int
    mend_by: datetime | None
    mend_first: str | None
    edits_refused: int
    edit_refused_of: str | None
    pictures_refused: int
    pictures_refused_of: str | None
    accepted: str | None
    reopens_at: datetime | None
    closes_at: datetime | None

    @property
    def goods(self) -> int:
        """How much waits about goods; refused pictures are seen to at once."""
        about = (self.refused, self.taken_down, self.lapsed, self.mending, self.edits_refused)
        return sum(about) + bool(self.pictures_refused)


@dataclass(frozen=True, slots=True)
class Money:
    """What a seller has coming and when, the last payout, what each recent day sold; unsigned goods have no day.

    `unsent` is what cannot be paid out, as nobody said where to.
    """

    dues: Sequence[Due]
    last: Paid | None
    days: Sequence[tuple[date, int]]
    unsent: Sequence[Unsent] = ()

    @property
    def next(self) -> Due | None:
        """What comes next."""
        return next((due for due in self.dues if due.day), None)

    @property
    def held_fen(self) -> int:
        """All that comes."""
        return sum(due.fen for due in self.dues)

    @property
    def unsigned(self) -> Due:
        """What waits for its buyers to sign."""
        return next((due for due in self.dues if due.day is None), Due(None, 0, 0))


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to an order."""

    order: str
    number: str
    kind: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Today:
    """A factory's day at a glance; `late` says that the oldest order waits longer than buyers are used to.

    `going` is there of one that leaves.
    """

    waiting: Waiting
    late: bool
    listings: dict[str, int]
    scarce: Scarce
    first: Sequence[ShipperOrder]
    money: Money
    lately: Sequence[Event]
    going: Prospect | None

    @property
    def has_sold(self) -> bool:
        """Whether anybody ever paid for an order."""
        return bool(self.lately)


def waiting_at_factory(actor: Actor) -> dict[str, int]:
    """How much waits at each place of the factory's console; one statement."""
    waits = waiting_of(actor)
    return {
        "orders": waits.to_ship,
        "after-sales": waits.refunds,
        "merchants": waits.asking,
        "listings": waits.goods,
    }


def waiting_of(actor: Actor) -> Waiting:
    """What waits for the actor's factory; one statement."""
    home = actor.membership(Permission.FACTORY_ORDERS_VIEW).organisation_id
    to_ship = (Order.shipper_id == home, Order.state.in_(TO_SHIP))
    ours = (Refund.state == "agreed") | ((Refund.state == "asked") & (Refund.organisation_id == home))
    refunds = (Refund.shipper_id == home, ours)
    asking = (Admission.factory_id == home, Admission.state == "asked")
    refused = (Listing.organisation_id == home, Listing.state == "refused")
    taken_down = (Listing.organisation_id == home, Listing.state == "taken_down")
    lapsed = (Listing.organisation_id == home, Listing.state == "lapsed")
    mending = _to_mend(home)
    found = (
        session()
        .execute(
            select(
                _one(func.count(Order.id), *to_ship),
                _one(func.min(Order.paid_at), *to_ship),
                _one(func.count(Refund.id), *refunds),
                _one(func.min(Refund.asked_at), *refunds),
                _one(func.count(Admission.id), *asking),
                _one(func.count(Listing.id), *refused),
                _one(func.count(Listing.id), *taken_down),
                _one(func.count(Listing.id), *lapsed),
                _one(func.count(Mending.id), mending),
                _one(func.min(Mending.due_at), mending),
                select(Listing.public_id).where(mending).order_by(Mending.due_at).limit(1).scalar_subquery(),
                *refusals_at(home),
                *picture_refusals_at(home),
                newest_accepted(home, "factory"),
                last_rest(literal(home)),
                closing_day(home),
            )
        )
        .one()
    )
    may_answer = actor.may(Permission.FACTORY_MERCHANTS_VIEW, organisation_id=home)
    return replace(Waiting(*tuple[Any, ...](found)), asking=found[4] if may_answer else 0)


def _to_mend(home: int) -> ColumnElement[bool]:
    """What a factory was asked to mend and has not answered; of goods that can be mended where they are."""
    waits = Mending.ended_at.is_(None) & (Mending.back != "answered") & (Mending.listing_id == Listing.id)
    return waits & (Listing.organisation_id == home) & Listing.state.in_(MENDED_WHILE)


def today_of(actor: Actor, *, now: datetime) -> Today:
    """What waits for a factory today; the same few statements whatever it sells."""
    home = actor.membership(Permission.FACTORY_ORDERS_VIEW)
    waits = waiting_of(actor)
    listings = select(Listing.state, func.count()).where(Listing.organisation_id == home.organisation_id)
    return Today(
        waiting=waits,
        late=waits.paid_at is not None and is_late(waits.paid_at, now),
        listings=dict(session().execute(listings.group_by(Listing.state)).all()),
        scarce=scarce(home.organisation_id),
        first=shipper_orders(actor, states=TO_SHIP, limit=_FIRST) if waits.to_ship else [],
        money=money_of(home.organisation, now=now),
        lately=lately(Order.shipper_id == home.organisation_id),
        going=prospect_of(home, waits.closes_at, now=now),
    )


def prospect_of(home: Membership, closes_at: datetime | None, *, now: datetime) -> Prospect | None:
    """What is still open of a house that leaves, and from when it is closed; nothing of one that stays."""
    if closes_at is None:
        return None
    return prospect(open_matters(home.organisation_id, home.organisation, now=now), closes_at)


def money_of(organisation: str, *, now: datetime) -> Money:
    """What an organisation (public id) has coming of all its sales, and what each of the last twelve days sold."""
    sold, waits = _sold_by_day(organisation, now), unsent(organisation)
    return Money(dues(organisation), last_payout(organisation), sold, waits)


def lately(*mine: ColumnElement[bool]) -> list[Event]:
    """The latest that happened to the newest of some orders, the last first; one statement."""
    columns: tuple[Any, ...] = (Order.public_id, Order.number, *_MOMENTS.values())
    query = select(*columns).where(*mine, Order.paid_at.is_not(None)).order_by(Order.id.desc()).limit(_RECENT_ORDERS)
    events = [
        Event(order, number, kind, at)
        for order, number, *moments in session().execute(query)
        for kind, at in zip(_MOMENTS, moments, strict=True)
        if at is not None
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)[:_LATELY]


def _one(figure: Any, *where: ColumnElement[bool]) -> Any:  # noqa: ANN401  an aggregate as a column
    return select(figure).where(*where).scalar_subquery()


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
