"""Quantities in a query: 2 斤, 1 kg and 1000 克 are one thing, and each title writes it in its own way."""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple

from storefront.search.text import rows

_NUMBER: Final = "number "
_BARE: Final = ("cm", "m")  # left out in sizes: 1.5*2.0, 150*200
_LARGEST: Final = 100_000


class _Unit(NamedTuple):
    kind: str
    share: Decimal


class Quantity(NamedTuple):
    """A quantity as it stands in a line, and all ways to write it, as pieces in order."""

    start: int
    end: int
    ways: tuple[tuple[str, ...], ...]


def quantities(line: str) -> Iterator[Quantity]:
    """The quantities in a normalised line. `200*70cm` is a size, not a length: what stands in a row is left alone."""
    for found in _pattern().finditer(line):
        number = _digits().get(found["number"]) or Decimal(found["number"])
        ways = tuple(dict.fromkeys(_ways(number, found["unit"])))
        if ways:
            yield Quantity(found.start(), found.end(), ways)


def _ways(number: Decimal, unit: str) -> Iterator[tuple[str, ...]]:
    kind, share = _units()[unit]
    for name, other in _units().items():
        if other.kind != kind:
            continue
        count = number * share / other.share
        if count != count.quantize(Decimal("0.01")) or not 0 < count < _LARGEST:
            continue
        yield f"{count.normalize():f}", *_split(name)
        if name in _BARE:
            yield (f"{count.normalize():f}",)
        if not name.isascii():
            yield from ((sign, *_split(name)) for sign, digit in _digits().items() if digit == count)


def _split(name: str) -> tuple[str, ...]:
    return (name,) if name.isascii() else tuple(name)


@cache
def _units() -> dict[str, _Unit]:
    parts = [row.split() for row in rows("units") if not row.startswith(_NUMBER)]
    return {name: _Unit(kind, Decimal(share)) for kind, share, *names in parts for name in names}


@cache
def _digits() -> dict[str, Decimal]:
    parts = [row.split() for row in rows("units") if row.startswith(_NUMBER)]
    return {sign: Decimal(number) for _number, number, *signs in parts for sign in signs}


@cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(sorted(map(re.escape, _units()), key=len, reverse=True))
    number = rf"(?<![\d.*a-z])\d{{1,6}}(?:\.\d{{1,2}})?|[{''.join(_digits())}]"
    return re.compile(rf"(?P<number>{number})\s?(?P<unit>{names})(?![a-z*])")
