"""The one way in: a price sheet's bytes → what it says."""

import re
from typing import Final

from kernel.errors import DomainError
from onboarding.listings.sheets.columns import Column
from onboarding.listings.sheets.goods import listings_of
from onboarding.listings.sheets.header import find_header
from onboarding.listings.sheets.layout import single_tables
from onboarding.listings.sheets.reading import Problem, SheetListing, SheetReading
from onboarding.listings.sheets.reading import Table as TableSeen
from onboarding.listings.sheets.rows import Table, split_rows
from onboarding.listings.sheets.supply import minimums_in, trade_columns
from onboarding.listings.sheets.values import squeeze
from onboarding.listings.sheets.vocabulary import Meaning
from onboarding.listings.sheets.workbook import Grid, read_grids

MAX_NOTES: Final = 200
MAX_NOTE_CHARS: Final = 500
_FOREIGN_WORDS: Final = r"(?:usd|us\$|美元|美金|欧元|eur|英镑|gbp|港[币元]|hkd|日元|jpy)"
_IN_FOREIGN_MONEY: Final = re.compile(
    rf"(?:价格?|单位|币种|货币|报价|price|currency|quot\w*)[^,，。;；]{{0,12}}{_FOREIGN_WORDS}"
    rf"|{_FOREIGN_WORDS}[^,，。;；汇]{{0,6}}(?:报价|计价|价|price)"
)
_WITHOUT_TAX: Final = re.compile(r"[^，,；;。\n]*(?:不含税|未税|不带票|不含票)[^，,；;。\n]*")


def read_sheet(data: bytes, filename: str) -> SheetReading:  # noqa: ARG001 - a name may lie; the bytes do not
    """Read an xlsx, xls or text table whatever its name says.

    Raises DomainError `sheet.too_large`, `sheet.bomb`, `sheet.not_a_sheet`, `sheet.damaged`, `sheet.encrypted`,
    `sheet.empty`, `sheet.no_header`, `sheet.too_many_rows`, `sheet.too_many_columns`,
    `sheet.too_many_worksheets`. Anything wrong with a cell is a problem in the reading.
    """
    tables: list[Table] = []
    notes: list[str] = []
    grids = read_grids(data)
    for part in (part for grid in grids for part in single_tables(grid)):
        header = find_header(part)
        if header is None:
            notes += _texts(part)
        else:
            tables.append(Table(part, header, part.name))
    if not tables:
        raise DomainError("sheet.no_header")
    return _reading(tables, notes, several=len(grids) > 1)


def _texts(grid: Grid) -> list[str]:
    """The rows of a worksheet that is no table of goods, each as one line."""
    lines = (" ".join(" ".join(cell.split()) for cell in row if cell) for row in grid.rows)
    return [line for line in lines if line]


def _reading(tables: list[Table], notes: list[str], *, several: bool) -> SheetReading:
    goods: list[tuple[Table, list[int]]] = []
    for table in tables:
        table.worksheet = table.worksheet if several else ""
        rows, remarks = split_rows(table)
        table.is_foreign = any(_IN_FOREIGN_MONEY.search(squeeze(remark)) for remark in remarks)
        goods.append((table, rows))
        notes = [*remarks, *notes]
    moq, questions = _moq_from(notes, tables)
    codes: dict[str, int] = {}
    listings: list[SheetListing] = []
    for table, rows in goods:
        listings += listings_of(table, rows, moq, codes)
    problems = [problem for table in tables for problem in table.problems]
    seen = tuple(
        TableSeen(
            table.worksheet,
            tuple(row + 1 for row in table.header.rows),
            {column.letter: column.label for column in table.header.columns if _is_written(table, column)},
        )
        for table in tables
    )
    kept = tuple(note[:MAX_NOTE_CHARS] for note in notes[:MAX_NOTES])
    return SheetReading(seen, tuple(listings), (*problems, *questions, *_tax(notes, tables)), kept)


def _is_written(table: Table, column: Column) -> bool:
    """Whether a column is of this table at all: one without a head and without a word is not."""
    words = (row[column.index] for row in table.grid.rows if column.index < len(row))
    return column.meaning is not Meaning.UNNAMED or any(words)


def _tax(notes: list[str], tables: list[Table]) -> list[Problem]:
    """Prices here include tax; a sheet that says its own do not has to be asked about."""
    heads = [column.head for table in tables for column in trade_columns(table)[:1]]
    said = next((found for text in [*heads, *notes] if (found := _WITHOUT_TAX.search(text))), None)
    return [Problem("tax_excluded", params={"text": said[0]})] if said else []


def _moq_from(notes: list[str], tables: list[Table]) -> tuple[int | None, list[Problem]]:
    """A minimum order that remarks state once for all goods, with the question whether that is meant."""
    if all(table.header.one(Meaning.MOQ) for table in tables):
        return None, []
    found = minimums_in(notes)
    if len(found) > 1:
        return None, [Problem("moq_notes_differ")]
    return next(
        (
            (quantity, [Problem("moq_from_note", params={"text": text, "quantity": quantity})])
            for quantity, text in found.items()
        ),
        (None, []),
    )
