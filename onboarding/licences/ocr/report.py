"""A reading told as a table for the command line."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from onboarding.licences.ocr.reading import FIELDS

if TYPE_CHECKING:
    from onboarding.licences.ocr.reading import LicenceReading

_NAMES: Final = {
    "uscc": "统一社会信用代码",
    "name": "名称",
    "type": "类型",
    "legal_representative": "法定代表人",
    "address": "住所",
    "established_on": "成立日期",
    "business_scope": "经营范围",
    "expires_on": "营业期限至",
}
_ENDLESS: Final = "长期"
_WIDTH: Final = 18
_PERCENT: Final = 100


def as_text(reading: LicenceReading) -> str:
    """A line per field: its name, how sure it is, its value; then the warnings."""
    lines = ["" if reading.is_licence else "不像营业执照\n"]
    if reading.is_licence:
        lines = [_line(name, reading) for name in FIELDS]
    lines += [f"! {code}" for code in reading.warnings]
    return "\n".join(lines)


def _line(name: str, reading: LicenceReading) -> str:
    title = _NAMES[name]
    padded = title + " " * (_WIDTH - sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in title))
    if name not in reading.fields:
        return f"{padded}   -"
    field = reading.fields[name]
    return f"{padded}{round(field.confidence * _PERCENT):>3} %  {field.value or _ENDLESS}"
