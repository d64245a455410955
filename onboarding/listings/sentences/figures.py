"""Amounts as people write them: digits, Chinese numerals, 12块8, 1.2万. Exact: text → Decimal."""

import re
from decimal import Decimal
from typing import Final

_DIGITS: Final = {char: number for number, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_TIMES: Final = {"万": 10_000, "千": 1000, "百": 100, "k": 1000}
_POSITIONAL: Final = re.compile("[零〇一二三四五六七八九]{2,}")

ARABIC: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
CHINESE: Final = r"[零〇一二两俩三四五六七八九十百千万]{1,16}"
NUMBER: Final = rf"(?:{ARABIC}(?:[万千百](?:[0-9](?![0-9.]))?|k(?![a-z]))?|{CHINESE})"
"""`2400`, `1,200`, `1.2万`, `2千`, `2k`, `两千`, `一百二`."""


def amount(text: str) -> Decimal | None:
    """`1.2万` → 12000, `1万2` → 12000, `一百二` → 120; None for what is no number, such as 百百."""
    plain = "".join(text.lower().split()).replace(",", "")
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)(?:([万千百k])([0-9])?)?", plain)
    if match is None:
        return _chinese(plain)
    times = _TIMES[match[2]] if match[2] else 1
    return Decimal(match[1]) * times + Decimal(match[3] or 0) * times / 10


def whole(text: str) -> int | None:
    """A count of pieces; None for parts of a piece."""
    found = amount(text)
    return int(found) if found is not None and found == found.to_integral_value() else None


def _chinese(text: str) -> Decimal | None:
    if text in {"百", "千"}:  # 百件29
        return Decimal(_UNITS[text])
    if _POSITIONAL.fullmatch(text):  # 三五条 is a few; 二零二四 a year
        return None
    head, myriads, tail = text.partition("万")
    if not myriads:
        return _below_a_myriad(text)
    above = _below_a_myriad(head)
    if above is None or not tail:
        return above and above * 10_000
    if tail in _DIGITS:  # 一万二
        return above * 10_000 + _DIGITS[tail] * 1000
    below = _below_a_myriad(tail.lstrip("零〇"))
    return None if below is None else above * 10_000 + below


def _below_a_myriad(text: str) -> Decimal | None:
    """Units fall from left to right; a digit alone at the end counts the next lower unit: 一百二, but 一百零二."""
    total, digit, last, bridged = 0, None, 10_000, False
    for char in text:
        unit = _UNITS.get(char)
        if unit is None:
            if char not in _DIGITS or digit is not None:
                return None
            bridged = bridged or char in "零〇"
            digit = _DIGITS[char] or None
        elif unit >= last or (digit is None and unit != 10):  # noqa: PLR2004  十 alone is 一十
            return None
        else:
            total, digit, last = total + (digit or 1) * unit, None, unit
    lower = 1 if bridged or last in {10, 10_000} else last // 10
    return Decimal(total + (digit or 0) * lower) if text else None
