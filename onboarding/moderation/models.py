"""The table of cases."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref
from onboarding.moderation.rules import SUBJECTS

_OPEN = text("state = 'open'")


class Case(Base):
    """One matter before an operator; a subject has one open case at most. Region and belt say whose desk it is.

    Once decided it stays as it is (`ddl`).

    `asked` names the fields that were sent back to be corrected, by spaces; `internal` is for colleagues alone;
    `weight` is how many people besides the first wait for it.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(f"subject_type in {SUBJECTS}", name="subject_type"),
        CheckConstraint("state in ('open', 'approved', 'refused', 'returned', 'dropped')", name="state"),
        CheckConstraint("(state = 'open') = (decided_at is null)", name="decided"),
        CheckConstraint("(decided_at is null) = (decided_by is null)", name="decided_by"),
        CheckConstraint("(state in ('refused', 'returned')) = (reason <> '')", name="reason"),
        CheckConstraint("asked = '' or state = 'returned'", name="asked"),
        CheckConstraint("(taken_at is null) = (taken_by is null)", name="taken"),
        Index(
            "uq_cases_open_subject",
            "subject_type",
            "subject",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
        Index("ix_cases_queue", "state", "subject_type", "weight", "id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    subject_type: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(40), index=True)
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    region: Mapped[str] = mapped_column(String(20))
    belt: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    weight: Mapped[int] = mapped_column(default=0, server_default="0")
    asked: Mapped[str] = mapped_column(String(200), default="", server_default="")
    internal: Mapped[str] = mapped_column(String(500), default="", server_default="")
    opened_at: Mapped[Instant]
    taken_at: Mapped[Instant | None]
    taken_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))
    decided_at: Mapped[Instant | None]
    decided_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))
