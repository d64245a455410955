"""Stock of a variant: what is held for buyers, and every movement."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, Ref


class StockReservation(Base):
    """Pieces held for a buyer until paid, released or run out; `holder` is the public id of what holds them.

    `stocked` says whether they are counted in the SKU's `reserved`: goods made to order are not.
    """

    __tablename__ = "stock_reservations"
    __table_args__ = (
        UniqueConstraint("holder", "sku_id"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("state in ('held', 'taken', 'released')", name="state"),
        CheckConstraint("(state = 'held') = (ended_at is null)", name="ended"),
        Index("ix_stock_reservations_due", "state", "expires_at"),
    )

    id: Mapped[Id]
    holder: Mapped[str] = mapped_column(String(40))
    buyer: Mapped[str] = mapped_column(String(40), index=True)
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("skus.id"))
    quantity: Mapped[int]
    stocked: Mapped[bool]
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]


class StockMovement(Base):
    """Why `on_hand` changed; append-only, `on_hand` equals the sum.

    What was changed by hand says by whom (public id of a user) and in which words; what trade changed says neither.
    """

    __tablename__ = "stock_movements"
    __table_args__ = (
        UniqueConstraint("sku_id", "reason", "source"),
        CheckConstraint("pieces <> 0", name="pieces"),
        CheckConstraint("reason <> 'other' or words <> ''", name="words"),
        CheckConstraint(
            "(reason not in ('damaged', 'sample') or pieces < 0) and (reason <> 'came_back' or pieces > 0)",
            name="direction",
        ),
    )

    id: Mapped[Id]
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("skus.id"), index=True)
    pieces: Mapped[int]
    reason: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(60))
    who: Mapped[str] = mapped_column(String(40), default="", server_default="")
    words: Mapped[str] = mapped_column(String(200), default="", server_default="")
    at: Mapped[Instant]
