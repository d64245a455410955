"""What can be asked about days off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from kernel.db import session
from onboarding.closings.models import Closing

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, ScalarSelect, SQLColumnExpression


def closing_of_maker(organisation_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """What joins a maker's closing that nobody ended; the caller compares `reopens_at` with her own time."""
    return (Closing.organisation_id == organisation_id) & Closing.reopened_at.is_(None)


def last_rest(organisation_id: SQLColumnExpression[int]) -> ScalarSelect[datetime]:
    """When the rest that a maker took last ends, as a column; null where it took none, or ended it by hand."""
    return select(Closing.reopens_at).where(closing_of_maker(organisation_id)).scalar_subquery()


def closing_of(organisation_id: int, *, now: datetime) -> Closing | None:
    """The rest of a factory that lasts now."""
    lasts = (Closing.organisation_id == organisation_id) & Closing.reopened_at.is_(None) & (Closing.reopens_at > now)
    return session().scalar(select(Closing).where(lasts))
