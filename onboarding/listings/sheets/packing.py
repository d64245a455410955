"""How many of what a row is priced by one of its cartons, rolls or dozens holds."""

import re
from typing import Final

from onboarding.listings.sheets.columns import Column
from onboarding.listings.sheets.rows import Table
from onboarding.listings.sheets.supply import priced_by
from onboarding.listings.sheets.units import is_alike, is_piece, is_unsaid, is_weighed, pieces_of
from onboarding.listings.sheets.values import squeeze
from onboarding.listings.sheets.vocabulary import Meaning, bare

# 装箱数, 箱规, 每件数量, 整卷(米): how many pieces a carton holds, or by what it is called here.
_HEAD: Final = re.compile(
    r"(?:外?装?箱|装箱)(?:规|数量?|率|量|入数|装数?)格?|(?:一|每|整|单)(?P<pack>[件箱卷包打盒扎捆袋盘])(?:数量?|装数?量?|有|内?含)?"
    r"|(?P<loaded>[件箱])装(?:数量?|量)?|[件双条个只套]数?/(?P<per>[箱件包打盒捆手])|每?(?:一)?(?P<in>[件箱包盒])(?:内|里)?[双条个只套]数|(?:qty|pcs)[/per]{1,3}(?:ctn|carton|box)"
)
_HELD: Final = re.compile(r"(?:1[*x×])?(?P<count>[1-9][0-9]{0,5})(?P<of>[^\W\d_]{1,3}?)?(?:/(?P<pack>[^\W\d_]{1,4}))?")
_BRACKETED: Final = re.compile(r"[(（\[【]([^\W\d_]{1,4})[)）\]】]$")


def times(table: Table, row: int, unit: str | None) -> int | None:
    """What a quantity in `unit` is to be multiplied by to count what the row is priced by; None when nobody knows."""
    if unit is None:
        return 1
    held = _held(table, row, unit)
    if held is None and is_piece(unit):
        return 1
    priced = priced_by(table, row)
    if told := pieces_of(unit):
        held = (told, unit[1:])
    if priced and (priced == unit or (is_alike(priced, unit) and not (held and is_piece(unit)))):
        return 1
    if held and (is_alike(priced, held[1]) if priced else not is_weighed(held[1])):
        return held[0]
    return 1 if held is None and not priced and not is_unsaid(unit) else None


def sold_as(table: Table, row: int, unit: str | None) -> str | None:
    """What a price counts by; a 件 that holds several is no piece."""
    return "整件" if unit == "件" and _held(table, row, unit) else unit


def _held(table: Table, row: int, unit: str) -> tuple[int, str] | None:
    """How many of which unit one `unit` holds, if a column of the row says so."""
    for column in _columns(table):
        match = _HELD.fullmatch(squeeze(table.said(row, column)))
        if match and is_alike_pack(_pack_of(column, match["pack"]), unit):
            said = _BRACKETED.search(squeeze(column.head))
            return int(match["count"]), match["of"] or (said[1] if said else "件")
    return None


def is_alike_pack(one: str, unit: str) -> bool:
    """Whether two names are of the same pack: a 件 of sixty is no piece."""
    return one == unit or (one != "件" and unit != "件" and is_alike(one, unit))


def _columns(table: Table) -> list[Column]:
    if table.packs is None:
        told = table.header.all_of(Meaning.ATTRIBUTE)
        table.packs = [one for one in told if not one.literal and _HEAD.fullmatch(bare(one.head))]
    return table.packs


def _pack_of(column: Column, said: str | None) -> str:
    match = _HEAD.fullmatch(bare(column.head))
    return said or (match and (match["pack"] or match["loaded"] or match["per"] or match["in"])) or "箱"
