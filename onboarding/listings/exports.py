"""All goods of a factory as rows, one for each variant, as the reader of sheets takes them back without a change."""

from __future__ import annotations

import csv
import io
from collections import Counter
from decimal import Decimal
from itertools import chain, islice
from typing import TYPE_CHECKING, Final

from sqlalchemy import select

from kernel.db import session
from kernel.text import export_cell
from onboarding.listings.categories import attributes_of
from onboarding.listings.known import known_listings
from onboarding.listings.models import Listing, Sku
from onboarding.listings.rules import LISTING
from onboarding.listings.sheets.columns import OWN_PRICE
from onboarding.listings.sheets.vocabulary import Meaning, meaning_of
from onboarding.listings.sheets.writer import Sheet, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from onboarding.listings.known import KnownListing, KnownSku

_AT_ONCE: Final = 500
_ROWS: Final = 20_000
"""In one worksheet; the reader takes a few more."""
_NAMED: Final = 150
"""Columns of options and attributes; the reader takes 200 in all."""
_FIRST: Final = ("序号", "货号", "品名", "类目")
_TERMS: Final = ("阶梯价", OWN_PRICE, "建议零售价", "代发价", "库存", "起订量")
_STATE: Final = "状态"
_MADE_TO_ORDER: Final = "按单生产"
_NOTHING: Final = "无"
_MARK: Final = "\ufeff"  # without it Excel takes Chinese for something else
_EXAMPLE: Final = (
    "示例（这一行不会读入）",
    "纯羊绒围巾",
    "",
    "驼色",
    "均码",
    Decimal(68),
    "10件起 65；50件起 62",
    128,
    75,
    30,
    2,
)
_TEMPLATE: Final = (
    "货号",
    "品名",
    "类目",
    "颜色",
    "尺码",
    "出厂价",
    "阶梯价",
    "建议零售价",
    "代发价",
    "库存",
    "起订量",
)
_NOTES: Final = (
    "一行一个规格；同一款的几行，货号和品名写一样的。颜色、尺码也可以在一格里写几个，用“/”隔开。",
    "货号是您自己的编号：下次上传同一个货号，是改这款商品，不是新建。",
    "出厂价写数字，单位是元。阶梯价可以不写；要写，就写成“10件起 65；50件起 62”这样。",
    "零售价可以不写，上传后选一个加价比例。",
    "多余的列可以删，也可以加自己的列，比如材质、产地，会写进商品属性。",
    "“示例”开头的行不会读入，不删也可以。",
)


def goods_sheets(organisation_id: int) -> Iterator[Sheet]:
    """Every listing of a factory, in worksheets of as many rows as can be read again."""
    options, attributes = _names(organisation_id)
    head = _head(options, attributes)
    rows = _rows(organisation_id, options, attributes)
    number = 0
    while first := list(islice(rows, 1)):
        number += 1
        yield Sheet(f"商品{number}", chain([head], first, islice(rows, _ROWS - 1)))
    if not number:
        yield Sheet("商品", [head])


def goods_csv(organisation_id: int) -> Iterator[str]:
    """The same bit by bit as text that any spreadsheet opens; no cell of it is a formula."""
    options, attributes = _names(organisation_id)
    yield _MARK + _line(_head(options, attributes))
    for row in _rows(organisation_id, options, attributes):
        yield _line(row)


def template_sheets(category: str) -> Iterator[Sheet]:
    """An empty price sheet with what is asked of goods of a category, an example, and how it is filled in."""
    asked = [one.zh for one in attributes_of(category) if meaning_of(one.zh) in {None, Meaning.ATTRIBUTE}]
    yield Sheet("价目表", [[*_TEMPLATE, *asked], list(_EXAMPLE)], widths=[22, 20, *[12] * (len(_TEMPLATE) - 2)])
    yield Sheet("怎么填", [[note] for note in _NOTES], heads=0, widths=[90])


def _head(options: Sequence[str], attributes: Sequence[str]) -> list[Value]:
    named = [*(f"规格：{name}" for name in options), *_TERMS, *(f"属性：{name}" for name in attributes)]
    return [*_FIRST, *named, _STATE]


def _names(organisation_id: int) -> tuple[list[str], list[str]]:
    """The options and attributes that its goods have, the most common of them if they are too many."""
    mine = select(Sku.options).where(Sku.organisation_id == organisation_id)
    said = select(Listing.attributes).where(Listing.organisation_id == organisation_id)
    options, attributes = (
        Counter(name for found in session().scalars(query.execution_options(yield_per=1_000)) for name in found)
        for query in (mine, said)
    )
    names = [name for name, _times in options.most_common(_NAMED)]
    return names, [name for name, _times in attributes.most_common(_NAMED - len(names))]


def _rows(organisation_id: int, options: Sequence[str], attributes: Sequence[str]) -> Iterator[list[Value]]:
    query = select(Listing.code).where(Listing.organisation_id == organisation_id).order_by(Listing.id)
    codes = list(session().scalars(query))
    number = 0
    for start in range(0, len(codes), _AT_ONCE):
        for listing in known_listings(organisation_id, codes[start : start + _AT_ONCE]).values():
            for sku in listing.skus.values():
                number += 1
                yield _row(number, listing, sku, options, attributes)


def _row(
    number: int, listing: KnownListing, sku: KnownSku, options: Sequence[str], attributes: Sequence[str]
) -> list[Value]:
    least, drop_ship = next(((least, price) for _way, least, price in listing.supply), (None, None))
    ladder = "；".join(f"{pieces}件起 {_yuan(fen)}" for pieces, fen in listing.tiers)
    return [
        number,
        listing.code,
        listing.title,
        listing.category,
        *(sku.options.get(name) for name in options),
        ladder or _NOTHING,
        _yuan(sku.supply_price_fen),
        _yuan(sku.retail_price_fen),
        _yuan(drop_ship),
        _MADE_TO_ORDER if sku.made_to_order else sku.on_hand,
        least,
        *(listing.attributes.get(name) for name in attributes),
        LISTING.labels[listing.state],
    ]


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen).scaleb(-2)


def _line(row: Sequence[Value]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow([_guarded(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue()


def _guarded(text: str) -> str:
    """An apostrophe that the reader takes off again, also before one that was there."""
    return f"'{text}" if text.startswith("'") else export_cell(text)
