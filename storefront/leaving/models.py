"""The table of copies of one's own data."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref
from storefront.leaving.rules import COPY_STATES

_WAITING = text("state = 'waiting'")


class DataCopy(Base):
    """All that is an organisation's own, in one file: `waiting` for the worker, `ready` for a week, then `gone`.

    One is made at a time; `done` of `total` parts are written. It has its file while it is ready, and only then.
    """

    __tablename__ = "data_copies"
    __table_args__ = (
        CheckConstraint(f"state in {COPY_STATES}", name="state"),
        CheckConstraint("0 <= done and done <= total", name="progress"),
        CheckConstraint("(state = 'ready') = (file_key <> '')", name="file"),
        CheckConstraint("state not in ('ready', 'gone') or expires_at is not null", name="expires"),
        CheckConstraint("state <> 'ready' or (size > 0 and done = total)", name="whole"),
        Index(
            "uq_data_copies_waiting", "organisation_id", unique=True, sqlite_where=_WAITING, postgresql_where=_WAITING
        ),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    asked_by: Mapped[Ref | None] = mapped_column(ForeignKey("users.id"))
    state: Mapped[str] = mapped_column(String(10), index=True)
    done: Mapped[int]
    total: Mapped[int]
    size: Mapped[int]
    file_key: Mapped[str] = mapped_column(String(64))
    asked_at: Mapped[Instant]
    expires_at: Mapped[Instant | None]
