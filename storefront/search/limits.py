"""What a query says of price and of what is unwanted: 围巾 200元以内 不要羊毛. Amounts are fen, both ends included."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from storefront.search.amounts import prices
from storefront.search.text import normalise
from storefront.search.unwanted import unwanted

LONGEST: Final = 200  # characters; what lies beyond is not looked at

_MAY = re.compile(r"[\d百千万萬十]|[-－﹣]\S|不|除|别|別|without|except|excluding|not", re.IGNORECASE)


class Said(NamedTuple):
    """What a stretch of the line says: bounds of a price, or things that are unwanted."""

    start: int
    end: int
    low: int | None = None
    high: int | None = None
    unwanted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """A line, and what some of it says of price and of what is unwanted."""

    line: str
    said: tuple[Said, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.said)

    @property
    def words(self) -> str:
        """What the goods themselves are asked for by."""
        return self.without(self.said)

    @property
    def bounds(self) -> tuple[int | None, int | None]:
        """The lowest and the highest price; two that cross each other are taken in their order."""
        lows = [each.low for each in self.said if each.low is not None]
        highs = [each.high for each in self.said if each.high is not None]
        low, high = max(lows, default=None), min(highs, default=None)
        return (high, low) if low is not None and high is not None and low > high else (low, high)

    @property
    def price(self) -> str:
        """The same as a filter of addresses, or nothing."""
        low, high = self.bounds
        return "" if low is high is None else f"{low or 0}-{'' if high is None else high}"

    @property
    def unwanted(self) -> tuple[str, ...]:
        """Everything that is unwanted."""
        return tuple(dict.fromkeys(thing for each in self.said for thing in each.unwanted))

    @property
    def of_price(self) -> tuple[Said, ...]:
        """What says a price."""
        return tuple(each for each in self.said if not each.unwanted)

    @property
    def of_things(self) -> tuple[Said, ...]:
        """What says a thing unwanted."""
        return tuple(each for each in self.said if each.unwanted)

    def without(self, some: Iterable[Said]) -> str:
        """The line without some of what it says."""
        return " ".join(_blanked(self.line, some).split())


NO_LIMITS: Final = Limits("")


@lru_cache(maxsize=4_096)
def limits(q: str) -> Limits:
    """What a query says of price and of what is unwanted; one that says nothing of either is left as it is."""
    if not _MAY.search(q[:LONGEST]):
        return Limits(q)
    line = normalise(q[:LONGEST])[:LONGEST]
    said = [Said(*each) for each in prices(line)]
    rest = _blanked(line, said)
    said += [Said(start, end, unwanted=things) for start, end, things in unwanted(rest)]
    if not said:
        return Limits(q)
    return Limits(q if len(q) == len(line) else line, tuple(sorted(said)))


def _blanked(line: str, some: Iterable[Said]) -> str:
    for each in some:
        line = line[: each.start] + " " * (each.end - each.start) + line[each.end :]
    return line
