"""Tables of people, what proves them, organisations, sessions, codes and invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.crypto import EncryptedText, cipher
from kernel.db import Base, Id, Instant, PublicId, Ref
from onboarding.accounts.rules import HANDOFF_TRIES

if TYPE_CHECKING:
    from onboarding.accounts.rules import Recipient

_WAITS = "accepted_at is null and revoked_at is null"


def _unique(name: str, *columns: str, where: str) -> Index:
    """What rows have once among those of which this is true."""
    return Index(name, *columns, unique=True, sqlite_where=text(where), postgresql_where=text(where))


class User(Base):
    """A person, known by a phone, an e-mail, or both."""

    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("language in ('zh', 'en')", name="language"),
        CheckConstraint("phone_fingerprint is not null or email_fingerprint is not null", name="reachable"),
        CheckConstraint("(phone is null) = (phone_fingerprint is null)", name="phone"),
        CheckConstraint("(email is null) = (email_fingerprint is null)", name="email"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    phone: Mapped[str | None] = mapped_column(EncryptedText)
    phone_fingerprint: Mapped[str | None] = mapped_column(String(64), unique=True)
    email: Mapped[str | None] = mapped_column(EncryptedText)
    email_fingerprint: Mapped[str | None] = mapped_column(String(64), unique=True)
    password_hash: Mapped[str | None] = mapped_column(EncryptedText)
    name: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2), default="zh")
    created_at: Mapped[Instant]

    memberships: Mapped[list[MembershipRow]] = relationship(back_populates="user", order_by="MembershipRow.id")
    staff_roles: Mapped[list[StaffRole]] = relationship(back_populates="user", order_by="StaffRole.id")


class Organisation(Base):
    """A factory or a merchant; what it owns elsewhere carries its id. Once `left_at` it is no more than its records."""

    __tablename__ = "organisations"
    __table_args__ = (
        CheckConstraint("kind in ('factory', 'merchant')", name="kind"),
        CheckConstraint("left_at >= created_at", name="left_at"),
        Index("uq_organisations_id_kind", "id", "kind", unique=True),  # an application is of its organisation's kind
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[Instant]
    left_at: Mapped[Instant | None]


class MembershipRow(Base):
    """A person's role in one organisation; an owner is one since she came as one or was made one."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("user_id", "organisation_id"),
        CheckConstraint("role in ('owner', 'clerk')", name="role"),
        CheckConstraint("(role = 'owner') = (owner_since is not null)", name="owner_since"),
        CheckConstraint("owner_since >= created_at", name="owner_after_joining"),
    )

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[Instant]
    owner_since: Mapped[Instant | None]

    user: Mapped[User] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship()


class PastOwner(Base):
    """That somebody owned an organisation, until when, and who parted with her; `ddl` keeps it as it was written."""

    __tablename__ = "past_owners"
    __table_args__ = (CheckConstraint("owner_until >= owner_since", name="period"),)

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    owner_since: Mapped[Instant]
    owner_until: Mapped[Instant]
    parted_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))


class Invitation(Base):
    """A place in an organisation, kept for whoever proves a phone or an e-mail; its link is kept as a fingerprint."""

    __tablename__ = "invitations"
    __table_args__ = (
        CheckConstraint("role in ('owner', 'clerk')", name="role"),
        CheckConstraint("(accepted_at is null) = (accepted_by is null)", name="accepted"),
        CheckConstraint("accepted_at is null or revoked_at is null", name="one_end"),
        _unique("uq_invitations_open", "organisation_id", "recipient_fingerprint", where=_WAITS),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    recipient: Mapped[str] = mapped_column(EncryptedText)
    recipient_fingerprint: Mapped[str] = mapped_column(String(64))
    role: Mapped[str] = mapped_column(String(10))
    token_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    invited_by: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    accepted_at: Mapped[Instant | None]
    accepted_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))
    revoked_at: Mapped[Instant | None]


class StaffRole(Base):
    """A person's role on the staff: over the whole channel, one region (province) or one belt (slug).

    A helper is sent by one association, or by the operator, whose name owners read.
    """

    __tablename__ = "staff_roles"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "scope_kind", "scope_value"),
        CheckConstraint("role in ('operator', 'finance', 'helper')", name="role"),
        CheckConstraint("(role = 'helper') = (sent_by <> '')", name="sent_by"),
        CheckConstraint("scope_kind in ('channel', 'region', 'belt')", name="scope_kind"),
        CheckConstraint("(scope_kind = 'channel') = (scope_value = '')", name="scope_value"),
        _unique("uq_staff_roles_helper", "user_id", where="role = 'helper'"),
    )

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str] = mapped_column(String(10))
    scope_kind: Mapped[str] = mapped_column(String(10))
    scope_value: Mapped[str] = mapped_column(String(60))
    sent_by: Mapped[str] = mapped_column(String(60), server_default="")
    created_at: Mapped[Instant]

    user: Mapped[User] = relationship(back_populates="staff_roles")


class HelpGrant(Base):
    """An owner's consent that a helper sets up her organisation, until it is ended or runs out.

    Whoever ended it is the owner, the helper, or the channel (nobody). `ddl` keeps it as it was given.
    """

    __tablename__ = "help_grants"
    __table_args__ = (
        CheckConstraint("helper_id <> owner_id", name="not_herself"),
        CheckConstraint("sent_by <> ''", name="sent_by"),
        CheckConstraint("expires_at > granted_at", name="expires"),
        CheckConstraint("ended_at is null or ended_at >= granted_at", name="ended"),
        CheckConstraint("ended_by is null or ended_at is not null", name="ended_by"),
        _unique("uq_help_grants_open", "helper_id", "organisation_id", where="ended_at is null"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    helper_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    owner_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    sent_by: Mapped[str] = mapped_column(String(60))
    granted_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[Instant | None]
    ended_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))


class SecondFactor(Base):
    """The authenticator of a person; it counts from the moment that a code of it was confirmed."""

    __tablename__ = "second_factors"

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"), unique=True)
    secret: Mapped[str] = mapped_column(EncryptedText)
    created_at: Mapped[Instant]
    confirmed_at: Mapped[Instant | None]


class SecondFactorStep(Base):
    """A step of time whose code was used: once, says its key."""

    __tablename__ = "second_factor_steps"
    __table_args__ = (UniqueConstraint("user_id", "step"),)

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    step: Mapped[int] = mapped_column(BigInteger)
    used_at: Mapped[Instant]


class RecoveryCode(Base):
    """A way in for whoever lost her authenticator; good once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (UniqueConstraint("user_id", "code_fingerprint"),)

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    code_fingerprint: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[Instant | None]


class WebSession(Base):
    """A signed-in browser; only a fingerprint of its token is kept.

    `proved_at` is when its person last proved herself; of one who has a second factor nothing counts before
    `second_factor_at`. A helper acts in it under the grant `helping_id` alone.
    """

    __tablename__ = "web_sessions"

    id: Mapped[Id]
    token_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[Instant]
    proved_at: Mapped[Instant]
    second_factor_at: Mapped[Instant | None]
    helping_id: Mapped[Ref | None] = mapped_column(ForeignKey("help_grants.id"))
    expires_at: Mapped[Instant] = mapped_column(index=True)


class Handoff(Base):
    """A browser that asks to be signed in by another that is: two minutes, one approval, one use.

    Whoever is signed in may offer it first (`offered_by`); then whoever takes the link up asks, and she alone approves.
    The link is kept as a fingerprint, and so are the secret of the browser that waits and the number on its screen.
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        CheckConstraint("secret_fingerprint is not null or offered_by is not null", name="asked"),
        CheckConstraint("(secret_fingerprint is null) = (number_fingerprint is null)", name="taken"),
        CheckConstraint("(approved_at is null) = (user_id is null)", name="approved"),
        CheckConstraint("user_id is null or secret_fingerprint is not null", name="approved_taken"),
        CheckConstraint("user_id = offered_by", name="approved_by_offerer"),
        CheckConstraint("used_at is null or approved_at is not null", name="used"),
        CheckConstraint("created_at < expires_at", name="period"),
        CheckConstraint(f"tries between 0 and {HANDOFF_TRIES}", name="tries"),
    )

    id: Mapped[Id]
    token_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    secret_fingerprint: Mapped[str | None] = mapped_column(String(64), unique=True)
    number_fingerprint: Mapped[str | None] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(60))
    offered_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))
    tries: Mapped[int]
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    approved_at: Mapped[Instant | None]
    used_at: Mapped[Instant | None]


class OneTimeCode(Base):
    """A code sent to a recipient for one purpose; single use, few tries, short life."""

    __tablename__ = "one_time_codes"
    __table_args__ = (
        Index("ix_one_time_codes_recipient_purpose", "recipient_fingerprint", "purpose"),
        CheckConstraint("tries >= 0", name="tries"),
    )

    id: Mapped[Id]
    recipient_fingerprint: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(20))
    code_fingerprint: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


def recipient_fingerprint(recipient: Recipient) -> str:
    """What a phone or an e-mail is looked up and counted by."""
    kind = "phone" if recipient.channel == "sms" else "mail"
    return cipher().fingerprint(f"{kind}:{recipient.address}")
