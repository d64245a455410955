"""Time is passed in: operations get `now`, the deployment's clock stands at the edge."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from pathlib import Path

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Answers the present moment as an aware UTC datetime."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""


class SystemClock:
    """The machine's clock; the only one in production."""

    def now(self) -> datetime:
        """The present moment, aware, UTC."""
        return datetime.now(UTC)


class ShiftedClock:
    """The machine's clock moved by the seconds kept in a file that web and worker share; never in production."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def now(self) -> datetime:
        """The shifted moment, aware, UTC."""
        return datetime.now(UTC) + self.shift()

    def shift(self) -> timedelta:
        """How far the clock is moved."""
        try:
            return timedelta(seconds=int(self._path.read_text()))
        except FileNotFoundError:
            return timedelta()

    def move(self, *, by: timedelta) -> None:
        """Move the clock on by `by` for every process of this deployment."""
        told = self._path.with_suffix(".new")
        told.write_text(str(int((self.shift() + by).total_seconds())))
        told.replace(self._path)  # others read it at any moment, and whoever writes may be killed


class FrozenClock:
    """A clock that tests set by hand."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        """The moment it was set to."""
        return self.moment


def business_date(moment: datetime) -> date:
    """The calendar day in Shanghai to which a moment belongs; the cut is 16:00 UTC today, by zone data always."""
    return moment.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The first moment of a Shanghai day, in UTC; days are half-open `[start_of(day), start_of(day + 1))`."""
    return datetime.combine(day, time.min, SHANGHAI).astimezone(UTC)
