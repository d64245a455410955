"""Dates as licences write them: 2015年03月18日, 二〇一五年三月十八日, 2015-03-18; and how long a licence runs."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

_ENDLESS: Final = ("长期", "永久", "无固定期限", "不约定期限", "无期限")
_NUMERALS: Final = dict(zip("〇零○一二三四五六七八九", (0, 0, 0, *range(1, 10)), strict=True))
_TAKEN_FOR_DIGITS: Final = str.maketrans("OoQDIl|ZzSB", "00001112258")
_CHINESE: Final = "".join(_NUMERALS) + "十"
_NUMBER: Final = rf"[\dOoQDIl|ZzSB{_CHINESE}]"
# The sign for the day is often lost at the edge of a box; year and month are needed to know a date at all.
_WRITTEN: Final = re.compile(rf"({_NUMBER}{{4}})\s*[年午]\s*({_NUMBER}{{1,3}})\s*[月刀]\s*({_NUMBER}{{1,3}})")
_DASHED: Final = re.compile(r"(?<!\d)(\d{4})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})(?!\d)")


def dates(text: str) -> list[date]:
    """All dates in a text, in their order; what is no day of the calendar is left out."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "")
    found = sorted((*_WRITTEN.finditer(plain), *_DASHED.finditer(plain)), key=lambda match: match.start())
    read = (_date(*match.groups()) for match in found)
    return [day for day in read if day is not None]


def is_endless(term: str) -> bool:
    """Whether a term says that it has no end."""
    return any(word in term for word in _ENDLESS)


def last_day(term: str) -> date | None:
    """Until when a licence of this term runs; None when it runs for ever, or does not say."""
    if is_endless(term):
        return None
    found = dates(term)
    until = re.split(r"[至到]", term, maxsplit=1)
    if len(until) > 1 and not dates(until[1]):
        return None
    return found[-1] if found and ("至" in term or "到" in term or len(found) > 1) else None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(_year(year), _number(month), _number(day))
    except ValueError:
        return None


def _year(text: str) -> int:
    """Four digits, each for itself."""
    digits = "".join(str(_NUMERALS.get(char, char)) for char in text)
    return int(digits.translate(_TAKEN_FOR_DIGITS))


def _number(text: str) -> int:
    """Up to 31, in digits or as 三, 十, 十八, 二十, 三十一."""
    tens, ten, ones = text.partition("十")
    if ten:
        return (_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0)
    return _year(text)
