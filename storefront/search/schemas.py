"""What a search address may hold; what cannot be read of it is left out, so that no link is ever broken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, ClassVar, Final, Self
from urllib.parse import quote_plus

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate

from kernel.text import clean
from storefront.search.paging import seen_in
from storefront.search.rules import LEAST_BANDS, VERIFIED, WAYS, Query, Sort, category_paths

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

PATH = "/factory-goods"
PER_PAGE = 40
_DEEPEST_PAGE = 250
_FACET_CHOICES = 20
_SEVERAL: Final = {"belt": 60, "province": 20, "category": 40, "least": 10, "from": 20, "way": 10, "verified": 10}
_TUPLES: Final = {
    "provinces": "province",
    "least": "least",
    "ships_from": "ships",
    "ways": "way",
    "verified": "verified",
}
_MARKS: Final = {"made_to_order": "order", "in_stock": "stock", "new": "new", "exact": "exact"}
_FURTHER: Final = {
    "provinces": "province",
    "price": "price",
    "least": "least",
    "ships_from": "from",
    "ways": "way",
    "verified": "verified",
    **_MARKS,
    "sort": "sort",
}
_AS_EVER: Final = ("sort", "relevance")
_PAGE: Final = {"page"}
_FILTERS_INDEXED: Final = 2  # of more than so many the pages are for people only
_PRICE_LETTERS: Final = 11
_CHANNEL: Final = {"工厂货", "gongchanghuo", "factory goods"}
_HUNDRED_MILLION_YUAN: Final = 8  # digits; nothing costs as much


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
    """The address of a result page: besides `price(min-max fen)`, other filters, `sort`, what was `seen`, `exact`.

    `low` and `high` are yuan that somebody typed, instead of `price`.
    """

    province = fields.List(fields.String(validate=validate.Length(1, 20)))
    price = fields.String(validate=validate.Regexp(r"^\d{1,9}-\d{0,9}$"))
    low = fields.String(validate=validate.Regexp(rf"^\d{{1,{_HUNDRED_MILLION_YUAN}}}(\.\d{{1,2}})?$"))
    high = fields.String(validate=validate.Regexp(rf"^\d{{1,{_HUNDRED_MILLION_YUAN}}}(\.\d{{1,2}})?$"))
    least = fields.List(fields.String(validate=validate.OneOf([*LEAST_BANDS])))
    ships = fields.List(fields.String(validate=validate.Length(1, 20)), data_key="from")
    way = fields.List(fields.String(validate=validate.OneOf(WAYS)))
    verified = fields.List(fields.String(validate=validate.OneOf(VERIFIED)))
    sort = fields.String(validate=validate.OneOf(["relevance", "sales", "price", "-price", "newest"]))
    order = fields.String(validate=validate.OneOf(["1"]))
    stock = fields.String(validate=validate.OneOf(["1"]))
    new = fields.String(validate=validate.OneOf(["1"]))
    exact = fields.String(validate=validate.OneOf(["1"]))
    seen = fields.String()


_ADDRESS: Final = SearchSchema()  # making one takes longer than reading an address with it


@dataclass(frozen=True, kw_only=True)
class GoodsChoice:
    """What somebody has chosen in a list of goods, and the address of every next choice."""

    path: ClassVar[str]
    names: ClassVar[dict[str, str]] = {"q": "q", "belts": "belt", "categories": "category"}
    """Fields by the names of their parameters, in the order of addresses."""

    q: str = ""
    belts: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    page: int = 1

    def url(self, **changes: Any) -> str:  # noqa: ANN401  the fields of this dataclass
        """The address after a change; any change but of the page leads to the first page."""
        changed = {field: _said_of(self.names[field], changes[field]) for field in changes.keys() - _PAGE}
        said = self._said | changed
        if (page := changes.get("page", 1)) > 1:
            said["page"] = f"page={page}"
        asked = "&".join(filter(None, said.values()))
        return f"{self.path}?{asked}" if asked else self.path

    @cached_property
    def _said(self) -> dict[str, str]:
        """What the address says of each field, in the order of addresses: most stays in every next one."""
        return {field: _said_of(name, getattr(self, field)) for field, name in self.names.items()}

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
        """Whether a category is offered: those of the first row always, others once what they lie in is looked into."""
        *above, _itself = category_paths(category)
        return not above or any(above[-1] in category_paths(each) for each in self.categories)

    @classmethod
    def read(cls, schema: GoodsAddressSchema, arguments: Mapping[str, list[str]]) -> tuple[Self, dict[str, Any]]:
        """What all lists share of an address given as lists of values, and everything that could be read of it."""
        given: dict[str, Any] = {name: values[0] for name, values in arguments.items() if values}
        given.update({name: _several(arguments[name], most) for name, most in _SEVERAL.items() if name in arguments})
        given["q"] = clean(given.get("q", ""))[:80]
        try:
            read = schema.load(given)
        except ValidationError as error:
            read = schema.load({name: value for name, value in given.items() if name not in error.messages_dict})
        shared = {"belts": tuple(read.get("belt", ())), "categories": tuple(read.get("category", ()))}
        return cls(q=read.get("q", ""), page=read.get("page", 1), **shared), read


@dataclass(frozen=True, kw_only=True)
class Choice(GoodsChoice):
    """What a shopper has chosen; `seen` are keys of goods on pages before, `unread` was typed as a price."""

    path: ClassVar[str] = PATH
    names: ClassVar[dict[str, str]] = GoodsChoice.names | _FURTHER
    provinces: tuple[str, ...] = ()
    price: str = ""
    least: tuple[str, ...] = ()
    ships_from: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    sort: Sort = "relevance"
    made_to_order: bool = False
    in_stock: bool = False
    new: bool = False
    exact: bool = False
    seen: tuple[int, ...] = ()
    unread: str = ""

    def query(self, today: date) -> Query:
        """The question to the index on a business day; bounds are fen, both included."""
        low, _, high = self.price.partition("-")
        return Query(
            q=self.q,
            belts=self.belts,
            provinces=self.provinces,
            categories=self.categories,
            price_min_fen=int(low) if low else None,
            price_max_fen=int(high) if high else None,
            least=self.least,
            ships_from=self.ships_from,
            ways=self.ways,
            verified=self.verified,
            made_to_order=self.made_to_order,
            in_stock=self.in_stock,
            new=self.new,
            today=today,
            sort=self.sort,
            page=self.page,
            per_page=PER_PAGE,
            seen=self.seen,
            exact=self.exact,
        )

    @property
    def filters(self) -> int:
        """How many filters are on."""
        several = (self.belts, self.provinces, self.categories, self.least, self.ships_from, self.ways, self.verified)
        single = (self.price, self.made_to_order, self.in_stock, self.new)
        return sum(len(values) for values in several) + sum(bool(value) for value in single)

    @property
    def is_narrowed(self) -> bool:
        """Whether any filter is on."""
        return self.filters > 0

    @property
    def names_the_maker(self) -> bool:
        """Whether a filter is on that says something of who makes the goods."""
        return bool(self.belts or self.provinces or self.ships_from or self.ways or self.verified)

    @property
    def is_front(self) -> bool:
        """Whether nothing is asked for at all."""
        return self == Choice()

    def within_channel(self) -> Self:
        """The same choice without words where these only name the channel: all goods are meant."""
        return replace(self, q="") if self.q.casefold() in _CHANNEL else self

    @property
    def is_for_engines(self) -> bool:
        """Whether search engines may keep the page: one of the many crossings of filters says nothing to anybody."""
        return self.filters <= _FILTERS_INDEXED and not self.exact

    def bare(self) -> str:
        """The address of the same words and order without any filter."""
        return Choice(q=self.q, sort=self.sort, exact=self.exact).url()

    def carried(self) -> list[tuple[str, str]]:
        """What a form sends along that asks for another price."""
        kept = ((name, getattr(self, field)) for field, name in self.names.items() if field != "price")
        return [(name, value) for name, told in kept for value in _values(name, told)]

    def canonical(self) -> str:
        """The one address of what is shown, in whatever order and after whatever pages."""
        return self.url(page=self.page, sort="relevance", exact=False)


def chosen(arguments: Mapping[str, list[str]]) -> Choice:
    """Read an address given as lists of values."""
    choice, read = Choice.read(_ADDRESS, arguments)
    told: dict[str, Any] = {name: tuple(dict.fromkeys(read.get(key, ()))) for name, key in _TUPLES.items()}
    told |= {name: key in read for name, key in _MARKS.items()}
    price = _typed(read) or read.get("price", "")
    told |= {"seen": _seen(read, choice.page), "unread": _unread(arguments, read)}
    return replace(choice, price=price, sort=read.get("sort", "relevance"), **told)


def _unread(arguments: Mapping[str, list[str]], read: Mapping[str, Any]) -> str:
    """What somebody typed as a price that is none."""
    ends = (
        clean(arguments[name][0])[:_PRICE_LETTERS]
        for name in ("low", "high")
        if arguments.get(name) and name not in read
    )
    return next(filter(None, ends), "")


def _said_of(name: str, told: object) -> str:
    """A field as it stands in an address; empty where nothing was chosen."""
    return "&".join([f"{name}={_quoted(value)}" for value in _values(name, told)])


def _seen(read: Mapping[str, str], page: int) -> tuple[int, ...]:
    """What was seen on the pages before, unless it is more than they hold: then somebody hides goods."""
    seen = seen_in(read.get("seen", ""))
    return seen if len(seen) <= (page - 1) * PER_PAGE else ()


def _values(name: str, told: object) -> list[str]:
    """The values of a parameter: of several in one order, of a mark that it is set."""
    if isinstance(told, tuple):
        return sorted(told)
    if told is True:
        return ["1"]
    return [str(told)] if told and (name, told) != _AS_EVER else []


def _several(values: Sequence[str], longest: int) -> list[str]:
    return [value for value in values[:_FACET_CHOICES] if 0 < len(value) <= longest]


def _typed(read: Mapping[str, str]) -> str:
    """The price that somebody typed in yuan, as an address says it; the ends in their order."""
    low, high = (_fen(read[name]) if name in read else None for name in ("low", "high"))
    if low is None and high is None:
        return ""
    if low is not None and high is not None and low > high:
        low, high = high, low
    return f"{low or 0}-{'' if high is None else high}"


def _fen(yuan: str) -> int:
    whole, _dot, cents = yuan.partition(".")
    return int(whole) * 100 + int(cents.ljust(2, "0"))


@lru_cache(maxsize=8_192)  # the same few belts and categories stand in every address
def _quoted(value: str) -> str:
    return quote_plus(value)
