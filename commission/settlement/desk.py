"""A seller's money at a glance: what comes on which day, what was settled on which day, the last payout. Fen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, cast, func, select

from commission.settlement.models import Payout, SaleRow
from kernel.clock import business_date
from kernel.db import session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

    from commission.settlement.queries import Line

_ONE = timedelta(days=1)
_MONTHS = 12

_GROSS = SaleRow.goods_fen + SaleRow.freight_fen - SaleRow.refunded_goods_fen - SaleRow.refunded_freight_fen
_SUPPLIED = SaleRow.supply_fen - SaleRow.refunded_supply_fen
_NET = cast(func.sum(_GROSS - _SUPPLIED - SaleRow.commission_fen - SaleRow.processing_fen), BigInteger)


@dataclass(frozen=True, slots=True)
class Due:
    """So many orders with so much net for the seller on one day; without a day while buyers have not signed."""

    day: date | None
    orders: int
    fen: int


@dataclass(frozen=True, slots=True)
class Paid:
    """The newest payout, and how it ended."""

    day: date
    fen: int
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a statement: all of its orders and what they come to, and those of them that the page shows."""

    due: Due
    lines: Sequence[Line]


def dues(seller: str) -> list[Due]:
    """What is held for a seller (public id), by the day of its release, the next day first; one statement."""
    return _by_day(SaleRow.release_on, SaleRow.seller == seller, SaleRow.state == "held")


def settled_days(seller: str, *, since: date | None = None, until: date | None = None) -> list[Due]:
    """What was settled for a seller on each day in `[since, until)`, the first day first; one statement."""
    where = [SaleRow.seller == seller, SaleRow.state == "settled"]
    where += [SaleRow.settled_on >= since] if since else []
    where += [SaleRow.settled_on < until] if until else []
    return _by_day(SaleRow.settled_on, *where)


def last_payout(seller: str) -> Paid | None:
    """The newest payout to a seller; one statement."""
    columns = (Payout.begun_at, Payout.finished_at, Payout.amount_fen, Payout.state, Payout.reason)
    query = select(*columns).where(Payout.party == seller).order_by(Payout.id.desc()).limit(1)
    row = session().execute(query).one_or_none()
    return Paid(business_date(row[1] or row[0]), row[2], row[3], row[4]) if row else None


def days_of(known: Iterable[Due], lines: Sequence[Line]) -> list[Day]:
    """The lines of one page by their days, settled or to be, in their own order; `known` has the sums of whole days."""
    sums = {due.day: due for due in known}
    found = groupby(lines, key=lambda line: line.settled_on or line.release_on)
    return [Day(sums[day], list(shown)) for day, shown in found if day in sums]


def course(known: Sequence[Due], *, since: date | None, until: date | None) -> Sequence[tuple[date | str, int]]:
    """What a chart shows of settled days: each day of a month up to the last of them, else the last twelve months."""
    by_day = {due.day: due.fen for due in known if due.day}
    if since and until:
        last = max(by_day, default=since)
        return [(day, by_day.get(day, 0)) for day in _each_day(since, min(last + _ONE, until))]
    by_month: dict[str, int] = {}
    for day, fen in by_day.items():
        by_month[f"{day:%Y-%m}"] = by_month.get(f"{day:%Y-%m}", 0) + fen
    return list(by_month.items())[-_MONTHS:]


def _each_day(since: date, until: date) -> Iterator[date]:
    return (since + _ONE * count for count in range((until - since).days))


def _by_day(day: InstrumentedAttribute[date | None], *where: ColumnElement[bool]) -> list[Due]:
    query = select(day, func.count(), _NET).where(*where).group_by(day).order_by(day.is_(None), day)
    return [Due(row[0], row[1], int(row[2])) for row in session().execute(query)]
