"""One sentence to one listing."""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from math import prod
from typing import Any, Final

from kernel.errors import Param
from onboarding.listings.categories import guess_category
from onboarding.listings.discretion import is_of_business
from onboarding.listings.sentences.choices import Axes, read_choices
from onboarding.listings.sentences.counted import read_counted
from onboarding.listings.sentences.kinds import read_kinds
from onboarding.listings.sentences.labels import read_labels
from onboarding.listings.sentences.leftover import doubt_sorts, tell_of_figures, tell_of_words
from onboarding.listings.sentences.lone import name_lone
from onboarding.listings.sentences.money import Prices, class_of, is_other
from onboarding.listings.sentences.prices import read_prices
from onboarding.listings.sentences.sentence import Sentence, narrow
from onboarding.listings.sentences.sized import Sized, read_sized
from onboarding.listings.sentences.spelling import alike
from onboarding.listings.sentences.stock import Supply, read_stock
from onboarding.listings.sentences.tiers import tiers_of
from onboarding.listings.sentences.title import read_title, several_goods
from onboarding.listings.sentences.tokens import Token, tokens
from onboarding.listings.sentences.words import PACKS
from onboarding.listings.sheets.goods import PRICED_BY
from onboarding.listings.sheets.options import SIZE
from onboarding.listings.sheets.reading import Problem, SheetListing, SheetSku, listing_json, problem_json
from onboarding.listings.sheets.values import MAX_COUNT

MAX_CHARS: Final = 2_000
MAX_TITLE_CHARS: Final = 120
_MAX_SKUS: Final = 500
_UNTAXED: Final = re.compile("不含[税票]|未税|不带票|不开票")


@dataclass(frozen=True)
class SentenceReading:
    """What one line says. A line that says nothing has a listing without a title and a problem that says so."""

    listing: SheetListing
    problems: tuple[Problem, ...]

    def as_json(self, language: str = "zh") -> dict[str, Any]:
        """The public contract of `yuantou listings parse`."""
        problems = [problem_json(problem, language) for problem in self.problems]
        return {**listing_json(self.listing), "problems": problems}


def read_sentence(text: str, row: int = 1) -> SentenceReading:
    """The listing that a sentence describes; never raises."""
    if len(text) > MAX_CHARS:
        return unread(row, "line_too_long", limit=MAX_CHARS)
    sentence = Sentence(alike(narrow(text)), row)
    if not sentence.text:
        return unread(row, "line_empty")
    code, listed, made = read_labels(sentence)
    sized, counted = read_sized(sentence) or read_kinds(sentence), read_counted(sentence)
    axes = read_choices(sentence) | listed | (sized.axes if sized else {}) | counted.axes
    parts = list(tokens(sentence.text))
    prices = read_prices(sentence, parts)
    prices.trade.extend([sized.first] if sized else [])
    unit = _unit(sentence, prices)
    moq = _minimum(sentence, parts, prices, unit)
    options = _options(sentence, axes)
    supply = read_stock(sentence, parts, unit, packs=PACKS | prices.packs, made=made).over(sentence, options, counted)
    name_lone(sentence, parts, prices, offered=_is_offered(sentence, axes, prices, supply, moq), sized=SIZE in axes)
    _doubt(sentence, parts, prices)
    _tell_of_tax(sentence, parts, prices)
    tiers = tiers_of(sentence, prices, moq)
    retail, drop_ship = (_one(sentence, told) for told in (prices.retail, prices.drop_ship))
    if not tiers and retail is None and not _asks_price(sentence):
        sentence.tell("price_unsaid")
    title = _title(sentence, parts)
    listing = SheetListing(
        code=code,
        title=title,
        category=guess_category(title),
        attributes=sentence.attributes,
        private=tuple(filter(is_of_business, sentence.attributes)),
        tiers=tiers,
        retail_price_fen=retail,
        drop_ship_price_fen=drop_ship,
        moq=moq if moq is not None else _least_quoted(prices, tiers),
        skus=_skus(options, supply, sized if tiers else None),
        row=row,
        shared_stock=supply.shared,
    )
    return SentenceReading(listing, tuple(sentence.problems))


def unread(row: int, code: str, **params: Param) -> SentenceReading:
    """A line that nothing was read of, and why."""
    nothing = SheetListing(None, "", None, {}, (), None, None, None, (), row)
    return SentenceReading(nothing, (Problem(code, row, None, params),))


def _is_offered(sentence: Sentence, axes: Axes, prices: Prices, supply: Supply, moq: int | None) -> bool:
    """Whether options, stock, an order, a term or another price show that goods are offered."""
    stocked = supply.total is not None or supply.said or supply.made_to_order
    return bool(axes or stocked or moq or prices.retail or prices.drop_ship or "交期" in sentence.attributes)


def _unit(sentence: Sentence, prices: Prices) -> str | None:
    """What prices count by; kept as an attribute, since a price per 斤 is none per piece."""
    units = list(dict.fromkeys(unit.lower() for unit in prices.units or (prices.measures if prices.trade else [])))
    if len({class_of(unit) for unit in units}) > 1:
        sentence.tell("price_units_differ", "、".join(units))
        prices.unclear = True
        return None
    if units:
        sentence.keep(PRICED_BY, units[0])
    return units[0] if units else None


def _minimum(sentence: Sentence, parts: list[Token], prices: Prices, unit: str | None) -> int | None:
    """The smallest order in what prices count by; two of them, or one in packs of unknown content, are asked."""
    found = [part for part in parts if part.kind == "minimum"] + prices.minimums
    counts = {part.value for part in found}
    for part in found:
        part.kind = "used"
    if not found:
        return None
    said = " ".join(part.text.strip() for part in found)
    value = found[0].value
    if len(counts) > 1 or not value or value > MAX_COUNT:
        sentence.tell("moq_unclear", said)
        return None
    counted = next((part.unit for part in found if part.unit), None)
    packs = PACKS | prices.packs
    if counted and counted != unit and is_other(counted, unit, packs):
        sentence.tell("moq_in_packs" if counted in packs else "moq_unclear", said)
        return None
    return int(value)


def _doubt(sentence: Sentence, parts: list[Token], prices: Prices) -> None:
    """What makes the prices that were found nobody's."""
    _keep_packs(sentence, parts)
    _doubt_several(sentence, parts, prices)
    doubt_sorts(sentence, parts, prices)


def _tell_of_tax(sentence: Sentence, parts: list[Token], prices: Prices) -> None:
    """`118元不含税` names no price of its own: the one that was read is without tax."""
    said = _UNTAXED.search("".join("\n" if part.kind == "used" else part.text for part in parts))
    if said and (prices.trade or prices.steps) and not prices.untaxed:
        sentence.tell("tax_excluded", said[0])


def _doubt_several(sentence: Sentence, parts: list[Token], prices: Prices) -> None:
    """Prices of two goods in one sentence are nobody's."""
    told = [*prices.trade, *prices.untaxed, *prices.retail, *prices.drop_ship, *prices.steps]
    names = several_goods(parts) if len(told) > 1 else ""
    if names:
        sentence.tell("goods_several", names)
        prices.unclear = True
        prices.retail, prices.drop_ship = [], []


def _least_quoted(prices: Prices, tiers: tuple[Any, ...]) -> int | None:
    """Where quantities are named, nothing is quoted below the first of them."""
    quoted = tiers and prices.steps and tiers[0].min_qty == prices.steps[0][0] and not prices.trade
    return tiers[0].min_qty if quoted else None


def _options(sentence: Sentence, axes: Axes) -> list[dict[str, str]]:
    """The options of every variant; one without any when nothing tells variants apart."""
    axes = {name: list(dict.fromkeys(values)) for name, values in axes.items()}
    if prod(map(len, axes.values())) > _MAX_SKUS:
        sentence.tell("options_unclear", "、".join(axes))
        axes = {}
    return [dict(zip(axes, values, strict=True)) for values in product(*axes.values())]


def _skus(options: list[dict[str, str]], supply: Supply, sized: Sized | None) -> tuple[SheetSku, ...]:
    return tuple(
        SheetSku(one, stock, supply.made_to_order, sized.price_of(one) if sized else None)
        for one, stock in zip(options, supply.counts, strict=True)
    )


def _asks_price(sentence: Sentence) -> bool:
    return any(
        one.code.startswith(("price_", "ladder_", "goods_")) and one.code != "price_other" for one in sentence.problems
    )


def _keep_packs(sentence: Sentence, parts: list[Token]) -> None:
    for part in parts:
        if part.kind == "pack":
            sentence.keep("箱规", part.text.strip())
            part.kind = "used"


def _one(sentence: Sentence, told: list[int]) -> int | None:
    if len(set(told)) > 1:
        sentence.tell("price_several", "、".join(str(Decimal(fen).scaleb(-2)) for fen in sorted(set(told))))
        return None
    return told[0] if told else None


def _title(sentence: Sentence, parts: list[Token]) -> str:
    """The title; figures in and around it that nobody understood are told."""
    tell_of_figures(sentence, parts)
    title = read_title(sentence, parts)
    tell_of_words(sentence, title)
    if not title:
        sentence.tell("title_missing")
    elif len(title) > MAX_TITLE_CHARS:
        sentence.tell("title_too_long", limit=MAX_TITLE_CHARS)
        sentence.keep("说明", title)
        return ""
    return title
