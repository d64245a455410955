"""Amounts of money that a line names as a limit: 200元以内, 100-200元, under 200. In fen, both ends included.

With money said (元, 块, ¥) any limit is one of price. A bare figure is one only where nothing says that it is a size, a
model or a count: 身高160以下, 5斤以内, 20以内加减法 are no prices.
"""

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import Final, NamedTuple

from storefront.search.sayings import either, sayings

_ONES: Final = dict(zip("零一二两三四五六七八九", (0, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
_TENS: Final = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
_SPOKEN: Final = "".join((*_ONES, *_TENS))
_NUMBER: Final = (
    rf"(?:(?:\d{{1,3}}(?:,\d{{3}}){{1,2}}|\d{{1,8}}(?:\.\d{{1,2}})?)(?![.,]?\d)[百千万]?|[{_SPOKEN}]{{1,7}})"
)
_APART: Final = rf"(?<![a-z\d.*/+_-])(?<![{_SPOKEN}第])"  # dy-9001, 200*70, iphone15 are no amounts
_PRICE: Final = r"(?:(?P<mark{place}>{mark})\s?)?(?P<number{place}>{number})(?:\s?(?P<unit{place}>{money}))?"
_AROUND: Final = (8, 12)  # tenths of an amount that are still about it
_FEWEST: Final = 2  # characters of a spoken amount without money: 五十以下, never 三以下
_KINDS: Final = (
    *("between", "upper_before", "lower_before", "around_before"),
    *("upper_after", "lower_after", "around_after"),
)


class Price(NamedTuple):
    """Where a line names a limit, and the lowest and the highest price."""

    start: int
    end: int
    low: int | None
    high: int | None


def prices(line: str) -> Iterator[Price]:
    """The limits of price in a normalised line."""
    for kind in _KINDS:
        for found in _pattern(kind).finditer(line):
            amounts = _amounts(found)
            if amounts and _is_price(kind, found, line):
                yield Price(found.start(), found.end(), *_bounds(kind, amounts))
                line = line[: found.start()] + " " * len(found.group()) + line[found.end() :]


@cache
def _pattern(kind: str) -> re.Pattern[str]:
    """What says a bound, and what belongs to it: 价格在 before it, 的 behind it."""
    money, mark = either("money"), either("mark")
    first, second = (_PRICE.format(place=place, number=_NUMBER, money=money, mark=mark) for place in (1, 2))
    first = _APART + first
    if kind == "between":
        before, after = either("between_before"), either("between_after")
        body = rf"(?:(?P<said>{before})\s*)?{first}\s?(?:{either('to')})\s?{second}(?:\s?(?P<after>{after}))?"
        body += rf"(?:\s?(?:{either('around_after')}|{either('upper_after')}))?"
    elif kind.endswith("before"):
        after = either("upper_after") if kind.startswith("upper") else either("lower_after")
        body = rf"(?<!不)(?<!no\s)(?<!not\s)(?P<said>{either(kind)})\s*[在为是]?\s?{first}(?P<after>\s?(?:{after}))?"
    else:
        body = rf"{first}\s?(?P<after>{either(kind)})"
    return re.compile(rf"(?:(?:{either('price')})\s?)?(?:[在为是]\s?)?{body}(?P<of>\s?的)?")


def _amounts(found: re.Match[str]) -> list[int]:
    """The amounts in fen; nothing where one of them cannot be read."""
    texts = [text for name, text in found.groupdict().items() if name.startswith("number") and text]
    if len(texts) > 1 and texts[1][-1] in _TENS and texts[0].isdigit() and texts[1][0].isdigit():
        texts[0] += texts[1][-1]  # 1-2万元
    amounts = [_fen(text) for text in texts]
    return [each for each in amounts if each is not None] if None not in amounts else []


def _fen(text: str) -> int | None:
    if text[0] in _SPOKEN:
        spoken = _spoken(text)
        return None if spoken is None else spoken * 100
    number, tens = (text[:-1], _TENS[text[-1]]) if text[-1] in _TENS else (text, 1)
    return int(Decimal(number.replace(",", "")) * tens * 100)


def _spoken(text: str) -> int | None:
    """一百五 is 150, 一百零五 is 105; a row of digits is nothing."""
    total = part = digit = 0
    last = 10
    for before, sign in zip(" " + text, text, strict=False):
        if sign in _ONES:
            if before in _ONES and before != "零":
                return None
            digit, last = _ONES[sign], 10 if sign == "零" else last
        elif sign == "万":
            total, part, digit, last = (total + part + digit or 1) * _TENS[sign], 0, 0, _TENS[sign]
        else:
            part, digit, last = part + (digit or 1) * _TENS[sign], 0, _TENS[sign]
    return total + part + digit * (last // 10)


def _is_price(kind: str, found: re.Match[str], line: str) -> bool:
    """Whether it is money, or a bare figure that can hardly be anything else."""
    told = found.groupdict()
    money = {text for name, text in told.items() if name.startswith(("mark", "unit")) and text}
    if money:
        return money != {"块"} or not any(thing in line for thing in sayings("pieces"))
    says = [text.strip() for text in (told.get("said"), told.get("after")) if text]
    if kind.startswith("around") or not set(says) - set(sayings("with_money")):
        return False
    if told["number1"][0] in _SPOKEN and len(told["number1"]) < _FEWEST:
        return False
    return not (_sized().search(line[: found.start()]) or _counted(closed=bool(told["after"])).match(line, found.end()))


@cache
def _sized() -> re.Pattern[str]:
    return re.compile(rf"(?<!加)(?:{either('sized')})\s?[在为是]?\s*$")


@cache
def _counted(*, closed: bool) -> re.Pattern[str]:
    """What makes of a bare figure a count, or a sum to learn; one that is `closed` by 以内 has its unit before that."""
    sums = rf"\s*(?:{either('sums')})"
    return re.compile(sums if closed else rf"{sums}|(?<!的)[\w%°℃\"'*/+-]|\s*(?:{either('counted')})(?![a-z])")


def _bounds(kind: str, amounts: list[int]) -> tuple[int | None, int | None]:
    if kind == "between":
        return min(amounts), max(amounts)
    if kind.startswith("upper"):
        return None, amounts[0]
    if kind.startswith("lower"):
        return amounts[0], None
    least, most = _AROUND
    return amounts[0] * least // 10, amounts[0] * most // 10
