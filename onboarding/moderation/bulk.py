"""Deciding many cases at once: each by itself, those that cannot be decided are skipped and said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from kernel.audit import operation
from kernel.db import is_sqlite
from kernel.errors import DomainError, InvalidInputError
from kernel.text import clean
from onboarding.moderation.operations import approve_case, refuse_case
from onboarding.moderation.rules import BULK
from onboarding.moderation.seen import must_be_seen, seen_in_list
from onboarding.verification.rules import reason_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from kernel.permissions import Actor


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of deciding many, by public id: those done, and the refusal of each one skipped."""

    done: tuple[str, ...]
    skipped: dict[str, DomainError]


def approve_cases(*, actor: Actor, cases: Sequence[str], now: datetime) -> Decided:
    """Approve many; `case.too_many` beyond a hundred at once.

    Who joins, goods and edits that something grave speaks against, and goods of which pictures came later, are
    `case.look_first`: whoever approves them has opened their page.
    """
    return _each(cases, lambda case: _approve_unseen(actor=actor, case=case, now=now))


def refuse_cases(*, actor: Actor, cases: Sequence[str], reason: str, now: datetime) -> Decided:
    """Send many back for one reason, which is judged before any of them; `case.too_many` beyond a hundred at once."""
    if wrong := reason_fault(clean(reason, keep_lines=True)):
        raise InvalidInputError({"reason": wrong})
    return _each(cases, lambda case: refuse_case(actor=actor, case=case, reason=reason, now=now))


@operation("case.approve")
def _approve_unseen(*, actor: Actor, case: str, now: datetime) -> None:
    """What was found is read in the transaction that decides."""
    if must_be_seen(case, now=now):
        raise DomainError("case.look_first")
    approve_case(actor=actor, case=case, seen=seen_in_list(case), now=now)


def _each(cases: Sequence[str], decide: Callable[[str], None]) -> Decided:
    """Decide each in a transaction of its own: one that cannot be decided does not hold up the rest.

    Nor does one that another waits for in a circle: it is `busy`. Where SQLite has no room the rest is not tried, for
    each would wait as long; what was decided is told.
    """
    if len(cases) > BULK:
        raise DomainError("case.too_many", most=BULK)
    skipped: dict[str, DomainError] = {}
    has_room = True
    for case in dict.fromkeys(cases):
        if not has_room:
            skipped[case] = DomainError("busy")
            continue
        try:
            decide(case)
        except DomainError as refusal:
            skipped[case] = refusal
        except OperationalError:
            skipped[case], has_room = DomainError("busy"), not is_sqlite()
    return Decided(tuple(case for case in dict.fromkeys(cases) if case not in skipped), skipped)
