"""Loads the demo: ninety days of an invented channel, event by event, through the operations that people use.

Loading twice adds nothing; a load that was interrupted goes on where it stopped. The same day gives the same figures.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from commission.settlement import operations as settlement
from kernel.clock import Clock, business_date
from kernel.errors import NotFoundError
from kernel.permissions import SYSTEM
from kernel.work import drain
from onboarding.verification.queries import factory_of
from storefront.demo.changes import changes
from storefront.demo.days import DAYS, Calendar, Event, Stage
from storefront.demo.deeds import Market
from storefront.demo.factories import FACTORIES
from storefront.demo.joining import joining
from storefront.demo.merchants import BO, MERCHANTS, NEWCOMER
from storefront.demo.people import DAN, FANG, HAI, HUA, LIN, MEI, MIN, SHOPPERS, TAN, WEI, acting, introduce, logins
from storefront.demo.photographs import photographs
from storefront.demo.purses import purses
from storefront.demo.rights import rights
from storefront.demo.shelf import Shelf
from storefront.demo.supplying import supplying
from storefront.demo.trade import purchases
from storefront.demo.visits import visits
from storefront.jobs import PLAN
from storefront.orders import tasks as orders
from storefront.photos import tasks as photos
from storefront.photos.index import PhotoIndex
from storefront.search.index import Index
from storefront.search.tasks import rebuild

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.ports import Ports

LOGINS = (LIN, WEI, MEI, BO, HAI, DAN, MIN, TAN, HUA, FANG)
_MONDAY = 0


def load(*, ports: Ports, public_url: str) -> str:
    """Load what is missing and return the logins as text."""
    calendar = _calendar(ports.get(Clock).now())
    owners = [one.owner for one in (*FACTORIES, *MERCHANTS, NEWCOMER)]
    introduce([*LOGINS, *SHOPPERS, *owners], now=calendar.began)
    stage = Stage(ports)
    market = Market(Shelf(calendar), stage)
    events, reached = _events(calendar, market, stage), market.reached(calendar.now)
    if reached is None or reached < events[-1].at:
        for event in events:
            if reached is None or event.at >= reached:
                event.do(now=event.at)
        stage.work_at(calendar.now)
        rebuild(index=ports.get(Index))
        photos.rebuild(index=ports.get(PhotoIndex))
    drain(PLAN, ports=ports)
    return logins(LOGINS, public_url)


def _calendar(now: datetime) -> Calendar:
    """A first load ends now; a later one is of the same days as the first."""
    try:
        begun = factory_of(acting(WEI))
    except NotFoundError:
        begun = None
    return Calendar.since(begun.submitted_at) if begun else Calendar(now)


def _events(calendar: Calendar, market: Market, stage: Stage) -> list[Event]:
    """All that happens, in the order in which it does."""
    events = [*joining(calendar, stage), *supplying(calendar, stage), *purses(calendar), *visits(calendar, stage)]
    events += [*changes(calendar), *photographs(calendar, stage), *rights(calendar, stage)]
    events += _nights(calendar, stage)
    for purchase in purchases(calendar):
        events += market.events(purchase)
    return sorted(events, key=lambda event: event.at)


def _nights(calendar: Calendar, stage: Stage) -> list[Event]:
    """What runs by itself every night; on Monday mornings finance pays out."""
    days = range(1, DAYS + 1)
    nights = [calendar.seen(calendar.at(day, 2)) for day in days]
    mondays = [calendar.seen(calendar.at(day, 10)) for day in days if calendar.day(day).weekday() == _MONDAY]
    return [
        *(Event(night, partial(_night, stage)) for night in nights if night),
        *(Event(monday, partial(_pay_out, stage)) for monday in mondays if monday),
    ]


def _night(stage: Stage, *, now: datetime) -> None:
    orders.count_days({}, ports=stage.ports, now=now)
    settlement.settle(day=business_date(now), actor=SYSTEM, now=now)
    stage.work_at(now)


def _pay_out(stage: Stage, *, now: datetime) -> None:
    settlement.begin_payouts(actor=acting(FANG), now=now)
    stage.work_at(now)
