"""The one way in: a price sheet's bytes → what it says."""

import re
from collections.abc import Iterator
from typing import Final

from kernel.errors import DomainError
from onboarding.listings.sheets.archive import Kind, kind_of
from onboarding.listings.sheets.chosen import Chosen, choose, may_be_published, may_mean, offered, samples
from onboarding.listings.sheets.columns import Column
from onboarding.listings.sheets.conditions import conditions_of, is_in_foreign_money
from onboarding.listings.sheets.goods import listings_of
from onboarding.listings.sheets.header import find_header
from onboarding.listings.sheets.layout import single_tables
from onboarding.listings.sheets.minimums import minimums_in
from onboarding.listings.sheets.reading import Problem, SeenColumn, SheetListing, SheetReading
from onboarding.listings.sheets.reading import Table as TableSeen
from onboarding.listings.sheets.rows import Table, split_rows
from onboarding.listings.sheets.supply import price_columns, trade_columns
from onboarding.listings.sheets.unheaded import asked_tables, first_rows, is_sideways, is_tabular, remembered_header
from onboarding.listings.sheets.vocabulary import Meaning, unit_in
from onboarding.listings.sheets.workbook import Grid, read_grids

MAX_NOTES: Final = 200
MAX_NOTE_CHARS: Final = 500
MAX_CONDITIONS: Final = 20
_UNTAXED_HEAD: Final = re.compile(r"不含税|未含税|未税|不带票|不含票")
_UNDONE: Final = re.compile(r"折前|再打|未打?折")


def read_sheet(data: bytes, filename: str, *, chosen: Chosen = Chosen(), asking: bool = False) -> SheetReading:  # noqa: ARG001, B008 - a name may lie, the bytes do not; frozen
    """Read an xlsx, xls or text table whatever its name says, its columns as the owner has chosen.

    A table whose heads nobody knows is refused, or with `asking` read as one of which the owner has to say them.

    Raises DomainError `sheet.too_large`, `sheet.bomb`, `sheet.not_a_sheet`, `sheet.damaged`, `sheet.encrypted`,
    `sheet.empty`, `sheet.no_header`, `sheet.sideways`, `sheet.too_many_rows`, `sheet.too_many_columns`,
    `sheet.too_many_worksheets`. Anything wrong with a cell is a problem in the reading.
    """
    tables, notes = tables_in(data, chosen, asking=asking)
    return _reading(tables, notes)


def tables_in(data: bytes, chosen: Chosen, *, asking: bool = False) -> tuple[list[Table], list[str]]:
    """The tables of goods of a file, and the rows of its other worksheets as lines."""
    tables: list[Table] = []
    notes: list[str] = []
    grids = read_grids(data)
    parts = [(part, part.name if len(grids) > 1 else "") for grid in grids for part in single_tables(grid)]
    for part, name in parts if not chosen.rows else ():
        header = find_header(part) or remembered_header(part, chosen.remembered)
        if header is None:
            notes += _texts(part)
        else:
            tables.append(Table(part, header, name))
    if not tables:
        tables, notes = _unheaded(data, parts, chosen, asking=asking), []
    for number, table in enumerate(tables):
        choose(table, number, chosen)
    return tables, notes


def _unheaded(data: bytes, parts: list[tuple[Grid, str]], chosen: Chosen, *, asking: bool) -> list[Table]:
    """Tables that the owner explains. Raises `sheet.no_header`, `sheet.not_a_sheet`, `sheet.sideways`."""
    if kind_of(data) is Kind.TEXT and not any(is_tabular(part) for part, _name in parts):
        raise DomainError("sheet.not_a_sheet")
    if not chosen.rows and any(is_sideways(part) for part, _name in parts):
        raise DomainError("sheet.sideways")
    tables = asked_tables(parts, chosen) if asking or chosen.rows else []
    if not tables:
        raise DomainError("sheet.no_header")
    return tables


def _texts(grid: Grid) -> list[str]:
    """The rows of a worksheet that is no table of goods, each as one line."""
    lines = (" ".join(" ".join(cell.split()) for cell in row if cell) for row in grid.rows)
    return [line for line in lines if line]


def _reading(tables: list[Table], notes: list[str]) -> SheetReading:
    goods: list[tuple[Table, list[int]]] = []
    elsewhere = notes
    for table in tables:
        if not table.is_read:
            continue
        rows, remarks = split_rows(table)
        table.is_foreign = any(map(is_in_foreign_money, [*remarks, *elsewhere]))
        goods.append((table, rows))
        notes = [*remarks, *notes]
    moq, questions = _moq_from(notes, tables)
    codes: dict[str, int] = {}
    listings: list[SheetListing] = []
    for table, rows in goods:
        listings += listings_of(table, rows, moq, codes)
    for table in tables:
        if table.is_asked and table.head_row is None:
            table.tell("header_unknown", None, None)
    problems = [problem for table in tables for problem in table.problems]
    seen = tuple(_seen(table) for table in tables)
    kept = tuple(note[:MAX_NOTE_CHARS] for note in notes[:MAX_NOTES])
    return SheetReading(seen, tuple(listings), (*problems, *questions, *_of_prices(notes, tables)), kept)


def _seen(table: Table) -> TableSeen:
    written = [column for column in table.header.columns if _is_written(table, column)]
    meanings = {column.letter: column.label for column in written}
    columns = [
        SeenColumn(
            column.letter,
            column.key,
            column.words,
            _said_as(table, column),
            column.inferred,
            column.told,
            tuple(_offered(table, column)),
            samples(table, column),
            len({(one.row, one.media) for one in table.grid.pictures if one.column == column.index}),
            may_be_published(column),
        )
        for column in written
    ]
    rows = tuple(row + 1 for row in table.header.rows if row >= 0)
    return TableSeen(table.worksheet, rows, meanings, tuple(columns), first_rows(table), table.head_row)


def _said_as(table: Table, column: Column) -> str:
    """The meaning of a column among those that are offered: an attribute by its head unless that meant more."""
    is_made = table.is_asked or bool(column.told) or not column.inferred.startswith(Meaning.ATTRIBUTE)
    return Meaning.ATTRIBUTE.value if column.meaning is Meaning.ATTRIBUTE and is_made else column.label


def _offered(table: Table, column: Column) -> list[str]:
    """Where the owner is asked for everything, nothing that no column can be said to be is among the answers."""
    return may_mean(column) if table.is_asked else offered(column)


def _is_written(table: Table, column: Column) -> bool:
    """Whether a column is of this table at all: one without a head and without a word is not."""
    words = (row[column.index] for row in table.grid.rows if column.index < len(row))
    return column.meaning is not Meaning.UNNAMED or any(words)


def _of_prices(notes: list[str], tables: list[Table]) -> list[Problem]:
    """What remarks say of all prices, and heads of theirs, has to be asked about; of tax once."""
    if all(table.header.is_literal for table in tables):
        return []  # what stands in files of ours explains how to fill them in
    columns = [column for table in tables for column in price_columns(table)]
    first = [column.head for table in tables for column in trade_columns(table)[:1]]
    told = [
        *(head for head in first if _UNTAXED_HEAD.search(head)),
        *(one.head for one in columns if _UNDONE.search(one.head)),
    ]
    measures = frozenset(unit for one in columns if (unit := unit_in(one.words)))
    found = conditions_of([*told, *_beside(tables), *notes], priced_by=measures)
    untaxed = [one for one in found if one.code == "tax_excluded"]
    others = [one for one in found if one.code != "tax_excluded"]
    return [Problem(one.code, params={"text": one.text}) for one in [*untaxed[:1], *others][:MAX_CONDITIONS]]


def _beside(tables: list[Table]) -> Iterator[str]:
    """Heads over columns that hold no price: a remark may stand among them, 单位：元/打 above the last."""
    for column in (column for table in tables for column in table.header.columns):
        yield column.group
        if column.meaning in {Meaning.ATTRIBUTE, Meaning.UNNAMED, Meaning.INDEX, Meaning.MOQ, Meaning.STOCK}:
            yield column.head


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
