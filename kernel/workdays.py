"""Days people work in China: weekends, statutory holidays and the weekend days worked in exchange for them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from holidays import country_holidays

_CHINA: Final = country_holidays("CN")
"""Statutory holidays of any year; days moved by the State Council as far as a release of the library knows them."""


def is_working_day(day: date) -> bool:
    """Whether offices are open on this Shanghai day."""
    return _CHINA.is_working_day(day)


def working_day_from(day: date) -> date:
    """The first working day from this one on, itself included."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day
