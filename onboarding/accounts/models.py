"""Tables of people, organisations, sessions and codes."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kernel.crypto import EncryptedText, cipher
from kernel.db import Base, Id, Instant, PublicId, Ref


class User(Base):
    """A person, known by a phone number."""

    __tablename__ = "users"
    __table_args__ = (CheckConstraint("language in ('zh', 'en')", name="language"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    phone: Mapped[str] = mapped_column(EncryptedText)
    phone_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(2), default="zh")
    created_at: Mapped[Instant]

    memberships: Mapped[list[MembershipRow]] = relationship(back_populates="user", order_by="MembershipRow.id")
    staff_roles: Mapped[list[StaffRole]] = relationship(back_populates="user", order_by="StaffRole.id")


class Organisation(Base):
    """A factory or a merchant; what it owns elsewhere carries its id."""

    __tablename__ = "organisations"
    __table_args__ = (CheckConstraint("kind in ('factory', 'merchant')", name="kind"),)

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(80))
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[Instant]


class MembershipRow(Base):
    """A person's role in one organisation."""

    __tablename__ = "memberships"
    __table_args__ = (
        UniqueConstraint("user_id", "organisation_id"),
        CheckConstraint("role in ('owner', 'clerk')", name="role"),
    )

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    role: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[Instant]

    user: Mapped[User] = relationship(back_populates="memberships")
    organisation: Mapped[Organisation] = relationship()


class StaffRole(Base):
    """A person's role on the staff: over the whole channel, one region (province) or one belt (slug)."""

    __tablename__ = "staff_roles"
    __table_args__ = (
        UniqueConstraint("user_id", "role", "scope_kind", "scope_value"),
        CheckConstraint("role in ('operator', 'finance')", name="role"),
        CheckConstraint("scope_kind in ('channel', 'region', 'belt')", name="scope_kind"),
        CheckConstraint("(scope_kind = 'channel') = (scope_value = '')", name="scope_value"),
    )

    id: Mapped[Id]
    user_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    role: Mapped[str] = mapped_column(String(10))
    scope_kind: Mapped[str] = mapped_column(String(10))
    scope_value: Mapped[str] = mapped_column(String(60))
    created_at: Mapped[Instant]

    user: Mapped[User] = relationship(back_populates="staff_roles")


class WebSession(Base):
    """A signed-in browser; only a fingerprint of its token is kept."""

    __tablename__ = "web_sessions"

    id: Mapped[Id]
    token_fingerprint: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"), index=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)


class OneTimeCode(Base):
    """A code sent to a phone for one purpose; single use, few tries, short life."""

    __tablename__ = "one_time_codes"
    __table_args__ = (
        Index("ix_one_time_codes_phone_purpose", "phone_fingerprint", "purpose"),
        CheckConstraint("tries >= 0", name="tries"),
    )

    id: Mapped[Id]
    phone_fingerprint: Mapped[str] = mapped_column(String(64))
    purpose: Mapped[str] = mapped_column(String(20))
    code_fingerprint: Mapped[str] = mapped_column(String(64))
    tries: Mapped[int]
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


def phone_fingerprint(phone: str) -> str:
    """What a phone in E.164 is looked up and counted by."""
    return cipher().fingerprint(f"phone:{phone}")
