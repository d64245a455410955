"""Tables of factory applications, of what factories tell of themselves, and of merchants' registrations."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref
from onboarding.verification.rules import CAPACITY_LENGTH, FIRST_YEAR, MAKES_LENGTH, MOST_PEOPLE


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


class Profile(Base):
    """What a factory tells shoppers of itself, if it cares to: nobody has checked it, and it decides nothing."""

    __tablename__ = "profiles"
    __table_args__ = (
        CheckConstraint(f"founded between {FIRST_YEAR} and 2999", name="founded"),
        CheckConstraint(f"people between 1 and {MOST_PEOPLE}", name="people"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), unique=True)
    founded: Mapped[int | None]
    people: Mapped[int | None]
    capacity: Mapped[str] = mapped_column(String(CAPACITY_LENGTH))
    makes: Mapped[str] = mapped_column(String(MAKES_LENGTH))
    told_at: Mapped[Instant]


class Registration(Base):
    """The credit code under which a merchant trades; one per organisation, one merchant per code."""

    __tablename__ = "registrations"
    __table_args__ = (CheckConstraint("length(uscc) = 18", name="uscc_length"),)

    id: Mapped[Id]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), unique=True)
    uscc: Mapped[str] = mapped_column(String(18), unique=True)
    registered_at: Mapped[Instant]
