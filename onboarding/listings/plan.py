"""What a reading becomes: the listings to make, and those that cannot be made. Pure; money is whole fen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from kernel.errors import DomainError
from kernel.money import allocate
from onboarding.listings.categories import guess_category
from onboarding.listings.pricing import check_price, with_markup
from onboarding.listings.rules import CATEGORY_CAP, STOCK_CAP, TITLE_CAP, check_tiers, code_of, options_key

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

StockMeaning = Literal["per_sku", "total"]
STOCK_MEANINGS: Final[Mapping[str, StockMeaning]] = {"per_sku": "per_sku", "total": "total"}
Reading = dict[str, Any]


@dataclass(frozen=True, slots=True)
class PlannedSku:
    """One variant to make; `stock` None means that the sheet does not say."""

    key: str
    options: dict[str, str]
    retail_price_fen: int
    supply_price_fen: int | None
    stock: int | None
    made_to_order: bool


@dataclass(frozen=True, slots=True)
class PlannedListing:
    """One listing to make or to bring up to date."""

    code: str
    title: str
    category: str
    attributes: dict[str, str]
    tiers: tuple[tuple[int, int], ...]
    moq: int
    drop_ship_price_fen: int | None
    skus: tuple[PlannedSku, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A listing of the sheet that cannot be made, and the refusal that says why."""

    row: int
    title: str
    code: str
    params: Mapping[str, str | int]
    worksheet: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """The answer: what will be made, what will not."""

    listings: tuple[PlannedListing, ...]
    left_out: tuple[LeftOut, ...]


def plan(reading: Reading, *, stock: StockMeaning | None, markup_bp: int | None, category: str) -> Plan:
    """Plan a reading with the owner's answers; `category` stands in where the sheet names none.

    Raises `sheet.stock_unanswered` or `sheet.markup_unanswered` when an answer is missing that the sheet needs.
    """
    check_answers(reading, stock=stock, markup_bp=markup_bp)
    return foresee(reading, stock=stock, markup_bp=markup_bp, category=category)


def foresee(reading: Reading, *, stock: StockMeaning | None, markup_bp: int | None, category: str) -> Plan:
    """The plan as far as the answers go: a number that may mean two things is no stock until she says which."""
    listings: list[PlannedListing] = []
    left_out: list[LeftOut] = []
    rows: dict[str, int] = {}
    for goods in reading["listings"]:
        try:
            one = planned(goods, stock, markup_bp or 0, category)
            _check_new(one.code, rows, goods["row"])
            listings.append(one)
        except DomainError as refusal:
            worksheet = goods.get("worksheet", "")
            left_out.append(LeftOut(goods["row"], goods["title"], refusal.code, refusal.params, worksheet))
    return Plan(tuple(listings), tuple(left_out))


def check_answers(reading: Reading, *, stock: StockMeaning | None, markup_bp: int | None) -> None:
    """Refuse with `sheet.stock_unanswered` or `sheet.markup_unanswered` while a question of the sheet is open."""
    if stock is None and asks_stock(reading):
        raise DomainError("sheet.stock_unanswered")
    if markup_bp is None and asks_markup(reading):
        raise DomainError("sheet.markup_unanswered")


def _check_new(code: str, rows: dict[str, int], row: int) -> None:
    """Goods without a code go by their name, which then must differ; `rows` remembers code → row."""
    if code in rows:
        raise DomainError("sheet.goods_repeated", first=rows[code])
    rows[code] = row


def asks_stock(reading: Reading) -> bool:
    """Whether some number in the sheet may mean each variant or all together."""
    return any(goods.get("shared_stock") for goods in reading["listings"])


def asks_markup(reading: Reading) -> bool:
    """Whether some goods have a trade price but no suggested retail price."""
    return any(goods["retail_price_fen"] is None and trade_price(goods) for goods in reading["listings"])


def trade_price(goods: Mapping[str, Any]) -> int | None:
    """The lowest trade price at which one of the goods' variants starts, if the sheet has any."""
    first = _first_tier(goods)
    starts = [_starts_at(sku, first) for sku in goods["skus"]]
    return min((price for price in starts if price is not None), default=first)


def _first_tier(goods: Mapping[str, Any]) -> int | None:
    return goods["tiers"][0]["price_fen"] if goods["tiers"] else None


def _starts_at(sku: Mapping[str, Any], first: int | None) -> int | None:
    """A variant's own price, else that of the goods' first tier."""
    own: int | None = sku["price_fen"]
    return first if own is None else own


def planned(goods: Mapping[str, Any], stock: StockMeaning | None, markup_bp: int, category: str) -> PlannedListing:
    """One listing of a reading, planned; DomainError when it cannot be made."""
    tiers = tuple((tier["min_qty"], tier["price_fen"]) for tier in goods["tiers"])
    check_tiers(tiers)
    skus = {options_key(sku["options"]): sku for sku in _counted(goods, stock)}
    return PlannedListing(
        code=code_of(goods["code"], goods["title"]),
        title=goods["title"][:TITLE_CAP],
        category=_category(goods, category),
        attributes=published(goods),
        tiers=tiers,
        moq=goods["moq"] or (tiers[0][0] if tiers else 1),
        drop_ship_price_fen=goods["drop_ship_price_fen"],
        skus=tuple(_sku(key, sku, goods, markup_bp) for key, sku in skus.items()),
    )


def published(goods: Mapping[str, Any]) -> dict[str, str]:
    """The attributes of goods of a reading that buyers get to read."""
    return {name: said for name, said in goods["attributes"].items() if name not in goods.get("private", ())}


def _category(goods: Mapping[str, Any], otherwise: str) -> str:
    """As far as the title tells it within what the sheet says, else what stands in."""
    said: str | None = goods.get("path")
    return said or (guess_category(goods["title"], goods["category"] or "") or otherwise)[:CATEGORY_CAP]


def _sku(key: str, sku: Mapping[str, Any], goods: Mapping[str, Any], markup_bp: int) -> PlannedSku:
    stock = sku["stock"]
    return PlannedSku(
        key=key,
        options=dict(sku["options"]),
        retail_price_fen=_retail_price(sku, goods, markup_bp),
        supply_price_fen=sku["price_fen"],
        stock=None if stock is None else min(stock, STOCK_CAP),
        made_to_order=sku["made_to_order"],
    )


def _retail_price(sku: Mapping[str, Any], goods: Mapping[str, Any], markup_bp: int) -> int:
    """The suggested retail price of the variant or its goods, else the trade price with the owner's markup."""
    own_price: int | None = sku["price_fen"]
    suggested: int | None = sku.get("retail_price_fen", goods["retail_price_fen"])
    if suggested is not None:
        check_price(suggested)
        return suggested
    base = own_price if own_price is not None else _first_tier(goods) or trade_price(goods)
    if base is None:
        raise DomainError("sheet.no_price")
    return with_markup(base, markup_bp)


def _counted(goods: Mapping[str, Any], stock: StockMeaning | None) -> Sequence[Mapping[str, Any]]:
    """The SKUs with the answer about shared numbers applied; a total is split by largest remainder."""
    skus = [dict(sku) for sku in goods["skus"]]
    for shared in goods.get("shared_stock", ()) if stock else ():
        indexes, quantity = shared["skus"], shared["quantity"]
        parts = allocate(quantity, [1] * len(indexes)) if stock == "total" else [quantity] * len(indexes)
        for index, part in zip(indexes, parts, strict=True):
            skus[index]["stock"] = part
    return skus
