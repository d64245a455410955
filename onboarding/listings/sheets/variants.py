"""The SKUs of a listing: which options its rows and columns span, and which stock number is whose."""

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import product

from onboarding.listings.sheets.columns import Column
from onboarding.listings.sheets.crammed import split_both, split_labelled
from onboarding.listings.sheets.heads import Head, is_kind
from onboarding.listings.sheets.options import COLOR, KIND, SIZE, is_color, is_size, split_colors, split_sizes
from onboarding.listings.sheets.packing import times
from onboarding.listings.sheets.reading import SharedStock, SheetSku
from onboarding.listings.sheets.rows import Table
from onboarding.listings.sheets.scan import column_letter
from onboarding.listings.sheets.supply import matrix_price, priced_by
from onboarding.listings.sheets.units import counted_in
from onboarding.listings.sheets.values import Stock, Unreadable, is_nothing, read_stock, squeeze
from onboarding.listings.sheets.vocabulary import Meaning, bare

MAX_SKUS = 500
_LOOKED_UP = 100  # rows
_PLAIN_STOCK = re.compile(r"(?:当前|可售|可用|实际|现有|总)?(?:库存|现货)(?:数量?|量)?|stock")
_PACKED = re.compile(r"(.*[0-9])(?:整?箱|打|手|扎|包|捆|板|托|卷|盘)")
_TELLING = frozenset({Meaning.COLOR, Meaning.SIZE, Meaning.ATTRIBUTE})
_CHOICE = re.compile(r"可选(?:项|规格|颜色|款)?|选项|规格选项|销售属性|多规格")
_SOLD_OUT = re.compile(r"(.+)[(（](?:暂?[缺断无没]货|售罄|卖完了?|停产|已?售完)[)）]")
_NAME = {Meaning.COLOR: COLOR, Meaning.SIZE: SIZE}


@dataclass
class Variant:
    """One SKU in the making: the stock cell it draws on and a price of its own."""

    options: dict[str, str]
    row: int
    stock_cell: tuple[int, int] | None = None
    price_fen: int | None = None
    sold_out: bool = False

    def __post_init__(self) -> None:
        """`蓝(缺货)` is 蓝, of which there is none."""
        for name, value in self.options.items():
            if value[-1:] in {")", "）"} and (match := _SOLD_OUT.fullmatch(value)):
                self.options[name], self.sold_out, self.stock_cell = match[1].strip(), True, None


@dataclass
class Variants:
    """All SKUs of one listing; `sound` is False when the listing has to be left out."""

    found: list[Variant] = field(default_factory=list)
    sound: bool = True


def spread(table: Table, rows: list[int], told_apart_by: list[Column]) -> Variants:
    """The variants of a listing's rows. `told_apart_by` are attribute columns that serve as options."""
    variants = Variants()
    seen: dict[tuple[tuple[str, str], ...], int] = {}
    for number, row in enumerate(rows):
        of_row = _of_row(table, row, told_apart_by, rows[max(0, number - _LOOKED_UP) : number])
        if of_row is None or len(variants.found) + len(of_row) > MAX_SKUS:
            if of_row is not None:
                table.tell("too_many_skus", row, None, limit=MAX_SKUS)
            return Variants(sound=False)
        keys = [tuple(sorted(variant.options.items())) for variant in of_row]
        if len(set(keys)) < len(keys):
            table.tell("sku_duplicate", row, matrix_columns(table)[0], first=row + 1)
            return Variants(sound=False)
        repeated = next((seen[key] for key in keys if key in seen), None)
        if repeated is not None:
            _tell_repeated(table, row, repeated)
            continue
        seen.update(dict.fromkeys(keys, row))
        variants.found.extend(of_row)
    return variants


def _tell_repeated(table: Table, row: int, first: int) -> None:
    """A row that repeats an earlier one: by its code when it has one of its own."""
    column = table.header.one(Meaning.CODE)
    if column and table.grid.own(row, column.index):
        table.tell("code_duplicate", row, column, code=table.code(row), first=first + 1)
    else:
        table.tell("sku_duplicate", row, table.header.one(Meaning.COLOR), first=first + 1)


def _of_row(table: Table, row: int, told_apart_by: list[Column], above: list[int]) -> list[Variant] | None:
    mangled = next((c for c in table.header.columns if c.meaning in _NAME and table.is_mangled(row, c)), None)
    if mangled:
        table.tell("option_mangled", row, mangled, text=table.said(row, mangled)[:40])
        return None
    axes = _axes(table, row, told_apart_by, above)
    crammed = _crammed(table, row)
    if crammed:
        axes = [(name, values) for name, values in axes if name != COLOR]
    count = max(1, len(crammed))
    for _, values in axes:
        count *= len(values)
    matrix = matrix_columns(table)
    if count * max(1, len(matrix)) > MAX_SKUS:
        table.tell("too_many_skus", row, None, limit=MAX_SKUS)
        return None
    names = [name for name, _ in axes]
    bases = [dict(zip(names, values, strict=True)) for values in product(*(values for _, values in axes))]
    if crammed:
        bases = [base | {COLOR: color, SIZE: size} for base in bases for color, size in crammed]
    if matrix:
        return _across(table, row, bases, matrix)
    cell = _stock_cell(table, row)
    return [Variant(options, row, cell) for options in bases]


def matrix_columns(table: Table) -> list[Column]:
    """Sizes or colours as columns."""
    return [column for column in table.header.columns if column.meaning in _NAME and column.detail]


def _options_of(column: Column) -> dict[str, str]:
    """What a column of the matrix stands for: its own size or colour, and that of the head above it."""
    other = {Meaning.SIZE: (COLOR, is_color), Meaning.COLOR: (SIZE, is_size)}[column.meaning]
    above = {other[0]: column.group} if column.group and other[1](column.group) else {}
    is_named = column.meaning is Meaning.COLOR or not is_kind(Head(column.head, column.group)) or is_size(column.detail)
    return above | {_NAME[column.meaning] if is_named else KIND: column.detail}


def _crammed(table: Table, row: int) -> list[tuple[str, str]]:
    """The colours and sizes of a cell that holds both, where no other column says the size."""
    colors, sizes = table.header.all_of(Meaning.COLOR), table.header.all_of(Meaning.SIZE)
    whole = [column for column in colors if not column.detail]
    if len(whole) != 1 or any(column.detail or table.said(row, column) for column in sizes):
        return []
    return list(dict.fromkeys(split_both(table.said(row, whole[0]))))


def _axes(table: Table, row: int, told_apart_by: list[Column], above: list[int]) -> list[tuple[str, list[str]]]:
    """The options of this row: (name, values); a colour or size left blank is that of the goods' row above."""
    options = [(column.detail, table.literal(row, column)) for column in table.header.all_of(Meaning.OPTION)]
    axes = [(name, [said]) for name, said in options if said]
    for column in (one for one in table.header.columns if one.meaning in _TELLING):
        text = table.said(row, column)
        if not text and column.meaning in _NAME and not column.detail:
            text = next((said for one in reversed(above) if (said := table.said(one, column))), "")
        if not text:
            continue
        for name, values in _stated(column, text, told_apart_by):
            distinct = list(dict.fromkeys(values))
            if len(distinct) < len(values):
                table.tell("options_repeated", row, column, text=text[:80])
            if distinct and name not in dict(axes):
                axes.append((name, distinct))
    return axes


def _stated(column: Column, text: str, told_apart_by: list[Column]) -> list[tuple[str, list[str]]]:
    """The options that a cell states: by labels in it, by the head over it, or because rows differ in it."""
    if column.meaning in _NAME and not column.detail:
        split = split_colors if column.meaning is Meaning.COLOR else split_sizes
        return split_labelled(text) or [(_NAME[column.meaning], split(text))]
    chosen = _choice(text) if column.meaning is Meaning.ATTRIBUTE and _is_choice(column.head) else []
    return chosen or ([(column.detail, [" ".join(text.split())])] if column in told_apart_by else [])


@lru_cache(maxsize=2_000)
def _is_choice(head: str) -> bool:
    return _CHOICE.fullmatch(bare(head)) is not None


def _choice(text: str) -> list[tuple[str, list[str]]]:
    """What may be chosen: `颜色：黑/白；尺码：S/M`, or nothing but colours."""
    colors = split_colors(text)
    return split_labelled(text) or ([(COLOR, colors)] if all(map(is_color, colors)) else [])


def _across(table: Table, row: int, bases: list[dict[str, str]], matrix: list[Column]) -> list[Variant] | None:
    """Sizes or colours as columns. A blank cell is a variant that is not made; all blank, stock not said."""
    stated = [column for column in matrix if table.said(row, column)] or matrix
    places: list[tuple[dict[str, str], tuple[int, int] | None, int | None]] = []
    for column in stated:
        price = matrix_price(table, row, column) if column.priced else None
        if column.priced and price is None:
            return None
        cell = _stock_cell(table, row) if column.priced else (row, column.index)
        places.append((_options_of(column), cell, price.fen if price else None))
    return [Variant(base | options, row, cell, fen) for base in bases for options, cell, fen in places]


def stock_column(table: Table) -> Column | None:
    """The column of stock; of several the one called plainly so, and none when it is not clear which counts."""
    columns = table.header.all_of(Meaning.STOCK)
    plain = [column for column in columns if _PLAIN_STOCK.fullmatch(bare(column.head))]
    return columns[0] if len(columns) == 1 else plain[0] if len(plain) == 1 else None


def _stock_cell(table: Table, row: int) -> tuple[int, int] | None:
    column = stock_column(table)
    if column is None:
        return None
    return table.grid.anchors.get((row, column.index), (row, column.index))


def stocked(table: Table, variants: list[Variant]) -> tuple[list[SheetSku], list[SharedStock]]:
    """The SKUs with the stock their cells give them; a number for several is asked about, not guessed."""
    cells: dict[tuple[int, int], list[int]] = {}
    for index, variant in enumerate(variants):
        if variant.stock_cell:
            cells.setdefault(variant.stock_cell, []).append(index)
    cells = _one_for_all(table, cells)
    known: dict[int, Stock] = {}
    shared: list[SharedStock] = []
    for (row, column), indexes in cells.items():
        stock = _stock_of(table, row, column)
        if stock.quantity and len(indexes) > 1:
            letter = column_letter(column)
            shared.append(SharedStock(stock.quantity, tuple(indexes), row + 1, letter))
            stock = Stock(None, made_to_order=stock.made_to_order)
        known.update(dict.fromkeys(indexes, stock))
    skus = [_sku(variant, known.get(index, Stock(None))) for index, variant in enumerate(variants)]
    _ask(table, shared)
    return skus, shared


def _sku(variant: Variant, stock: Stock) -> SheetSku:
    quantity = 0 if variant.sold_out else stock.quantity
    return SheetSku(variant.options, quantity, stock.made_to_order, variant.price_fen)


def _one_for_all(table: Table, cells: dict[tuple[int, int], list[int]]) -> dict[tuple[int, int], list[int]]:
    """A number in the first row only, blank below (a text table loses merges), stands for all rows."""
    places = list(cells)
    filled = [place for place in places if not is_nothing(table.grid.own(*place))]
    if len(places) > 1 and filled == places[:1] and len({column for _, column in places}) == 1:
        return {places[0]: [index for indexes in cells.values() for index in indexes]}
    return cells


def _stock_of(table: Table, row: int, index: int) -> Stock:
    text = table.grid.own(row, index)
    column = table.header.columns[index]
    if table.grid.scan.is_broken(row, index):
        table.tell("stock_unreadable", row, column, text=text or "公式")
        return Stock(None)
    if not text or (is_nothing(text) and text != "无") or (row, index) in table.grid.scan.struck:
        return Stock(None)
    try:
        stock = _read_stock(table, row, column, "缺货" if text == "无" else text)
    except Unreadable as found:
        table.tell(found.code, row, column, **found.params)
        return Stock(None)
    if stock.warning:
        table.tell(stock.warning, row, column, text=text[:40], quantity=stock.quantity or 0)
    return stock


def _read_stock(table: Table, row: int, column: Column, text: str) -> Stock:
    """A stock in what the row is priced by. Raises Unreadable `stock_…`."""
    unit = None if column.meaning in _NAME else counted_in(text, column.head)
    each = times(table, row, unit)
    packed = _PACKED.fullmatch(squeeze(text)) if unit and each else None
    stock = read_stock(packed[1] if packed else text)
    if stock.quantity and each is None:
        raise Unreadable("stock_in_packs", text=(text + (unit or "") if text.isdigit() else text)[:40])
    if not stock.quantity or not each or each == 1:
        return stock
    warning = stock.warning or (None if priced_by(table, row) else "packs_counted")
    return replace(stock, quantity=stock.quantity * each, warning=warning)


def _ask(table: Table, shared: list[SharedStock]) -> None:
    columns = {column.letter: column for column in table.header.columns}
    for one in shared:
        table.tell("stock_ambiguous", one.row - 1, columns[one.column], quantity=one.quantity, skus=len(one.skus))
