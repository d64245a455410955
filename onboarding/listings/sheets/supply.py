"""The prices of a row: the supply ladder, retail and drop-ship price, minimum order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final

from onboarding.listings.sheets.columns import Column
from onboarding.listings.sheets.reading import Tier
from onboarding.listings.sheets.rows import Table
from onboarding.listings.sheets.values import Price, Unreadable, is_negotiable, read_moq, read_price, squeeze
from onboarding.listings.sheets.vocabulary import Meaning, is_foreign, packs_in, scale_in, unit_in, weighed_in

_CLAUSE: Final = re.compile(r"[；;。\n]+|[，,](?![0-9]{3})")
_MINIMUM: Final = re.compile(
    r"(?:起订量?|起批量?|混批|moq)[:为是]?(?:混批|每款|单款)?([0-9]+)(?![0-9.,元块万千k¥%天])(箱|打|手|扎|包)?"
    r"|(?<![0-9.,¥])([0-9]+)(?![0-9.,元块万千k¥%天])(箱|打|手|扎|包)?[^\W\d_]{0,2}起[订批]"
)
_NO_DISCOUNT: Final = re.compile(r"10折|100%|1(?:\.0+)?|0%?|不打折|无折扣?|原价|全价")
_PART: Final = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,4})?)(折|%)?")
_CURRENCY: Final = re.compile(r"币[种别]|货币|currency|价格单位|计价单位|计价货币|单位")
_ROUNDED_FEN: Final = 100  # a price after discount is rounded to whole yuan
_OTHER_MATTER: Final = re.compile(r"定制|订制|logo|贴牌|oem|开模|打样|包邮|印刷|刻字|代工")


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


def _rank(column: Column) -> int:
    """What is really paid comes first: the price after discount, the price with tax."""
    if re.search(r"不含税|未税", column.words):
        return 3
    if packs_in(column.head):
        return 2
    return 0 if re.search(r"折后|折扣|现价|活动|特价|促销|到手|成交|实价|净价|优惠|新价", column.words) else 1


def ladder(table: Table, row: int, moq: int | None) -> Ladder | None:
    """The row's tiers, or None after telling what is wrong. Without any price column: no tiers, no fault."""
    steps: list[tuple[int, Price, Column]] = []
    for column in sorted(table.header.all_of(Meaning.TIER), key=lambda column: int(column.detail)):
        if _is_stated(table, row, column):
            if steps and is_negotiable(table.said(row, column)):
                table.tell("tier_negotiable", row, column, text=table.said(row, column)[:40])
                continue
            price = _price(table, row, column)
            if price is None:
                return None
            steps.append((int(column.detail), price, column))
    steps.sort(key=lambda step: step[0])
    if _is_doubtful(table, row):
        return None
    trade = _trade_column(table, row)
    if trade and _is_stated(table, row, trade) and (not steps or steps[0][0] > (moq or 1)):
        price = _price(table, row, trade)
        if price is None:
            return None
        steps.insert(0, (moq or 1, price, trade))
    return _checked(table, row, steps, trade)


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
    return price if price.unit else Price(price.fen, unit_in(column.head) or weighed_in(column.group))


def _currencies(table: Table) -> list[Column]:
    """Columns that say for each row in which money its prices are."""
    if table.currencies is None:
        attributes = table.header.all_of(Meaning.ATTRIBUTE)
        table.currencies = [one for one in attributes if _CURRENCY.fullmatch(squeeze(one.head))]
    return table.currencies


def _with_head(table: Table, row: int, text: str, column: Column) -> str:
    """A price as its head and the sheet's remarks want it read: in dollars, in ten thousands."""
    said_for_row = any(is_foreign(table.said(row, one)) for one in _currencies(table))
    if is_foreign(column.words) or said_for_row:
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
    return Ladder(tuple(Tier(quantity, price.fen) for quantity, price, _ in steps), steps[0][1].unit)


def matrix_price(table: Table, row: int, column: Column) -> Price | None:
    """A price standing under a size or colour; None after telling what is wrong."""
    return _price(table, row, column)


def side_price(table: Table, rows: list[int], meaning: Meaning) -> int | None:
    """The retail or drop-ship price in fen, from the first row that states it; None when unusable."""
    column = table.header.one(meaning)
    row = next((row for row in rows if column and table.said(row, column)), None)
    if column is None or row is None or table.is_struck(row, column):
        return None
    text = table.said(row, column)
    try:
        return read_price(_with_head(table, row, text, column)).fen
    except Unreadable:
        table.tell(f"{meaning.value}_unreadable", row, column, text=text[:40])
        return None


def minimum(table: Table, rows: list[int], from_notes: int | None) -> int | None:
    """The minimum order: the listing's own, else what the sheet's notes say for all, else None."""
    column = table.header.one(Meaning.MOQ)
    stated = [row for row in rows if column and table.said(row, column)]
    if column is None or not stated:
        return from_notes
    try:
        said = table.said(stated[0], column)
        quantity = read_moq(said + ((packs_in(column.head) or "") if said.isdigit() else ""))
    except Unreadable as found:
        table.tell(found.code, stated[0], column, **found.params)
        return None
    for row in stated[1:]:
        if table.said(row, column) != table.said(stated[0], column):
            table.tell("moq_differs", row, column, text=table.said(row, column)[:40], quantity=quantity)
    return quantity


def minimums_in(notes: Iterable[str]) -> dict[int, str]:
    """Minimum orders that remarks state for all goods, quantity → the clause; custom work is another matter."""
    found: dict[int, str] = {}
    for note in notes:
        for clause in _CLAUSE.split(note):
            plain = squeeze(clause)
            match = None if _OTHER_MATTER.search(plain) else _MINIMUM.search(plain)
            if match and not (match[2] or match[4]) and int((match[1] or match[3])[:10]) > 0:
                found.setdefault(int((match[1] or match[3])[:10]), clause.strip()[:80])
    return found
