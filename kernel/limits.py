"""Rate limits counted in the database, so that every web process counts the same."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import String, delete
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Instant, is_sqlite, session, transaction
from kernel.errors import TooManyError

if TYPE_CHECKING:
    from collections.abc import Iterable


class RateCounter(Base):
    """How often a key was hit in one window of time."""

    __tablename__ = "rate_counters"

    key: Mapped[str] = mapped_column(String(120), primary_key=True)
    window_start: Mapped[Instant] = mapped_column(primary_key=True)
    count: Mapped[int]
    expires_at: Mapped[Instant] = mapped_column(index=True)


def hit(limits: Iterable[tuple[str, int, timedelta]], *, now: datetime) -> None:
    """Count one try against each `(key, allowed, window)`; over any of them raises `rate.limited` with seconds.

    The count is kept whatever becomes of the try, so it runs in a transaction of its own before the operation.
    """
    refusals = []
    with transaction():
        for key, allowed, window in limits:
            start = _window_start(now, window)
            if _count(key, start, start + window) > allowed:
                refusals.append(int((start + window - now).total_seconds()) + 1)
    if refusals:
        raise TooManyError("rate.limited", seconds=max(refusals))


def forget_expired(*, now: datetime) -> None:
    """Drop counters whose window is over."""
    with transaction():
        session().execute(delete(RateCounter).where(RateCounter.expires_at <= now))


def _window_start(now: datetime, window: timedelta) -> datetime:
    seconds = int(window.total_seconds())
    return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, tz=now.tzinfo)


def _count(key: str, start: datetime, end: datetime) -> int:
    dialect = sqlite if is_sqlite() else postgresql
    row = dialect.insert(RateCounter).values(key=key, window_start=start, count=1, expires_at=end)
    counted = row.on_conflict_do_update(
        index_elements=["key", "window_start"],
        set_={"count": RateCounter.count + 1},
    ).returning(RateCounter.count)
    count: int = session().execute(counted).scalar_one()
    return count
