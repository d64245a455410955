"""What a search address may hold; what cannot be read of it is left out, so that no link is ever broken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Self
from urllib.parse import urlencode

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from kernel.text import clean
from storefront.search.rules import Query, Sort, category_paths

if TYPE_CHECKING:
    from collections.abc import Mapping

PATH = "/factory-goods"
PER_PAGE = 40
_DEEPEST_PAGE = 250
_FACET_CHOICES = 20


class GoodsAddressSchema(Schema):
    """What the addresses of all lists of goods share: `q belt* category* page`."""

    class Meta(Schema.Meta):
        """Campaign marks and the like are no error in an address."""

        unknown = EXCLUDE

    q = fields.String(validate=validate.Length(max=80))
    belt = fields.List(fields.String(validate=validate.Length(max=60)))
    category = fields.List(fields.String(validate=validate.Length(max=40)))
    page = fields.Integer(validate=validate.Range(1, _DEEPEST_PAGE))


class SearchSchema(GoodsAddressSchema):
    """The address of a result page: besides `price(min-max fen)* sort stock`."""

    price = fields.String(validate=validate.Regexp(r"^\d{1,9}-\d{0,9}$"))
    sort = fields.String(validate=validate.OneOf(["relevance", "price", "-price", "newest"]))
    stock = fields.String(validate=validate.OneOf(["1"]))


@dataclass(frozen=True, kw_only=True)
class GoodsChoice:
    """What somebody has chosen in a list of goods, and the address of every next choice."""

    path: ClassVar[str]
    q: str = ""
    belts: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    page: int = 1

    def url(self, **changes: Any) -> str:  # noqa: ANN401  the fields of this dataclass
        """The address after a change; any change but of the page leads to the first page."""
        other = replace(self, **{"page": 1, **changes})
        pairs = [("q", other.q), *(("belt", belt) for belt in other.belts)]
        pairs += [("category", category) for category in other.categories]
        pairs += [*other.further(), ("page", str(other.page) if other.page > 1 else "")]
        chosen = urlencode([(name, value) for name, value in pairs if value])
        return f"{self.path}?{chosen}" if chosen else self.path

    def further(self) -> list[tuple[str, str]]:
        """The parameters that only this list has; an empty value stays out of the address."""
        return []

    def toggled(self, facet: str, value: str) -> str:
        """The address with one choice of a facet put in, or taken out if it is in.

        A category takes the place of what lies in it, and of what it lies in.
        """
        now: tuple[str, ...] = getattr(self, facet)
        if value in now:
            return self.url(**{facet: tuple(each for each in now if each != value)})
        apart = (each for each in now if value not in category_paths(each) and each not in category_paths(value))
        return self.url(**{facet: (*apart, value)})

    def opens(self, category: str) -> bool:
        """Whether a category is offered: those of the first row always, their leaves once one is looked into."""
        top, *leaf = category_paths(category)
        return not leaf or any(top in category_paths(each) for each in self.categories)

    @classmethod
    def read(cls, schema: GoodsAddressSchema, arguments: Mapping[str, list[str]]) -> tuple[Self, dict[str, Any]]:
        """What all lists share of an address given as lists of values, and everything that could be read of it."""
        given: dict[str, Any] = {name: values[0] for name, values in arguments.items() if values}
        given.update({name: arguments[name][:_FACET_CHOICES] for name in ("belt", "category") if name in arguments})
        given["q"] = clean(given.get("q", ""))[:80]
        try:
            read = schema.load(given)
        except ValidationError as error:
            read = schema.load({name: value for name, value in given.items() if name not in error.messages_dict})
        shared = {"belts": tuple(read.get("belt", ())), "categories": tuple(read.get("category", ()))}
        return cls(q=read.get("q", ""), page=read.get("page", 1), **shared), read


@dataclass(frozen=True, kw_only=True)
class Choice(GoodsChoice):
    """What a shopper has chosen."""

    path: ClassVar[str] = PATH
    price: str = ""
    sort: Sort = "relevance"
    in_stock: bool = False

    def query(self) -> Query:
        """The question to the index; bounds are fen, both included."""
        low, _, high = self.price.partition("-")
        return Query(
            q=self.q,
            belts=self.belts,
            categories=self.categories,
            price_min_fen=int(low) if low else None,
            price_max_fen=int(high) if high else None,
            in_stock=self.in_stock,
            sort=self.sort,
            page=self.page,
            per_page=PER_PAGE,
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is on."""
        return bool(self.belts or self.categories or self.price or self.in_stock)

    def bare(self) -> str:
        """The address of the same words and order without any filter."""
        return self.url(belts=(), categories=(), price="", in_stock=False)

    def further(self) -> list[tuple[str, str]]:
        """Price, order and whether it must be in stock."""
        sort = self.sort if self.sort != "relevance" else ""
        return [("price", self.price), ("sort", sort), ("stock", "1" if self.in_stock else "")]


def chosen(arguments: Mapping[str, list[str]]) -> Choice:
    """Read an address given as lists of values."""
    choice, read = Choice.read(SearchSchema(), arguments)
    return replace(choice, price=read.get("price", ""), sort=read.get("sort", "relevance"), in_stock="stock" in read)
