"""The table of offers."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Currency, Fen, Id, Instant, PublicId, Ref


class Offer(Base):
    """A seller's price for a SKU; `own` from the factory, `resale` from a merchant."""

    __tablename__ = "offers"
    __table_args__ = (
        UniqueConstraint("organisation_id", "sku_id"),
        CheckConstraint("kind in ('own', 'resale')", name="kind"),
        CheckConstraint("state in ('on', 'held', 'off')", name="state"),
        CheckConstraint("price_fen > 0", name="price"),
        CheckConstraint("min_quantity >= 1", name="min_quantity"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"), index=True)
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("skus.id"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    price_fen: Mapped[Fen]
    currency: Mapped[Currency]
    min_quantity: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[Instant]
