"""The plan of what is bought: who buys when and where, and what becomes of it. Pure: the same days, the same plan."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Final

from storefront.demo.days import DAYS, Calendar
from storefront.demo.fates import CERTAIN, ORDINARY, Fate, steps_of
from storefront.demo.merchants import BO, MERCHANTS
from storefront.demo.people import LIN, SHOPPERS, Shopper

if TYPE_CHECKING:
    from datetime import datetime

_SEED: Final = "yuantou"
_FIRST_DAY: Final = 1
_FIRST_ORDERS, _LAST_ORDERS = 0.8, 4.4  # a day, when the channel opens and now
_WEEKEND: Final = 1.5
_SATURDAY: Final = 5
_AT_MERCHANTS: Final = 0.38  # of all checkouts, once the first merchant has found her goods
_FIND_GOODS: Final = 4  # days from registering to something to sell
_JUST_NOW: Final = ((3, SHOPPERS[3], ""), (2, SHOPPERS[7], BO.phone), (1, LIN, ""))
"""The last checkouts, seconds before the end of the last day: nothing comes after them."""


@dataclass(frozen=True)
class Purchase:
    """One checkout. `shop` is the phone of the only seller she looks at, if any.

    `steps` are the moments of what follows; what would come after today is missing.
    """

    number: int
    at: datetime
    shopper: Shopper
    shop: str
    fate: Fate
    steps: dict[str, datetime]

    @property
    def dice(self) -> Random:
        """Decides about its goods: the same every time, whatever was drawn for others."""
        return Random(f"{_SEED}:{self.number}")  # noqa: S311  figures of a demo, no secrets


def purchases(calendar: Calendar) -> list[Purchase]:
    """Every checkout of the ninety days; the last ones wait to be paid."""
    dice = Random(_SEED)  # noqa: S311  figures of a demo, no secrets
    found: list[Purchase] = []
    for day in range(_FIRST_DAY, DAYS + 1):
        certain = [(shop, fate) for before, shop, fate in CERTAIN if before == DAYS - day]
        chance = range(_orders_of(day, calendar, dice) - len(certain))
        drawn = [*certain, *((_shop(day, dice), _fate(day, dice)) for _ in chance)]
        wanted = sorted((_hour(dice), shop, fate) for shop, fate in drawn)
        found += [_purchase(number, day, wish, calendar, dice) for number, wish in enumerate(wanted, len(found))]
    return [*found, *_unpaid(len(found), calendar)]


def _orders_of(day: int, calendar: Calendar, dice: Random) -> int:
    """More from week to week, most on weekends, and never quite the same."""
    level = _FIRST_ORDERS + (_LAST_ORDERS - _FIRST_ORDERS) * day / DAYS
    weekend = _WEEKEND if calendar.day(day).weekday() >= _SATURDAY else 1.0
    return round(level * weekend * dice.uniform(0.6, 1.4))


def _hour(dice: Random) -> float:
    """Around noon and after dinner."""
    return min(max(dice.gauss(*dice.choice(((12.4, 1.8), (20.3, 1.5)))), 7.5), 22.8)


def _shop(day: int, dice: Random) -> str:
    """A merchant's phone for some, once there are merchants; the others look at all factories."""
    selling = [merchant for merchant in MERCHANTS if merchant.joined + _FIND_GOODS <= day]
    if not selling or dice.random() > _AT_MERCHANTS:
        return ""
    return dice.choices(selling, [merchant.weight for merchant in selling])[0].owner.phone


def _fate(day: int, dice: Random) -> Fate:
    fate = dice.choices(list(ORDINARY), list(ORDINARY.values()))[0]
    if fate is Fate.EXPIRED and day == DAYS:
        return Fate.BOUGHT  # half an hour of today may not be over yet
    return fate


def _purchase(number: int, day: int, wish: tuple[float, str, Fate], calendar: Calendar, dice: Random) -> Purchase:
    hour, shop, fate = wish
    placed = calendar.at(day, hour)
    shopper = LIN if dice.random() < 1 / 6 else dice.choice(SHOPPERS[1:])
    planned = steps_of(placed, fate, dice)
    seen = {name: moment for name, at in planned.items() if (moment := calendar.seen(at))}
    return Purchase(number, calendar.seen(placed) or placed, shopper, shop, fate, seen)


def _unpaid(first: int, calendar: Calendar) -> list[Purchase]:
    """Checkouts made just now: half an hour after the load they expire, as they should."""
    moments = [calendar.seen(calendar.at(DAYS + 1, -before / 3_600)) for before, _, _ in _JUST_NOW]
    return [
        Purchase(first + place, moment, shopper, shop, Fate.UNPAID, {})
        for place, (moment, (_, shopper, shop)) in enumerate(zip(moments, _JUST_NOW, strict=True))
        if moment
    ]
