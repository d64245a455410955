"""The ninety days of the demo: when what happens, and the services as they are at such a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from commission.payments.rail import Rail
from kernel.clock import Clock, FrozenClock, business_date, start_of
from kernel.files import Files
from kernel.notify import Notify
from kernel.work import Plan, drain
from storefront.app import Services
from storefront.jobs import PLAN
from storefront.photos.index import PhotoIndex
from storefront.search.index import Index

if TYPE_CHECKING:
    from collections.abc import Callable

    from kernel.ports import Ports

DAYS: Final = 91
"""How long ago the first factory joined."""
_WHOLE_DAY: Final = timedelta(days=1)
_UNINDEXED: Final = Plan(
    after={fact: [task for task in tasks if task.queue != "index"] for fact, tasks in PLAN.after.items()}, schedules=()
)
"""The index is filled once, at the end of a load, instead of after every listing."""


@dataclass(frozen=True)
class Event:
    """Something that somebody does at a moment; `do` takes it as `now`."""

    at: datetime
    do: Callable[..., object]


@dataclass(frozen=True)
class Calendar:
    """The days up to `now`; day 0 is the one on which the first factory joined."""

    now: datetime

    @classmethod
    def since(cls, began: datetime) -> Calendar:
        """The calendar of a demo whose first factory applied at this moment."""
        return cls(began + timedelta(days=DAYS))

    @property
    def began(self) -> datetime:
        """When the first factory applied: kept in its application, so that an interrupted load finds it again."""
        return self.now - timedelta(days=DAYS)

    @property
    def today(self) -> date:
        """The last day."""
        return business_date(self.now)

    def day(self, number: int) -> date:
        """The date of a day, 0 to 91."""
        return self.today - timedelta(days=DAYS - number)

    def at(self, number: int, hours: float) -> datetime:
        """A moment of a day, by Shanghai hours."""
        return start_of(self.day(number)) + timedelta(hours=hours)

    def seen(self, moment: datetime) -> datetime | None:
        """The moment as it came to pass: none after today, and of today all in the part that is over."""
        if business_date(moment) > self.today:
            return None
        start = start_of(self.today)
        if moment < start:
            return moment
        return start + (moment - start) * ((self.now - start) / _WHOLE_DAY)


class Stage:
    """The services of the deployment with a clock that the demo sets."""

    def __init__(self, ports: Ports) -> None:
        self._clock = FrozenClock(ports.get(Clock).now())
        self.ports = Services(
            rail=ports.get(Rail),
            files=ports.get(Files),
            notify=ports.get(Notify),
            index=ports.get(Index),
            photos=ports.get(PhotoIndex),
            clock=self._clock,
        ).ports()

    def work_at(self, moment: datetime) -> None:
        """Do all that the worker would have done by this moment."""
        self._clock.moment = moment
        drain(_UNINDEXED, ports=self.ports)
