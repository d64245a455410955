"""A seller's money at a glance: what comes on which day, what was settled on which day, the last payout. Fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, cast, func, select

from commission.settlement.models import Payout, SaleRow
from kernel.clock import business_date
from kernel.db import session

if TYPE_CHECKING:
    from datetime import date

    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute

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


def _by_day(day: InstrumentedAttribute[date | None], *where: ColumnElement[bool]) -> list[Due]:
    query = select(day, func.count(), _NET).where(*where).group_by(day).order_by(day.is_(None), day)
    return [Due(row[0], row[1], int(row[2])) for row in session().execute(query)]
