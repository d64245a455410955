"""A stored reading as its page shows it: what was understood, what was not, what only the owner knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from kernel.i18n import coded_text
from kernel.i18n import gettext as _
from onboarding.listings.plan import asks_markup, asks_stock, published, trade_price
from onboarding.listings.pricing import with_markup
from onboarding.listings.sheets.goods import PRICED_BY
from onboarding.listings.sheets.messages import Gravity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from onboarding.listings.plan import Reading

SHOWN: Final = 60
EXAMPLE_MARKUP: Final = 60
FEW: Final = 6
"""As many variants as a card tells one by one."""
FIRST: Final = 5
"""As many goods as stand before the button; the others are folded."""
_OF_COLUMNS: Final = frozenset(
    {
        "column_differs",
        "column_unnamed",
        "price_column_missing",
        "price_column_repeated",
        "stock_column_repeated",
        "tiers_in_packs",
        "title_column_missing",
    }
)
"""Problems that are mended by saying what a column means."""


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems of one gravity: what they mean, and where they stand."""

    gravity: str
    title: str
    kind: str
    lines: list[tuple[str, str]]
    more: int


@dataclass(frozen=True, slots=True)
class GoodsLine:
    """One listing of the sheet as a card; amounts in fen, None where the sheet does not say."""

    row: int
    code: str
    title: str
    category: str
    options: str
    skus: int
    trade_fen: int | None
    retail_fen: int | None
    drop_ship_fen: int | None
    stock: str
    tiers: list[tuple[int, int]]
    moq: int | None
    unit: str
    measure: str
    own: list[tuple[str, int]]
    pictures: int
    public: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class StockQuestion:
    """The first shared number, for asking what it means."""

    title: str
    quantity: int
    skus: int
    numbers: int


@dataclass(frozen=True, slots=True)
class MarkupQuestion:
    """A markup is needed for so many goods; an example in fen."""

    goods: int
    title: str
    trade_fen: int
    percent: int
    retail_fen: int


@dataclass(frozen=True, slots=True)
class Preview:
    """The whole page."""

    first: list[GoodsLine]
    others: list[GoodsLine]
    more_goods: int
    listings: int
    skus: int
    problems: list[ProblemGroup]
    left_out: int
    stock: StockQuestion | None
    markup: MarkupQuestion | None
    priceless: int
    stockless: int
    boasting: int
    columns_doubtful: bool
    public: list[str]
    private: list[str]


def preview(reading: Reading) -> Preview:
    """The page of a reading in the language of the request."""
    listings = reading["listings"]
    lines = [_line(goods) for goods in listings[:SHOWN]]
    groups = [group for gravity in Gravity if (group := _group(reading, gravity))]
    return Preview(
        first=lines[:FIRST],
        others=lines[FIRST:],
        more_goods=max(0, len(listings) - SHOWN),
        listings=len(listings),
        skus=sum(len(goods["skus"]) for goods in listings),
        problems=groups,
        left_out=left_out_rows(reading),
        stock=_stock_question(reading),
        markup=_markup_question(reading),
        priceless=sum(goods["retail_price_fen"] is None and trade_price(goods) is None for goods in listings),
        stockless=sum(not _has_stock(goods) for goods in listings),
        boasting=sum(one["code"] == "advertising_words" for one in reading["problems"]),
        columns_doubtful=any(one["code"] in _OF_COLUMNS for one in reading["problems"]),
        public=list(dict.fromkeys(name for goods in listings for name in published(goods))),
        private=list(dict.fromkeys(name for goods in listings for name in goods.get("private", ()))),
    )


def left_out_rows(reading: Reading) -> int:
    """How many rows of the sheet are in no listing because of a problem."""
    gone = (one for one in reading["problems"] if one["gravity"] == Gravity.LEFT_OUT)
    return len({(one.get("worksheet"), one["row"]) for one in gone})


def _group(reading: Reading, gravity: Gravity) -> ProblemGroup | None:
    """Problems of a gravity; shared stock is asked as one question, not told row by row."""
    found = [one for one in reading["problems"] if one["gravity"] == gravity and one["code"] != "stock_ambiguous"]
    if not found:
        return None
    title, kind = {
        Gravity.LEFT_OUT: (_("这些行没有读入"), "bad"),
        Gravity.EMPTY: (_("这些格先留空了"), "warn"),
        Gravity.ASK: (_("请您核对"), "warn"),
        Gravity.NOTED: (_("读入时的说明"), "info"),
    }[gravity]
    lines = [(_place(one), coded_text(f"sheet.{one['code']}", one["params"])) for one in found[:SHOWN]]
    return ProblemGroup(gravity.value, title, kind, lines, max(0, len(found) - SHOWN))


def _place(problem: Mapping[str, Any]) -> str:
    sheet = f"{problem['worksheet']} · " if problem.get("worksheet") else ""
    if problem["row"] is None:
        return sheet + _("整张表")
    if problem["column"] is None:
        return sheet + _("第 %(row)s 行", row=problem["row"])
    return sheet + _("第 %(row)s 行 %(column)s 列", row=problem["row"], column=problem["column"])


def _line(goods: Mapping[str, Any]) -> GoodsLine:
    return GoodsLine(
        row=goods["row"],
        code=goods["code"] or "",
        title=goods["title"],
        category=goods["category"] or "",
        options=" · ".join(_option_counts(goods)),
        skus=len(goods["skus"]),
        trade_fen=trade_price(goods),
        retail_fen=goods["retail_price_fen"],
        drop_ship_fen=goods["drop_ship_price_fen"],
        stock=_stock_text(goods),
        tiers=[(tier["min_qty"], tier["price_fen"]) for tier in goods["tiers"]],
        moq=goods["moq"],
        unit=goods["attributes"].get(PRICED_BY, ""),
        measure=goods["attributes"].get(PRICED_BY) or goods.get("measure", ""),
        own=list(_own_prices(goods)),
        pictures=goods.get("pictures", 0),
        public=list(published(goods).items()),
    )


def _own_prices(goods: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """What variants cost that differ from the price of the goods, in fen, by the option that decides it."""
    skus = goods["skus"]
    names = dict.fromkeys(name for sku in skus for name in sku["options"])
    decides = next((name for name in names if _decides(name, skus)), None)
    told: dict[str, int] = {}
    for sku in skus:
        values = [value for name, value in sku["options"].items() if decides in {None, name}]
        if sku["price_fen"] is not None:
            told.setdefault(" ".join(values), sku["price_fen"])
    yield from list(told.items())[:FEW]


def _decides(name: str, skus: list[Mapping[str, Any]]) -> bool:
    """Whether all variants of one value of this option cost the same."""
    costs: dict[str | None, set[int | None]] = {}
    for sku in skus:
        costs.setdefault(sku["options"].get(name), set()).add(sku["price_fen"])
    return all(len(prices) == 1 for prices in costs.values())


def _option_counts(goods: Mapping[str, Any]) -> Iterator[str]:
    names = dict.fromkeys(name for sku in goods["skus"] for name in sku["options"])
    for name in names:
        values = dict.fromkeys(sku["options"][name] for sku in goods["skus"] if name in sku["options"])
        yield f"{name} {'、'.join(values)}" if len(values) <= 3 else f"{name} × {len(values)}"  # noqa: PLR2004


def _stock_text(goods: Mapping[str, Any]) -> str:
    if all(sku["made_to_order"] for sku in goods["skus"]):
        return _("按单生产")
    counted = [sku["stock"] for sku in goods["skus"] if sku["stock"] is not None]
    if len(set(counted)) > 1 and len(goods["skus"]) <= FEW:
        return " · ".join(f"{' '.join(sku['options'].values())} {sku['stock'] or 0}" for sku in goods["skus"])
    if counted:
        return _("%(pieces)s 件", pieces=sum(counted))
    shared = goods.get("shared_stock", [])
    return _("%(pieces)s 件（待确认）", pieces=shared[0]["quantity"]) if shared else _("没有写，先按 0 件")


def _has_stock(goods: Mapping[str, Any]) -> bool:
    told = (sku["stock"] is not None or sku["made_to_order"] for sku in goods["skus"])
    return bool(goods.get("shared_stock")) or any(told)


def _stock_question(reading: Reading) -> StockQuestion | None:
    if not asks_stock(reading):
        return None
    goods = next(goods for goods in reading["listings"] if goods["shared_stock"])
    shared = goods["shared_stock"][0]
    numbers = sum(len(one["shared_stock"]) for one in reading["listings"])
    return StockQuestion(goods["title"], shared["quantity"], len(shared["skus"]), numbers)


def _markup_question(reading: Reading) -> MarkupQuestion | None:
    if not asks_markup(reading):
        return None
    asked = [one for one in reading["listings"] if one["retail_price_fen"] is None and trade_price(one)]
    trade = trade_price(asked[0]) or 0
    retail = with_markup(trade, EXAMPLE_MARKUP * 100)
    return MarkupQuestion(len(asked), asked[0]["title"], trade, EXAMPLE_MARKUP, retail)
