"""Rate cards: append-only; rules are inserted before the card, which seals them (`commission.ledger.ddl`)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from commission.rates.rules import BASES, WAYS
from kernel.db import Base, Instant, Ref


class RateCard(Base):
    """One published version of all rates; in force from `effective_from` until the next version is."""

    __tablename__ = "rate_cards"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version"),
        CheckConstraint("rules >= 1", name="rules"),
        CheckConstraint("effective_from >= published_at", name="not_backdated"),
    )

    version: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    effective_from: Mapped[Instant]
    published_at: Mapped[Instant]
    rules: Mapped[int] = mapped_column(SmallInteger)


class RateRule(Base):
    """The rate of one way of selling on one card."""

    __tablename__ = "rate_rules"
    __table_args__ = (
        CheckConstraint(f"way in ({', '.join(repr(way) for way in WAYS)})", name="way"),
        CheckConstraint(f"base in ({', '.join(repr(base) for base in sorted(set(BASES.values())))})", name="base"),
        CheckConstraint("basis_points between 0 and 10000", name="basis_points"),
        {"sqlite_with_rowid": False},
    )

    card: Mapped[Ref] = mapped_column(
        ForeignKey("rate_cards.version", deferrable=True, initially="DEFERRED"),
        primary_key=True,
        autoincrement=False,
    )
    way: Mapped[str] = mapped_column(String(10), primary_key=True)
    basis_points: Mapped[int]
    base: Mapped[str] = mapped_column(String(20))
