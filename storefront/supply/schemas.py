"""What the market's address and its forms may hold; what cannot be read of an address is left out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlencode, urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from kernel.text import clean
from onboarding.listings.rules import MARKUP_CAP_BP
from storefront.supply.rules import PICKS_AT_ONCE

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH: Final = "/supply"
_DEEPEST_PAGE: Final = 250
_CHOICES: Final = 20
_PERCENT: Final = re.compile(r"[0-9]{1,4}")
_ID: Final = validate.Length(1, 40)


class MarketSchema(Schema):
    """The address of a page of the market: `q belt* category* factory picked(yes|no) page`."""

    class Meta(Schema.Meta):
        """Campaign marks and the like are no error in an address."""

        unknown = EXCLUDE

    q = fields.String(validate=validate.Length(max=80))
    belt = fields.List(fields.String(validate=validate.Length(max=60)))
    category = fields.List(fields.String(validate=validate.Length(max=40)))
    factory = fields.String(validate=_ID)
    picked = fields.String(validate=validate.OneOf(["yes", "no"]))
    page = fields.Integer(validate=validate.Range(1, _DEEPEST_PAGE))


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
class Choice:
    """What a merchant looks for: the address as values, and the address of every next choice."""

    q: str = ""
    belts: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    factory: str = ""
    picked: str = ""
    page: int = 1

    def url(self, **changes: Any) -> str:  # noqa: ANN401  the fields of this dataclass
        """The address after a change; any change but of the page leads to the first page."""
        other = replace(self, **{"page": 1, **changes})
        pairs = [("q", other.q), *(("belt", belt) for belt in other.belts)]
        pairs += [("category", category) for category in other.categories]
        pairs += [("factory", other.factory), ("picked", other.picked)]
        pairs += [("page", str(other.page) if other.page > 1 else "")]
        asked = urlencode([(name, value) for name, value in pairs if value])
        return f"{PATH}?{asked}" if asked else PATH

    def toggled(self, facet: str, value: str) -> str:
        """The address with one choice of a facet put in, or taken out if it is in."""
        now: tuple[str, ...] = getattr(self, facet)
        then = tuple(each for each in now if each != value) if value in now else (*now, value)
        return self.url(**{facet: then})


def chosen(arguments: Mapping[str, list[str]]) -> Choice:
    """Read an address given as lists of values."""
    given: dict[str, Any] = {name: values[0] for name, values in arguments.items() if values}
    given.update({name: arguments[name][:_CHOICES] for name in ("belt", "category") if name in arguments})
    given["q"] = clean(given.get("q", ""))[:80]
    try:
        read = MarketSchema().load(given)
    except ValidationError as error:
        read = MarketSchema().load({name: value for name, value in given.items() if name not in error.messages_dict})
    return Choice(
        q=read.get("q", ""),
        belts=tuple(read.get("belt", ())),
        categories=tuple(read.get("category", ())),
        factory=read.get("factory", ""),
        picked=read.get("picked", ""),
        page=read.get("page", 1),
    )


def chosen_of(address: str) -> Choice:
    """Read the address of a page of the market, as a form on it carries it along: escaped, so not cleaned yet."""
    query = parse_qs(urlsplit(address).query)
    return chosen({name: [clean(value) for value in values] for name, values in query.items()})
