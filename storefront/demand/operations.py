"""What is done with what is sought: noted in batches, summed by day, forgotten in time."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from kernel.audit import operation
from kernel.clock import business_date
from kernel.db import is_sqlite, session
from storefront.demand.models import SearchClick, SearchKey, SearchNote, SearchSum
from storefront.demand.queries import key_of, sought, totals
from storefront.demand.rules import FEWEST, HIDDEN, KEPT_DAYS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from kernel.permissions import Actor

_LATE = timedelta(hours=1)  # what a web process still holds when the day ends is long written by then
_FIGURES = ("searches", "people", "missed", "relaxed", "clicked")


@operation("search.begin_day", quiet=True)
def begin_day(*, actor: Actor, now: datetime) -> str:  # noqa: ARG001  the audit row names the actor
    """The key of today's visitor codes, the same for all processes; those of days gone by are thrown away."""
    today, dialect = business_date(now), sqlite if is_sqlite() else postgresql
    session().execute(delete(SearchKey).where(SearchKey.day < today))
    made = dialect.insert(SearchKey).values(day=today, key=secrets.token_hex(32))
    session().execute(made.on_conflict_do_nothing(index_elements=["day"]))
    return key_of(today) or ""


@operation("search.note", quiet=True)
def note_batch(
    *,
    searches: Sequence[dict[str, Any]],
    clicks: Sequence[dict[str, Any]],
    actor: Actor,  # noqa: ARG001  the audit row would name both
    now: datetime,  # noqa: ARG001
) -> None:
    """Write what a process has collected; goods opened twice by the same visitor on a day are one click."""
    if searches:
        session().execute(insert(SearchNote), searches)
    if clicks:
        dialect = sqlite if is_sqlite() else postgresql
        session().execute(dialect.insert(SearchClick).on_conflict_do_nothing(), clicks)


@operation("search.tidy", quiet=True)
def tidy(*, actor: Actor, now: datetime) -> None:  # noqa: ARG001  the audit row names the actor
    """Sum up days that are over, then forget single searches after 90 days and keys at once."""
    for day in _unsummed(business_date(now - _LATE)):
        _sum_up(day)
    today = business_date(now)
    oldest = today - timedelta(days=KEPT_DAYS - 1)
    for table in (SearchNote, SearchClick):
        session().execute(delete(table).where(table.day < oldest))
    session().execute(delete(SearchKey).where(SearchKey.day < today))


def _unsummed(today: date) -> list[date]:
    summed = select(SearchSum.day).where(SearchSum.text == "")
    query = select(SearchNote.day).where(SearchNote.day < today, SearchNote.day.not_in(summed)).distinct()
    return sorted(session().scalars(query))


def _sum_up(day: date) -> None:
    """A text of fewer than three visitors is not kept by itself: it may tell who sought it."""
    whole, texts = totals(day, day), sought(day, day, limit=None)
    kept = [one for one in texts if one.people >= FEWEST and HIDDEN not in one.text]
    rows = [{"day": day, "text": "", "clicks": sum(one.clicks for one in texts), **_figures(whole)}]
    rows += [{"day": day, "text": one.text, "clicks": one.clicks, **_figures(one)} for one in kept]
    session().execute(insert(SearchSum), rows)


def _figures(counted: Any) -> dict[str, int]:  # noqa: ANN401  of a text or of all
    return {name: getattr(counted, name) for name in _FIGURES}
