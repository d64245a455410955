"""The table of admissions."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref


class Admission(Base):
    """Where a merchant stands with a factory; one row per pair, whatever happened between them."""

    __tablename__ = "admissions"
    __table_args__ = (
        UniqueConstraint("factory_id", "merchant_id"),
        CheckConstraint("factory_id <> merchant_id", name="not_own"),
        CheckConstraint("state in ('asked', 'admitted', 'refused', 'ended')", name="state"),
        CheckConstraint("(state in ('refused', 'ended')) = (reason <> '')", name="reason"),
        CheckConstraint("(state = 'asked') = (decided_at is null)", name="decided_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    factory_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    merchant_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(500))
    asked_at: Mapped[Instant]
    decided_at: Mapped[Instant | None]
