"""Tables of carts."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Fen, Id, Instant, PublicId, Ref
from storefront.cart.rules import MOST_PIECES


class CartRow(Base):
    """A cart, known by the token in a visitor's cookie; `form_token` is new after every change of its lines."""

    __tablename__ = "carts"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    form_token: Mapped[str] = mapped_column(String(40), unique=True)
    created_at: Mapped[Instant]
    updated_at: Mapped[Instant] = mapped_column(index=True)


class CartLineRow(Base):
    """So many pieces of one offer, with the title and price that were seen when they were put in."""

    __tablename__ = "cart_lines"
    __table_args__ = (
        UniqueConstraint("cart_id", "offer"),
        CheckConstraint(f"1 <= quantity and quantity <= {MOST_PIECES}", name="quantity"),
        CheckConstraint("seen_price_fen > 0", name="seen_price"),
    )

    id: Mapped[Id]
    cart_id: Mapped[Ref] = mapped_column(ForeignKey("carts.id"))
    offer: Mapped[str] = mapped_column(ForeignKey("offers.public_id"))
    title: Mapped[str] = mapped_column(String(120))
    quantity: Mapped[int]
    seen_price_fen: Mapped[Fen]
    added_at: Mapped[Instant]
