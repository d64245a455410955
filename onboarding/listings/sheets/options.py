"""Colours and sizes: telling them by their look, and taking apart cells that cram several in."""

import re
from collections.abc import Callable
from typing import Final

from onboarding.listings.sheets.values import is_nothing, squeeze

COLOR: Final = "颜色"
SIZE: Final = "尺码"
KIND: Final = "规格"

_LETTERS: Final = ("xxxs", "xxs", "xs", "s", "m", "l", "xl", "2xl", "3xl", "4xl", "5xl", "6xl", "7xl", "8xl")
_SAME_LETTER: Final = {
    "xxl": "2xl",
    "xxxl": "3xl",
    "xxxxl": "4xl",
    "xxxxxl": "5xl",
    "3xs": "xxxs",
    "2xs": "xxs",
}
_LETTER_SIZE: Final = re.compile(
    r"(?:[2-9]?x{0,5}[sl]|m|[2-9]x)(?:码|号)?(?:\([^()]{1,20}\)|/?1[5-9][05](?:/[0-9]{2,3}[abcy]?)?)?"
)
_NUMBER_SIZE: Final = re.compile(r"(?P<number>[0-9]{2,3})(?:\.5)?(?P<mark>码|号|cm|#|\([^()]{1,20}\))?")
# Height and girth (GB/T 1335), one size: 165/84A. Two shoe sizes or heights in one cell, 35/36, are two.
_BODY_SIZE: Final = re.compile(r"1[4-9][05]/(?:[6-9][0-9]|1[0-2][0-9])[abcy]?")
_ONE_SIZE: Final = re.compile(r"均码|通码|单码|f码?|free(?:size)?|onesize|one|均")
_WORD_SIZE: Final = re.compile(r"[特加]?[大中小]{1,2}[码号]?")
_SHOES: Final = range(15, 61)
_CHILDREN: Final = range(50, 201)

_BASIC_WORDS: Final = re.compile(
    r"(?:浅|深|亮|暗|淡|纯|哑|雾|奶|墨|军|宝|天|湖|海|藏|荧光|雾霾|牛油果|克莱因|薄荷|柠檬|樱花|玫瑰|烟|炭|碳|铁|银|香槟|枣|酒|砖|大|桃|玫|豆|"
    r"米|本|中|草|果|橄榄|孔雀|珊瑚|藕|脏|冰|水|雪|象牙|杏|驼|咖|棕|卡|蜜|焦|姜|土|鹅|明|苔)?"
    r"(?:黑|白|灰|红|橙|黄|绿|青|蓝|紫|粉|棕|褐|咖|咖啡|米|杏|驼|金|银|卡其|焦糖|燕麦|豆沙|裸|肤|香槟|透明|茶)"
)
_NO_COLOR: Final = re.compile(r"颜色|花色|配色|特色|角色|成色|色号|色卡|颜色.*")
_SPLIT: Final = re.compile(r"[/／、,，;；|｜\n+＋&]+")
_MAX_EXPANDED: Final = 40


def is_size(text: str) -> bool:
    """Whether a text names one size: 均码, S…8XL, 35…46, 100…160, 165/84A."""
    plain = squeeze(text)
    if any(pattern.fullmatch(plain) for pattern in (_ONE_SIZE, _LETTER_SIZE, _WORD_SIZE, _BODY_SIZE)):
        return True
    match = _NUMBER_SIZE.fullmatch(plain)
    if match is None:
        return False
    number = int(match["number"])
    return number in _SHOES or (number in _CHILDREN and number % 5 == 0)


def is_color(text: str) -> bool:
    """Whether a text names one colour: 驼色, 黑, 雾霾蓝."""
    plain = squeeze(text).partition("(")[0]
    if _NO_COLOR.fullmatch(plain):
        return False
    return bool(_BASIC_WORDS.fullmatch(plain)) or (plain.endswith("色") and 1 < len(plain) <= 6)  # noqa: PLR2004 - a colour word


def split_colors(text: str) -> list[str]:
    """`驼色/黑色、灰` → three; white space parts only a row of plain colour words."""
    return _split(text, is_color)


def split_sizes(text: str) -> list[str]:
    """`S/M/L` → three; `S-XL` and `36-40`, `100-140` → every size between."""
    if is_size(text):
        return [_name(text)]
    sizes: list[str] = []
    for part in _split(text, is_size):
        sizes.extend(_between(part) or [part])
    return sizes


def _split(text: str, is_one: Callable[[str], bool]) -> list[str]:
    if is_nothing(text):
        return []
    parts = [_name(part) for part in _outside_brackets(text) if not is_nothing(part)]
    if len(parts) == 1:
        words = parts[0].split()
        if len(words) > 1 and all(is_one(word) for word in words):
            return words
    return parts


def _outside_brackets(text: str) -> list[str]:
    """Parts between separators, but `红(亮/哑)` stays whole."""
    hidden = re.sub(r"[(（][^()（）]*[)）]", lambda match: "\0" * len(match[0]), text)
    parts, begin = [], 0
    for match in _SPLIT.finditer(hidden):
        parts.append(text[begin : match.start()])
        begin = match.end()
    return [*parts, text[begin:]]


def _name(text: str) -> str:
    return " ".join(text.split())


def _between(part: str) -> list[str]:
    """The sizes of a range, both ends included; empty when it is no range of sizes."""
    match = re.fullmatch(r"([0-9a-z]+)[码号cm#]*[-~至到—–]+([0-9a-z]+)(?:码|cm|号|#)?", squeeze(part))
    if match is None:
        return []
    first, last = (_SAME_LETTER.get(end, end) for end in match.groups())
    if first in _LETTERS and last in _LETTERS:
        return [size.upper() for size in _LETTERS[_LETTERS.index(first) : _LETTERS.index(last) + 1]]
    if not (first.isdigit() and last.isdigit() and is_size(first) and is_size(last)):
        return []
    low, high = int(first), int(last)
    step = 10 if low >= 50 and low % 10 == 0 and high % 10 == 0 else 1  # noqa: PLR2004 - children's sizes go by 10 cm
    numbers = range(low, high + 1, step)
    return [str(number) for number in numbers] if 0 < len(numbers) <= _MAX_EXPANDED else []
