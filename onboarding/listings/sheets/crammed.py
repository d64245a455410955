"""Colours and sizes crammed into one cell: `黑(S/M/L) 白(M/L)`, `黑S、黑M`, `黑/白 S-XL`."""

import re
from typing import Final

from onboarding.listings.sheets.options import COLOR, SIZE, is_color, is_size, split_colors, split_sizes

_LABEL: Final = re.compile(r"(颜色|花色|配色|色|尺码|码数|尺寸|规格|款式|型号|口味)\s*[:：]\s*")
_LABELS: Final = dict.fromkeys(("花色", "配色", "色"), COLOR) | dict.fromkeys(("码数", "尺寸"), SIZE)
_EACH: Final = re.compile(
    r"([^\s()（）:：,，;；、/]{1,12})\s*(?:[(（]([^()（）]{1,60})[)）]|[:：]\s*([^;；\n:：()（）]{1,60}))"
)
_BETWEEN: Final = re.compile(r"[\s,，;；、/|｜]+")
_PARTS: Final = re.compile(r"[,，;；、/\n|｜\s]+")
_COLOR_AND_SIZE: Final = re.compile(r"(.{1,6}?)[-—_·*xX×]?([0-9A-Za-z].*|[特加]?[大中小]{1,2}[码号]|均码)")
_HALVES: Final = re.compile(r"[\s;；*×+＋]+|[-—](?=[A-Za-z0-9均])")


def split_both(text: str) -> list[tuple[str, str]]:
    """The (colour, size) of each variant; empty when the cell does not plainly name both."""
    return _sizes_of_each(text) or _pairs(text) or _halves(text)


def split_labelled(text: str) -> list[tuple[str, list[str]]]:
    """`颜色：黑/白；尺码：S/M`: what differs, with its values; empty when the cell does not plainly say so."""
    if ":" not in text and "：" not in text:
        return []
    found: dict[str, list[str]] = {}
    begins = list(_LABEL.finditer(text))
    ends = [match.start() for match in begins[1:]]
    if not begins or text[: begins[0].start()].strip():
        return []
    for match, end in zip(begins, [*ends, len(text)], strict=True):
        name = _LABELS.get(match[1], match[1])
        said = text[match.end() : end].strip(" ,，;；、/|\n")
        values = list(dict.fromkeys(split_sizes(said) if name == SIZE else split_colors(said)))
        if not values or name in found:
            return []
        found[name] = values
    return list(found.items())


def _sizes_of_each(text: str) -> list[tuple[str, str]]:
    """`黑(S/M) 白(M)` and `黑：S、M；白：M`."""
    if _BETWEEN.sub("", _EACH.sub("", text)):
        return []
    pairs = []
    for match in _EACH.finditer(text):
        sizes = split_sizes(match[2] or match[3])
        if not is_color(match[1]) or not all(map(is_size, sizes)):
            return []
        pairs += [(match[1], size) for size in sizes]
    return pairs


def _pairs(text: str) -> list[tuple[str, str]]:
    """`黑S、黑M、白L`: every part is a colour with its size."""
    pairs = []
    for part in _PARTS.split(text.strip()):
        match = _COLOR_AND_SIZE.fullmatch(part)
        if match is None or not is_color(match[1]) or not is_size(match[2]):
            return []
        pairs.append((match[1], match[2]))
    return pairs


def _halves(text: str) -> list[tuple[str, str]]:
    """`黑/白 S-XL`: colours, then sizes, each with each."""
    for cut in _HALVES.finditer(text):
        colors, sizes = split_colors(text[: cut.start()]), split_sizes(text[cut.end() :])
        if colors and sizes and all(map(is_color, colors)) and all(map(is_size, sizes)):
            return [(color, size) for color in colors for size in sizes]
    return []
