"""The table of supply orders."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Currency, Fen, Id, Instant, PublicId, Ref


class SupplyOrder(Base):
    """What a merchant owes a factory for one paid order of hers; exactly one per order. Its lines are the order's,
    at their frozen supply prices; it moves as the order moves, and its money follows each refund.
    """

    __tablename__ = "supply_orders"
    __table_args__ = (
        CheckConstraint("organisation_id <> merchant_id", name="not_own"),
        CheckConstraint("goods_fen > 0", name="goods"),
        CheckConstraint("refunded_fen between 0 and goods_fen", name="refunded"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    order_id: Mapped[Ref] = mapped_column(ForeignKey("orders.id"), unique=True)
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    merchant_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    factory_name: Mapped[str] = mapped_column(String(80))
    goods_fen: Mapped[Fen]
    refunded_fen: Mapped[Fen]
    currency: Mapped[Currency]
    made_at: Mapped[Instant]
