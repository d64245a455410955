"""A table as a file that any spreadsheet opens: UTF-8 with its mark, no cell a formula, amounts as plain numbers."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from kernel.clock import SHANGHAI
from kernel.i18n import gettext
from kernel.text import Message, export_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kernel.tables import Column, Rows, Table

_MARK = "\ufeff"  # without it Excel takes Chinese for something else


def csv_text(table: Table[Any], rows: Rows[Any], *, sorting: dict[str, Any]) -> Iterator[str]:
    """The file bit by bit: heads in the language of the page, then every row; the row's own id stands first."""
    columns = [column for column in table.columns if column.only != "page"]
    yield _MARK + _written([[gettext("编号"), *(gettext(column.label) for column in columns)]])
    for batch in rows.batches(**sorting):
        yield _written([[export_cell(table.key(line)), *(cell(column, line) for column in columns)] for line in batch])


def cell(column: Column[Any], line: Any) -> str:  # noqa: ANN401  whatever the table is made of
    """One cell: fen as yuan with two decimals, moments in Shanghai as ISO 8601, words as they are shown."""
    value = column.value(line)
    if value is None:
        return ""
    if column.kind == "money":
        return plain_yuan(value)
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat(timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        return str(value)
    return export_cell(gettext(value) if isinstance(value, Message) else str(value))


def plain_yuan(fen: int) -> str:
    """`126800` → `1268.00`, `-5` → `-0.05`: a number to reckon with."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def _written(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()
