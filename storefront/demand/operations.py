"""What is done with what is sought: noted in batches, summed by day, forgotten in time."""

from __future__ import annotations

import secrets
from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from kernel.audit import operation
from kernel.clock import business_date
from kernel.db import is_sqlite, session
from storefront.demand.models import SearchClick, SearchKey, SearchNote, SearchSum
from storefront.demand.queries import key_of, sought, totals
from storefront.demand.rules import FEWEST, HIDDEN, KEPT_DAYS, MOST_A_DAY

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
    """Write what a process has collected: a text of a visitor once a day, how often is counted, goods opened once.

    Who has `MOST_A_DAY` of either on a day is noted no more: nobody fills the log.
    """
    dialect = sqlite if is_sqlite() else postgresql
    if notes := _within(SearchNote, _folded(searches)):
        made = dialect.insert(SearchNote)
        session().execute(_counted(made), notes)
    if opened := _within(SearchClick, clicks):
        session().execute(dialect.insert(SearchClick).on_conflict_do_nothing(), opened)


def _folded(searches: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each text of a visitor once, in one order for all processes, with her best result."""
    found: dict[tuple[Any, ...], dict[str, Any]] = {}
    for one in searches:
        key = one["day"], one["visitor"], one["text"]
        before = found.get(key, one | {"times": 0})
        best = one if one["hits"] > before["hits"] else before
        found[key] = best | {"times": before["times"] + 1}
    return [found[key] for key in sorted(found)]


def _counted(made: Any) -> Any:  # noqa: ANN401  an insert of either database
    """The statement that counts a text sought again; what is told of it stays unless more was found."""
    told = {
        name: case((made.excluded.hits > SearchNote.hits, made.excluded[name]), else_=getattr(SearchNote, name))
        for name in ("filters", "sort", "how", "hits")
    }
    times = {"times": SearchNote.times + made.excluded.times}
    return made.on_conflict_do_update(index_elements=["day", "visitor", "text"], set_=told | times)


def _within(table: type[SearchNote | SearchClick], rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What of some rows their visitors still have room for on their days."""
    if not rows:
        return []
    days, visitors = {row["day"] for row in rows}, {row["visitor"] for row in rows}
    query = select(table.day, table.visitor, func.count()).group_by(table.day, table.visitor)
    counted = session().execute(query.where(table.day.in_(days), table.visitor.in_(visitors)))
    noted = Counter({(day, visitor): many for day, visitor, many in counted})
    kept = []
    for row in rows:
        noted[row["day"], row["visitor"]] += 1
        if noted[row["day"], row["visitor"]] <= MOST_A_DAY:
            kept.append(row)
    return kept


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
