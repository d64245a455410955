"""The prices of a row: the supply ladder, retail and drop-ship price."""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from onboarding.listings.sheets.columns import Column
from onboarding.listings.sheets.conditions import is_in_foreign_money
from onboarding.listings.sheets.reading import Tier
from onboarding.listings.sheets.remarks import remark_columns
from onboarding.listings.sheets.rows import Table
from onboarding.listings.sheets.units import is_alike, is_unit
from onboarding.listings.sheets.values import (
    Price,
    Unreadable,
    is_negotiable,
    is_whole_ladder,
    read_ladder,
    read_price,
    squeeze,
)
from onboarding.listings.sheets.vocabulary import Meaning, is_foreign, packs_in, scale_in, unit_in, weighed_in

_NO_DISCOUNT: Final = re.compile(r"10折|100%|1(?:\.0+)?|0%?|不打折|无折扣?|原价|全价")
_PART: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)(折|%)?")
_CURRENCY: Final = re.compile(r"币[种别]|货币|currency|价格单位|计价单位|计价货币|单位")
_UNIT_HEAD: Final = re.compile(r"(?:计[价量]|销售|价格)?单位|unit")
_MANY: Final = re.compile(
    r"[一每]?(?:打|箱|件箱|扎|捆|手|市?斤|公斤|千克|kg|克|吨|米|码|罗|令|dozen|doz|ctns?|cartons?|[十百千万](?:个|件|只|条|张|支|双|套|片|粒|块|枚)?)"
)
_ROUNDED_FEN: Final = 100  # a price after discount is rounded to whole yuan


@dataclass(frozen=True)
class Ladder:
    """The supply tiers a row states; `unit` is what its prices count by, if said."""

    tiers: tuple[Tier, ...]
    unit: str | None = None


def trade_columns(table: Table) -> list[Column]:
    """Columns of one supply price each, the one to use first: prices with tax before those without."""
    if table.trade is None:
        table.trade = sorted(table.header.all_of(Meaning.TRADE_PRICE), key=_rank)
    return table.trade


def price_columns(table: Table) -> list[Column]:
    """Every column of supply prices."""
    return [*trade_columns(table), *table.header.all_of(Meaning.TIER)]


def _rank(column: Column) -> int:
    """What is really paid comes first: the price after discount, the price with tax."""
    if re.search(r"不含税|未税", column.words):
        return 3
    if packs_in(column.head):
        return 2
    return 0 if re.search(r"折后|折扣|现价|活动|特价|促销|到手|成交|实价|净价|优惠|新价", column.words) else 1


def ladder(table: Table, row: int, moq: int | None) -> Ladder | None:
    """The row's tiers, or None after telling what is wrong. Without any price column: no tiers, no fault."""
    steps = _steps(table, row)
    if _is_doubtful(table, row) or steps is None:
        return None
    trade = _trade_column(table, row)
    if trade and not steps and is_whole_ladder(table.said(row, trade)) and not table.is_struck(row, trade):
        return _ladder_in(table, row, trade)
    if trade and _is_stated(table, row, trade) and (not steps or steps[0][0] > (moq or 1)):
        price = _price(table, row, trade)
        if price is None:
            return None
        steps.insert(0, (moq or 1, price, trade))
    return _checked(table, row, steps, trade)


def _steps(table: Table, row: int) -> list[tuple[int, Price, Column]] | None:
    """The prices under heads that name quantities, the least first; None after telling what is wrong."""
    steps: list[tuple[int, Price, Column]] = []
    sound = True
    for column in sorted(table.header.all_of(Meaning.TIER), key=lambda column: int(column.detail)):
        if _is_stated(table, row, column):
            if steps and is_negotiable(table.said(row, column)):
                table.tell("tier_negotiable", row, column, text=table.said(row, column)[:40])
                continue
            price = _price(table, row, column)
            sound &= price is not None
            if price is not None:
                steps.append((int(column.detail), price, column))
    return sorted(steps, key=lambda step: step[0]) if sound else None


def _trade_column(table: Table, row: int) -> Column | None:
    """The column of what is paid; goods without a price after discount are sold at the one before."""
    columns = trade_columns(table)
    stated = (column for column in columns if _rank(column) <= 1 and _is_stated(table, row, column))
    return next(stated, next(iter(columns), None))


def _is_doubtful(table: Table, row: int) -> bool:
    """Whether a discount stands beside a price that may be the one before it."""
    column, trade = table.header.one(Meaning.DISCOUNT), _trade_column(table, row)
    said = table.said(row, column) if column else ""
    if (
        not said
        or _NO_DISCOUNT.fullmatch(squeeze(said))
        or (trade and _rank(trade) == 0)
        or _fits(table, row, said, trade)
    ):
        return False
    table.tell("price_discounted", row, column, text=said[:40])
    return True


def _fits(table: Table, row: int, discount: str, trade: Column | None) -> bool:
    """Whether the price is the suggested one after the discount: 定价 100, 5折, 50."""
    retail = table.header.one(Meaning.RETAIL_PRICE)
    part = _PART.fullmatch(squeeze(discount))
    if retail is None or trade is None or part is None:
        return False
    share = Decimal(part[1]) / (100 if part[2] == "%" else 10 if part[2] else 1)
    share = share / 10 if part[2] == "折" and share > 1 else share
    try:
        full, paid = read_price(table.said(row, retail)).fen, read_price(table.said(row, trade)).fen
    except Unreadable:
        return False
    return abs(full * share - paid) <= _ROUNDED_FEN


def _is_stated(table: Table, row: int, column: Column) -> bool:
    return bool(table.said(row, column)) or table.grid.scan.is_broken(row, column.index)


def _price(table: Table, row: int, column: Column) -> Price | None:
    text = table.said(row, column)
    if table.is_struck(row, column):
        table.tell("price_struck", row, column, text=text[:40])
        return None
    if not text:
        unvalued = (row, column.index) in table.grid.scan.unvalued
        table.tell("formula_unvalued" if unvalued else "cell_error", row, column)
        return None
    try:
        price = read_price(_with_head(table, row, text, column))
    except Unreadable as found:
        table.tell(found.code, row, column, **found.params)
        return None
    return (
        price
        if price.unit
        else Price(price.fen, unit_in(column.head) or weighed_in(column.group) or _sold_by(table, row))
    )


def _sold_by(table: Table, row: int) -> str | None:
    """What the column of units says of a row, where it holds several pieces or is weighed: 打, 百个, 米."""
    return next((unit for unit in _units(table, row) if _MANY.fullmatch(unit)), None)


def _units(table: Table, row: int) -> list[str]:
    if table.units is None:
        table.units = [one for one in table.header.all_of(Meaning.ATTRIBUTE) if _UNIT_HEAD.fullmatch(squeeze(one.head))]
    return [said for one in table.units if (said := squeeze(table.said(row, one)))]


def priced_by(table: Table, row: int) -> str | None:
    """What the supply price of a row counts by: what its cell says, its head, or the column of units."""
    columns = [*trade_columns(table), *table.header.all_of(Meaning.TIER), *_priced_columns(table)]
    stated = next(((text, one) for one in columns if (text := table.said(row, one))), None)
    said = stated and (_unit_of(stated[0]) or unit_in(stated[1].words))
    return next((unit for unit in [said, *_units(table, row)] if unit and is_unit(unit)), None)


def _priced_columns(table: Table) -> list[Column]:
    return [column for column in table.header.columns if column.priced]


def _unit_of(text: str) -> str | None:
    try:
        return read_price(text).unit
    except Unreadable:
        return None


def _currencies(table: Table) -> list[Column]:
    """Columns that say for each row in which money its prices are."""
    if table.currencies is None:
        attributes = table.header.all_of(Meaning.ATTRIBUTE)
        table.currencies = [one for one in attributes if _CURRENCY.fullmatch(squeeze(one.head))]
    return table.currencies


def _with_head(table: Table, row: int, text: str, column: Column) -> str:
    """A price as its head and the sheet's remarks want it read: in dollars, in ten thousands."""
    said_for_row = any(is_foreign(table.said(row, one)) for one in _currencies(table))
    remarked = any(is_in_foreign_money(said) for one in remark_columns(table) if (said := table.said(row, one)))
    if is_foreign(column.words) or said_for_row or remarked:
        return f"{text}美元"
    if table.is_foreign and not re.search(r"[¥元]|rmb|cny|人民币", squeeze(column.words + text)):
        return f"{text}美元"
    return text + (scale_in(column.words) or "")


def _checked(table: Table, row: int, steps: list[tuple[int, Price, Column]], trade: Column | None) -> Ladder | None:
    if not steps:
        wanted = trade or table.header.one(Meaning.TIER)
        if wanted is None:
            return Ladder(())
        table.tell("price_missing", row, wanted)
        return None
    for (low, before, _), (high, after, column) in pairwise(steps):
        if high <= low or after.fen >= before.fen:
            table.tell("tiers_not_falling", row, column, text=table.said(row, column))
            return None
    if odd := next((step for step in steps if _differ(step[1].unit, steps[0][1].unit)), None):
        table.tell("tier_units_differ", row, odd[2], text=f"{steps[0][1].unit}、{odd[1].unit}")
        return None
    return Ladder(tuple(Tier(quantity, price.fen) for quantity, price, _ in steps), steps[0][1].unit)


def _differ(one: str | None, other: str | None) -> bool:
    """Whether two prices say that they count by things of different size."""
    return bool(one and other and is_unit(one) and not is_alike(one, other))


def cell_ladder(table: Table, rows: list[int]) -> Ladder | None:
    """The ladder that stands in one cell, of the first row that states it; None after telling what is wrong."""
    column = table.header.one(Meaning.LADDER)
    row = next((row for row in rows if states_ladder(table, row)), None)
    if column is None or row is None:
        return None
    return _ladder_in(table, row, column)


def _ladder_in(table: Table, row: int, column: Column) -> Ladder | None:
    text = table.grid.at(row, column.index)
    try:
        steps = [Tier(least, fen) for least, fen in read_ladder(text)]
    except Unreadable as found:
        table.tell(found.code, row, column, **found.params)
        return None
    for low, high in pairwise(steps):
        if high.min_qty <= low.min_qty or high.price_fen >= low.price_fen:
            table.tell("tiers_not_falling", row, column, text=text[:40])
            return None
    return Ladder(tuple(steps))


def states_ladder(table: Table, row: int) -> bool:
    """Whether a row says a ladder in one cell; in a file of ours also that there is none."""
    column = table.header.one(Meaning.LADDER)
    return column is not None and bool((table.literal if column.literal else table.said)(row, column))


def own_price(table: Table, row: int) -> Price | None:
    """What a row says that one of its variants costs, beside a ladder; None where it says nothing."""
    trade = next(iter(trade_columns(table)), None)
    if trade is None or not _is_stated(table, row, trade):
        return Price(0)
    return _price(table, row, trade)


def retail_prices(table: Table, rows: list[int], usual: int | None) -> dict[int, int]:
    """Row → retail price in fen, of rows that state another than the usual one of their goods."""
    column = table.header.one(Meaning.RETAIL_PRICE)
    stated = [row for row in rows if column and usual is not None and table.said(row, column)]
    found = {row: side_price(table, [row], Meaning.RETAIL_PRICE) for row in stated[1:]}
    return {row: fen for row, fen in found.items() if fen is not None and fen != usual}


def matrix_price(table: Table, row: int, column: Column) -> Price | None:
    """A price standing under a size or colour; None after telling what is wrong."""
    return _price(table, row, column)


def side_price(table: Table, rows: list[int], meaning: Meaning, unit: str | None = None) -> int | None:
    """The retail or drop-ship price in fen, from the first row that states it; None when unusable.

    `unit` is what the supply price counts by: a price of a bag beside one of a carton is none of the same goods.
    """
    column = table.header.one(meaning)
    row = next((row for row in rows if column and table.said(row, column)), None)
    if column is None or row is None or table.is_struck(row, column):
        return None
    text = table.said(row, column)
    try:
        price = read_price(_with_head(table, row, text, column))
    except Unreadable:
        table.tell(f"{meaning.value}_unreadable", row, column, text=text[:40])
        return None
    own = price.unit or unit_in(column.words)
    if _differ(own, unit):
        table.tell("price_units_differ", row, column, text=f"{unit}、{own}")
        return None
    return price.fen
