"""Tables of payments and of calls to the rail."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Currency, Fen, Id, Instant, PublicId, Ref

STANDING = text("state <> 'failed'")  # one per matter: a second call is made only after a plain no
STILL_OPEN = text("state in ('begun', 'unknown')")


class Payment(Base):
    """What one buyer owes at one checkout; `reference` says for what, `fee_fen` is what the rail kept of it."""

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("state in ('pending', 'paid', 'failed', 'refunded')", name="state"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("0 <= fee_fen and fee_fen <= amount_fen", name="fee"),
        CheckConstraint("0 <= refunded_fen and refunded_fen <= amount_fen", name="refunded"),
        CheckConstraint("(state = 'refunded') = (refunded_fen = amount_fen)", name="refunded_state"),
        CheckConstraint("(state in ('paid', 'refunded')) = (paid_at is not null)", name="paid_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    reference: Mapped[str] = mapped_column(String(40), unique=True)
    payer: Mapped[str] = mapped_column(String(40), index=True)
    amount_fen: Mapped[Fen]
    currency: Mapped[Currency]
    fee_fen: Mapped[Fen]
    refunded_fen: Mapped[Fen]
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[Instant]
    paid_at: Mapped[Instant | None]


class RailIntent(Base):
    """One call to the rail, written before it is made; its key is made from `public_id`.

    `subject` is what the call is for: the payment of a charge, the matter of a refund, the payout of a payout;
    `counterpart` is the method of a charge, the charge of a refund, the payee of a payout.
    """

    __tablename__ = "rail_intents"
    __table_args__ = (
        UniqueConstraint("kind", "subject", "attempt"),
        Index(
            "uq_rail_intents_standing", "kind", "subject", unique=True, sqlite_where=STANDING, postgresql_where=STANDING
        ),
        Index("ix_rail_intents_open", "created_at", sqlite_where=STILL_OPEN, postgresql_where=STILL_OPEN),
        CheckConstraint("kind in ('charge', 'refund', 'payout')", name="kind"),
        CheckConstraint("state in ('begun', 'ok', 'failed', 'unknown')", name="state"),
        CheckConstraint("(state in ('ok', 'failed')) = (answered_at is not null)", name="answered_at"),
        CheckConstraint("state <> 'ok' or rail_ref <> ''", name="rail_ref"),
        CheckConstraint("(kind = 'payout') = (payment_id is null)", name="payment"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("attempt >= 1", name="attempt"),
        CheckConstraint("0 <= fee_fen and fee_fen <= amount_fen", name="fee"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    kind: Mapped[str] = mapped_column(String(10))
    subject: Mapped[str] = mapped_column(String(40))
    attempt: Mapped[int]
    payment_id: Mapped[Ref | None] = mapped_column(ForeignKey("payments.id"), index=True)
    counterpart: Mapped[str] = mapped_column(String(80))
    amount_fen: Mapped[Fen]
    currency: Mapped[Currency]
    state: Mapped[str] = mapped_column(String(10))
    rail_ref: Mapped[str] = mapped_column(String(80))
    fee_fen: Mapped[Fen]
    reason: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[Instant]
    answered_at: Mapped[Instant | None]
