"""Tables of certificates and of the goods that a single one covers."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref
from onboarding.certificates.rules import KINDS


class Certificate(Base):
    """A certificate as its factory says it is; `valid_until` is the last day, none without end.

    With `covers_all` it is for all goods of the factory that need its kind, else for those of `certificate_goods`.
    A renewed one of the same number is a row of its own, with a later end.
    """

    __tablename__ = "certificates"
    __table_args__ = (
        CheckConstraint(f"kind in {tuple(KINDS)}", name="kind"),
        CheckConstraint(
            "state in ('waiting', 'confirmed', 'refused', 'expired', 'revoked', 'withdrawn')", name="state"
        ),
        CheckConstraint("number <> ''", name="number"),
        CheckConstraint("valid_until >= valid_from", name="period"),
        CheckConstraint("(state in ('refused', 'revoked')) = (reason <> '')", name="reason"),
        CheckConstraint("(state = 'waiting') = (decided_at is null)", name="decided_at"),
        CheckConstraint("length(photo_key) = 64", name="photo_key"),
        UniqueConstraint("organisation_id", "kind", "number", "valid_until"),
        Index("ix_certificates_number", "kind", "number"),
        Index("ix_certificates_due", "state", "valid_until"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[str] = mapped_column(String(60))
    holder: Mapped[str] = mapped_column(String(120))
    factory: Mapped[str] = mapped_column(String(120))
    scope: Mapped[str] = mapped_column(String(300))
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    covers_all: Mapped[bool] = mapped_column(Boolean(create_constraint=False))
    photo_key: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    handed_in_at: Mapped[Instant]
    decided_at: Mapped[Instant | None]
    decided_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))
    warned_at: Mapped[Instant | None]


class CertifiedGoods(Base):
    """That a certificate covers a listing."""

    __tablename__ = "certificate_goods"
    __table_args__ = (UniqueConstraint("certificate_id", "listing_id"),)

    id: Mapped[Id]
    certificate_id: Mapped[Ref] = mapped_column(ForeignKey("certificates.id"))
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"), index=True)
