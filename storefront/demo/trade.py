"""The plan of what is bought: who buys when, and what becomes of it. Pure: the same days, the same plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from random import Random
from typing import TYPE_CHECKING, Final

from storefront.demo.days import DAYS, Calendar
from storefront.demo.people import LIN, SHOPPERS, Shopper

if TYPE_CHECKING:
    from datetime import datetime

_SEED: Final = "yuantou"
_FIRST_DAY: Final = 1
_FIRST_ORDERS, _LAST_ORDERS = 0.8, 3.6  # a day, when the channel opens and now
_WEEKEND: Final = 1.5
_SATURDAY: Final = 5
_LAST_SECONDS: Final = (3, 2, 1)  # of the last day: nothing comes after them


class Fate(StrEnum):
    """What becomes of a checkout."""

    BOUGHT = "bought"
    DECLINED_FIRST = "declined_first"
    GIVEN_UP = "given_up"
    EXPIRED = "expired"
    UNPAID = "unpaid"


@dataclass(frozen=True)
class Purchase:
    """One checkout. `steps` are the moments of what follows; what would come after today is missing."""

    number: int
    at: datetime
    shopper: Shopper
    fate: Fate
    steps: dict[str, datetime]

    @property
    def dice(self) -> Random:
        """Decides about its goods: the same every time, whatever was drawn for others."""
        return Random(f"{_SEED}:{self.number}")  # noqa: S311  figures of a demo, no secrets


def purchases(calendar: Calendar) -> list[Purchase]:
    """Every checkout of the ninety days, the oldest first; the last ones wait to be paid."""
    dice = Random(_SEED)  # noqa: S311  figures of a demo, no secrets
    found: list[Purchase] = []
    for day in range(_FIRST_DAY, DAYS + 1):
        hours = sorted(_hour(dice) for _ in range(_orders_of(day, calendar, dice)))
        found += [_purchase(len(found) + place, day, hour, calendar, dice) for place, hour in enumerate(hours)]
    return [*found, *_unpaid(len(found), calendar)]


def _orders_of(day: int, calendar: Calendar, dice: Random) -> int:
    """More from week to week, most on weekends, and never quite the same; on the last day some in any case."""
    level = _FIRST_ORDERS + (_LAST_ORDERS - _FIRST_ORDERS) * day / DAYS
    weekend = _WEEKEND if calendar.day(day).weekday() >= _SATURDAY else 1.0
    return max(round(level * weekend * dice.uniform(0.6, 1.4)), 4 if day >= DAYS - 1 else 0)


def _hour(dice: Random) -> float:
    """Around noon and after dinner."""
    return min(max(dice.gauss(*dice.choice(((12.4, 1.8), (20.3, 1.5)))), 7.5), 22.8)


def _purchase(number: int, day: int, hour: float, calendar: Calendar, dice: Random) -> Purchase:
    placed = calendar.at(day, hour) + timedelta(microseconds=number)
    shopper = LIN if dice.random() < 1 / 6 else dice.choice(SHOPPERS[1:])
    fate = dice.choices((Fate.BOUGHT, Fate.DECLINED_FIRST, Fate.GIVEN_UP, Fate.EXPIRED), (88, 4, 4, 4))[0]
    if fate is Fate.EXPIRED and day == DAYS:
        fate = Fate.BOUGHT  # half an hour of today may not be over yet
    planned = _steps(placed, fate, dice)
    seen = {name: moment for name, at in planned.items() if (moment := calendar.seen(at))}
    return Purchase(number, calendar.seen(placed) or placed, shopper, fate, seen)


def _steps(placed: datetime, fate: Fate, dice: Random) -> dict[str, datetime]:
    """What follows and when, as if there were no end of time; a parcel in eight is never signed for."""
    paid = placed + timedelta(minutes=dice.uniform(1, 9))
    if fate is Fate.GIVEN_UP:
        return {"cancel": paid}
    if fate is Fate.EXPIRED:
        return {"expire": placed + timedelta(minutes=31)}
    shipped = paid + timedelta(hours=dice.uniform(5, 44))
    steps = {"pay": paid, "ship": shipped}
    if dice.random() < 1 / 3:
        steps["pack"] = paid + (shipped - paid) * dice.uniform(0.1, 0.5)
    if dice.random() > 1 / 8:
        steps["receive"] = shipped + timedelta(days=dice.uniform(1.5, 5.5))
    return steps


def _unpaid(first: int, calendar: Calendar) -> list[Purchase]:
    """The very last checkouts, made just now: half an hour after the load they expire, as they should."""
    shoppers = (SHOPPERS[3], SHOPPERS[7], LIN)
    moments = (calendar.seen(calendar.at(DAYS + 1, -before / 3_600)) for before in _LAST_SECONDS)
    return [
        Purchase(first + place, moment, shopper, Fate.UNPAID, {})
        for place, (moment, shopper) in enumerate(zip(moments, shoppers, strict=True))
        if moment
    ]
