"""Counting the words of titles: what a dictionary of the goods is made from. Processes count apart and add up."""

import re
from collections import Counter as Counted
from collections.abc import Sequence
from typing import Final

from storefront.search.text import LAST_SIGN, is_han

LONGEST: Final = 12  # characters of a word or of two words side by side
_MOST: Final = 600_000  # counted at once; then what was met once is forgotten
_KEPT: Final = 400_000
_LATIN: Final = re.compile("[a-z]{2,20}")

Told = tuple[dict[str, int], dict[str, int], dict[str, int]]


class Counter:
    """Counts the words of titles, and the pairs of neighbours; bounded, so that a million titles fit."""

    def __init__(self) -> None:
        self._singles = Counted[str]()
        self._words = Counted[str]()
        self._pairs = Counted[str]()

    def add(self, cuts: Sequence[str]) -> None:
        """Count one title as it was cut."""
        self._singles.update("".join(cuts))
        before = ""
        for each in cuts:
            if each <= LAST_SIGN:
                before = ""
                if _LATIN.fullmatch(each):
                    self._words[each] += 1
                continue
            if len(each) > 1:
                self._words[each] += 1
            if before and len(before) + len(each) <= LONGEST:
                self._pairs[before + each] += 1
            before = each
        self._bound()

    def told(self) -> Told:
        """What was counted: signs, words, pairs."""
        return dict(self._singles), dict(self._words), dict(self._pairs)

    def take(self, told: Told) -> None:
        """Count as well what another counted."""
        for mine, others in zip((self._singles, self._words, self._pairs), told, strict=True):
            mine.update(others)
        self._bound()

    def has(self, word: str) -> bool:
        """Whether a word was counted; pairs are none."""
        return word in self._words

    def signs(self) -> list[tuple[str, int]]:
        """The Chinese characters."""
        return [(sign, count) for sign, count in self._singles.items() if is_han(sign)]

    def words(self) -> list[tuple[str, int]]:
        """The words, the most used where there are too many."""
        return _most(self._words)

    def pairs(self) -> list[tuple[str, int]]:
        """The same of the pairs of neighbours."""
        return _most(self._pairs)

    def _bound(self) -> None:
        self._words, self._pairs = _bounded(self._words), _bounded(self._pairs)


def _bounded(counts: Counted[str]) -> Counted[str]:
    if len(counts) <= _MOST:
        return counts
    return Counted({word: count for word, count in counts.items() if count > 1})


def _most(counts: Counted[str]) -> list[tuple[str, int]]:
    return list(counts.items()) if len(counts) <= _KEPT else counts.most_common(_KEPT)
