"""Tables whose heads nobody knows: the owner says in which row they stand, if in any, and what each column is."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from onboarding.listings.sheets.chosen import KEYS, Chosen, head_keys
from onboarding.listings.sheets.columns import Column
from onboarding.listings.sheets.header import Header, columns_under, find_header
from onboarding.listings.sheets.rows import Table
from onboarding.listings.sheets.values import is_nothing
from onboarding.listings.sheets.vocabulary import Meaning
from onboarding.listings.sheets.workbook import Grid

MAX_TABLES: Final = 10
SHOWN_ROWS: Final = 10
SHOWN_COLUMNS: Final = 40
SHOWN_CHARS: Final = 100
NO_HEAD: Final = 0
"""Said of a table that begins with goods at once."""
LEFT_ALONE: Final = -1
"""Said of a worksheet that is no table of goods."""
_SEARCHED_ROWS: Final = 60
_LEAST_CELLS: Final = 2
# A head that says where a column stands and not what it holds: it may hold another thing in the next sheet.
_SAYS_NOTHING: Final = re.compile(
    r"[a-z]{1,2}|[0-9.]+|@.*|(?:列|第|column|col|field|字段|数据|项目|内容)[0-9a-z一二三四五六七八九十]{0,3}列?(?:#[0-9]+)?"
)
_FIGURES: Final = re.compile(r"[¥￥$]?\s*[0-9][0-9.,，]*\s*(?:元|%)?")


def is_tabular(grid: Grid) -> bool:
    """Whether most rows hold several cells: a letter that somebody typed is no table."""
    filled = [sum(not is_nothing(cell) for cell in row) for row in grid.rows if any(row)]
    wide = [count for count in filled if count >= _LEAST_CELLS]
    return len(wide) > 1 and len(wide) * 2 >= len(filled)


def is_sideways(grid: Grid) -> bool:
    """Whether each goods is a column: the heads stand one below the other."""
    rows = [
        [grid.own(row, column) for column in range(grid.width)] for row in range(min(_SEARCHED_ROWS, len(grid.rows)))
    ]
    turned = Grid(grid.name, tuple(zip(*rows, strict=True)))
    header = find_header(turned)
    return header is not None and header.rows[-1] <= 1 and len(turned.rows) > _LEAST_CELLS


def asked_tables(parts: Iterable[tuple[Grid, str]], chosen: Chosen) -> list[Table]:
    """Every worksheet that may hold goods, under the row that the owner says to be the heads, or else a likely one."""
    tables: list[Table] = []
    for part, name in [one for one in parts if is_tabular(one[0])][:MAX_TABLES]:
        said = chosen.rows.get(len(tables))
        row = _likely_row(part) if said in {None, LEFT_ALONE} else said
        tables.append(Table(part, _under(part, row or NO_HEAD), name, head_row=said, is_asked=True))
    return tables


def remembered_header(grid: Grid, remembered: Mapping[str, str]) -> Header | None:
    """A row of heads that the owner explained on a sheet before; those that say nothing are asked each time."""
    telling = {key: label for key, label in remembered.items() if not _SAYS_NOTHING.fullmatch(key)}
    for row, cells in enumerate(grid.rows[:_SEARCHED_ROWS] if telling else ()):
        known = [telling[key] for key in head_keys(cells) if key in telling]
        if len(known) * 2 >= max(_LEAST_CELLS * 2, sum(map(bool, cells))) and KEYS & {*known}:
            return Header((row,), tuple(columns_under(grid, (row,))))
    return None


def _under(grid: Grid, row: int) -> Header:
    """The columns below a row (from 1), or of a table without heads."""
    if row == NO_HEAD:
        return Header((-1,), tuple(Column(index, Meaning.UNNAMED) for index in range(grid.width)))
    return Header((row - 1,), tuple(columns_under(grid, (row - 1,))))


def _likely_row(grid: Grid) -> int:
    """The first row of several words and no figure, if goods stand below it."""
    for number, cells in enumerate(grid.rows[:SHOWN_ROWS], start=1):
        said = [cell for cell in cells if not is_nothing(cell)]
        if len(said) >= _LEAST_CELLS:
            return NO_HEAD if any(map(_FIGURES.fullmatch, said)) else number
    return NO_HEAD


def first_rows(table: Table) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The rows to choose from, each with its number (from 1); none of a table whose heads are known."""
    if not table.is_asked:
        return ()
    rows = [(number, row) for number, row in enumerate(table.grid.rows, start=1) if any(row)][:SHOWN_ROWS]
    width = min(table.grid.width, SHOWN_COLUMNS)
    cells = ((number, [table.grid.own(number - 1, column) for column in range(width)]) for number, _row in rows)
    return tuple((number, tuple(" ".join(cell.split())[:SHOWN_CHARS] for cell in row)) for number, row in cells)
