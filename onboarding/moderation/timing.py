"""How long decisions take, beside what is promised: what waits too long, what was in time, by day and person."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select

from kernel.clock import business_date, start_of
from kernel.db import session
from kernel.money import BASIS
from onboarding.accounts.models import User
from onboarding.moderation.models import Case
from onboarding.moderation.queries import on_desk
from onboarding.moderation.rules import PROMISED, SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from kernel.permissions import Actor

DAYS: Final = 30
WEEK: Final = 7
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Taken:
    """How long some cases took: how many, the share in time in basis points, the middle and the slow ones in minutes.

    Nine of ten took no longer than `slow`. What still waits past its promise counts in the share. Of no cases there
    is no share.
    """

    count: int
    in_time_bp: int | None
    middle: int
    slow: int


@dataclass(frozen=True, slots=True)
class Kind:
    """Cases of one kind: what is promised, what waits, what of that too long, and how long the decided ones took."""

    subject_type: str
    hours: int
    waiting: int
    late: int
    oldest: int
    week: Taken
    month: Taken


@dataclass(frozen=True, slots=True)
class Times:
    """The desk's own account: by kind, all together, by day (oldest first, the last is today), by who decided."""

    kinds: Sequence[Kind]
    week: Taken
    month: Taken
    days: Sequence[tuple[date, int]]
    people: Sequence[tuple[str, Taken]]


@dataclass(frozen=True, slots=True)
class _Case:
    subject_type: str
    opened_at: datetime
    decided_at: datetime
    by: str

    @property
    def took(self) -> timedelta:
        return self.decided_at - self.opened_at

    @property
    def is_in_time(self) -> bool:
        return self.took <= PROMISED[self.subject_type] * _HOUR


def times(actor: Actor, *, now: datetime) -> Times:
    """The account of this operator's desk over the last days; two statements."""
    first = business_date(now) - timedelta(days=DAYS - 1)
    done, since = _decided(actor, start_of(first)), start_of(business_date(now) - timedelta(days=WEEK - 1))
    lately = [case for case in done if case.decided_at >= since]
    waits = _waiting(actor)
    late = sum(_is_late(kind, at, now) for kind, at in waits)
    by_day = Counter(business_date(case.decided_at) for case in done)
    people = {case.by for case in done}
    return Times(
        kinds=[_kind(kind, waits, lately, done, now) for kind in SUBJECTS],
        week=taken(lately, late),
        month=taken(done, late),
        days=[(day, by_day[day]) for day in (first + timedelta(days=back) for back in range(DAYS))],
        people=sorted(((name, taken([one for one in done if one.by == name])) for name in people), key=_busiest),
    )


def taken(cases: Sequence[_Case], late: int = 0) -> Taken:
    """How long these took; `late` more still wait past what was promised."""
    due, in_time = len(cases) + late, sum(case.is_in_time for case in cases)
    share = BASIS * in_time // due if due else None
    if not cases:
        return Taken(0, share, 0, 0)
    minutes = sorted(case.took // timedelta(minutes=1) for case in cases)
    slow = minutes[-(-len(minutes) * 9 // 10) - 1]
    return Taken(len(cases), share, int(median(minutes)), slow)


def _is_late(kind: str, opened_at: datetime, now: datetime) -> bool:
    return now - opened_at > PROMISED[kind] * _HOUR


def _busiest(row: tuple[str, Taken]) -> tuple[int, str]:
    return -row[1].count, row[0]


def _kind(
    kind: str, waits: Sequence[tuple[str, datetime]], lately: list[_Case], done: list[_Case], now: datetime
) -> Kind:
    opened = [at for subject_type, at in waits if subject_type == kind]
    late = sum(_is_late(kind, at, now) for at in opened)
    return Kind(
        subject_type=kind,
        hours=PROMISED[kind],
        waiting=len(opened),
        late=late,
        oldest=(now - min(opened, default=now)) // timedelta(minutes=1),
        week=taken([case for case in lately if case.subject_type == kind], late),
        month=taken([case for case in done if case.subject_type == kind], late),
    )


def _decided(actor: Actor, since: datetime) -> list[_Case]:
    query = select(Case.subject_type, Case.opened_at, Case.decided_at, User.name)
    query = query.join(User, User.id == Case.decided_by).where(Case.decided_at >= since, on_desk(actor))
    return [_Case(*tuple[Any, ...](row)) for row in session().execute(query)]


def _waiting(actor: Actor) -> list[tuple[str, datetime]]:
    query = select(Case.subject_type, Case.opened_at).where(Case.state == "open", on_desk(actor))
    return [(row[0], row[1]) for row in session().execute(query)]
