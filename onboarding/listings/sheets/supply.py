"""The prices of a row: the supply ladder, retail and drop-ship price, minimum order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from onboarding.listings.sheets.columns import Column
from onboarding.listings.sheets.reading import Tier
from onboarding.listings.sheets.rows import Table
from onboarding.listings.sheets.values import Price, Unreadable, read_moq, read_price, squeeze
from onboarding.listings.sheets.vocabulary import Meaning, is_foreign, unit_in

_CLAUSE: Final = re.compile(r"[；;。\n]+|[，,](?![0-9]{3})")
_MINIMUM: Final = re.compile(
    r"(?:起订量?|起批量?|混批|moq)[:为是]?(?:混批|每款|单款)?([0-9]+)(箱|打|手|扎|包)?|([0-9]+)(箱|打|手|扎|包)?[^\W\d_]{0,2}起[订批]"
)
_OTHER_MATTER: Final = re.compile(r"定制|订制|logo|贴牌|oem|开模|打样|包邮|印刷|刻字|代工")


@dataclass(frozen=True)
class Ladder:
    """The supply tiers a row states; `unit` is what its prices count by, if said."""

    tiers: tuple[Tier, ...]
    unit: str | None = None


def trade_columns(table: Table) -> list[Column]:
    """Columns of one supply price each, the one to use first: prices with tax before those without."""
    columns = table.header.all_of(Meaning.TRADE_PRICE)
    return sorted(columns, key=lambda column: bool(re.search(r"不含税|未税", column.head)))


def ladder(table: Table, row: int, moq: int | None) -> Ladder | None:
    """The row's tiers, or None after telling what is wrong. Without any price column: no tiers, no fault."""
    steps: list[tuple[int, Price, Column]] = []
    for column in table.header.all_of(Meaning.TIER):
        if _is_stated(table, row, column):
            price = _price(table, row, column)
            if price is None:
                return None
            steps.append((int(column.detail), price, column))
    steps.sort(key=lambda step: step[0])
    trade = next(iter(trade_columns(table)), None)
    if trade and _is_stated(table, row, trade) and (not steps or steps[0][0] > (moq or 1)):
        price = _price(table, row, trade)
        if price is None:
            return None
        steps.insert(0, (moq or 1, price, trade))
    return _checked(table, row, steps, trade)


def _is_stated(table: Table, row: int, column: Column) -> bool:
    return bool(table.said(row, column)) or table.grid.scan.is_broken(row, column.index)


def _price(table: Table, row: int, column: Column) -> Price | None:
    text = table.said(row, column)
    if not text:
        unvalued = (row, column.index) in table.grid.scan.unvalued
        table.tell("formula_unvalued" if unvalued else "cell_error", row, column)
        return None
    try:
        price = read_price(f"{text}美元" if is_foreign(column.head) else text)
    except Unreadable as found:
        table.tell(found.code, row, column, **found.params)
        return None
    return price if price.unit else Price(price.fen, unit_in(column.head))


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
    if column is None or row is None:
        return None
    text = table.said(row, column)
    try:
        return read_price(f"{text}美元" if is_foreign(column.head) else text).fen
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
        quantity = read_moq(table.said(stated[0], column))
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
