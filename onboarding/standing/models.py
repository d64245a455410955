"""Tables of appeals, claims, checks, and of licences as they are shown to everybody."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref
from onboarding.standing.rules import AGAINST, ANSWERS, APPEAL, CAUSES, CHECK, CLAIM

_OPEN = text("state = 'open'")
_NOT_DONE = text("state <> 'confirmed'")


class Appeal(Base):
    """An owner's word against one decision (`against`, taken at `decision_at` by `first_by`); once per decision.

    Whoever took the decision does not judge the appeal: the table says so again.
    """

    __tablename__ = "appeals"
    __table_args__ = (
        CheckConstraint(f"state in {APPEAL.states}", name="state"),
        CheckConstraint(f"against in {AGAINST}", name="against"),
        CheckConstraint("(state = 'open') = (answered_at is null)", name="answered"),
        CheckConstraint("(answered_at is null) = (answered_by is null)", name="answered_by"),
        CheckConstraint("(state = 'dismissed') = (answer <> '')", name="answer"),
        CheckConstraint("answered_by is null or first_by is null or answered_by <> first_by", name="second_eyes"),
        UniqueConstraint("organisation_id", "decision_at"),
        Index("uq_appeals_open", "organisation_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    against: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    decision_at: Mapped[Instant]
    first_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))
    words: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(10))
    answer: Mapped[str] = mapped_column(String(500), default="")
    made_at: Mapped[Instant]
    answered_at: Mapped[Instant | None]
    answered_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))


class Claim(Base):
    """Somebody says that a credit code which another (`holder_id`) holds is hers; one open at a time per claimant."""

    __tablename__ = "claims"
    __table_args__ = (
        CheckConstraint(f"state in {CLAIM.states}", name="state"),
        CheckConstraint("length(uscc) = 18", name="uscc_length"),
        CheckConstraint("organisation_id <> holder_id", name="not_own"),
        CheckConstraint("(state = 'open') = (answered_at is null)", name="answered"),
        CheckConstraint("(answered_at is null) = (answered_by is null)", name="answered_by"),
        CheckConstraint("(state = 'open') = (answer = '')", name="answer"),
        Index("uq_claims_open", "organisation_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    holder_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    uscc: Mapped[str] = mapped_column(String(18), index=True)
    words: Mapped[str] = mapped_column(String(500))
    state: Mapped[str] = mapped_column(String(10))
    answer: Mapped[str] = mapped_column(String(500), default="")
    made_at: Mapped[Instant]
    answered_at: Mapped[Instant | None]
    answered_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))


class Check(Base):
    """A seller is to be held against its licence again; once per cause and period, one at a time.

    `period` is the day of the check before for `due`, the licence's last day for `expiry`.
    """

    __tablename__ = "checks"
    __table_args__ = (
        CheckConstraint(f"state in {CHECK.states}", name="state"),
        CheckConstraint(f"cause in {CAUSES}", name="cause"),
        CheckConstraint(f"answer in {ANSWERS}", name="answer"),
        CheckConstraint("(state = 'confirmed') = (confirmed_at is not null)", name="confirmed"),
        CheckConstraint("state <> 'answered' or answer <> ''", name="answered"),
        UniqueConstraint("organisation_id", "cause", "period"),
        Index("uq_checks_open", "organisation_id", unique=True, sqlite_where=_NOT_DONE, postgresql_where=_NOT_DONE),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    cause: Mapped[str] = mapped_column(String(10))
    period: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(10))
    answer: Mapped[str] = mapped_column(String(10), default="")
    opened_at: Mapped[Instant]
    answered_at: Mapped[Instant | None]
    confirmed_at: Mapped[Instant | None]


class ShownLicence(Base):
    """The marked copy of a seller's licence that everybody may look at (亮照); one per organisation."""

    __tablename__ = "shown_licences"
    __table_args__ = (CheckConstraint("length(picture_key) = 64", name="picture_key"),)

    id: Mapped[Id]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), unique=True)
    licence_id: Mapped[Ref] = mapped_column(ForeignKey("licences.id"))
    picture_key: Mapped[str] = mapped_column(String(64))
    drawn_at: Mapped[Instant]
