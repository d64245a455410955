"""Tables of sales as the books know them, their refunds, and payouts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Currency, Fen, Id, Instant, PublicId, Ref

if TYPE_CHECKING:
    from commission.rates.rules import FrozenRate
    from commission.settlement.rules import Sale

_OPEN = text("state in ('begun', 'unknown')")
# `commission.rates.rules` said again: half-up in fen of the cumulative net, whole numbers only.
_COMMISSION = "commission_fen = ((goods_fen - refunded_goods_fen) * basis_points * 2 + 10000) / 20000"


class SaleRow(Base):
    """One sale: frozen amounts and rate, what was refunded since, and whether it is settled.

    A resold order has two: the merchant's, which owes `supply_fen` of its money to the factory, and the factory's,
    which `serves` it (the `order_ref` of the merchant's) for just that amount.
    """

    __tablename__ = "sales"
    __table_args__ = (
        CheckConstraint("state in ('held', 'settled')", name="state"),
        CheckConstraint("goods_fen >= 0 and freight_fen >= 0 and goods_fen + freight_fen > 0", name="amounts"),
        CheckConstraint("processing_fen between 0 and goods_fen + freight_fen", name="processing"),
        CheckConstraint("refunded_goods_fen between 0 and goods_fen", name="refunded_goods"),
        CheckConstraint("refunded_freight_fen between 0 and freight_fen", name="refunded_freight"),
        CheckConstraint(_COMMISSION, name="commission"),
        CheckConstraint("supply_fen between 0 and goods_fen", name="supply"),
        CheckConstraint("refunded_supply_fen between 0 and supply_fen", name="refunded_supply"),
        CheckConstraint("supply_fen = 0 or way = 'merchant'", name="supplied"),
        CheckConstraint("(way = 'supply') = (serves is not null)", name="serves"),
        CheckConstraint("(release_on is null) = (received_at is null)", name="release"),
        CheckConstraint("(state = 'settled') = (settled_on is not null)", name="settled"),
        CheckConstraint("settled_on is null or settled_on >= release_on", name="not_early"),
        Index("ix_sales_due", "state", "release_on", "id"),
        Index("ix_sales_number", "number"),
        Index("ix_sales_statement", "seller", "settled_on", "id"),
    )

    id: Mapped[Id]
    order_ref: Mapped[str] = mapped_column(String(40), unique=True)
    number: Mapped[str] = mapped_column(String(40))
    seller: Mapped[str] = mapped_column(String(40))
    seller_name: Mapped[str] = mapped_column(String(80))
    way: Mapped[str] = mapped_column(String(10))
    category: Mapped[str] = mapped_column(String(120))
    belt: Mapped[str] = mapped_column(String(60))
    campaign: Mapped[str] = mapped_column(String(60))
    currency: Mapped[Currency]
    goods_fen: Mapped[Fen]
    freight_fen: Mapped[Fen]
    processing_fen: Mapped[Fen]
    refunded_goods_fen: Mapped[Fen]
    refunded_freight_fen: Mapped[Fen]
    serves: Mapped[str | None] = mapped_column(ForeignKey("sales.order_ref"), unique=True)
    supply_fen: Mapped[Fen]
    refunded_supply_fen: Mapped[Fen]
    card_version: Mapped[Ref] = mapped_column(ForeignKey("rate_cards.version"))
    basis_points: Mapped[int]
    commission_fen: Mapped[Fen]
    state: Mapped[str] = mapped_column(String(10))
    paid_at: Mapped[Instant]
    received_at: Mapped[Instant | None]
    release_on: Mapped[date | None]
    settled_on: Mapped[date | None]


class RefundRow(Base):
    """One refund of a sale, known to the caller by `ref`; `commission_back_fen` is what it gave back.

    A refund of a resold order is two rows of one `ref`: one on the merchant's sale, one on the factory's.
    """

    __tablename__ = "sale_refunds"
    __table_args__ = (
        CheckConstraint("goods_fen >= 0 and freight_fen >= 0 and goods_fen + freight_fen > 0", name="amounts"),
        CheckConstraint("commission_back_fen between 0 and goods_fen", name="commission_back"),
        UniqueConstraint("ref", "sale_id"),
    )

    id: Mapped[Id]
    ref: Mapped[str] = mapped_column(String(40))
    sale_id: Mapped[Ref] = mapped_column(ForeignKey("sales.id"), index=True)
    goods_fen: Mapped[Fen]
    freight_fen: Mapped[Fen]
    commission_back_fen: Mapped[Fen]
    after_settlement: Mapped[bool] = mapped_column(Boolean(create_constraint=False))
    refunded_on: Mapped[date]
    at: Mapped[Instant]


class Payout(Base):
    """Money on its way to a party; one open at a time. `kept_fen` is what the party owed and that was kept back."""

    __tablename__ = "payouts"
    __table_args__ = (
        CheckConstraint("state in ('begun', 'unknown', 'paid', 'failed')", name="state"),
        CheckConstraint("amount_fen > 0", name="amount"),
        CheckConstraint("kept_fen >= 0", name="kept"),
        CheckConstraint("(account_id is null) = (sent_to = '')", name="sent_to"),
        CheckConstraint("(state in ('paid', 'failed')) = (finished_at is not null)", name="finished"),
        Index("uq_payouts_open", "party", "currency", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    party: Mapped[str] = mapped_column(String(40), index=True)
    amount_fen: Mapped[Fen]
    kept_fen: Mapped[Fen]
    currency: Mapped[Currency]
    state: Mapped[str] = mapped_column(String(10))
    intent: Mapped[str] = mapped_column(String(40))
    account_id: Mapped[Ref | None] = mapped_column(ForeignKey("payout_accounts.id"), index=True)
    sent_to: Mapped[str] = mapped_column(String(80), default="")
    rail_ref: Mapped[str] = mapped_column(String(80))
    reason: Mapped[str] = mapped_column(String(80))
    begun_at: Mapped[Instant]
    finished_at: Mapped[Instant | None]


def row_of(sale: Sale, rate: FrozenRate, *, serves: str | None = None) -> dict[str, Any]:
    """The row of a sale just paid, under the rate it met; `serves` of a factory's leg is the merchant's order."""
    return {
        "order_ref": sale.order,
        "number": sale.number or sale.order,
        "seller": sale.seller,
        "seller_name": sale.seller_name,
        "way": sale.way,
        "category": sale.category,
        "belt": sale.belt,
        "campaign": sale.campaign,
        "currency": sale.gross.currency,
        "goods_fen": sale.goods.amount,
        "freight_fen": sale.freight.amount,
        "processing_fen": sale.processing.amount,
        "refunded_goods_fen": 0,
        "refunded_freight_fen": 0,
        "serves": serves,
        "supply_fen": 0,
        "refunded_supply_fen": 0,
        "card_version": rate.version,
        "basis_points": rate.basis_points,
        "commission_fen": rate.commission(sale.goods).amount,
        "state": "held",
        "paid_at": sale.paid_at,
    }
