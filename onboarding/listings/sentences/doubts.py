"""Figures that are cut off from what follows them, or are no money by their look: `26块五格抽屉`, `水管 4分`."""

import re
from typing import Final

from onboarding.listings.sentences.words import COUNTER

_TORN: Final = re.compile(
    r"(?<=块)[4-9四五六七八九]米[长宽高]"
    rf"|[1-9一二两三四五六七八九](?![寸度号码年岁米]){COUNTER}(?![装套式起一每混可任以现库包全各选送左多的])[\u4e00-\u9fff]"
)
"""26块五格抽屉: five drawers, or 26.50 and a word that begins like a count."""
_CENTS: Final = re.compile("分(?![钟体层类格之别装])")
_BARE_CENTS: Final = re.compile("[0-9一二三四五六七八九]分")
"""As often the width of a pipe as money."""
_NOTHING: Final = re.compile("")


def doubt_behind(kind: str, said: str, text: str, end: int, *, named: bool) -> re.Match[str] | None:
    """What follows an amount up to `end` and makes it doubtful; `named` when a name of a price stands before it."""
    if kind == "number":
        return _CENTS.match(text, end) if "." in said else None
    if kind != "money":
        return None
    if said[-1] in "块元":
        return _TORN.match(text, end)
    return _NOTHING.match(text, end) if not named and _BARE_CENTS.fullmatch(said) else None
