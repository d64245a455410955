"""Tables of admissions, and of the groups into which a factory sorts its merchants."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Fen, Id, Instant, PublicId, Ref
from onboarding.admissions.rules import LEAST_SHARE_BP, WHOLE_BP
from onboarding.listings.rules import PRICE_CAP_FEN


class PriceGroup(Base):
    """Merchants of a factory who owe other prices than the rest: a share (basis points) of the supply price."""

    __tablename__ = "price_groups"
    __table_args__ = (
        UniqueConstraint("organisation_id", "name"),
        UniqueConstraint("organisation_id", "id"),
        CheckConstraint(f"share_bp between {LEAST_SHARE_BP} and {WHOLE_BP}", name="share"),
        CheckConstraint("name <> ''", name="name"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str] = mapped_column(String(40))
    share_bp: Mapped[int]
    made_at: Mapped[Instant]


class GroupPrice(Base):
    """What the merchants of a group owe for a piece of one listing, whatever the share of their group."""

    __tablename__ = "group_prices"
    __table_args__ = (
        UniqueConstraint("price_group_id", "listing_id"),
        CheckConstraint(f"price_fen between 1 and {PRICE_CAP_FEN}", name="price"),
    )

    id: Mapped[Id]
    price_group_id: Mapped[Ref] = mapped_column(ForeignKey("price_groups.id"))
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"), index=True)
    price_fen: Mapped[Fen]


class Admission(Base):
    """Where a merchant stands with a factory; one row per pair, whatever happened between them.

    Her price group is one of this very factory: the key carries both.
    """

    __tablename__ = "admissions"
    __table_args__ = (
        UniqueConstraint("factory_id", "merchant_id"),
        CheckConstraint("factory_id <> merchant_id", name="not_own"),
        CheckConstraint("state in ('asked', 'admitted', 'refused', 'ended')", name="state"),
        CheckConstraint("(state in ('refused', 'ended')) = (reason <> '')", name="reason"),
        CheckConstraint("(state = 'asked') = (decided_at is null)", name="decided_at"),
        ForeignKeyConstraint(["factory_id", "price_group_id"], ["price_groups.organisation_id", "price_groups.id"]),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    factory_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    merchant_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(200))
    reason: Mapped[str] = mapped_column(String(500))
    asked_at: Mapped[Instant]
    decided_at: Mapped[Instant | None]
    price_group_id: Mapped[Ref | None]
