"""From a table's groups of rows to its listings."""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from onboarding.listings.categories import guess_category, is_too_wide, known, top_of
from onboarding.listings.sheets.columns import Column
from onboarding.listings.sheets.minimums import measure, minimum
from onboarding.listings.sheets.packing import sold_as
from onboarding.listings.sheets.pictures import pictures_of
from onboarding.listings.sheets.publishing import is_private, is_remark
from onboarding.listings.sheets.reading import SheetListing, SheetSku, Tier
from onboarding.listings.sheets.remarks import tell_conditions
from onboarding.listings.sheets.rows import Table, groups
from onboarding.listings.sheets.supply import (
    Ladder,
    cell_ladder,
    ladder,
    own_price,
    retail_prices,
    side_price,
    states_ladder,
    trade_columns,
)
from onboarding.listings.sheets.values import is_nothing
from onboarding.listings.sheets.variants import Variant, spread, stock_column, stocked
from onboarding.listings.sheets.vocabulary import Meaning, bare, is_foreign

MAX_TITLE_CHARS: Final = 120
_ANOTHER_PRICE: Final = re.compile(r"(?!原|旧|上次|上期).*(?:价|价格)")
PRICED_BY: Final = "计价单位"
_CATEGORY_SAID: Final = "类目"


def listings_of(table: Table, rows: list[int], moq_from_notes: int | None, codes: dict[str, int]) -> list[SheetListing]:
    """The listings of a table's goods rows. `codes` remembers code → row across the whole file."""
    _tell_of_columns(table, rows)
    grouped = list(groups(table, rows))
    pictures = pictures_of(table, grouped)
    found = [_listing(table, group, moq_from_notes, codes) for group in grouped]
    private = _private(table)
    return [
        replace(one, pictures=shown, private=tuple(name for name in private if name in one.attributes))
        for one, shown in zip(found, pictures, strict=True)
        if one is not None
    ]


def _tell_of_columns(table: Table, rows: list[int]) -> None:
    header, last = table.header, table.header.rows[-1]
    prices = (Meaning.TRADE_PRICE, Meaning.TIER, Meaning.LADDER, Meaning.RETAIL_PRICE)
    if not any(header.one(meaning) for meaning in prices) and not any(c.priced for c in header.columns):
        table.tell("price_column_missing", last, None)
    if header.one(Meaning.TITLE) is None:
        table.tell("title_column_missing", last, header.one(Meaning.CODE))
    _tell_of_doubts(table)
    others = [
        one
        for one in header.all_of(Meaning.ATTRIBUTE)
        if trade_columns(table) and not one.literal and _ANOTHER_PRICE.fullmatch(bare(one.head))
    ]
    for column in [*trade_columns(table)[1:], *(one for one in others if not _is_in_dollars(table, one))]:
        table.tell("price_column_repeated", last, column, text=column.head)
    for column in header.all_of(Meaning.UNNAMED):
        if any(not is_nothing(table.grid.own(row, column.index)) for row in rows):
            table.tell("column_unnamed", last, column)


def _is_in_dollars(table: Table, column: Column) -> bool:
    """Whether a price stands in another currency beside one in yuan: nobody asks which of them counts."""
    return is_foreign(column.words) and not is_foreign(trade_columns(table)[0].words)


def _tell_of_doubts(table: Table) -> None:
    """Columns that are there and were not read."""
    header, last = table.header, table.header.rows[-1]
    for column in header.all_of(Meaning.PACKS):
        table.tell("tiers_in_packs", last, column, text=column.head[:40])
    hidden = [column.head for column in header.all_of(Meaning.HIDDEN) if column.head]
    if hidden:
        table.tell("columns_hidden", last, None, text="、".join(hidden)[:80])
    if len(header.all_of(Meaning.STOCK)) > 1 and stock_column(table) is None:
        table.tell("stock_column_repeated", last, header.all_of(Meaning.STOCK)[1])


def _listing(table: Table, rows: list[int], moq_from_notes: int | None, codes: dict[str, int]) -> SheetListing | None:
    first = rows[0]
    if _is_struck(table, first):
        return None
    named = _is_named(table, first)
    new = _is_new(table, first, codes, named=named)
    moq = minimum(table, rows, moq_from_notes)
    variants = spread(table, rows, _told_apart_by(table, rows))
    tiers = _priced(table, variants.found or [Variant({}, first)], moq)
    if tiers is None or not (named and new and variants.sound and variants.found):
        return None  # every reason is told: she mends a row once
    retail = side_price(table, rows, Meaning.RETAIL_PRICE, sold_as(table, first, tiers.unit))
    others = retail_prices(table, rows, retail)
    skus, shared = stocked(table, variants.found)
    skus = [replace(sku, retail_price_fen=others.get(one.row)) for sku, one in zip(skus, variants.found, strict=True)]
    said = table.text(first, Meaning.CATEGORY)
    path = guess_category(table.title(first), said)
    category = path and top_of(path)  # who scripts against a reading is told the first part alone
    attributes = _attributes(table, rows, skus)
    if tiers.unit:
        attributes[PRICED_BY] = tiers.unit
    if said and category is None:
        attributes[_CATEGORY_SAID] = said
    _tell_of_prices(table, rows, tiers, retail)
    return SheetListing(
        code=table.code(first) or None,
        title=table.title(first),
        category=category,
        attributes=attributes,
        tiers=tiers.tiers,
        retail_price_fen=retail,
        drop_ship_price_fen=side_price(table, rows, Meaning.DROP_SHIP_PRICE, sold_as(table, first, tiers.unit)),
        moq=moq if moq is not None else _least_quoted(table, tiers.tiers),
        skus=tuple(skus),
        row=first + 1,
        worksheet=table.worksheet,
        shared_stock=tuple(shared),
        measure=measure(table, first),
        path=said if known(said) and not is_too_wide(said) else None,  # the title may tell the leaf that is asked for
    )


def _tell_of_prices(table: Table, rows: list[int], tiers: Ladder, retail: int | None) -> None:
    tell_conditions(table, rows)
    if retail is not None and tiers.tiers and retail < tiers.tiers[0].price_fen:
        table.tell("retail_below_trade", rows[0], table.header.one(Meaning.RETAIL_PRICE))


def _is_struck(table: Table, row: int) -> bool:
    title, code = table.header.one(Meaning.TITLE), table.header.one(Meaning.CODE)
    struck = table.is_struck(row, title) or table.is_struck(row, code)
    if struck:
        table.tell("row_struck", row, title or code)
    return struck


def _is_named(table: Table, row: int) -> bool:
    column = table.header.one(Meaning.TITLE) or table.header.one(Meaning.CODE)
    title = table.title(row)
    code = table.header.one(Meaning.CODE)
    if not title and column and table.grid.scan.is_broken(row, column.index):
        unvalued = (row, column.index) in table.grid.scan.unvalued
        table.tell("formula_unvalued" if unvalued else "cell_error", row, column)
    elif not title or (column is code and code and table.is_mangled(row, code)):
        table.tell("title_missing", row, column)
    elif len(title) > MAX_TITLE_CHARS:
        table.tell("title_too_long", row, column, limit=MAX_TITLE_CHARS)
    else:
        return True
    return False


def _is_new(table: Table, row: int, codes: dict[str, int], *, named: bool) -> bool:
    code, column = table.code(row), table.header.one(Meaning.CODE)
    if column and table.is_mangled(row, column):
        table.tell("code_mangled", row, column, text=table.said(row, column)[:40])
    if code and code in codes:
        table.tell("code_duplicate", row, column, code=code, first=codes[code])
        return False
    if code and named:
        codes[code] = row + 1
    return True


def _told_apart_by(table: Table, rows: list[int]) -> list[Column]:
    """Attribute columns that alone tell a listing's rows apart (规格 per row), when no option does."""
    own = [column for column in table.header.columns if column.meaning in {Meaning.COLOR, Meaning.SIZE}]
    if len({tuple(table.said(row, column) for column in own if not column.detail) for row in rows}) == len(rows):
        return []
    return [
        column
        for column in table.header.all_of(Meaning.ATTRIBUTE)
        if not column.literal
        and not is_remark(column.detail)
        and len({table.said(row, column) for row in rows}) > 1
        and all(table.said(row, column) for row in rows)
    ]


def _priced(table: Table, variants: list[Variant], moq: int | None) -> Ladder | None:
    """The listing's ladder: of one cell, of the columns of a matrix, else of its rows."""
    if any(states_ladder(table, one.row) for one in variants):
        return _priced_beside(table, variants)
    if any(variant.price_fen is not None for variant in variants):
        return _priced_by_column(variants, moq)
    return _priced_by_row(table, variants, moq)


def _priced_by_row(table: Table, variants: list[Variant], moq: int | None) -> Ladder | None:
    """The ladder of the first row; a variant whose own row says otherwise keeps its own price."""
    base: Ladder | None = None
    by_row: dict[int, Ladder] = {}
    for row in dict.fromkeys(variant.row for variant in variants):
        if base is not None and not _states_price(table, row):
            by_row[row] = base
            continue
        own = ladder(table, row, moq)
        if own is None:
            return None
        base = base or own
        by_row[row] = own
        if own.tiers != base.tiers and len(own.tiers) > 1:
            table.tell("tiers_by_sku_dropped", row, table.header.one(Meaning.TIER), first=variants[0].row + 1)
    for variant in variants:
        own = by_row[variant.row]
        if base and own.tiers != base.tiers and own.tiers:
            variant.price_fen = own.tiers[0].price_fen
    return base


def _priced_beside(table: Table, variants: list[Variant]) -> Ladder | None:
    """The ladder of one cell; a price beside it is the variant's own."""
    found = cell_ladder(table, [variant.row for variant in variants])
    prices = {row: own_price(table, row) for row in dict.fromkeys(variant.row for variant in variants)}
    if None in prices.values():
        return None
    for variant in variants:
        price = prices[variant.row]
        variant.price_fen = price.fen or None if price else None
    return found


def _states_price(table: Table, row: int) -> bool:
    columns = [*table.header.all_of(Meaning.TIER), *trade_columns(table)[:1]]
    return any(table.said(row, column) or table.grid.scan.is_broken(row, column.index) for column in columns)


def _priced_by_column(variants: list[Variant], moq: int | None) -> Ladder:
    """Prices stand under sizes: the first is the listing's, the others are their variants' own."""
    first = variants[0].price_fen or 0
    for variant in variants:
        variant.price_fen = None if variant.price_fen == first else variant.price_fen
    return Ladder((Tier(moq or 1, first),))


def _least_quoted(table: Table, tiers: tuple[Tier, ...]) -> int | None:
    """Where heads name quantities, or a price its steps, nothing is quoted below the first of them."""
    is_cell = len(tiers) > 1 and not table.header.one(Meaning.LADDER)
    return tiers[0].min_qty if tiers and (is_cell or table.header.one(Meaning.TIER)) else None


def _attributes(table: Table, rows: list[int], skus: Iterable[SheetSku]) -> dict[str, str]:
    """Head → value; values that differ from row to row are joined, those that became options left to them."""
    options = {name for sku in skus for name in sku.options}
    attributes: dict[str, str] = {}
    spare = [replace(column, detail=column.head) for column in trade_columns(table)[1:]]
    for column in [*table.header.all_of(Meaning.ATTRIBUTE), *spare]:
        said = table.literal if column.literal else table.said
        values = dict.fromkeys(" ".join(said(row, column).split()) for row in rows)
        joined = "；".join(value for value in values if value)
        if joined and (column.literal or column.detail not in options):
            attributes[column.detail] = joined
    return attributes


def _private(table: Table) -> list[str]:
    """The attributes that buyers do not read, unless another column of the name is for them."""
    told = table.header.all_of(Meaning.ATTRIBUTE)
    public = {column.detail for column in told if not is_private(column)}
    names = [column.detail for column in told] + [column.head for column in trade_columns(table)[1:]]
    return [name for name in dict.fromkeys(names) if name not in public]
