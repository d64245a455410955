"""The table of acceptances: append-only, one a version (`ddl` refuses changes)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, Ref


class AgreementAcceptance(Base):
    """That an organisation agreed to a version, by whom and when; `digest` is that of the text she was shown.

    `through_id` is the helper who took her word for it.
    """

    __tablename__ = "agreement_acceptances"
    __table_args__ = (
        UniqueConstraint("organisation_id", "kind", "version"),
        CheckConstraint("kind in ('factory', 'merchant')", name="kind"),
        CheckConstraint("version like '____-__-__'", name="version"),
        CheckConstraint("length(digest) = 64", name="digest"),
        CheckConstraint("through_id <> user_id", name="not_herself"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    kind: Mapped[str] = mapped_column(String(10))
    version: Mapped[str] = mapped_column(String(10))
    digest: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[Ref] = mapped_column(ForeignKey("users.id"), index=True)
    through_id: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))
    accepted_at: Mapped[Instant]
