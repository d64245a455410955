"""The table of departures."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref
from onboarding.departures.rules import DEPARTURE, STANDING

_STANDS = text(f"state in {STANDING}")


class Departure(Base):
    """An organisation that said it leaves; one stands at a time, one taken back stands no longer.

    It is closed at `closes_at` or later. `ddl` refuses a shorter notice, another day, and taking back what is closed.
    """

    __tablename__ = "departures"
    __table_args__ = (
        CheckConstraint(f"state in {DEPARTURE.states}", name="state"),
        CheckConstraint("(state = 'announced') = (ended_at is null)", name="ended"),
        CheckConstraint("announced_at < closes_at", name="period"),
        CheckConstraint("state <> 'closed' or ended_at >= closes_at", name="not_early"),
        Index("uq_departures_standing", "organisation_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    state: Mapped[str] = mapped_column(String(10))
    announced_at: Mapped[Instant]
    announced_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))
    closes_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
