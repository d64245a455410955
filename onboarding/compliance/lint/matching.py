"""What the book of rules says of a folded text: words, and what stands around them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from onboarding.compliance.lint.book import gate, heads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from onboarding.compliance.lint.book import Entry
    from onboarding.compliance.lint.folding import Folded

GRAVITY: Final = ("pass", "evidence", "block")
MOST: Final = 50
"""How many findings of one text are told; more help nobody."""
_STOP: Final = re.compile(r"[，。；！？,;!?：:\n]")
_NEAR: Final = 14
_CLAUSE: Final = 40
_TEXT: Final = 120
_HELD: Final = 4


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry of the book that stands at a stretch of the folded text, and what it is there."""

    entry: Entry
    start: int
    end: int
    verdict: str


def hits(folded: Folded, given: str) -> list[Hit]:
    """What stands in a text, left to right; a finding inside another of the same rule is part of it."""
    kept: list[Hit] = []
    excused: dict[str, int] = {}
    begins = heads()
    for place, char in enumerate(folded.text):
        if char in begins and gate(char).match(folded.text, place):
            here = list(_at(place, folded, given))
            for hit in here:
                if hit.verdict == "pass":
                    excused |= {rule: max(excused.get(rule, 0), hit.end) for rule in hit.entry.rule.split()}
            _keep(here, kept, excused)
            if len(kept) > MOST:
                break
    return kept


def _at(place: int, folded: Folded, given: str) -> Iterator[Hit]:
    """Every entry that stands at a place."""
    for entry, pattern in heads()[folded.text[place]]:
        found = pattern.match(folded.text, place)
        if found is None or (entry.plainly and not folded.plain(given, place, found.end())):
            continue
        around = _Around(folded.text, place, found.end())
        if _stands(entry, around):
            shown = entry.proof is not None and entry.proof.search(around.text)
            yield Hit(entry, place, found.end(), "evidence" if shown else entry.verdict)


def _keep(here: list[Hit], kept: list[Hit], excused: dict[str, int]) -> None:
    """Of what begins at a place, the longest of each rule, unless it is excused or another holds it already."""
    for hit in sorted(here, key=lambda one: (-one.end, -GRAVITY.index(one.verdict))):
        rule = hit.entry.rule
        held = any(one.entry.rule == rule and one.end > hit.start for one in kept[-_HELD:])
        if hit.verdict != "pass" and not held and excused.get(rule, 0) <= hit.start:
            kept.append(hit)


def _stands(entry: Entry, around: _Around) -> bool:
    needed = all(around.says(where, pattern) for where, pattern in entry.needs)
    return needed and not any(around.says(where, pattern) for where, pattern in entry.excuses)


class _Around:
    """What stands around a stretch of a text, each part cut to a bounded length."""

    def __init__(self, text: str, start: int, end: int) -> None:
        self._all, self._start, self._end = text, start, end

    @cached_property
    def before(self) -> str:
        return self._all[max(0, self._start - _NEAR) : self._start]

    @cached_property
    def after(self) -> str:
        return self._all[self._end : self._end + _NEAR]

    @cached_property
    def clause(self) -> str:
        ahead = _STOP.split(self._all[max(0, self._start - _CLAUSE) : self._start])[-1]
        behind = _STOP.split(self._all[self._end : self._end + _CLAUSE], maxsplit=1)[0]
        return ahead + self._all[self._start : self._end] + behind

    @cached_property
    def text(self) -> str:
        return self._all[max(0, self._start - _TEXT) : self._end + _TEXT]

    def says(self, where: str, pattern: re.Pattern[str]) -> bool:
        part: str = getattr(self, where)
        return bool(pattern.match(part) if where == "after" else pattern.search(part))
