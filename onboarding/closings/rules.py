"""How long a factory may rest, and what it may say about it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kernel.clock import business_date
from onboarding.verification.rules import words_fault

if TYPE_CHECKING:
    from datetime import date, datetime

    from onboarding.licences.credit_code import Fault

MOST_DAYS: Final = 60
WORDS_LENGTH: Final = 100


def faults(*, until: date | None, words: str, now: datetime) -> dict[str, Fault]:
    """What is wrong with a period of rest that begins now, by field; `until` is the day on which it sells again."""
    today = business_date(now)
    wrong: dict[str, Fault] = {}
    if until is None or not 1 <= (until - today).days <= MOST_DAYS:
        bounds = (today + timedelta(days=1), today + timedelta(days=MOST_DAYS))
        wrong["until"] = "field.closing_until", {"least": bounds[0].isoformat(), "most": bounds[1].isoformat()}
    if (fault := words_fault(words, WORDS_LENGTH)) is not None:
        wrong["words"] = fault
    return wrong


def rests_until(reopens_at: datetime | None, now: datetime) -> date | None:
    """The day on which a factory sells again, while it rests; the moment of opening is no rest any more."""
    return business_date(reopens_at) if reopens_at is not None and now < reopens_at else None
