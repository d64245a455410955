"""Which county an address lies in, by the packaged divisions of GB/T 2260 (`data/divisions`); nothing is fetched.

Addresses as licences write them leave levels out, shorten names and keep old ones. Every name that occurs is held
against the others: the longest line of province, city and county that stands in the text in this order wins, and two
lines that weigh the same are no answer unless the credit code's region digits decide.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from onboarding.belts.placenames import FORMER, SHORT, short_name, spellings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

DATA = Path(__file__).parent / "data" / "divisions"
_HEAD: Final = 40  # names of divisions stand at the beginning
_GAP: Final = 0.3  # what each character between two names, or before the first, costs
_SAME: Final = 0.5  # lines that weigh within this are equally likely
_LONGEST: Final = 15
_MUNICIPALITIES: Final = frozenset({"11", "12", "31", "50"})
_NEEDS_ITS_CITY: Final = 2  # 城区, 东区, 赵县: two characters say little
# A short name before one of these is a street's or a village's.
_STREET = re.compile(r"[东南西北中大环]?(路|街|道|大道|巷|弄|里|村|镇|乡|桥|广场|大厦|花园|小区|新村|支路)")
_ZONE = re.compile(r"^中国|中华人民共和国|自由贸易试验区|自贸试验区|自贸区")
# What a reader of licences takes the last character of a name for.
_MISREAD = str.maketrans(
    {"币": "市", "巾": "市", "布": "市", "巿": "市", "具": "县", "且": "县", "匹": "区", "囗": "区"}
)


@dataclass(frozen=True, slots=True)
class Place:
    """A division of GB/T 2260; `city` or `county` is empty where the address does not go so far."""

    province: str
    city: str
    county: str
    code: str


@dataclass(frozen=True, slots=True)
class _Line:
    code: str
    weight: float
    end: int


@lru_cache(maxsize=4096)
def place_in(address: str, *, region: str = "") -> Place | None:
    """The smallest division an address names; None when it names none or could mean several.

    `region` is six digits of GB/T 2260, such as a credit code's, and decides between places of the same name.
    """
    text = _plain(address)
    found = _decide(_lines(text), region)
    if found is None or not place_at(found).county:
        found = _decide(_lines(text.translate(_MISREAD)), region) or found
    if found is not None and not place_at(found).county:
        found = _misspelt(text, found) or found
    return place_at(found) if found else None


def place_of(region: str) -> Place | None:
    """The division of six digits, or of those above it when they are no longer in use; None for none of them."""
    code = next((code for code in (region, region[:4] + "00", region[:2] + "0000") if code in _names()), None)
    return place_at(code) if code else None


@cache
def place_at(code: str) -> Place:
    """A division of the packaged file by its code; KeyError."""
    names, province, city = _names(), code[:2] + "0000", code[:4] + "00"
    if code == province:
        return Place(names[code], names[code] if code[:2] in _MUNICIPALITIES else "", "", code)
    if code == city:
        # Four cities have no counties (东莞, 中山, 儋州, 嘉峪关): they stand for their own.
        return Place(names[province], names[code], "" if city in _cities_with_counties() else names[code], code)
    # Counties straight under a province (仙桃, 济源) stand for their own city.
    over = names[province] if code[:2] in _MUNICIPALITIES else names[code]
    return Place(names[province], names.get(city, over), names[code], code)


def split_region(name: str) -> tuple[str, str]:
    """A company's name as the short region it begins with and the rest: 福建省石狮市海样服装 → 福建省石狮, 海样服装.

    Each division lies within the one before, as a brand may be a place elsewhere: 丹阳丹凤眼镜 is not of 丹凤.
    """
    end, over = 0, frozenset[str]()
    while step := next(_longer(name, end, over), None):
        end, over = step
    return short_name(name[:end]), name[end:]


def _longer(name: str, start: int, over: frozenset[str]) -> Iterator[tuple[int, frozenset[str]]]:
    for end in range(min(start + _LONGEST, len(name)), start + 1, -1):
        meant = frozenset(code for code, _weight in _index().get(name[start:end], ()))
        within = frozenset(code for code in meant if any(code == one or _lies_in(code, one) for one in over))
        if found := within if over else meant:
            yield end, found


def is_town(name: str) -> bool:
    """Whether a name is that of a town or a street's district, which the packaged divisions do not reach."""
    return name.endswith(("镇", "乡", "街道"))


def counties() -> Iterator[Place]:
    """Every division at county level."""
    return (place_at(code) for code in _names() if place_at(code).county)


def _plain(address: str) -> str:
    """Half-width, without what is no letter, and without the names of trade zones, which span several counties."""
    folded = "".join(char for char in unicodedata.normalize("NFKC", address) if char.isalnum())
    return _ZONE.sub("", folded)[:_HEAD]


def _lines(text: str) -> list[_Line]:
    """Every division named in the text as the end of its best line, each with what the line weighs."""
    lines: list[_Line] = []
    for start, end, code, weight in sorted(_hits(text)):
        above = [line for line in lines if line.end <= start and _lies_in(code, line.code)]
        bare = [] if _means_nothing_alone(text[start:end], start) else [weight - _GAP * start]
        close = [line for line in above if line.end == start or end - start > _NEEDS_ITS_CITY]
        reached = [line.weight + weight - _GAP * (start - line.end) for line in close]
        if bare or reached:
            lines.append(_Line(code, max(bare + reached), end))
    return lines


def _hits(text: str) -> Iterator[tuple[int, int, str, float]]:
    index = _index()
    for start in range(len(text)):
        for end in range(start + 2, min(start + _LONGEST, len(text)) + 1):
            for code, weight in index.get(text[start:end], ()):
                if weight > SHORT or not _STREET.match(text, end):
                    yield start, end, code, weight


def _means_nothing_alone(name: str, start: int) -> bool:
    return len(name) == _NEEDS_ITS_CITY and (start > 0 or name.endswith("区"))


def _decide(lines: Sequence[_Line], region: str) -> str | None:
    """The heaviest line; of several as heavy the one that the region digits speak for."""
    if not lines:
        return None
    best = max(line.weight for line in lines)
    if best <= 0:
        return None
    likely = {line.code for line in lines if line.weight > best - _SAME}
    likely = {code for code in likely if not any(_lies_in(other, code) for other in likely)}
    for digits in (6, 4, 2):
        told = {code for code in likely if region and code[:digits] == region[:digits]}
        likely = told or likely
    return likely.pop() if len(likely) == 1 else None


def _misspelt(text: str, above: str) -> str | None:
    """The one county under a found division of whose name exactly one character was read wrongly or lost."""
    line = max((line for line in _lines(text) if line.code == above), key=lambda line: line.weight, default=None)
    if line is None:
        return None
    close = {
        code
        for code, name in _names().items()
        if _lies_in(code, above) and place_at(code).county and _one_off(name, text[line.end :])
    }
    return close.pop() if len(close) == 1 else None


def _one_off(name: str, text: str) -> bool:
    """Whether a text begins with the name but for one character before its last, which is another or not there."""
    if len(name) <= _NEEDS_ITS_CITY:
        return False
    read, short = text[: len(name)], text[: len(name) - 1]
    lost = short in (name[:place] + name[place + 1 :] for place in range(len(name) - 1))
    other = len(read) == len(name) and sum(one != two for one, two in zip(name, read, strict=True)) == 1
    return (lost and short not in _index()) or (other and read[-1] == name[-1] and read not in _index())


def _lies_in(code: str, above: str) -> bool:
    head = above[:2] if above.endswith("0000") else above[:4] if above.endswith("00") else above
    return code != above and code.startswith(head)


@cache
def _names() -> Mapping[str, str]:
    with (DATA / "divisions.csv").open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


@cache
def _cities_with_counties() -> frozenset[str]:
    return frozenset(code[:4] + "00" for code in _names() if not code.endswith("00"))


@cache
def _index() -> Mapping[str, tuple[tuple[str, float], ...]]:
    """What each spelling can mean: codes with how surely it means them."""
    found: dict[str, dict[str, float]] = {}
    for code, name in _names().items():
        for spelling, weight in spellings(name, _above(code)):
            meant = found.setdefault(spelling, {})
            meant[code] = max(weight, meant.get(code, 0))
    with (DATA / "former.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["former"], {}).setdefault(row["code"], FORMER)
    return {spelling: tuple(meant.items()) for spelling, meant in found.items()}


def _above(code: str) -> tuple[str, ...]:
    """The names over a division."""
    names = _names()
    return tuple(names[over] for over in (code[:2] + "0000", code[:4] + "00") if over != code and over in names)
