"""A text as a reader hears it, whatever signs it is written in, with the way back to the text as given."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

import opencc

from onboarding.compliance.lint.book import SIGNS, SYLLABLES, disguises, spelt

if TYPE_CHECKING:
    from collections.abc import Sequence

_HAN: Final = ("㐀", "鿿")
_STOPS: Final = frozenset("，。；！？、,;!?：:\n\r…")
_BETWEEN: Final = frozenset("%℃°¥$€=<>&@#×()+")
"""Signs that mean something beside a figure or a letter."""
_HEART: Final = "♡"
_SAYING: Final = frozenset(
    [f"{one}♡" for one in "微薇威维徽葳加"] + [f"+{one}" for one in "微薇威维卫徽我群扣企好"] + ["第-", "独-", "唯-"]
)
"""Signs that are words between two Chinese characters: a heart is 心, a plus 加, a dash 一."""
_NOTHING: Final = frozenset({"Cf", "Cc", "Mn", "Me", "Cs", "Co", "Cn"})
_DRAWN: Final = re.compile(
    r"(?:LATIN LETTER SMALL CAPITAL|REGIONAL INDICATOR SYMBOL LETTER"
    r"|(?:NEGATIVE )?(?:CIRCLED|SQUARED|PARENTHESIZED) LATIN (?:CAPITAL|SMALL) LETTER) ([A-Z])"
)
"""Letters in forms that compatibility does not know."""
_FOREIGN: Final = re.compile(r"[^a-z0-9À-ɏͰ-ԯ぀-ヺ㐀-鿿가-힣𠀀-\U0003ffff]")
"""What is read in no text of goods: between two characters it parts them, like a stroke."""
_SPACED: Final = re.compile(
    r"[a-z(](?:(?<=[a-z])(?<![a-z0-9][a-z])(?:[ ._/*~|-][a-z]){3,15}(?![a-z0-9])|(?<=\()[a-z](?:\([a-z]){1,15}\)?)"
)
"""A word of which every letter stands alone: w e i x i n, (v)(x)."""
_KEPT_AS_IS: Final = "著"  # read 着 or 著; 著名 is the one that matters here


@dataclass(frozen=True, slots=True)
class Folded:
    """What is matched: `text`, and for each of its characters where it begins and ends in the text as given."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def given(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the text as given that a stretch of this one stands for."""
        return self.starts[start], self.ends[end - 1]

    def plain(self, given: str, start: int, end: int) -> bool:
        """Whether a stretch is written in the text as given as it is here, be it in traditional characters."""
        begin, until = self.given(start, end)
        return "".join(_simplified().get(char, char) for char in given[begin:until]) == self.text[start:end]


def fold(given: str) -> Folded:
    """Compatibility forms, traditional characters, separators and disguises undone; linear in the length."""
    letters, at, until = _letters(given)
    folded = _unspaced(_joined(letters, at, until))
    if SYLLABLES.search(folded.text):
        folded = _replaced(folded, spelt())
    return _replaced(folded, disguises())


def is_han(char: str) -> bool:
    """Whether a character is a Chinese one."""
    return _HAN[0] <= char <= _HAN[1]


def _letters(given: str) -> tuple[list[str], list[int], list[int]]:
    """Every visible character in its plain form; signs without a reading become a space."""
    letters: list[str] = []
    at: list[int] = []
    until: list[int] = []
    for index, char in enumerate(given):
        for plain in _plain(char):
            letters.append(plain)
            at.append(index)
            until.append(index + 1)
    return letters, at, until


@lru_cache(maxsize=8192)
def _plain(char: str) -> str:
    if char in SIGNS:
        return SIGNS[char]
    if char in "\n\r":
        return "\n"
    if is_han(char) or "가" <= char <= "힣":
        return _simplified().get(char, char)
    digit = unicodedata.digit(char, None)
    if digit is not None:
        return str(digit)
    if drawn := _DRAWN.fullmatch(unicodedata.name(char, "")):
        return drawn[1].lower()
    composed = unicodedata.normalize("NFKC", char).lower()
    kept = (one for one in unicodedata.normalize("NFD", composed) if unicodedata.category(one) not in _NOTHING)
    return "".join(_simplified().get(one, one) if is_han(one) else _sign(one) for one in kept)


def _sign(char: str) -> str:
    if char in SIGNS:
        return SIGNS[char]
    said = char.isalnum() and not _FOREIGN.match(char)
    return char if said or char in _STOPS or char in _BETWEEN or char in "._-/'*~|" else " "


@cache
def _simplified() -> dict[str, str]:
    """Character by character, so that the length stays; what a phrase would decide is left to the rules."""
    every = [chr(code) for code in range(ord(_HAN[0]), ord(_HAN[1]) + 1)]
    simple = opencc.OpenCC("t2s").convert("\n".join(every)).split("\n")
    return {one: other for one, other in zip(every, simple, strict=True) if one != other and one not in _KEPT_AS_IS}


def _joined(letters: list[str], at: list[int], until: list[int]) -> Folded:
    """Separators between two Chinese characters go; beside letters and figures one of a run stays."""
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    waiting = -1
    for index, letter in enumerate(letters):
        if not (letter.isalnum() or letter in _STOPS):
            waiting = index if waiting < 0 or letter in _BETWEEN or letter in _HEART else waiting
            continue
        if waiting >= 0 and _counts(text[-1] if text else "", letters[waiting], letter):
            text.append(letters[waiting])
            starts.append(at[waiting])
            ends.append(until[waiting])
        waiting = -1
        text.append(letter)
        starts.append(at[index])
        ends.append(until[index])
    if waiting >= 0 and (letters[waiting] in _BETWEEN or letters[waiting] in _HEART):
        text.append(letters[waiting])
        starts.append(at[waiting])
        ends.append(until[waiting])
    return Folded("".join(text), starts, ends)


def _counts(before: str, sign: str, after: str) -> bool:
    """Whether a sign says something where it stands: in front of a text, beside letters, or as a word."""
    if not before:
        return sign in _BETWEEN
    return not (is_han(before) and is_han(after)) or before + sign in _SAYING or sign + after in _SAYING


def _unspaced(folded: Folded) -> Folded:
    """The same without what stands between the letters of a spelt word."""
    words = [range(*found.span()) for found in _SPACED.finditer(folded.text)]
    dropped = {place for word in words for place in word if not folded.text[place].isalpha()}
    if not dropped:
        return folded
    kept = [place for place in range(len(folded.text)) if place not in dropped]
    text = "".join(folded.text[place] for place in kept)
    return Folded(text, [folded.starts[place] for place in kept], [folded.ends[place] for place in kept])


def _replaced(folded: Folded, spellings: tuple[re.Pattern[str], dict[str, str]]) -> Folded:
    """Every disguised word written plainly; its characters share the stretch of the disguise."""
    pattern, plain = spellings
    text: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    done = 0
    for found in pattern.finditer(folded.text):
        word = plain[found.lastgroup or ""]
        begin, end = found.span()
        text.extend((folded.text[done:begin], word))
        starts.extend(folded.starts[done:begin])
        ends.extend(folded.ends[done:begin])
        for number in range(len(word)):
            first = begin + number * (end - begin) // len(word)
            last = begin + -(-(number + 1) * (end - begin) // len(word))
            starts.append(folded.starts[min(first, end - 1)])
            ends.append(folded.ends[max(first, last - 1)])
        done = end
    if not done:
        return folded
    text.append(folded.text[done:])
    starts.extend(folded.starts[done:])
    ends.extend(folded.ends[done:])
    return Folded("".join(text), starts, ends)
