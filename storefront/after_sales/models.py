"""Tables of refunds."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.db import Base, Currency, Fen, Id, Instant, PublicId, Ref

_OPEN = text("state in ('asked', 'agreed')")


class Refund(Base):
    """A shopper's wish to have pieces of an order refunded, one open at a time; `shipped` says the goods had left.

    `goods_fen` is what she gets back, `supply_fen` what the factory gives back to the merchant for it (0 on direct).
    """

    __tablename__ = "refunds"
    __table_args__ = (
        CheckConstraint("state in ('asked', 'agreed', 'refunded', 'refused', 'withdrawn')", name="state"),
        CheckConstraint("goods_fen > 0", name="goods"),
        CheckConstraint("supply_fen between 0 and goods_fen - 1", name="supply"),
        CheckConstraint("(state = 'refused') = (answer <> '')", name="answer"),
        CheckConstraint("(state = 'refunded') = (refunded_at is not null)", name="refunded_at"),
        CheckConstraint("paid_at is null or state = 'refunded'", name="paid_at"),
        Index("uq_refunds_open", "order_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    order_id: Mapped[Ref] = mapped_column(ForeignKey("orders.id"), index=True)
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    shipper_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    why: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(String(300))
    answer: Mapped[str] = mapped_column(String(300))
    shipped: Mapped[bool] = mapped_column(Boolean(create_constraint=False))
    goods_fen: Mapped[Fen]
    supply_fen: Mapped[Fen]
    currency: Mapped[Currency]
    asked_at: Mapped[Instant]
    answered_at: Mapped[Instant | None]
    refunded_at: Mapped[Instant | None]
    paid_at: Mapped[Instant | None]

    lines: Mapped[list[RefundLine]] = relationship(back_populates="refund", order_by="RefundLine.id")


class RefundLine(Base):
    """So many pieces of one line of the order."""

    __tablename__ = "refund_lines"
    __table_args__ = (
        UniqueConstraint("refund_id", "order_line_id"),
        CheckConstraint("quantity >= 1", name="quantity"),
    )

    id: Mapped[Id]
    refund_id: Mapped[Ref] = mapped_column(ForeignKey("refunds.id"))
    order_line_id: Mapped[Ref] = mapped_column(ForeignKey("order_lines.id"), index=True)
    quantity: Mapped[int]

    refund: Mapped[Refund] = relationship(back_populates="lines")
