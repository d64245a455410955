"""Tables of factory applications and of merchants' registrations."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref


class Application(Base):
    """What a factory says of itself and what was decided; one per organisation, one per credit code."""

    __tablename__ = "applications"
    __table_args__ = (
        CheckConstraint("state in ('submitted', 'approved', 'refused')", name="state"),
        CheckConstraint("length(uscc) = 18", name="uscc_length"),
        CheckConstraint("(state = 'refused') = (reason <> '')", name="reason"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), unique=True)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    belt_id: Mapped[Ref] = mapped_column(ForeignKey("belts.id"), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    submitted_at: Mapped[Instant]
    decided_at: Mapped[Instant | None]


class Registration(Base):
    """The credit code under which a merchant trades; one per organisation, one merchant per code."""

    __tablename__ = "registrations"
    __table_args__ = (CheckConstraint("length(uscc) = 18", name="uscc_length"),)

    id: Mapped[Id]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), unique=True)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    registered_at: Mapped[Instant]
