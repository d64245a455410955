"""The table of licence photographs and what was read in them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref


class Licence(Base):
    """A photograph of an organisation's licence: `waiting → read | unreadable`, once; a better one is a new row.

    `reading` holds `is_licence`, `fields` with value, confidence and box in the upright picture, `warnings`, `turned`.
    """

    __tablename__ = "licences"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'read', 'unreadable')", name="state"),
        CheckConstraint("(state = 'waiting') = (read_at is null)", name="read_at"),
        CheckConstraint("length(photo_key) = 64", name="photo_key"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    photo_key: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    reading: Mapped[dict[str, Any]] = mapped_column(JSON)
    uploaded_at: Mapped[Instant]
    read_at: Mapped[Instant | None]
