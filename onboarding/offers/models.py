"""Tables of offers and of pick-ups."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Currency, Fen, Id, Instant, PublicId, Ref
from onboarding.listings.rules import MARKUP_CAP_BP, PACK_CAP


class PickUp(Base):
    """A merchant's hold on a factory's listing: the markup (basis points) her offers follow; `off` when she let go.

    Its public id stands in the addresses of her shop, where the listing's own would name the factory.
    """

    __tablename__ = "pick_ups"
    __table_args__ = (
        UniqueConstraint("organisation_id", "listing_id"),
        CheckConstraint("state in ('on', 'off')", name="state"),
        CheckConstraint("organisation_id <> factory_id", name="not_own"),
        CheckConstraint(f"markup_bp between 0 and {MARKUP_CAP_BP}", name="markup"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    factory_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"), index=True)
    markup_bp: Mapped[int]
    state: Mapped[str] = mapped_column(String(10))
    picked_at: Mapped[Instant]


class Offer(Base):
    """A seller's price for a SKU; `own` from the factory, `resale` from a merchant who picked it up.

    Of a resale offer: `supply_price_fen` is what the merchant owes the factory for a piece, `by_hand` a price that
    does not follow her markup, `held` for the reason beside it. The table refuses one that is on at or below cost.
    `pack_size` and `mix` are those of the direct way; single pieces are what merchants sell.
    """

    __tablename__ = "offers"
    __table_args__ = (
        UniqueConstraint("organisation_id", "sku_id"),
        CheckConstraint("kind in ('own', 'resale')", name="kind"),
        CheckConstraint("state in ('on', 'held', 'off')", name="state"),
        CheckConstraint("price_fen > 0", name="price"),
        CheckConstraint("min_quantity >= 1", name="min_quantity"),
        CheckConstraint("(kind = 'resale') = (pick_up_id is not null)", name="pick_up"),
        CheckConstraint("(kind = 'resale') = (supply_price_fen is not null)", name="supply_price"),
        CheckConstraint("state <> 'on' or kind = 'own' or supply_price_fen < price_fen", name="above_cost"),
        CheckConstraint("(state = 'held') = (held_reason <> '')", name="held_reason"),
        CheckConstraint(f"pack_size between 1 and {PACK_CAP}", name="pack_size"),
        CheckConstraint("mix in ('sku', 'listing', 'factory')", name="mix"),
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
    pack_size: Mapped[int] = mapped_column(default=1, server_default=text("1"))
    mix: Mapped[str] = mapped_column(String(10), default="sku", server_default="sku")
    pick_up_id: Mapped[Ref | None] = mapped_column(ForeignKey("pick_ups.id"), index=True)
    supply_price_fen: Mapped[Fen | None]
    by_hand: Mapped[bool] = mapped_column(Boolean(create_constraint=False), default=False)
    state: Mapped[str] = mapped_column(String(10))
    held_reason: Mapped[str] = mapped_column(String(20), default="")
    created_at: Mapped[Instant]
