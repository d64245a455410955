"""What operators have to say of goods on sale: changes that wait, goods taken down."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.db import Base, Id, Instant, PublicId, Ref
from onboarding.listings.models.goods import Listing
from onboarding.listings.rules import REASON_CAP, TAKEDOWN_REASONS

_STANDS = text("ended_at is null")


class ListingEdit(Base):
    """A change of goods on sale that waits for an operator, or waited: fields with their values `before` and `after`.

    One that was `sampled` holds already, and an operator looks at it afterwards.

    Fields are `title`, `category`, `description`, `image`, `attributes`, and of a SKU (public id) `price.<id>` in fen
    and `options.<id>`.
    """

    __tablename__ = "listing_edits"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'sampled', 'applied', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("(state in ('waiting', 'sampled')) = (ended_at is null)", name="ended"),
        CheckConstraint("(state = 'refused') = (reason <> '')", name="reason"),
        Index(
            "uq_listing_edits_waiting",
            "listing_id",
            unique=True,
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"), index=True)
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    asked_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]

    listing: Mapped[Listing] = relationship()


class Takedown(Base):
    """That an operator took a listing off sale: why, what its factory is told, and what colleagues alone read.

    `cause` is what it shares with goods that were taken down with it (`certificate:…`, `factory:…`), empty for itself.
    It stands until `ended_at`. One appeal against it, which whoever took it down does not judge: the table says so.
    """

    __tablename__ = "takedowns"
    __table_args__ = (
        CheckConstraint(f"reason_code in {tuple(TAKEDOWN_REASONS)}", name="reason_code"),
        CheckConstraint("reason_code <> 'other' or told <> ''", name="told"),
        CheckConstraint("(ended_at is null) = (ending = '')", name="ended"),
        CheckConstraint("ending in ('', 'restored', 'granted', 'submitted', 'archived')", name="ending"),
        CheckConstraint("appeal in ('', 'open', 'granted', 'dismissed')", name="appeal"),
        CheckConstraint("(appeal = '') = (appealed_at is null)", name="appealed"),
        CheckConstraint("(appeal in ('granted', 'dismissed')) = (answered_at is not null)", name="answered"),
        CheckConstraint("(answered_at is null) = (answered_by is null)", name="answered_by"),
        CheckConstraint("answered_by is null or taken_by is null or answered_by <> taken_by", name="second_eyes"),
        Index("uq_takedowns_standing", "listing_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"), index=True)
    reason_code: Mapped[str] = mapped_column(String(20))
    told: Mapped[str] = mapped_column(String(500))
    internal: Mapped[str] = mapped_column(String(500))
    cause: Mapped[str] = mapped_column(String(60))
    taken_at: Mapped[Instant]
    taken_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))
    appeal: Mapped[str] = mapped_column(String(10), default="")
    words: Mapped[str] = mapped_column(String(500), default="")
    appealed_at: Mapped[Instant | None]
    answer: Mapped[str] = mapped_column(String(500), default="")
    answered_at: Mapped[Instant | None]
    answered_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))
    ending: Mapped[str] = mapped_column(String(10), default="")
    ended_at: Mapped[Instant | None]
    ended_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))
    ended_note: Mapped[str] = mapped_column(String(500), default="")


class Mending(Base):
    """What an operator asked to be mended of goods on sale, and by when; what their factory answered.

    It comes back to the operators once it is `answered` or its time is `over`, and ends with what they say then.
    """

    __tablename__ = "mendings"
    __table_args__ = (
        CheckConstraint("told <> ''", name="told"),
        CheckConstraint("due_at > asked_at", name="due_at"),
        CheckConstraint("back in ('', 'answered', 'over')", name="back"),
        CheckConstraint("(back = '') = (back_at is null)", name="back_at"),
        CheckConstraint("answer = '' or back = 'answered'", name="answer"),
        Index("uq_mendings_open", "listing_id", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        Index("ix_mendings_due", "back", "due_at"),
    )

    id: Mapped[Id]
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"), index=True)
    told: Mapped[str] = mapped_column(String(REASON_CAP))
    asked_at: Mapped[Instant]
    due_at: Mapped[Instant]
    answer: Mapped[str] = mapped_column(String(REASON_CAP), default="")
    back: Mapped[str] = mapped_column(String(10), default="")
    back_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]


class Measure(Base):
    """Goods off sale for a cause (the public id of a notice); they come back when none is left.

    What has ended stays as it is (`onboarding.notices.ddl`, made with this table).
    """

    __tablename__ = "measures"
    __table_args__ = (
        Index("uq_measures_open", "listing_id", "cause", unique=True, sqlite_where=_STANDS, postgresql_where=_STANDS),
        CheckConstraint("ended_at is null or ended_at >= taken_at", name="ended"),
    )

    id: Mapped[Id]
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"), index=True)
    cause: Mapped[str] = mapped_column(String(40), index=True)
    taken_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
