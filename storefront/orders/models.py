"""Tables of orders."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.crypto import EncryptedText
from kernel.db import Base, Currency, Fen, Id, Instant, PublicId, Ref
from storefront.orders.rules import group_number

_STATES = "('placed', 'paid', 'packed', 'shipped', 'delivered', 'completed', 'cancelled')"


class OrderGroup(Base):
    """One checkout: one buyer, one address, one payment. The form token makes a repeated checkout the same one."""

    __tablename__ = "order_groups"
    __table_args__ = (
        CheckConstraint("total_fen > 0", name="total"),
        CheckConstraint("expires_at > placed_at", name="expires_at"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    buyer_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"), index=True)
    buyer: Mapped[str] = mapped_column(String(40))
    form_token: Mapped[str] = mapped_column(String(40), unique=True)
    address: Mapped[str] = mapped_column(EncryptedText)
    total_fen: Mapped[Fen]
    currency: Mapped[Currency]
    placed_at: Mapped[Instant]
    expires_at: Mapped[Instant]

    orders: Mapped[list[Order]] = relationship(back_populates="group", order_by="Order.id")

    @property
    def number(self) -> str:
        """`Y1001`."""
        return group_number(self.id)


class Order(Base):
    """One seller's part of a checkout, shipped by one factory; names and amounts as they were when it was placed.

    The seller is the factory itself (`direct`) or a merchant whose supplier it is; then shoppers never see the shipper.
    """

    __tablename__ = "orders"
    __table_args__ = (
        CheckConstraint(f"state in {_STATES}", name="state"),
        CheckConstraint("way in ('direct', 'merchant')", name="way"),
        CheckConstraint("(way = 'direct') = (shipper_id = organisation_id)", name="shipper"),
        CheckConstraint("goods_fen > 0 and freight_fen >= 0", name="amounts"),
        CheckConstraint("total_fen = goods_fen + freight_fen", name="total"),
        CheckConstraint("0 <= processing_fen and processing_fen <= total_fen", name="processing"),
        CheckConstraint("state = 'cancelled' or (state = 'placed') = (paid_at is null)", name="paid_at"),
        CheckConstraint(
            "state <> 'cancelled' or (cancel_reason = 'refunded') = (paid_at is not null)", name="refunded"
        ),
        CheckConstraint(
            "(state in ('shipped', 'delivered', 'completed')) = (shipped_at is not null)", name="shipped_at"
        ),
        CheckConstraint("(state in ('delivered', 'completed')) = (received_at is not null)", name="received_at"),
        CheckConstraint("(state = 'completed') = (completed_at is not null)", name="completed_at"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at is not null)", name="cancelled_at"),
        CheckConstraint("(state = 'cancelled') = (cancel_reason <> '')", name="cancel_reason"),
        Index("ix_orders_seller", "organisation_id", "state", "id"),
        Index("ix_orders_shipper", "shipper_id", "state", "id"),
        Index("ix_orders_state", "state", "id"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    group_id: Mapped[Ref] = mapped_column(ForeignKey("order_groups.id"), index=True)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    seller: Mapped[str] = mapped_column(String(40))
    seller_name: Mapped[str] = mapped_column(String(80))
    shipper_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    shipper: Mapped[str] = mapped_column(String(40))
    belt: Mapped[str] = mapped_column(String(60))
    way: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    goods_fen: Mapped[Fen]
    freight_fen: Mapped[Fen]
    total_fen: Mapped[Fen]
    processing_fen: Mapped[Fen]
    currency: Mapped[Currency]
    placed_at: Mapped[Instant]
    paid_at: Mapped[Instant | None]
    shipped_at: Mapped[Instant | None]
    received_at: Mapped[Instant | None]
    completed_at: Mapped[Instant | None]
    cancelled_at: Mapped[Instant | None]
    cancel_reason: Mapped[str] = mapped_column(String(20), default="")

    group: Mapped[OrderGroup] = relationship(back_populates="orders")
    lines: Mapped[list[OrderLine]] = relationship(back_populates="order", order_by="OrderLine.id")


class OrderLine(Base):
    """So many pieces of one SKU, with what was shown of it when it was bought.

    `page` is where the buyer saw it; `supply_price_fen` what a merchant owes the factory for a piece, frozen here.
    What was sold as `made_to_order` is not sent back without a reason, whatever the listing says later.
    """

    __tablename__ = "order_lines"
    __table_args__ = (
        UniqueConstraint("order_id", "offer"),
        CheckConstraint("quantity >= 1", name="quantity"),
        CheckConstraint("pack_size >= 1 and quantity % pack_size = 0", name="whole_packs"),
        CheckConstraint("unit_price_fen > 0", name="unit_price"),
        CheckConstraint("amount_fen = unit_price_fen * quantity", name="amount"),
        CheckConstraint("refunded_quantity between 0 and quantity", name="refunded_quantity"),
        CheckConstraint("supply_price_fen between 1 and unit_price_fen - 1", name="supply_price"),
    )

    id: Mapped[Id]
    order_id: Mapped[Ref] = mapped_column(ForeignKey("orders.id"), index=True)
    offer: Mapped[str] = mapped_column(ForeignKey("offers.public_id"))
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("skus.id"), index=True)
    sku: Mapped[str] = mapped_column(String(40))
    listing: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(120))
    options: Mapped[dict[str, str]] = mapped_column(JSON)
    image: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(20))
    page: Mapped[str] = mapped_column(String(200))
    unit_price_fen: Mapped[Fen]
    supply_price_fen: Mapped[Fen | None]
    quantity: Mapped[int]
    pack_size: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    refunded_quantity: Mapped[int] = mapped_column(default=0)
    amount_fen: Mapped[Fen]
    currency: Mapped[Currency]
    made_to_order: Mapped[bool] = mapped_column(Boolean(create_constraint=False), server_default=false())

    order: Mapped[Order] = relationship(back_populates="lines")
