"""Reads an address that was pasted in one piece, as people keep it in their chats; what it cannot tell stays empty."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEADS = re.compile(r"(收货|收件|详细|所在|联系)?(人|姓名|手机号码?|电话号码?|电话|手机|地址|地区)\s*[::]")
_PHONE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?(1[3-9]\d(?:[ -]?\d){8})(?!\d)")
_CITY = re.compile(r"\s*([\u4e00-\u9fff]{1,8}?(?:市|自治州|地区|盟))")
_COUNTY = re.compile(r"\s*([\u4e00-\u9fff]{1,10}?(?:自治县|区|县|市|旗))")
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,6}|[A-Za-z][A-Za-z .]{1,30}")
_BETWEEN = " ,;、"
_ENDINGS = re.compile(r"(壮族|回族|维吾尔)?(自治区|省|市)$")


def split_address(text: str, provinces: Sequence[str]) -> dict[str, str]:
    """Name, phone, province, city, county and line as far as they can be told apart; `provinces` in full names."""
    plain = _HEADS.sub(" ", unicodedata.normalize("NFKC", text))
    found: dict[str, str] = {}
    if phone := _PHONE.search(plain):
        found["phone"] = re.sub(r"[ -]", "", phone[1])
        plain = f"{plain[: phone.start()]}\n{plain[phone.end() :]}"
    start, end, province = min((*_at(plain, province), province) for province in provinces)
    others = plain
    if start < len(plain):
        here, *behind = [part.strip(_BETWEEN) for part in plain[end:].split("\n") if part.strip(_BETWEEN)] or [""]
        found |= {"province": province, **_place(here, province)}
        if "line" not in found and behind and not _NAME.fullmatch(behind[0]):
            found["line"] = behind.pop(0)
        others = "\n".join([plain[:start], *behind])
    names = (part for part in re.split(r"[\s,;、]+", others) if _NAME.fullmatch(part))
    name = next(names, "") if found else ""
    return found | ({"name": name} if name else {})


def _at(text: str, province: str) -> tuple[int, int]:
    """Where a province begins and ends in a text, in full or as people say it; behind the text when it is not there."""
    for name in (province, _ENDINGS.sub("", province)):
        start = text.find(name)
        if start >= 0:
            return start, start + len(name) + (text[start + len(name) : start + len(name) + 1] in {"省", "市"})
    return len(text) + 1, 0


def _place(text: str, province: str) -> dict[str, str]:
    """City, county and the rest behind a province; of a municipality the city is the province itself."""
    found: dict[str, str] = {}
    if province.endswith("市"):
        found["city"], text = province, text.removeprefix(province)
    elif city := _CITY.match(text):
        found["city"], text = city[1], text[city.end() :]
    if county := _COUNTY.match(text):
        found["county"], text = county[1], text[county.end() :]
    line = text.strip(_BETWEEN)
    return found | ({"line": line} if line else {})
