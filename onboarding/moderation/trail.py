"""What everybody did, as an operator reads it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String, case, cast, func, or_, select

from kernel import jobs
from kernel.audit import AuditRow
from kernel.clock import start_of
from kernel.tables import Selected
from onboarding.accounts.consents import grants_given
from onboarding.accounts.queries import people
from onboarding.moderation.rules import UNNAMED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from kernel.audit import Change
    from kernel.jobs import Job


PEOPLE = people()
GRANTS = grants_given()
_UNNAMED = AuditRow.operation.in_(UNNAMED)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One finished operation; `who` is a person's name, `system`, `visitor` or `unnamed`.

    Of a helper `sent_by` says who sends her and `on_behalf_of` for whom she acted.
    """

    id: int
    at: datetime
    who: str
    operation: str
    reason: str
    changes: list[Change]
    sent_by: str | None = None
    on_behalf_of: str | None = None


def trail(asked: Mapping[str, str]) -> Selected[AuditLine]:
    """The operations that an address asks for, the newest first."""
    who = case((_UNNAMED, "unnamed"), else_=func.coalesce(PEOPLE.c.name, AuditRow.actor))
    query = (
        select(AuditRow.id, AuditRow.at, who, AuditRow.operation, AuditRow.reason, AuditRow.changes)
        .add_columns(GRANTS.c.sent_by, GRANTS.c.owner)
        .outerjoin(PEOPLE, PEOPLE.c.id == AuditRow.actor_user_id)
        .outerjoin(GRANTS, GRANTS.c.grant == AuditRow.under)
        .where(*_conditions(asked))
    )
    return Selected(query, (AuditRow.id.desc(),), lambda rows: [AuditLine(*row) for row in rows])


def failed_jobs() -> Selected[Job]:
    """Jobs that were given up, newest first."""
    return Selected(jobs.failed(), (jobs.Job.id.desc(),), lambda rows: [row[0] for row in rows])


def _conditions(asked: Mapping[str, str]) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if asked["by"]:
        by_system = AuditRow.actor == "system"
        wanted.append(by_system if asked["by"] == "system" else ~by_system)
    if asked["operation"]:
        wanted.append(AuditRow.operation.startswith(asked["operation"], autoescape=True))
    if asked["who"]:
        wanted.append(_is_named(asked["who"]))
    if asked["subject"]:
        wanted.append(cast(AuditRow.changes, String).contains(asked["subject"], autoescape=True))
    if asked["since"]:
        wanted.append(AuditRow.at >= start_of(date.fromisoformat(asked["since"])))
    if asked["until"]:
        wanted.append(AuditRow.at < start_of(date.fromisoformat(asked["until"]) + timedelta(days=1)))
    return wanted


def _is_named(who: str) -> ColumnElement[bool]:
    """Whether somebody did it, or had it done by a helper."""
    names = (PEOPLE.c.name, GRANTS.c.owner)
    named = or_(*(name.icontains(who, autoescape=True) for name in names), AuditRow.actor == who)
    return named & ~_UNNAMED
