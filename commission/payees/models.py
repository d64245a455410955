"""Tables of who is paid, as it is told to us, and of payout accounts: history that only its state moves on."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from commission.payees.rules import COUNTED, STATES
from kernel.crypto import EncryptedText
from kernel.db import Base, Id, Instant, PublicId, Ref

_ACTIVE, _NEW = text("state = 'active'"), text("state = 'new'")
_FIRST = text("replaces_id is null")


class Payee(Base):
    """Whom the licence of a party names, as it is now: whether an account fits is asked when it matters, not kept.

    `payouts` asks it too: a trigger refuses one to a person's card for whoever is no individual business.
    """

    __tablename__ = "payees"
    __table_args__ = (CheckConstraint("not (is_individual and is_firm)", name="one_kind"),)

    id: Mapped[Id]
    party: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    representative: Mapped[str] = mapped_column(String(60))
    is_individual: Mapped[bool] = mapped_column(Boolean(create_constraint=False))
    is_firm: Mapped[bool] = mapped_column(Boolean(create_constraint=False))
    told_at: Mapped[Instant]


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
        CheckConstraint(f"(state in {COUNTED}) = (active_since is not null)", name="active"),
        CheckConstraint("active_since >= usable_from or confirmed_by is not null", name="not_early"),
        CheckConstraint("(state in ('new', 'active')) = (ended_at is null)", name="ended"),
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
