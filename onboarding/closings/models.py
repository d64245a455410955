"""The table of days off."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, Ref
from onboarding.closings.rules import MOST_DAYS, WORDS_LENGTH


class Closing(Base):
    """The newest rest of a factory, `[begun_at, reopens_at)`; one per organisation, earlier ones are in the audit.

    `reopened_at` is set where its owner opened before the day.
    """

    __tablename__ = "closings"
    __table_args__ = (
        CheckConstraint("begun_at < reopens_at", name="period"),
        CheckConstraint(f"days between 1 and {MOST_DAYS}", name="days"),
        CheckConstraint("reopened_at is null or reopened_at <= reopens_at", name="reopened"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), unique=True)
    begun_at: Mapped[Instant]
    days: Mapped[int]
    reopens_at: Mapped[Instant]
    reopened_at: Mapped[Instant | None]
    words: Mapped[str] = mapped_column(String(WORDS_LENGTH))
