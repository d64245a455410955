"""Tables of the journal; `ddl` adds the triggers that keep them append-only and balanced."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, Sequence, SmallInteger, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from commission.ledger.rules import KINDS
from kernel.db import Base, Currency, Fen, Id, Instant, Ref, metadata

ENTRY_IDS = Sequence("ledger_entry_ids", metadata=metadata)


class Account(Base):
    """What one party has of one kind in one currency; `platform` and `rail:<name>` are parties too."""

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        UniqueConstraint("party", "kind", "currency"),
        CheckConstraint(f"kind in ({', '.join(repr(kind) for kind in KINDS)})", name="kind"),
        CheckConstraint("party <> ''", name="party"),
    )

    id: Mapped[Id]
    party: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(30))
    currency: Mapped[Currency]


class Entry(Base):
    """One balanced entry; inserted after its postings, which seals them."""

    __tablename__ = "ledger_entries"
    __table_args__ = (
        UniqueConstraint("fact_kind", "fact_id"),
        CheckConstraint("legs >= 2", name="legs"),
        CheckConstraint("fact_kind <> '' and fact_id <> ''", name="fact"),
    )

    id: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    template: Mapped[str] = mapped_column(String(40))
    fact_kind: Mapped[str] = mapped_column(String(40))
    fact_id: Mapped[str] = mapped_column(String(60))
    currency: Mapped[Currency]
    legs: Mapped[int] = mapped_column(SmallInteger)
    at: Mapped[Instant]
    business_date: Mapped[date] = mapped_column(index=True)
    memo: Mapped[str] = mapped_column(String(200))


class Posting(Base):
    """One leg: debit positive, credit negative; at most one per account in an entry.

    Without a row id of its own on SQLite, so that REPLACE can reach a leg through its entry only.
    """

    __tablename__ = "ledger_postings"
    __table_args__ = (
        CheckConstraint("amount_fen <> 0", name="amount"),
        Index("ix_ledger_postings_account", "account_id", "entry_id"),
        {"sqlite_with_rowid": False},
    )

    entry_id: Mapped[Ref] = mapped_column(
        ForeignKey("ledger_entries.id", deferrable=True, initially="DEFERRED"),
        primary_key=True,
        autoincrement=False,
    )
    account_id: Mapped[Ref] = mapped_column(ForeignKey("ledger_accounts.id"), primary_key=True, autoincrement=False)
    amount_fen: Mapped[Fen]


class Block(Base):
    """Up to 1,000 entries under one hash that also covers the block before: tampering shows."""

    __tablename__ = "ledger_blocks"
    __table_args__ = (
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("first_entry <= last_entry", name="range"),
        CheckConstraint("entries between 1 and 1000", name="entries"),
    )

    number: Mapped[Ref] = mapped_column(primary_key=True, autoincrement=False)
    first_entry: Mapped[Ref]
    last_entry: Mapped[Ref]
    entries: Mapped[int]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))
    sealed_at: Mapped[Instant]
