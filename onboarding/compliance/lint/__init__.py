"""Texts of goods read against the advertising law: what is wrong, by which rule, and what to write instead.

Not a list of words: what stands before and after, in the clause and in the text decides. Sources of the rules:
中华人民共和国广告法 and 广告绝对化用语执法指南 (SAMR 2023 No. 6), and those that each entry of the book names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from onboarding.compliance.lint.book import HEADS
from onboarding.compliance.lint.folding import fold
from onboarding.compliance.lint.reasons import REASONS
from onboarding.compliance.lint.spelling import readings, replaced, window

if TYPE_CHECKING:
    from kernel.text import Message
    from onboarding.compliance.lint.book import Entry
    from onboarding.compliance.lint.folding import Folded

_GRAVITY: Final = ("pass", "evidence", "block")
_STOP: Final = re.compile(r"[，。；！？,;!?：:\n]")
_NEAR: Final = 14
_CLAUSE: Final = 40
_TEXT: Final = 120
_WORD: Final = 4
MOST: Final = 50
"""How many findings of one text are told; more help nobody."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: the `term` as it stands in the text from character `start`, why it is one, and what to do."""

    rule: str
    verdict: str
    term: str
    start: int
    why: Message
    fix: Message


@dataclass(frozen=True, slots=True)
class Linted:
    """A text with its findings in the order of the text; the worst of them is its verdict."""

    text: str
    findings: tuple[Found, ...]

    @property
    def verdict(self) -> str:
        """`pass`, `evidence` (the owner is asked for proof) or `block`."""
        return max((one.verdict for one in self.findings), key=_GRAVITY.index, default="pass")


def lint(text: str) -> Linted:
    """Read one text; never raises, and takes time in proportion to its length."""
    folded = _read_aloud(fold(text), text)
    hits = _hits(folded, text)
    found = []
    for hit in hits[:MOST]:
        start, end = folded.given(hit.start, hit.end)
        why, fix = REASONS[hit.reason]
        found.append(Found(hit.entry.rule, hit.verdict, text[start:end], start, why, fix))
    return Linted(text, tuple(found))


def _read_aloud(folded: Folded, given: str) -> Folded:
    """The text with every spelt character as the one that breaks a rule, where there is such a one."""
    settled: list[tuple[int, int, str]] = []
    for start, end, meant in readings(folded):
        if settled and settled[-1][0] == start:
            continue
        near, place = window(folded, start, end, meant)
        if any(_holds(hit, place, meant) for hit in _hits(near, given)):
            settled.append((start, end, meant))
    for start, end, meant in reversed(settled):
        folded = replaced(folded, start, end, meant)
    return folded


def _holds(hit: _Hit, place: int, meant: str) -> bool:
    """Whether a finding is owed to another reading of a place."""
    if not meant:
        return hit.start < place < hit.end <= hit.start + _WORD and hit.verdict == "block"
    return hit.start <= place < hit.end and hit.verdict == "block"


@dataclass(slots=True)
class _Hit:
    entry: Entry
    start: int
    end: int
    verdict: str

    @property
    def reason(self) -> str:
        return self.entry.reason


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


def _hits(folded: Folded, given: str) -> list[_Hit]:
    """What the book says of a text, left to right; a finding inside another of the same rule is part of it."""
    kept: list[_Hit] = []
    excused: dict[str, int] = {}
    text = folded.text
    for place, char in enumerate(text):
        for entry, pattern in HEADS.get(char, ()):
            found = pattern.match(text, place)
            if found is None or not _stands(entry, _Around(text, place, found.end())):
                continue
            if entry.plainly and not folded.plain(given, place, found.end()):
                continue
            if entry.verdict == "pass":
                for rule in entry.rule.split():
                    excused[rule] = max(excused.get(rule, 0), found.end())
                continue
            kept.append(_Hit(entry, place, found.end(), _verdict(entry, _Around(text, place, found.end()))))
        if kept and kept[-1].start == place:
            _settle(kept, place, excused)
        if len(kept) > MOST:
            break
    return kept


def _stands(entry: Entry, around: _Around) -> bool:
    return all(around.says(where, pattern) for where, pattern in entry.needs) and not any(
        around.says(where, pattern) for where, pattern in entry.excuses
    )


def _verdict(entry: Entry, around: _Around) -> str:
    if entry.proof is not None and entry.proof.search(around.text):
        return "evidence"
    return entry.verdict


def _settle(kept: list[_Hit], place: int, excused: dict[str, int]) -> None:
    """Of what begins at a place, drop what is excused and what another of its rule holds already."""
    new = []
    while kept and kept[-1].start == place:
        new.append(kept.pop())
    for hit in sorted(new, key=lambda one: (-one.end, -_GRAVITY.index(one.verdict))):
        held = any(one.entry.rule == hit.entry.rule and one.end > place for one in kept[-4:])
        if not held and excused.get(hit.entry.rule, 0) <= place:
            kept.append(hit)
