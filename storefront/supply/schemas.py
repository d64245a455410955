"""What the market's address and its forms may hold; what cannot be read of an address is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Final
from urllib.parse import parse_qs, urlsplit

from marshmallow import Schema, ValidationError, fields, validate

from kernel.text import clean
from onboarding.listings.rules import MARKUP_CAP_BP
from storefront.search.schemas import GoodsAddressSchema, GoodsChoice
from storefront.supply.rules import PICKS_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH: Final = "/supply"
_PERCENT: Final = re.compile(r"[0-9]{1,4}")
_ID: Final = validate.Length(1, 40)


class MarketSchema(GoodsAddressSchema):
    """The address of a page of the market: besides `factory picked(yes|no) photo exact`."""

    factory = fields.String(validate=_ID)
    picked = fields.String(validate=validate.OneOf(["yes", "no"]))
    photo = fields.String(validate=_ID)
    exact = fields.String(validate=validate.Equal("1"))


class Chosen(fields.Field[list[str]]):
    """Check boxes of one name: one or many public ids, each once, at most as many as may be picked up at once."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> list[str]:  # noqa: ARG002
        given = value if isinstance(value, list) else [value]
        ids = list(dict.fromkeys(str(one) for one in given if one))
        if not ids or len(ids) > PICKS_AT_ONCE:
            raise ValidationError("field.goods_chosen")
        return ids


class Markup(fields.Field[int]):
    """A whole percent in plain digits, `30` or `30%`, loaded as basis points."""

    def _deserialize(self, value: object, attr: str | None, data: object, **kwargs: object) -> int:  # noqa: ARG002
        digits = str(value).removesuffix("%").strip()
        if not _PERCENT.fullmatch(digits) or int(digits) * 100 > MARKUP_CAP_BP:
            raise ValidationError("field.markup")
        return int(digits) * 100


class PickUpForm(Schema):
    """Goods to pick up and the percent to add; `back` is the page to return to."""

    listing = Chosen(required=True, error_messages={"required": "field.goods_chosen"})
    markup = Markup(required=True, error_messages={"required": "field.markup"})
    back = fields.String(load_default=PATH, validate=validate.Length(max=2_000))


class AskForm(Schema):
    """A merchant's wish to sell a factory's goods, and why she should be let."""

    factory = fields.String(required=True, validate=_ID)
    words = fields.String(load_default="")
    back = fields.String(load_default=PATH, validate=validate.Length(max=2_000))


@dataclass(frozen=True, kw_only=True)
class Choice(GoodsChoice):
    """What a merchant looks for: of one factory, what she has picked up or not, what a photo (public id) found."""

    path: ClassVar[str] = PATH
    names: ClassVar[dict[str, str]] = GoodsChoice.names | {
        name: name for name in ("factory", "picked", "photo", "exact")
    }
    factory: str = ""
    picked: str = ""
    photo: str = ""
    exact: bool = False


def chosen(arguments: Mapping[str, list[str]]) -> Choice:
    """Read an address given as lists of values."""
    choice, read = Choice.read(MarketSchema(), arguments)
    told = {name: read.get(name, "") for name in ("factory", "picked", "photo")}
    return replace(choice, **told, exact="exact" in read)


def chosen_of(address: str) -> Choice:
    """Read the address of a page of the market, as a form on it carries it along: escaped, so not cleaned yet."""
    query = parse_qs(urlsplit(address).query)
    return chosen({name: [clean(value) for value in values] for name, values in query.items()})
