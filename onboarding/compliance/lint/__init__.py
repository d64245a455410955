"""Texts of goods read against the advertising law: what is wrong, by which rule, and what to write instead.

Not a list of words: what stands before and after, in the clause and in the text decides. Sources of the rules:
中华人民共和国广告法 and 广告绝对化用语执法指南 (SAMR 2023 No. 6), and those that each entry of the book names.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from onboarding.compliance.lint.folding import fold
from onboarding.compliance.lint.matching import GRAVITY, MOST, Hit, hits
from onboarding.compliance.lint.reasons import REASONS
from onboarding.compliance.lint.spelling import readings, replaced, window

if TYPE_CHECKING:
    from kernel.text import Message
    from onboarding.compliance.lint.folding import Folded

_WORD: Final = 4
"""How long a word is that one foreign sign parts; more would join what is two words."""


@dataclass(frozen=True, slots=True)
class Found:
    """A finding: the `term` as it stands in the text from character `start`, why it is one, and what to do."""

    rule: str
    verdict: str
    term: str
    start: int
    why: Message
    fix: Message

    def as_json(self) -> dict[str, str | int]:
        """What the command prints; `fix` is what to write or to show instead."""
        why, fix = str(self.why), str(self.fix)
        return {"rule": self.rule, "term": self.term, "start": self.start, "why": why, "fix": fix}


@dataclass(frozen=True, slots=True)
class Linted:
    """A text with its findings in the order of the text; the worst of them is its verdict."""

    text: str
    findings: tuple[Found, ...]

    @property
    def verdict(self) -> str:
        """`pass`, `evidence` (the owner is asked for proof) or `block`."""
        return max((one.verdict for one in self.findings), key=GRAVITY.index, default="pass")


def lint(text: str) -> Linted:
    """Read one text; never raises, and takes time in proportion to its length."""
    folded = _read_aloud(fold(text), text)
    found = []
    for hit in hits(folded, text)[:MOST]:
        start, end = folded.given(hit.start, hit.end)
        why, fix = REASONS[hit.entry.reason]
        found.append(Found(hit.entry.rule, hit.verdict, text[start:end], start, why, fix))
    return Linted(text, tuple(found))


def _read_aloud(folded: Folded, given: str) -> Folded:
    """The text with every spelt character as the one that breaks a rule, where there is such a one."""
    settled: list[tuple[int, int, str]] = []
    for start, end, meant in readings(folded):
        if settled and settled[-1][0] == start:
            continue
        near, place = window(folded, start, end, meant)
        if any(_is_owed(hit, place, meant) for hit in hits(near, given)):
            settled.append((start, end, meant))
    for start, end, meant in reversed(settled):
        folded = replaced(folded, start, end, meant)
    return folded


def _is_owed(hit: Hit, place: int, meant: str) -> bool:
    """Whether a finding is owed to another reading of a place."""
    if not meant:
        return hit.start < place < min(hit.end, hit.start + _WORD) and hit.verdict == "block"
    return hit.start <= place < hit.end and hit.verdict == "block"
