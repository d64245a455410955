"""Words of which a character is spelt in Latin letters (`别jia`, `女Ren`) or parted by one (`天花1板`).

The characters tried for a syllable are those the book of rules speaks of; a reading counts when it breaks a rule there.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from pypinyin import Style, pinyin

from onboarding.compliance.lint.book import entries
from onboarding.compliance.lint.folding import Folded, is_han

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOREIGN: Final = re.compile(
    r"(?=[ .a-z0-9ぁ-ヺ,。、!?;:])(?:(?<=[一-鿿])[ .]?([a-z]{2,6}|[a-z0-9ぁ-ヺ])[ .]?(?=[一-鿿])"
    r"|(?<![a-z0-9])([a-z]{2,6})(?=[一-鿿])|(?<=[最第唯永治祛绝辟])([,。、!?;:]{1,3})(?=[一-鿿]))"
)
"""Letters among characters, and a stop behind a character with which no clause ends."""
_MOST: Final = 4
_NEAR: Final = 30
_UNITS: Final = frozenset({"mm", "cm", "ml", "kg", "pu", "pe", "pa", "an", "li", "xl", "led", "pi", "mi", "tu"})


def readings(folded: Folded) -> Iterator[tuple[int, int, str]]:
    """What may be meant otherwise: where, until where, and the character to try, empty for one that only parts."""
    for number, found in enumerate(_FOREIGN.finditer(folded.text)):
        if number == _MOST:
            return
        said = found[1] or found[2]
        for meant in ("",) if found[3] or len(said) == 1 else _characters().get(said, "") if said not in _UNITS else "":
            yield found.start(), found.end(), meant


def window(folded: Folded, start: int, end: int, meant: str) -> tuple[Folded, int]:
    """What stands around a place with another reading in it, and where in that the place is."""
    begin, until = max(0, start - _NEAR), end + _NEAR
    return replaced(_cut(folded, begin, until), start - begin, end - begin, meant), start - begin


def replaced(folded: Folded, start: int, end: int, meant: str) -> Folded:
    """The same text with another reading of a stretch; no character stands for a stretch without one."""
    starts = [*folded.starts[:start], *([folded.starts[start]] * len(meant)), *folded.starts[end:]]
    ends = [*folded.ends[:start], *([folded.ends[end - 1]] * len(meant)), *folded.ends[end:]]
    return Folded(folded.text[:start] + meant + folded.text[end:], starts, ends)


def _cut(folded: Folded, begin: int, until: int) -> Folded:
    return Folded(folded.text[begin:until], folded.starts[begin:until], folded.ends[begin:until])


@cache
def _characters() -> dict[str, str]:
    """By syllable, the characters that rules speak of."""
    spoken = {char for entry in entries() for pattern in entry.say for char in pattern.pattern if is_han(char)}
    found: dict[str, str] = {}
    for char in sorted(spoken):
        for said in pinyin(char, style=Style.NORMAL, heteronym=True)[0]:
            found[said] = found.get(said, "") + char
    return found
