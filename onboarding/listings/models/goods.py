"""Goods: listings with their variants, ways of selling and ladders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, String, Text, UniqueConstraint, false, text, true
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.db import Base, Currency, Fen, Id, Instant, PublicId, Ref
from onboarding.listings.rules import GRAMS_CAP, LEAD_DAYS_CAP, LISTING, LOW_STOCK, PACK_CAP, PRICE_CAP_FEN, STOCK_CAP

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement


class Listing(Base):
    """One kind of goods of a factory; its code is the factory's own and unique there.

    `needs` are the kinds of certificates without which it is not published, by spaces (`ddl` holds it to that).
    `asked` are the fields its factory was asked to change, each as it stood then (`asked.snapshot`).
    `vetted_terms` is what an operator saw last of its terms (`bands`); empty while nobody did.
    `lead_days` is how long goods made to order take, `low_stock` with how many pieces left the factory is warned.
    """

    __tablename__ = "listings"
    __table_args__ = (
        UniqueConstraint("organisation_id", "code"),
        CheckConstraint(f"state in {LISTING.states}", name="state"),
        CheckConstraint("(state in ('refused', 'taken_down')) = (reason <> '')", name="reason"),
        CheckConstraint("title <> ''", name="title"),
        CheckConstraint(f"low_stock between 0 and {STOCK_CAP}", name="low_stock"),
        CheckConstraint(f"lead_days between 1 and {LEAD_DAYS_CAP}", name="lead_days"),
        CheckConstraint(f"weight_grams between 1 and {GRAMS_CAP}", name="weight"),
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
    needs: Mapped[str] = mapped_column(String(60), default="", server_default="")
    asked: Mapped[dict[str, str]] = mapped_column(JSON, default=dict, server_default="{}")
    vetted_terms: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    low_stock: Mapped[int] = mapped_column(default=LOW_STOCK, server_default=text(str(LOW_STOCK)))
    lead_days: Mapped[int | None]
    weight_grams: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(20), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    created_at: Mapped[Instant]
    published_at: Mapped[Instant | None]

    skus: Mapped[list[Sku]] = relationship(back_populates="listing", order_by="Sku.id")
    ways: Mapped[list[WayOfSelling]] = relationship(back_populates="listing", order_by="WayOfSelling.id")
    tiers: Mapped[list[SupplyTier]] = relationship(back_populates="listing", order_by="SupplyTier.min_quantity")


class Sku(Base):
    """One variant; owns the stock, which changes only by the conditional updates of `stock`.

    `supply_price_fen` is its own trade price; without one the listing's tiers apply. `vetted_price_fen` is the retail
    price that an operator saw last. What is `off` is not for sale and kept for its history; what came `late`, to goods
    that were on sale already, is for sale once an operator saw it. `weight_grams` where it differs from the listing's.
    """

    __tablename__ = "skus"
    __table_args__ = (
        UniqueConstraint("listing_id", "options_key"),
        CheckConstraint("0 <= reserved and reserved <= on_hand", name="stock"),
        CheckConstraint(f"retail_price_fen > 0 and retail_price_fen <= {PRICE_CAP_FEN}", name="retail_price"),
        CheckConstraint(f"supply_price_fen > 0 and supply_price_fen <= {PRICE_CAP_FEN}", name="supply_price"),
        CheckConstraint(f"weight_grams between 1 and {GRAMS_CAP}", name="weight"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"), index=True)
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    options: Mapped[dict[str, str]] = mapped_column(JSON)
    options_key: Mapped[str] = mapped_column(String(200))
    retail_price_fen: Mapped[Fen]
    supply_price_fen: Mapped[Fen | None]
    vetted_price_fen: Mapped[Fen | None]
    currency: Mapped[Currency]
    on_hand: Mapped[int]
    reserved: Mapped[int]
    made_to_order: Mapped[bool]
    off: Mapped[bool] = mapped_column(Boolean(create_constraint=False), default=False, server_default=false())
    late: Mapped[bool] = mapped_column(Boolean(create_constraint=False), default=False, server_default=false())
    weight_grams: Mapped[int | None]

    listing: Mapped[Listing] = relationship(back_populates="skus")

    @hybrid_property
    def for_sale(self) -> bool:
        """Whether it is sold while its listing is: not switched off, and seen by an operator if it came late."""
        return not self.off and (not self.late or self.vetted_price_fen is not None)

    @for_sale.inplace.expression
    @classmethod
    def _for_sale(cls) -> ColumnElement[bool]:
        return ~cls.off & (~cls.late | cls.vetted_price_fen.is_not(None))


class WayOfSelling(Base):
    """How a listing sells: `direct` to shoppers, `supply` to admitted merchants unless the factory `closed` it.

    `drop_ship_price_fen` belongs to the supply way; without one a SKU's own trade price or the first tier applies, and
    so does `floor_price_fen`, below which no merchant sells. Pieces come in whole packs of `pack_size`; `mix` says what
    counts towards `min_quantity`: one SKU, all of the listing, or all that is bought of the factory at once. Unless
    `resold_shown`, what merchants resell of it stands in their own shops only.
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
        CheckConstraint(
            f"floor_price_fen is null or (way = 'supply' and floor_price_fen between 1 and {PRICE_CAP_FEN})",
            name="floor_price",
        ),
        CheckConstraint(f"pack_size between 1 and {PACK_CAP}", name="pack_size"),
        CheckConstraint("mix in ('sku', 'listing', 'factory')", name="mix"),
    )

    id: Mapped[Id]
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"))
    way: Mapped[str] = mapped_column(String(10))
    min_quantity: Mapped[int]
    drop_ship_price_fen: Mapped[Fen | None]
    closed: Mapped[bool] = mapped_column(Boolean(create_constraint=False), default=False)
    resold_shown: Mapped[bool] = mapped_column(Boolean(create_constraint=False), default=True, server_default=true())
    floor_price_fen: Mapped[Fen | None]
    pack_size: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    mix: Mapped[str] = mapped_column(String(10), default="sku", server_default="sku")

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
