"""Finds the credit code among read lines, and mends what is commonly misread, where its two checks leave no doubt."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Final

from onboarding.licences.credit_code import LENGTH, fault

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_RUN: Final = re.compile(r"[0-9A-Z]{15,24}")
_LOOK_ALIKES: Final = ("0ODQ", "1ILJT", "2Z", "5S", "8B", "6G", "VUY", "3B", "7T", "4A", "MN", "WN", "CG", "KX", "PR")
_NEVER: Final = "IOZSV"
_AUTHORITIES: Final = "123456789ANY"


@dataclass(frozen=True, slots=True)
class Code:
    """A code as read or mended; an invalid one is what came nearest."""

    value: str
    is_valid: bool
    was_repaired: bool


def find(texts: Iterable[str]) -> tuple[Code, int] | None:
    """The best code in the texts, and which text has it: a valid one, else one that can be mended, else the nearest."""
    read = [(run, place) for place, text in enumerate(texts) for run in runs(text)]
    for run, place in read:
        whole = next((part for part in _parts(run) if fault(part) is None), None)
        if whole:
            return Code(whole, is_valid=True, was_repaired=False), place
    for run, place in read:
        mended = {code for part in _parts(run) if (code := repair(part))}
        if len(mended) == 1:
            return Code(mended.pop(), is_valid=True, was_repaired=True), place
    run, place = max(read, key=lambda one: -abs(len(one[0]) - LENGTH), default=("", 0))
    return (Code(run[:LENGTH], is_valid=False, was_repaired=False), place) if run else None


def runs(text: str) -> list[str]:
    """What may be a code in a line: half-width capitals and digits without a gap, as many as a code has, or nearly."""
    plain = unicodedata.normalize("NFKC", text).upper()
    return [run for run in _RUN.findall(re.sub(r"[\s.,·:;'`_|~-]+", "", plain)) if any(char.isdigit() for char in run)]


def repair(run: str) -> str | None:
    """The one code that a misread run of 18 can be, or None when there is none or more than one.

    Letters that no code has are always misread; beside them at most one character is taken for a look-alike, since
    with two of them a wrong code passes both checks (1 in 341) too often.
    """
    if len(run) != LENGTH:
        return None
    found: set[str] = set()
    for candidate in _candidates(run):
        if fault(candidate) is None and candidate[0] in _AUTHORITIES and candidate[2:8].isdigit():
            found.add(candidate)
        if len(found) > 1:
            return None
    return found.pop() if found else None


def _candidates(run: str) -> Iterator[str]:
    choices = [_alike(char) if char in _NEVER else (char,) for char in run]
    for settled in product(*choices):
        yield "".join(settled)
        for place, char in enumerate(settled):
            if run[place] in _NEVER:
                continue
            for other in _alike(char):
                yield "".join((*settled[:place], other, *settled[place + 1 :]))


def _alike(char: str) -> tuple[str, ...]:
    """Characters of codes that look like this one, without itself."""
    group = {other for signs in _LOOK_ALIKES if char in signs for other in signs}
    return tuple(sorted(group - {char, *_NEVER}))


def _parts(run: str) -> list[str]:
    """A run as it is, or every stretch of it that has the length of a code."""
    return [run[start : start + LENGTH] for start in range(max(1, len(run) - LENGTH + 1))]
