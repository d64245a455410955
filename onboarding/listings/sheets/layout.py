"""How many tables a worksheet holds: one below the other under heads of their own, or side by side."""

from typing import Final

from onboarding.listings.sheets.header import header_rows, is_head, is_translation
from onboarding.listings.sheets.values import squeeze
from onboarding.listings.sheets.vocabulary import Meaning, meaning_of
from onboarding.listings.sheets.workbook import Grid

_KEYS: Final = frozenset({Meaning.CODE, Meaning.TITLE})
_PRICED: Final = frozenset({Meaning.TRADE_PRICE, Meaning.RETAIL_PRICE, Meaning.STOCK, Meaning.MOQ, Meaning.TIER})
_LEAST_HEADS: Final = 3


def single_tables(grid: Grid) -> list[Grid]:
    """The worksheet cut into parts of one table each, which keep their places; most have one part."""
    marks = _head_rows(grid)
    starts = [0, *(header_rows(grid, row)[0] for row in marks[1:])]
    ends = [*starts[1:], len(grid.rows)]
    parts = []
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        lower = grid if len(starts) == 1 else grid.window(range(start, end), range(grid.width))
        parts += _side_by_side(lower, marks[number]) if marks else [lower]
    return parts


def _head_rows(grid: Grid) -> list[int]:
    """Rows of heads that differ from the heads before them; a printed page's repeated header is none."""
    found: list[int] = []
    before: list[str] = []
    for number, row in enumerate(grid.rows):
        if _is_head_row(row):
            heads = [squeeze(cell) for cell in row if cell]
            translated = bool(found) and found[-1] == number - 1 and is_translation(grid, number - 1, number)
            if heads != before and not translated:
                found.append(number)
            before = heads
    return found


def _is_head_row(row: tuple[str, ...]) -> bool:
    """A row with a head for the code or the name, one for a price, a stock or a minimum, and hardly anything else."""
    meanings = {meaning_of(cell) for cell in row if cell}
    if not meanings & _KEYS or not meanings & _PRICED:
        return False
    cells = [cell for cell in row if cell]
    return len(cells) >= _LEAST_HEADS and sum(is_head(cell) for cell in cells) * 3 >= len(cells) * 2


def _side_by_side(grid: Grid, row: int) -> list[Grid]:
    """Cut where the same heads begin once more to the right."""
    heads = [squeeze(cell) for cell in grid.rows[row]]
    begin = next((column for column, head in enumerate(heads) if head), 0)
    key = next((c for c, head in enumerate(heads) if meaning_of(head) in _KEYS), begin)
    starts = [begin, *(c - (key - begin) for c in range(key + 1, len(heads)) if heads[c] == heads[key])]
    ends = [*starts[1:], grid.width]
    blocks = [[head for head in heads[start:end] if head] for start, end in zip(starts, ends, strict=True)]
    if len(blocks) == 1 or any(block != blocks[0] for block in blocks) or len(blocks[0]) < 2:  # noqa: PLR2004 - code and price
        return [grid]
    starts[0] = 0
    every = range(len(grid.rows))
    return [grid.window(every, range(start, end)) for start, end in zip(starts, ends, strict=True)]
