"""Where a table's header is: after title rows, in one row or in two."""

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from onboarding.listings.sheets.columns import Column, columns_of
from onboarding.listings.sheets.heads import Head, tier_quantity
from onboarding.listings.sheets.options import is_color, is_size
from onboarding.listings.sheets.values import is_nothing, squeeze
from onboarding.listings.sheets.vocabulary import Meaning, meaning_of
from onboarding.listings.sheets.workbook import Grid

_SEARCHED_ROWS: Final = 60
_SAMPLED_ROWS: Final = 200
_LEAST_HEADS: Final = 2
_UNIT: Final = re.compile(
    r"(?:元|rmb|cny|¥|人民币|usd|us\$|\$|美元|美金|欧元|eur|港币|hkd|万元|分|角)(?:/\w{1,4})?"
    r"|件|个|只|副|双|条|套|台|盒|箱|打|手|包|袋|米|斤|公斤|kg|g|克|cm|mm|m|ml|l|pcs?|sets?|ctns?|天|%|张|把|支"
)
_SAID: Final = re.compile(r"[:：]\s*\w")  # 联系人：王经理 stands above a table, and is no head of it
_KEYS: Final = frozenset({Meaning.CODE, Meaning.TITLE})
_TELLING: Final = frozenset(
    {
        Meaning.TRADE_PRICE,
        Meaning.RETAIL_PRICE,
        Meaning.STOCK,
        Meaning.MOQ,
        Meaning.COLOR,
        Meaning.SIZE,
        Meaning.TIER,
    }
)


@dataclass(frozen=True)
class Header:
    """Header rows (from 0) and the meaning of every column."""

    rows: tuple[int, ...]
    columns: tuple[Column, ...]

    def all_of(self, meaning: Meaning) -> list[Column]:
        """Columns of one meaning, left to right."""
        return self._by_meaning.get(meaning, [])

    def one(self, meaning: Meaning) -> Column | None:
        """The first column of a meaning."""
        return next(iter(self.all_of(meaning)), None)

    @cached_property
    def is_literal(self) -> bool:
        """Whether it is a file of ours, in which nothing has to be guessed."""
        return any(column.literal for column in self.columns)

    @cached_property
    def _by_meaning(self) -> dict[Meaning, list[Column]]:
        found: dict[Meaning, list[Column]] = {}
        for column in self.columns:
            found.setdefault(column.meaning, []).append(column)
        return found


def find_header(grid: Grid) -> Header | None:
    """The header, or None when the worksheet is no table of goods."""
    best, best_score = None, 0
    for row in range(min(_SEARCHED_ROWS, len(grid.rows))):
        score = _score(grid, row)
        if score > best_score:
            best, best_score = row, score
    if best is None:
        return None
    rows = header_rows(grid, best)
    header = Header(rows, tuple(columns_under(grid, rows)))
    meanings = {column.meaning for column in header.columns}
    return header if meanings & _KEYS and (meanings & _TELLING or meanings >= _KEYS) else None


def _score(grid: Grid, row: int) -> int:
    """How many different known heads a row holds; 0 when it has neither a code nor a name column."""
    meanings = [meaning for cell in grid.rows[row] if (meaning := meaning_of(cell) or _tier_meaning(cell))]
    distinct = set(meanings)
    if not distinct & _KEYS or len(meanings) < _LEAST_HEADS or _is_form(grid.rows[row]):
        return 0
    return len(distinct) * 10 + len(meanings)


def _is_form(row: tuple[str, ...]) -> bool:
    """`品名：` 茶杯 `单价：` 5 is a form of one goods, no head of a table."""
    said = [cell for cell in row if cell]
    asking = [cell for cell in said if cell.endswith((":", "："))]
    return 0 < len(asking) < len(said) and not any(meaning_of(cell) for cell in said if cell not in asking)


def _tier_meaning(cell: str) -> Meaning | None:
    return Meaning.TIER if tier_quantity(Head(cell)) is not None else None


def is_head(cell: str) -> bool:
    """Whether a cell may stand over a column: a word of the vocabulary, a quantity, a size, a colour."""
    return bool(meaning_of(cell) or _tier_meaning(cell)) or is_size(cell) or is_color(cell)


def header_rows(grid: Grid, row: int) -> tuple[int, ...]:
    """The header row with the second row of heads below it, or the row of group heads above it."""
    if _is_lower_half(grid, row + 1, row) or is_translation(grid, row, row + 1) or _is_units(grid, row + 1):
        return (row, row + 1, row + 2) if _is_third(grid, row) else (row, row + 1)
    if row > 0 and _is_upper_half(grid, row - 1, row):
        return (row - 1, row)
    return (row,)


def is_translation(grid: Grid, upper: int, lower: int) -> bool:
    """The same heads once more, in another language."""
    if lower >= len(grid.rows):
        return False
    both = [(grid.own(upper, c), grid.own(lower, c)) for c in range(grid.width) if grid.own(lower, c)]
    alike = [meaning_of(above) for above, below in both if meaning_of(above) == meaning_of(below)]
    known = [meaning for meaning in alike if meaning]
    return len(known) > _LEAST_HEADS and len(known) * 3 >= len(both) * 2 and any(a != b for a, b in both)


def _is_units(grid: Grid, row: int) -> bool:
    """A row under the heads that says what each column counts by: 元, 件, USD."""
    cells = [squeeze(cell).strip("()[]（）") for cell in grid.rows[row] if cell] if row < len(grid.rows) else []
    return bool(cells) and all(map(_UNIT.fullmatch, cells))


def _is_lower_half(grid: Grid, row: int, upper: int) -> bool:
    """Under the heads of code and name there is nothing of its own; elsewhere stand more heads."""
    if row >= len(grid.rows):
        return False
    keys = [c for c, cell in enumerate(grid.rows[upper]) if meaning_of(cell) in _KEYS]
    if any(grid.own(row, c) for c in keys):
        return False
    own = [c for c in range(grid.width) if grid.own(row, c)]
    merged_down = any(grid.continues(row, c) for c in keys)
    grouped = any(not grid.own(upper, c) or grid.anchors.get((upper, c)) for c in own)
    above = [grid.own(upper, c) for c in own]
    if len(own) > 1 and len(set(above)) == 1 and above[0]:
        return True  # a text table repeats the group's head over each of its columns
    return bool(own) and grouped and (merged_down or any(not grid.own(upper, c) for c in own))


def _is_third(grid: Grid, row: int) -> bool:
    """The heads of code and name reach down over three rows, and the middle one gathers what stands in the last."""
    below = row + 2
    if below >= len(grid.rows) or not any(grid.own(below, column) for column in range(grid.width)):
        return False
    keys = [column for column, cell in enumerate(grid.rows[row]) if meaning_of(cell) in _KEYS]
    return bool(keys) and all(grid.anchors.get((below, column)) == (row, column) for column in keys)


def _is_upper_half(grid: Grid, row: int, lower: int) -> bool:
    """A row of group heads: nothing over code and name, and merged or gathering heads elsewhere."""
    keys = [c for c, cell in enumerate(grid.rows[lower]) if meaning_of(cell) in _KEYS]
    if any(grid.at(row, c) for c in keys):
        return False
    own = [grid.own(row, c) for c in range(grid.width) if grid.own(row, c)]
    return bool(own) and all(meaning_of(cell) and not _SAID.search(cell) for cell in own)


def columns_under(grid: Grid, rows: tuple[int, ...]) -> list[Column]:
    """The columns under the rows of heads."""
    first = rows[-1] + 1
    last = min(len(grid.rows), first + _SAMPLED_ROWS)
    samples = [[grid.own(row, column) for row in range(first, last)] for column in range(grid.width)]
    heads = _heads(grid, rows)
    return columns_of(heads, samples, pictures=grid.scan.picture_columns, hidden=grid.scan.hidden_columns)


def _heads(grid: Grid, rows: tuple[int, ...]) -> list[Head]:
    if len(rows) == 1:
        return [Head(_word(grid.at(rows[0], column))) for column in range(grid.width)]
    upper, lower = rows[:2]
    if len(rows) > 2:  # noqa: PLR2004 - three rows of heads
        return [_lowered(grid, rows, column, head) for column, head in enumerate(_heads(grid, rows[:2]))]
    if _is_units(grid, lower):
        units = [grid.own(lower, column) for column in range(grid.width)]
        words = [_word(grid.at(upper, column)) for column in range(grid.width)]
        return [
            Head(f"{word}({unit.strip('()（）')})" if unit else word) for word, unit in zip(words, units, strict=True)
        ]
    if is_translation(grid, upper, lower):
        return [Head(_word(grid.at(upper, c)), _word(grid.own(lower, c))) for c in range(grid.width)]
    heads, group = [], ""
    for column in range(grid.width):
        top, bottom = _word(grid.at(upper, column)), _word(grid.at(lower, column))
        if grid.anchors.get((lower, column), (lower, column))[0] == upper or not bottom:
            heads.append(Head(top))
            group = ""
            continue
        group = top or group  # text tables lose the merge: a group head reaches right over blanks
        heads.append(Head(bottom, group))
    return heads


def _lowered(grid: Grid, rows: tuple[int, ...], column: int, head: Head) -> Head:
    """A head of two rows with the third below it."""
    lowest = _word(grid.own(rows[-1], column))
    return Head(lowest, f"{head.group} {head.own}".strip()) if lowest else head


def _word(text: str) -> str:
    return "" if is_nothing(text) else " ".join(text.split())
