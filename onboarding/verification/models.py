"""Tables of applications of factories and merchants, and of what factories tell of themselves."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref
from onboarding.verification.rules import (
    APPLICATION,
    CAPACITY_LENGTH,
    FIRST_YEAR,
    HOLDING,
    KINDS,
    MAKES_LENGTH,
    MOST_PEOPLE,
    REASONED,
    WAITING,
    WAYS,
    WITHOUT_CODE,
)

_HOLDS = text(f"state in {HOLDING} and uscc <> ''")


class Application(Base):
    """What a factory or a merchant says of itself and what was decided; one per organisation, whose kind it has.

    A credit code is held by one application of each kind at a time: a draft, one refused and one closed hold none, so
    that nobody keeps a stranger's code by typing it. A factory needs a belt and a way of selling, a merchant has
    neither. `checked_at` is when it was last held against its licence, `asked` names the fields that an operator wants
    corrected, by spaces. Whoever let it in stays `approved_by`, whatever is decided later.
    """

    __tablename__ = "applications"
    __table_args__ = (
        CheckConstraint(f"state in {APPLICATION.states}", name="state"),
        CheckConstraint("uscc = '' or length(uscc) = 18", name="uscc_length"),
        CheckConstraint(f"state in {WITHOUT_CODE} or uscc <> ''", name="has_code"),
        CheckConstraint(f"kind in {KINDS}", name="kind"),
        CheckConstraint("state = 'draft' or kind = 'merchant' or belt_id is not null", name="complete"),
        CheckConstraint("kind = 'factory' or (belt_id is null and ways = '')", name="of_no_belt"),
        CheckConstraint(f"kind = 'factory' or state not in {WAITING} or licence_id is not null", name="photo"),
        CheckConstraint("state = 'draft' or submitted_at is not null", name="submitted"),
        CheckConstraint(f"(state in {REASONED}) = (reason <> '')", name="reason"),
        CheckConstraint("(state = 'correction') = (asked <> '')", name="asked"),
        CheckConstraint(f"ways in {('', *WAYS)}", name="ways"),
        CheckConstraint("state = 'draft' or kind = 'merchant' or ways <> ''", name="ways_chosen"),
        ForeignKeyConstraint(["organisation_id", "kind"], ["organisations.id", "organisations.kind"]),
        Index("uq_applications_held_uscc", "kind", "uscc", unique=True, sqlite_where=_HOLDS, postgresql_where=_HOLDS),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    uscc: Mapped[str] = mapped_column(String(18), default="", index=True)
    belt_id: Mapped[Ref | None] = mapped_column(ForeignKey("belts.id"), index=True)
    ways: Mapped[str] = mapped_column(String(10), default="")
    licence_id: Mapped[Ref | None] = mapped_column(ForeignKey("licences.id"))
    legal_representative: Mapped[str] = mapped_column(String(60), default="", index=True)
    address: Mapped[str] = mapped_column(String(200), default="")
    sort: Mapped[str] = mapped_column(String(60), default="")
    established_on: Mapped[date | None] = mapped_column(Date)
    expires_on: Mapped[date | None] = mapped_column(Date)
    scope: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[str] = mapped_column(String(20), index=True)
    reason: Mapped[str] = mapped_column(String(500), default="")
    asked: Mapped[str] = mapped_column(String(200), default="")
    begun_at: Mapped[Instant]
    submitted_at: Mapped[Instant | None]
    decided_at: Mapped[Instant | None]
    decided_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))
    approved_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))
    checked_at: Mapped[Instant | None]


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
