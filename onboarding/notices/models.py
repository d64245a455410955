"""Tables of notices: what they say, the goods they name, their evidence and steps."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.crypto import EncryptedText
from kernel.db import Base, Id, Instant, PublicId, Ref
from kernel.papers import MEDIA
from onboarding.notices.rules import DEEDS, ENDED, EVIDENCE, HOLDERS, NOTICE, RIGHTS, TIMED, number_of

_OPEN = text("is_open")


class Notice(Base):
    """A right holder's word against goods of one seller; `until` is the last day of her fifteen.

    What has ended stays as it is (`ddl`).
    """

    __tablename__ = "notices"
    __table_args__ = (
        CheckConstraint(f"state in {NOTICE.states}", name="state"),
        CheckConstraint(f"holder_kind in {tuple(HOLDERS)}", name="holder_kind"),
        CheckConstraint(f"right_kind in {tuple(RIGHTS)}", name="right_kind"),
        CheckConstraint("name <> '' and statement <> ''", name="told"),
        CheckConstraint(f"(state in {ENDED}) = (ended_at is not null)", name="ended"),
        CheckConstraint(f"state not in {TIMED} or until is not null", name="until"),
        CheckConstraint("(arrived_on is null) = (until is null)", name="arrived"),
        CheckConstraint("until is null or until > arrived_on", name="days"),
        CheckConstraint("state not in ('submitted', 'incomplete', 'refused') or accepted_at is null", name="accepted"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    notifier_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"), index=True)
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    holder_kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(120))
    contact: Mapped[str] = mapped_column(EncryptedText)
    right_kind: Mapped[str] = mapped_column(String(12))
    right_number: Mapped[str] = mapped_column(String(60))
    statement: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12), index=True)
    made_at: Mapped[Instant]
    accepted_at: Mapped[Instant | None]
    arrived_on: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date, index=True)
    ended_at: Mapped[Instant | None]

    @property
    def number(self) -> str:
        """What it is called on the telephone."""
        return number_of(self.id)


class NoticeGoods(Base):
    """Goods that a notice names; of one right and one notifier a listing is named by one open notice."""

    __tablename__ = "notice_goods"
    __table_args__ = (
        UniqueConstraint("notice_id", "listing_id"),
        Index(
            "uq_notice_goods_open",
            "notifier_id",
            "right_key",
            "listing_id",
            unique=True,
            sqlite_where=_OPEN,
            postgresql_where=_OPEN,
        ),
    )

    id: Mapped[Id]
    notice_id: Mapped[Ref] = mapped_column(ForeignKey("notices.id"))
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"), index=True)
    notifier_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    right_key: Mapped[str] = mapped_column(String(80))
    title: Mapped[str] = mapped_column(String(120))
    link: Mapped[str] = mapped_column(String(300))
    is_open: Mapped[bool] = mapped_column(Boolean(create_constraint=False))


class NoticeEvidence(Base):
    """A file of one side; kept as it was handed in (`ddl`)."""

    __tablename__ = "notice_evidence"
    __table_args__ = (
        CheckConstraint(f"kind in {tuple(EVIDENCE)}", name="kind"),
        CheckConstraint(f"media in {MEDIA}", name="media"),
        CheckConstraint("length(file_key) = 64", name="file_key"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    notice_id: Mapped[Ref] = mapped_column(ForeignKey("notices.id"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    media: Mapped[str] = mapped_column(String(4))
    file_key: Mapped[str] = mapped_column(String(64))
    added_by: Mapped[Ref] = mapped_column(ForeignKey("users.id"))
    added_at: Mapped[Instant]


class NoticeStep(Base):
    """What was done about a notice, and the words with it; append-only (`ddl`)."""

    __tablename__ = "notice_steps"
    __table_args__ = (CheckConstraint(f"action in {tuple(DEEDS)}", name="action"),)

    id: Mapped[Id]
    notice_id: Mapped[Ref] = mapped_column(ForeignKey("notices.id"), index=True)
    action: Mapped[str] = mapped_column(String(12))
    words: Mapped[str] = mapped_column(Text)
    at: Mapped[Instant]
