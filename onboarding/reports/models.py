"""The table of reports."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref
from onboarding.reports.rules import REASONS, REPORT

_OPEN = text("state = 'open'")


class Report(Base):
    """One shopper's word about goods, seen at `organisation_id` (their maker, or a merchant); one open per person.

    No seller ever reads who said it.
    """

    __tablename__ = "reports"
    __table_args__ = (
        CheckConstraint(f"state in {REPORT.states}", name="state"),
        CheckConstraint(f"reason in {tuple(REASONS)}", name="reason"),
        CheckConstraint("(state = 'open') = (answered_at is null)", name="answered"),
        Index("uq_reports_open", "reporter_id", "listing_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_reports_listing", "listing_id", "state"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"))
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    reporter_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    reason: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(500))
    picture_keys: Mapped[list[str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[Instant]
    answered_at: Mapped[Instant | None]
