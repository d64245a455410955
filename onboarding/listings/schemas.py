"""What forms about goods may hold: amounts as people write them, whole fen and pieces as they are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from marshmallow import Schema, ValidationError, fields, validate

from onboarding.listings.categories import answered, categories, every_attribute, paths_in
from onboarding.listings.figures import fen_of, whole_of
from onboarding.listings.rules import (
    ATTRIBUTE_CAP,
    DESCRIPTION_CAP,
    MARKUP_CAP_BP,
    SENTENCES_CAP,
    STOCK_CAP,
    TITLE_CAP,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kernel.errors import DomainError

_MEANING_CHARS: Final = 60


class Price(fields.Field[int]):
    """Yuan with at most two decimals, `12.50`, loaded as fen."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> int:  # noqa: ARG002
        fen = fen_of(str(value))
        if fen is None:
            raise ValidationError("field.price")
        return fen


class OptionalPrice(Price):
    """A price that may be left empty, loaded as none."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> int | None:  # type: ignore[override]
        return super()._deserialize(value, attr, data, **kwargs) if str(value).strip() else None


class Pieces(fields.Field[int]):
    """A whole number, from nought to the cap."""

    def __init__(self, *, cap: int = STOCK_CAP, **kwargs: Any) -> None:  # noqa: ANN401  as marshmallow takes them
        super().__init__(**kwargs)
        self.cap = cap

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> int:  # noqa: ARG002
        number = whole_of(str(value))
        if number is None or number > self.cap:
            raise ValidationError("field.whole_number")
        return number


class ImportForm(Schema):
    """The owner's answers to what a sheet leaves open."""

    stock_meaning = fields.String(validate=validate.OneOf(["per_sku", "total"], error="field.choice"), load_default="")
    markup_percent = Pieces(cap=MARKUP_CAP_BP // 100, load_default=None, allow_none=True)
    then = fields.String(load_default="", validate=validate.OneOf(["", "compare"], error="field.choice"))


class SentencesForm(Schema):
    """Goods in the owner's own words, one a line; `of` names the sheet that is written better."""

    sentences = fields.String(required=True, validate=validate.Length(max=SENTENCES_CAP, error="field.sentences"))
    of = fields.String(load_default="")
    by_ai = fields.String(load_default="")


class AppealForm(Schema):
    """What a factory says against a take-down; judged by the operation."""

    words = fields.String(load_default="")


class SupplyForm(Schema):
    """What merchants owe for a single piece, and whether they may sell the goods."""

    drop_ship_price = OptionalPrice(required=True)
    supply = fields.String(required=True, validate=validate.OneOf(["open", "closed"], error="field.choice"))


class WordsForm(Schema):
    """The words and the picture of a listing, and what is asked about goods of its category."""

    title = fields.String(required=True, validate=validate.Length(1, TITLE_CAP, error="field.title"))
    description = fields.String(
        required=True,
        validate=validate.Length(max=DESCRIPTION_CAP, error="field.description"),
    )
    image = fields.String(required=True)
    then = fields.String(load_default="", validate=validate.OneOf(["", "submit", "check"], error="field.choice"))


def listing_form(skus: Iterable[str], images: Iterable[str], category: str) -> Schema:
    """The form of one listing: its words, and per SKU public id `price_…`, `stock_…`, and both as shown.

    `priced_…` is the price that was shown, `was_…` the stock; `attribute_…` are asked per key. The `category` it has
    may stay, whatever the tree holds today. Goods with photographs of their own have no drawn `image` to choose.
    """
    members: dict[str, fields.Field[Any]] = {}
    for sku in skus:
        members[f"price_{sku}"] = Price(required=True)
        members[f"priced_{sku}"] = Price(load_default=None)
        members[f"stock_{sku}"] = Pieces(required=True)
        members[f"was_{sku}"] = Pieces(required=True)
    members["image"] = fields.String(load_default="", validate=validate.OneOf(["", *images], error="field.choice"))
    paths = [path for top in categories() for path in paths_in(top)]
    members["category"] = fields.String(
        required=True, validate=validate.OneOf([*paths, category], error="field.category")
    )
    told = validate.Length(max=ATTRIBUTE_CAP, error="field.attribute")
    members |= {f"attribute_{key}": fields.String(validate=told) for key in every_attribute()}
    made: Schema = type("ListingForm", (WordsForm,), members)()
    return made


def columns_form(names: Iterable[str]) -> Schema:
    """What every column of a sheet means; the operation knows which meanings each may have."""
    members = {name: fields.String(required=True, validate=validate.Length(max=_MEANING_CHARS)) for name in names}
    made: Schema = type("ColumnsForm", (Schema,), members)()
    return made


def stock_form(skus: Iterable[str]) -> Schema:
    """The stock of one listing in the list of goods: `stock_…` and `was_…` per SKU public id, and where to go back."""
    members: dict[str, fields.Field[Any]] = {"back": fields.String(load_default="")}
    for sku in skus:
        members[f"stock_{sku}"] = members[f"was_{sku}"] = Pieces(required=True)
    made: Schema = type("StockForm", (Schema,), members)()
    return made


def split_listing_form(form: Mapping[str, Any], attributes: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """The loaded form as `words`, `prices`, `stock` and `shown` of an edit of goods with these attributes.

    Prices left as shown are not told.
    """
    told = {name.removeprefix("price_"): value for name, value in form.items() if name.startswith("price_")}
    prices = {sku: price for sku, price in told.items() if price != form[f"priced_{sku}"]}
    words = {name: form[name] for name in ("title", "category", "description")}
    words |= {"image": form["image"]} if form["image"] else {}
    answers = {name.removeprefix("attribute_"): value for name, value in form.items() if name.startswith("attribute_")}
    words["attributes"] = answered(form["category"], attributes, answers)
    return {"words": words, "prices": prices, **counted_anew(form)}


def counted_anew(form: Mapping[str, Any]) -> dict[str, dict[str, int]]:
    """The `stock` that a loaded form tells and the stock `shown` to whoever told it, by SKU public id.

    What she left as it was shown is not told at all.
    """
    shown = {name.removeprefix("was_"): value for name, value in form.items() if name.startswith("was_")}
    return {"stock": {sku: form[f"stock_{sku}"] for sku in shown if form[f"stock_{sku}"] != shown[sku]}, "shown": shown}


def typed_again(form: Mapping[str, str], error: DomainError | None) -> dict[str, str]:
    """What a refused form shows again: all that was typed, beside the stock of now where she left it or it moved."""
    shown = dict(form)
    moved = {name for name, (code, _params) in getattr(error, "fields", {}).items() if code == "stock.moved"}
    for name in [name for name in shown if name.startswith("stock_")]:
        was = "was_" + name.removeprefix("stock_")
        if name in moved or shown[name] == shown.get(was):
            shown.pop(was, None)
        if shown[name] == form.get(was):
            del shown[name]
    return shown
