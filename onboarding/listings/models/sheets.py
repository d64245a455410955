"""Price sheets: what they were read as, how far they are written, what their columns mean."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref


class SheetImport(Base):
    """A price sheet on its way to listings: `waiting → read → importing → imported`, or `failed` with a refusal's code.

    `reading` may be ten megabytes and is loaded when somebody asks for it. `chosen` is what the owner says of its
    columns, by table and key of the head; `refused_key` names the file of the rows that became no goods.
    """

    __tablename__ = "sheet_imports"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'read', 'importing', 'imported', 'failed')", name="state"),
        CheckConstraint("(state = 'failed') = (error_code <> '')", name="error"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    filename: Mapped[str] = mapped_column(String(200))
    file_key: Mapped[str] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(10))
    reading: Mapped[dict[str, Any]] = mapped_column(JSON, deferred=True)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    error_code: Mapped[str] = mapped_column(String(60))
    error_params: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[Instant]
    chosen: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")
    refused_key: Mapped[str] = mapped_column(String(64), default="", server_default="")


class SheetProgress(Base):
    """How far the goods of a sheet are written: `done` of `total` listings, in the order of its plan.

    `answers` are what the owner said when she asked for them, `result` the counts so far. Apart from the sheet, of
    which a database would write the whole reading again with each step.
    """

    __tablename__ = "sheet_progress"
    __table_args__ = (
        UniqueConstraint("sheet_import_id"),
        CheckConstraint("0 <= done and done <= total", name="done"),
    )

    id: Mapped[Id]
    sheet_import_id: Mapped[Ref] = mapped_column(ForeignKey("sheet_imports.id"))
    answers: Mapped[dict[str, Any]] = mapped_column(JSON)
    result: Mapped[dict[str, Any]] = mapped_column(JSON)
    done: Mapped[int]
    total: Mapped[int]


class ColumnChoice(Base):
    """What a factory says that a column of its sheets means: by the head, and which of those with the same head."""

    __tablename__ = "column_choices"
    __table_args__ = (UniqueConstraint("organisation_id", "head"), CheckConstraint("head <> ''", name="head"))

    id: Mapped[Id]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"))
    head: Mapped[str] = mapped_column(String(120))
    meaning: Mapped[str] = mapped_column(String(60))
    chosen_at: Mapped[Instant]
