"""Tables of goods: listings, SKUs, ways of selling, tiers, stock and sheet imports."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.db import Base, Currency, Fen, Id, Instant, PublicId, Ref
from onboarding.listings.rules import PRICE_CAP_FEN


class Listing(Base):
    """One kind of goods of a factory; its code is the factory's own and unique there."""

    __tablename__ = "listings"
    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        CheckConstraint("state in ('draft', 'submitted', 'published', 'refused', 'archived')", name="state"),
        CheckConstraint("(state = 'refused') = (reason <> '')", name="reason"),
        CheckConstraint("title <> ''", name="title"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    code: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(120))
    category: Mapped[str] = mapped_column(String(20), index=True)
    attributes: Mapped[dict[str, str]] = mapped_column(JSON)
    description: Mapped[str] = mapped_column(Text)
    image: Mapped[str] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(20), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[Instant]
    published_at: Mapped[Instant | None]

    skus: Mapped[list[Sku]] = relationship(back_populates="listing", order_by="Sku.id")
    ways: Mapped[list[WayOfSelling]] = relationship(back_populates="listing", order_by="WayOfSelling.id")
    tiers: Mapped[list[SupplyTier]] = relationship(back_populates="listing", order_by="SupplyTier.min_quantity")


class Sku(Base):
    """One variant; owns the stock, which changes only by the conditional updates of `stock`.

    `supply_price_fen` is its own trade price; without one the listing's tiers apply.
    """

    __tablename__ = "skus"
    __table_args__ = (
        UniqueConstraint("listing_id", "options_key"),
        CheckConstraint("0 <= reserved and reserved <= on_hand", name="stock"),
        CheckConstraint(f"retail_price_fen > 0 and retail_price_fen <= {PRICE_CAP_FEN}", name="retail_price"),
        CheckConstraint(f"supply_price_fen > 0 and supply_price_fen <= {PRICE_CAP_FEN}", name="supply_price"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"), index=True)
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    options: Mapped[dict[str, str]] = mapped_column(JSON)
    options_key: Mapped[str] = mapped_column(String(200))
    retail_price_fen: Mapped[Fen]
    supply_price_fen: Mapped[Fen | None]
    currency: Mapped[Currency]
    on_hand: Mapped[int]
    reserved: Mapped[int]
    made_to_order: Mapped[bool]

    listing: Mapped[Listing] = relationship(back_populates="skus")


class WayOfSelling(Base):
    """How a listing sells: `direct` to shoppers, `supply` to admitted merchants unless the factory `closed` it.

    `drop_ship_price_fen` belongs to the supply way; without one a SKU's own trade price or the first tier applies.
    """

    __tablename__ = "ways_of_selling"
    __table_args__ = (
        UniqueConstraint("listing_id", "way"),
        CheckConstraint("way in ('direct', 'supply')", name="way"),
        CheckConstraint("min_quantity >= 1", name="min_quantity"),
        CheckConstraint(
            f"drop_ship_price_fen is null or (way = 'supply' and drop_ship_price_fen between 1 and {PRICE_CAP_FEN})",
            name="drop_ship_price",
        ),
        CheckConstraint("way = 'supply' or not closed", name="closed"),
    )

    id: Mapped[Id]
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"))
    way: Mapped[str] = mapped_column(String(10))
    min_quantity: Mapped[int]
    drop_ship_price_fen: Mapped[Fen | None]
    closed: Mapped[bool] = mapped_column(Boolean(create_constraint=False), default=False)

    listing: Mapped[Listing] = relationship(back_populates="ways")


class SupplyTier(Base):
    """One rung of the supply way's strictly falling ladder."""

    __tablename__ = "supply_tiers"
    __table_args__ = (
        UniqueConstraint("listing_id", "min_quantity"),
        CheckConstraint("min_quantity >= 1", name="min_quantity"),
        CheckConstraint(f"unit_price_fen > 0 and unit_price_fen <= {PRICE_CAP_FEN}", name="unit_price"),
    )

    id: Mapped[Id]
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"))
    min_quantity: Mapped[int]
    unit_price_fen: Mapped[Fen]
    currency: Mapped[Currency]

    listing: Mapped[Listing] = relationship(back_populates="tiers")


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
    """Why `on_hand` changed; append-only, `on_hand` equals the sum."""

    __tablename__ = "stock_movements"
    __table_args__ = (UniqueConstraint("sku_id", "reason", "source"), CheckConstraint("pieces <> 0", name="pieces"))

    id: Mapped[Id]
    sku_id: Mapped[Ref] = mapped_column(ForeignKey("skus.id"), index=True)
    pieces: Mapped[int]
    reason: Mapped[str] = mapped_column(String(20))
    source: Mapped[str] = mapped_column(String(60))
    at: Mapped[Instant]


class SheetImport(Base):
    """A price sheet on its way to listings: `waiting → read → imported`, or `failed` with the refusal's code."""

    __tablename__ = "sheet_imports"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'read', 'imported', 'failed')", name="state"),
        CheckConstraint("(state = 'failed') = (error_code <> '')", name="error"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    file_key: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    reading: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    error_code: Mapped[str] = mapped_column(String(60))
    error_params: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[Instant]
