"""Workbooks as we write them: row by row, whatever begins like a formula kept as the text it is."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import BinaryIO, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill

from kernel.text import export_cell

Value = str | int | Decimal | None
MIME: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_NAME: Final = re.compile(r"[\[\]:*?/\\]")
_NAME_CHARS: Final = 31
_CELL_CHARS: Final = 32_767
_HEAD: Final = Font(bold=True)
_MARKED: Final = PatternFill("solid", fgColor="FDE9D9")


@dataclass(frozen=True)
class Sheet:
    """One worksheet: its rows as they come, rows (from 0) that are heads, columns (from 0) that stand out, merges.

    `merged` are areas as spreadsheet programs name them, `A2:A4`, and may grow while rows are taken.
    """

    name: str
    rows: Iterable[Sequence[Value]]
    heads: int = 1
    marked: frozenset[int] = frozenset()
    merged: list[str] = field(default_factory=list)
    widths: Sequence[int] = ()


def write_workbook(file: BinaryIO, sheets: Iterable[Sheet]) -> None:
    """Write worksheets, of which only a row at a time is in memory."""
    book, names = Workbook(write_only=True), set[str]()
    for sheet in sheets:
        page = book.create_sheet(_named(sheet.name, names))
        if sheet.heads:
            page.freeze_panes = f"A{sheet.heads + 1}"
        for number, width in enumerate(sheet.widths):
            page.column_dimensions[chr(ord("A") + number)].width = width
        for number, row in enumerate(sheet.rows):
            page.append(
                [_cell(page, value, number < sheet.heads, place in sheet.marked) for place, value in enumerate(row)]
            )
        for area in sheet.merged:
            page.merged_cells.add(area)
    book.save(file)


def _named(name: str, names: set[str]) -> str:
    """What a spreadsheet program takes for a name, and not twice."""
    plain = _NAME.sub(" ", _UNWRITABLE.sub("", name)).strip(" '")[:_NAME_CHARS] or "价目表"
    number, free = 1, plain
    while free.lower() in names:
        number += 1
        free = f"{plain[: _NAME_CHARS - 4]}-{number}"
    names.add(free.lower())
    return free


def _cell(page: object, value: Value, is_head: bool, is_marked: bool) -> object:  # noqa: FBT001  of two looks
    """A number as a number; a text as a text, whatever it begins with."""
    plain = _UNWRITABLE.sub("", value)[:_CELL_CHARS] or None if isinstance(value, str) else value
    is_guarded = isinstance(plain, str) and export_cell(plain) != plain
    if not (is_head or is_marked or isinstance(plain, str)):
        return plain
    cell = WriteOnlyCell(page, value=plain)  # type: ignore[arg-type]  # the page of `create_sheet`
    if isinstance(plain, str):
        cell.data_type = "s"
    if is_guarded:
        cell.quotePrefix = True  # as Excel marks what was typed behind an apostrophe
    if is_head:
        cell.font = _HEAD
    if is_marked:
        cell.fill, cell.alignment = _MARKED, Alignment(wrap_text=True, vertical="top")
    return cell
