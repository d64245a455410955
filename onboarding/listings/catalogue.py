"""A line of a catalogue that is loaded whole: one JSON object, in the form of the sheet reader or in the short one.

Pure. Whatever else stands in a line, what is told of goods is of the right kind and within its limits, or is refused
field by field.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING, Any, Final

from kernel.errors import DomainError, InvalidInputError
from kernel.text import clean
from onboarding.listings.categories import known, leaf_of
from onboarding.listings.plan import planned
from onboarding.listings.pricing import check_supply
from onboarding.listings.rules import ATTRIBUTE_CAP, PRICE_CAP_FEN, STOCK_CAP
from onboarding.listings.sheets.publishing import is_kept

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from onboarding.listings.plan import PlannedListing

LINE_CAP_BYTES: Final = 1_000_000
FACTORY_CAP: Final = 80
_WORD_CAP: Final = 1_000
_NAME_CAP: Final = 40
_MOST: Final = 1_000
"""Variants, attributes or tiers of one listing."""
_SHEET_FORM: Final = frozenset({"skus", "tiers", "retail_price_fen"})
"""Fields of which the short form has none."""
_IGNORED: Final = frozenset({"row", "pictures", "worksheet"})
"""Where in its sheet a listing stood."""
_SHORT_NEEDS: Final = frozenset({"code", "title", "price_fen", "stock"})
_LONG_NEEDS: Final = frozenset({"title", "skus"})

Told = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Goods:
    """What a line says: goods of a factory (name; empty for none said) of a belt (slug or name); `told` its fields.

    What is not told stays as it is, where the goods are known already; `unknown` are fields that mean nothing here, and
    attributes that buyers do not read.
    """

    line: int
    factory: str
    belt: str
    told: frozenset[str]
    unknown: frozenset[str]
    form: Mapping[str, Any]

    def planned(self, *, markup_bp: int, category: str) -> PlannedListing:
        """The listing to make, in this category where the line leaves it open; DomainError when it cannot be."""
        made = planned(self.form, "total", markup_bp, category)
        prices = ((sku.retail_price_fen, sku.supply_price_fen) for sku in made.skus)
        check_supply(prices, single=made.drop_ship_price_fen, tiers=made.tiers)
        return made


def read_goods(line: bytes, number: int) -> Goods:
    """Read one line; InvalidInputError says by field what is wrong with it (the whole of it: `line`)."""
    told = {name: value for name, value in _object(line).items() if value not in (None, "")}
    is_short = not _SHEET_FORM & told.keys()
    readers = _SHORT if is_short else _LONG
    form, faults = _read(told, {**_ABOUT, **readers})
    for name in (_SHORT_NEEDS if is_short else _LONG_NEEDS) - told.keys():
        faults[name] = ("line.missing", {})
    if faults:
        raise InvalidInputError(faults)
    unknown = told.keys() - _ABOUT.keys() - readers.keys() - _IGNORED
    made = _in_full(form) if is_short else _LACKING | form
    category = form.get("category", "")
    if leaf_of(known(category)):  # it says where the goods belong: their title is not asked
        made["path"] = category
    kept = _kept(made)
    about = (form.get("factory", ""), form.get("belt", ""))
    ignored = frozenset(_tidy(name[:_NAME_CAP]) for name in unknown) | {f"attributes.{name}" for name in kept}
    return Goods(number, *about, frozenset(form), ignored, made | {"row": number, "private": kept})


def _kept(form: Told) -> list[str]:
    """Attributes that buyers do not read: those that the reader of the sheet calls private, and those of traders."""
    private = form.get("private", ())
    return [name for name in form["attributes"] if name in private or is_kept(name)]


def _object(line: bytes) -> Told:
    if len(line) > LINE_CAP_BYTES:
        raise InvalidInputError({"line": ("line.long", {"limit": LINE_CAP_BYTES})})
    try:
        found = json.loads(line.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InvalidInputError({"line": ("line.not_json", {})}) from error
    if not isinstance(found, dict):
        raise InvalidInputError({"line": ("line.not_json", {})})
    return found


def _read(told: Told, readers: Mapping[str, Callable[[Any], Any]]) -> tuple[Told, dict[str, Any]]:
    form: Told = {}
    faults: dict[str, Any] = {}
    for name in told.keys() & readers.keys():
        try:
            form[name] = readers[name](told[name])
        except DomainError as fault:
            faults[name] = (fault.code, fault.params)
    return form, faults


def _in_full(short: Told) -> Told:
    """The short form as the sheet reader would write it: one variant, with a trade price of its own."""
    sku = {
        "options": {},
        "stock": short["stock"],
        "made_to_order": False,
        "price_fen": short.get("supply_price_fen"),
        "retail_price_fen": short["price_fen"],
    }
    said = ("code", "title", "category", "attributes", "private", "moq")
    words = {name: short[name] for name in said if name in short}
    return _LACKING | words | {"retail_price_fen": short["price_fen"], "skus": [sku]}


_LACKING: Final[Told] = {
    "code": None,
    "category": None,
    "attributes": {},
    "tiers": [],
    "retail_price_fen": None,
    "drop_ship_price_fen": None,
    "moq": None,
}


@lru_cache(maxsize=10_000)
def _tidy(text: str) -> str:
    """Factories, belts, names of attributes and most of their values come again and again."""
    return clean(text)


def _text(cap: int) -> Callable[[Any], str]:
    def read(value: Any) -> str:  # noqa: ANN401  whatever JSON holds
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise DomainError("line.text")
        if len(value) > _WORD_CAP or len(told := _tidy(value)) > cap:
            raise DomainError("line.long", limit=cap)
        if not told:
            raise DomainError("line.missing")
        return told

    return read


def _whole(low: int, high: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:  # noqa: ANN401
        if type(value) is not int or not low <= value <= high:
            raise DomainError("line.whole", low=low, limit=high)
        return value

    return read


def _yes(value: Any) -> bool:  # noqa: ANN401
    if not isinstance(value, bool):
        raise DomainError("line.yes")
    return value


def _words(value: Any) -> dict[str, str]:  # noqa: ANN401
    """Names and values of attributes or of options; what is empty says nothing."""
    if not isinstance(value, dict):
        raise DomainError("line.object")
    if len(value) > _MOST:
        raise DomainError("line.many", limit=_MOST)
    said = {name: each for name, each in value.items() if each not in ("", None)}
    return {_NAME(name): _VALUE(_figure(each)) for name, each in said.items()}


def _names(value: Any) -> list[str]:  # noqa: ANN401
    if not isinstance(value, list):
        raise DomainError("line.list")
    if len(value) > _MOST:
        raise DomainError("line.many", limit=_MOST)
    return [_NAME(name) for name in value]


def _figure(value: Any) -> Any:  # noqa: ANN401
    return str(value) if isinstance(value, float) and isfinite(value) else value


def _each(readers: Mapping[str, Callable[[Any], Any]], lacking: Told, needs: str = "") -> Callable[[Any], list[Told]]:
    def read(value: Any) -> list[Told]:  # noqa: ANN401
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise DomainError("line.list")
        if len(value) > _MOST:
            raise DomainError("line.many", limit=_MOST)
        if not value and not needs:
            raise DomainError("line.missing")
        return [lacking | _one(one) for one in value]

    def _one(one: Told) -> Told:
        told = {name: value for name, value in one.items() if value is not None}
        form, faults = _read(told, readers)
        for code, params in faults.values():
            raise DomainError(code, **params)
        if not form.keys() >= set(needs.split()):
            raise DomainError("line.missing")
        return form

    return read


_NAME: Final = _text(_NAME_CAP)
_VALUE: Final = _text(ATTRIBUTE_CAP)
_PRICE: Final = _whole(1, PRICE_CAP_FEN)
_PIECES: Final = _whole(0, STOCK_CAP)
_LEAST: Final = _whole(1, STOCK_CAP)
_SKU: Final = {
    "options": _words,
    "stock": _PIECES,
    "made_to_order": _yes,
    "price_fen": _PRICE,
    "retail_price_fen": _PRICE,
}
_PLAIN_SKU: Final[Told] = {"options": {}, "stock": None, "made_to_order": False, "price_fen": None}
_ABOUT: Final = {
    "code": _text(_WORD_CAP),
    "title": _text(_WORD_CAP),
    "category": _text(_WORD_CAP),
    "attributes": _words,
    "factory": _text(FACTORY_CAP),
    "belt": _text(_NAME_CAP),
    "moq": _LEAST,
    "private": _names,
}
_SHORT: Final = {"price_fen": _PRICE, "supply_price_fen": _PRICE, "stock": _PIECES}
_LONG: Final = {
    "retail_price_fen": _PRICE,
    "drop_ship_price_fen": _PRICE,
    "tiers": _each({"min_qty": _LEAST, "price_fen": _PRICE}, {}, "min_qty price_fen"),
    "skus": _each(_SKU, _PLAIN_SKU),
}
