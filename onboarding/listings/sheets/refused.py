"""The rows of a sheet that became no goods, as they stood in it, each with its number and why: to be mended."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

from onboarding.listings.sheets.chosen import Chosen
from onboarding.listings.sheets.reader import tables_in
from onboarding.listings.sheets.rows import Table, groups, split_rows
from onboarding.listings.sheets.scan import column_letter
from onboarding.listings.sheets.vocabulary import Meaning
from onboarding.listings.sheets.writer import Sheet, Value

ROW_HEAD: Final = "行号"
REASON_HEAD: Final = "原因"
"""Both are heads that the reader knows and leaves alone."""

_HEADS: Final = {
    Meaning.CODE: "货号",
    Meaning.TITLE: "品名",
    Meaning.CATEGORY: "类目",
    Meaning.COLOR: "颜色",
    Meaning.SIZE: "尺码",
    Meaning.TRADE_PRICE: "单价",
    Meaning.RETAIL_PRICE: "零售价",
    Meaning.DROP_SHIP_PRICE: "代发价",
    Meaning.STOCK: "库存",
    Meaning.MOQ: "起订量",
}
Place = tuple[str, int]


@dataclass(frozen=True)
class Refusals:
    """What became of rows: `reasons` by worksheet and row (from 1), `made` are the first rows of goods made."""

    reasons: Mapping[Place, Sequence[str]]
    made: Collection[Place]


def refused_sheets(data: bytes, chosen: Chosen, refusals: Refusals) -> Iterator[Sheet]:
    """Every table with rows that were refused: its heads and remarks, these rows alone, two columns more."""
    tables, _notes = tables_in(data, chosen)
    for table in tables:
        rows, _remarks = split_rows(table)
        kept, alone = _kept(table, rows, refusals)
        if kept:
            yield _sheet(table, set(rows) - kept, alone, refusals)


def _kept(table: Table, rows: list[int], refusals: Refusals) -> tuple[set[int], set[int]]:
    """Whole goods that were refused; of goods that were made the rows that were, which have to stand `alone`."""
    kept, alone = set[int](), set[int]()
    for group in groups(table, rows):
        refused = {row for row in group if (table.worksheet, row + 1) in refusals.reasons}
        if refused and (table.worksheet, group[0] + 1) in refusals.made:
            alone |= refused
        elif refused:
            kept |= set(group)
    return kept | alone, alone


def _sheet(table: Table, left: set[int], alone: set[int], refusals: Refusals) -> Sheet:
    width = table.grid.width
    hidden = table.grid.scan.hidden_rows
    shown = [row for row, cells in enumerate(table.grid.rows) if any(cells) and row not in left and row not in hidden]
    place = {row: number for number, row in enumerate(shown)}
    written = (_row(table, row, row in alone, refusals.reasons.get((table.worksheet, row + 1), ())) for row in shown)
    if table.header.rows[-1] < 0:  # heads that the reader knows, and the owner need not say again
        place = {row: number + 1 for row, number in place.items()}
        return Sheet(
            table.worksheet, chain([_heads(table)], written), 1, frozenset({width, width + 1}), _merged(table, place)
        )
    heads = place[table.header.rows[-1]] + 1
    return Sheet(table.worksheet, written, heads, frozenset({width, width + 1}), _merged(table, place))


def _heads(table: Table) -> list[Value]:
    return [*(_HEADS.get(column.meaning, "") for column in table.header.columns), ROW_HEAD, REASON_HEAD]


def _row(table: Table, row: int, is_alone: bool, reasons: Sequence[str]) -> list[Value]:  # noqa: FBT001
    read = table.grid.at if is_alone else table.grid.own
    cells: list[Value] = [read(row, column) for column in range(table.grid.width)]
    if row == _key_row(table):
        return [*cells, ROW_HEAD, REASON_HEAD]
    return [*cells, row + 1 if row > table.header.rows[-1] else None, "\n".join(reasons) or None]


def _key_row(table: Table) -> int:
    """The row of the header in which the code or the name stands: there the reader looks for heads."""
    keys = [column for meaning in (Meaning.CODE, Meaning.TITLE) for column in table.header.all_of(meaning)]
    rows = table.header.rows
    return next((row for row in rows if any(table.grid.own(row, key.index) for key in keys)), rows[0])


def _merged(table: Table, place: Mapping[int, int]) -> list[str]:
    """Areas of merged cells of which the first row is there, where their rows stand now."""
    areas: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for cell, first in table.grid.anchors.items():
        if first[0] in place and cell[0] in place:
            areas.setdefault(first, []).append((place[cell[0]], cell[1]))
    return [_area(cells) for cells in areas.values() if len(cells) > 1]


def _area(cells: list[tuple[int, int]]) -> str:
    top, bottom = min(row for row, _ in cells) + 1, max(row for row, _ in cells) + 1
    left, right = min(column for _, column in cells), max(column for _, column in cells)
    return f"{column_letter(left)}{top}:{column_letter(right)}{bottom}"
