"""Tables of visits to factories: what was seen there, what of it was withdrawn, who asks for one."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref
from onboarding.tiers.rules import FINDINGS, KEY_LENGTH, NOTE_LENGTH, OUTCOMES, PICTURES, VISIT

_OPEN = text("state = 'open'")
_LENGTHS = tuple(count * (KEY_LENGTH + 1) - 1 for count in PICTURES)


class Inspection(Base):
    """What somebody of the channel saw at a factory on a day; never changed: `ddl` refuses it, and who is no stranger.

    One passed counts in `[visited_on, valid_until)`, while the factory tells of itself what it told then: `profile` is
    the mark of that. `pictures` are the keys of one to six files, by spaces.
    """

    __tablename__ = "inspections"
    __table_args__ = (
        CheckConstraint(f"outcome in {OUTCOMES}", name="outcome"),
        CheckConstraint(f"(outcome = 'passed') = ({' and '.join(FINDINGS)})", name="all_found"),
        CheckConstraint("(outcome = 'passed') = (valid_until is not null)", name="valid"),
        CheckConstraint("valid_until > visited_on", name="period"),
        CheckConstraint("visited_on <= recorded_on", name="not_ahead"),
        CheckConstraint("outcome = 'passed' or note <> ''", name="note"),
        CheckConstraint(f"length(pictures) in {_LENGTHS}", name="pictures"),
        CheckConstraint(f"length(profile) = {KEY_LENGTH}", name="profile"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    inspected_by: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    visited_on: Mapped[date] = mapped_column(Date)
    recorded_on: Mapped[date] = mapped_column(Date)
    recorded_at: Mapped[Instant]
    at_address: Mapped[bool] = mapped_column(Boolean(create_constraint=False))
    makes_goods: Mapped[bool] = mapped_column(Boolean(create_constraint=False))
    fits_profile: Mapped[bool] = mapped_column(Boolean(create_constraint=False))
    in_order: Mapped[bool] = mapped_column(Boolean(create_constraint=False))
    outcome: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(NOTE_LENGTH))
    pictures: Mapped[str] = mapped_column(String(_LENGTHS[-1]))
    profile: Mapped[str] = mapped_column(String(KEY_LENGTH))
    valid_until: Mapped[date | None] = mapped_column(Date)


class InspectionWithdrawal(Base):
    """An operator's word that an inspection should not count, and why; once, and never changed."""

    __tablename__ = "inspection_withdrawals"
    __table_args__ = (CheckConstraint("reason <> ''", name="reason"),)

    id: Mapped[Id]
    inspection_id: Mapped[Ref] = mapped_column(ForeignKey("inspections.id"), unique=True)
    withdrawn_by: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    withdrawn_at: Mapped[Instant]
    reason: Mapped[str] = mapped_column(String(500))


class InspectionRequest(Base):
    """An owner's wish that somebody come and look; one at a time is open."""

    __tablename__ = "inspection_requests"
    __table_args__ = (
        CheckConstraint(f"state in {VISIT.states}", name="state"),
        CheckConstraint("(state = 'open') = (ended_at is null)", name="ended"),
        CheckConstraint("ended_at >= asked_at", name="period"),
        Index(
            "uq_inspection_requests_open", "organisation_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    asked_by: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    asked_at: Mapped[Instant]
    state: Mapped[str] = mapped_column(String(10))
    ended_at: Mapped[Instant | None]
