"""Whose picture is it: a picture belongs to the listing on whose rows it lies."""

from collections import Counter

from onboarding.listings.sheets.album import UNREADABLE
from onboarding.listings.sheets.columns import Column
from onboarding.listings.sheets.drawing import Picture
from onboarding.listings.sheets.rows import Table
from onboarding.listings.sheets.vocabulary import Meaning

_ALIKE = 0.95


def pictures_of(table: Table, grouped: list[list[int]]) -> list[tuple[str, ...]]:
    """The media parts of each group of rows, from top to bottom, each once.

    What lies on a title, a header or a remark (a logo, a stamp) belongs to nobody.
    """
    owners = {row: number for number, rows in enumerate(grouped) for row in rows}
    found: list[dict[str, None]] = [{} for _ in grouped]
    for picture in table.grid.pictures:
        if picture.fault == UNREADABLE:
            table.tell(UNREADABLE, None, None)
            continue
        owner = _owner(table, picture, owners)
        if owner is not None and picture.fault:
            table.tell(picture.fault, picture.row, _column(table, picture))
        elif owner is not None:
            found[owner][picture.media] = None
    return [tuple(media) for media in found]


def _column(table: Table, picture: Picture) -> Column | None:
    return next((column for column in table.header.columns if column.index == picture.column), None)


def _owner(table: Table, picture: Picture, owners: dict[int, int]) -> int | None:
    """The group on whose rows the most of a picture lies; lies it over several evenly, the one where it begins."""
    first = _holder(table, picture.row, owners)
    if picture.whole and first is not None and first >= 0:
        return first
    heights: Counter[int] = Counter()
    for row, height in picture.covers.items():
        holder = _holder(table, row, owners)
        if holder is not None:
            heights[holder] += height
    alike = [holder for holder, height in heights.items() if height >= max(heights.values()) * _ALIKE]
    chosen = first if first in alike else next(iter(alike), first)
    return chosen if chosen is not None and chosen >= 0 else None


def _holder(table: Table, row: int, owners: dict[int, int]) -> int | None:
    """The group that a row belongs to; below 0 a row that is written but no goods'; None a blank row."""
    if row in owners:
        return owners[row]
    if row < len(table.grid.rows) and any(table.grid.rows[row]):
        return -1 - row
    keys = [column.index for meaning in (Meaning.TITLE, Meaning.CODE) for column in table.header.all_of(meaning)]
    merged = (table.grid.anchors[row, key][0] for key in keys if (row, key) in table.grid.anchors)
    return next((owners[above] for above in merged if above in owners), None)
