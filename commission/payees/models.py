"""The table of payout accounts: history that only its state moves on."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from commission.payees.rules import STATES
from kernel.crypto import EncryptedText
from kernel.db import Base, Id, Instant, PublicId, Ref

_ACTIVE, _NEW = text("state = 'active'"), text("state = 'new'")
_FIRST = text("replaces_id is null")


class PayoutAccount(Base):
    """Where a party's money goes, from `usable_from` or from a second owner's yes on; what it says never changes.

    Only the first account of a party replaces none, so that no change goes round its cooling-off.
    """

    __tablename__ = "payout_accounts"
    __table_args__ = (
        CheckConstraint("kind in ('bank')", name="kind"),
        CheckConstraint(f"state in {STATES}", name="state"),
        CheckConstraint("length(last_four) = 4", name="last_four"),
        CheckConstraint("length(fingerprint) = 64", name="fingerprint"),
        CheckConstraint("holder <> ''", name="holder"),
        CheckConstraint("(bank = 'other') = (bank_name <> '')", name="bank"),
        CheckConstraint("(replaces_id is null) = (usable_from = created_at)", name="cooling_off"),
        CheckConstraint("usable_from >= created_at", name="usable"),
        CheckConstraint("replaces_id is not null or state <> 'new'", name="first"),
        CheckConstraint("confirmed_by is null or confirmed_by <> created_by", name="second_owner"),
        CheckConstraint("(confirmed_by is null) = (confirmed_at is null)", name="confirmed"),
        CheckConstraint("(state in ('active', 'replaced')) = (active_since is not null)", name="active"),
        CheckConstraint("active_since >= usable_from or confirmed_by is not null", name="not_early"),
        CheckConstraint("(state in ('replaced', 'withdrawn')) = (ended_at is not null)", name="ended"),
        CheckConstraint("consented_at <= created_at", name="consent"),
        Index("uq_payout_accounts_active", "party", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE),
        Index("uq_payout_accounts_waiting", "party", unique=True, sqlite_where=_NEW, postgresql_where=_NEW),
        Index("uq_payout_accounts_first", "party", unique=True, sqlite_where=_FIRST, postgresql_where=_FIRST),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    party: Mapped[str] = mapped_column(String(40), index=True)
    kind: Mapped[str] = mapped_column(String(10), default="bank")
    personal: Mapped[bool] = mapped_column(Boolean(create_constraint=False))
    holder: Mapped[str] = mapped_column(String(80))
    holder_fits: Mapped[bool] = mapped_column(Boolean(create_constraint=False))
    bank: Mapped[str] = mapped_column(String(10))
    bank_name: Mapped[str] = mapped_column(String(60))
    branch: Mapped[str] = mapped_column(String(80))
    number: Mapped[str] = mapped_column(EncryptedText)
    last_four: Mapped[str] = mapped_column(String(4))
    fingerprint: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(10))
    replaces_id: Mapped[Ref | None] = mapped_column(ForeignKey("payout_accounts.id"), index=True)
    created_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[Instant]
    consented_at: Mapped[Instant]
    usable_from: Mapped[Instant]
    confirmed_by: Mapped[str | None] = mapped_column(String(40))
    confirmed_at: Mapped[Instant | None]
    active_since: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
