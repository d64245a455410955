"""What may be sought, what comes back, what is shown of it. Amounts are fen; price bounds include both ends."""

import json
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from functools import lru_cache
from operator import attrgetter
from typing import Final, Literal, NamedTuple, Self, get_args

from kernel.text import slugify
from onboarding.listings.discretion import is_of_business
from storefront.search.limits import NO_LIMITS, Limits
from storefront.search.spelling import spelled, template

Sort = Literal["relevance", "sales", "price", "-price", "newest"]
Match = Literal["all", "loose", "any", "none"]

MOST_PER_PAGE: Final = 100
DEEPEST: Final = 10_000  # hits that can be paged to; the total still counts all

# Lower edges of the price bands offered beside a result: a band reaches to one fen under the next.
PRICE_EDGES_FEN: Final = (0, 20_00, 50_00, 100_00, 200_00, 500_00, 1_000_00)

# How many pieces somebody must take at least, from and to, by the name that a band has in addresses.
LEAST_BANDS: Final = {"1": (1, 1), "2-9": (2, 9), "10-49": (10, 49), "50-": (50, None)}
WAYS: Final = ("direct", "supply")  # sold by the factory itself, open to merchants who drop-ship
VERIFIED: Final = ("licence", "inspected")
NEW_DAYS: Final = 7
SALES_DAYS: Final = 90

# Heads of a factory's price sheet that name it, its place or its goods' trail.
_NAMES_THE_MAKER: Final = (
    *("厂", "公司", "供应商", "产地", "品牌", "货号", "条码", "条形码", "编码", "barcode", "brand", "origin"),
    *("联系", "电话", "手机", "微信", "地址", "网址", "备注", "说明", "remark", "note"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ListingDocument:
    """A listing as the index keeps it, a copy that may lag: re-check price, stock and state before showing it.

    `category` is a path, "服饰/针织"; `created_at` is aware; `quality` runs from 0 to 1000; `attributes` is
    free text that is searched after the title (material, colours, model numbers). `moq` is what a shopper takes at
    least, `ships_from` the factory's province, `sold` the pieces paid in `SALES_DAYS`, `inspected_until` the ordinal
    of the last day on which a visit counts (0: nobody was there). Of a merchant's copy all that is the factory's
    stays empty.
    """

    id: int
    public_id: str
    title: str
    factory: str
    belt: str
    belt_name: str
    province: str
    category: str
    price_fen: int
    created_at: datetime
    quality: int = 500
    in_stock: bool = True
    moq: int = 1
    image_url: str = ""
    attributes: str = ""
    ships_from: str = ""
    is_direct: bool = True
    is_supplied: bool = False
    is_verified: bool = True
    inspected_until: int = 0
    made_to_order: bool = False
    sold: int = 0

    def to_json(self) -> str:
        """The document as it is stored."""
        return _DOCUMENT % spelled(_facts_of(self))

    @classmethod
    def from_json(cls, stored: str | bytes) -> "ListingDocument":
        """Read what `to_json` wrote."""
        facts = json.loads(stored)
        return cls(**facts | {"created_at": datetime.fromtimestamp(facts["created_at"], UTC)})


_FACTS: Final = tuple(fact.name for fact in fields(ListingDocument))
_facts_of: Final = attrgetter(*_FACTS)
_DOCUMENT: Final = template(_FACTS)


class Card(NamedTuple):
    """How a listing stands in the channel, once: the factory's own offers, else those of the cheapest merchant.

    A merchant's card (`pick_up`) knows no belt and no year: nothing of the factory may show. `shops` are merchants
    who sell it, `founded` is the year that the factory gives, `reopens_at` ends the rest it took last.
    """

    listing: str
    title: str
    image: str
    category: str
    price_fen: int
    price_to_fen: int
    currency: str
    min_quantity: int
    skus: int
    left: int
    seller: str
    seller_name: str
    seller_slug: str
    pick_up: str | None
    shops: int
    belt: str | None
    belt_zh: str | None
    belt_en: str | None
    province: str | None
    founded: int | None = None
    reopens_at: datetime | None = None

    def at(self, now: datetime) -> Self:
        """The card at a moment: a rest that is over is none, so that equal cards look alike at any time."""
        return self._replace(reopens_at=None) if self.reopens_at and self.reopens_at <= now else self

    @property
    def page(self) -> str:
        """Where it can be bought, in full, so that no redirect follows."""
        home = f"{self.seller_page}/{self.pick_up}" if self.pick_up else f"/goods/{self.listing}"
        return f"{home}-{slugify(self.title)}".rstrip("-")

    @property
    def seller_page(self) -> str:
        """The seller's own page."""
        return f"/{'m' if self.pick_up else 'f'}/{self.seller_slug}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Query:
    """What a searcher asks for: choices within one facet widen it, different facets narrow it.

    `q` may be any text at all and never raises; an empty one browses, newest first. `today` is the business day from
    which `new` goods and visits are counted; without it neither is. `seen` are the keys of goods shown on pages
    before: they are passed over, whatever became of their places. `exact` asks for the words as they are typed,
    `unwanted` leaves out goods with these, `unlimited` takes 200元以内 for words. Numbers out of range, unknown sorts
    are the caller's mistake: ValueError.
    """

    q: str = ""
    belts: tuple[str, ...] = ()
    provinces: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    price_min_fen: int | None = None
    price_max_fen: int | None = None
    least: tuple[str, ...] = ()
    ships_from: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()
    verified: tuple[str, ...] = ()
    made_to_order: bool = False
    in_stock: bool = False
    new: bool = False
    today: date | None = None
    sort: Sort = "relevance"
    page: int = 1
    per_page: int = 40
    seen: tuple[int, ...] = ()
    exact: bool = False
    unwanted: tuple[str, ...] = ()
    unlimited: bool = False

    def __post_init__(self) -> None:
        if self.sort not in get_args(Sort):
            raise ValueError(f"unknown sort: {self.sort!r}")
        if self.page < 1 or not 1 <= self.per_page <= MOST_PER_PAGE:
            raise ValueError(f"page {self.page} of {self.per_page} is out of range")
        if self.today is None and (self.new or "inspected" in self.verified):
            raise ValueError("which goods are new depends on the day")

    @property
    def chosen(self) -> frozenset[str]:
        """The facets in which something is chosen."""
        made = {
            "belt": self.belts or self.provinces,
            "category": self.categories,
            "price": self.price_min_fen is not None or self.price_max_fen is not None,
            "least": self.least,
            "ships": self.ships_from,
            "way": self.ways,
            "verified": self.verified,
            "order": self.made_to_order,
            "stock": self.in_stock,
            "new": self.new,
            "unwanted": self.unwanted,
        }
        return frozenset(facet for facet, choice in made.items() if choice)


@dataclass(frozen=True, slots=True)
class PriceBand:
    """A band of prices, both ends included (the last has no upper end), and how many goods lie in it."""

    min_fen: int
    max_fen: int | None
    count: int


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts over the whole result. A facet's counts ignore the choices made within it.

    A category counts all that lies beneath it, a province all its belts. Only what occurs is listed, price bands all.
    """

    belts: Mapping[str, int] = field(default_factory=dict)
    provinces: Mapping[str, int] = field(default_factory=dict)
    belts_in: Mapping[str, str] = field(default_factory=dict)  # the province of each belt that occurs
    categories: Mapping[str, int] = field(default_factory=dict)
    prices: tuple[PriceBand, ...] = ()
    least: Mapping[str, int] = field(default_factory=dict)
    ships_from: Mapping[str, int] = field(default_factory=dict)
    ways: Mapping[str, int] = field(default_factory=dict)
    verified: Mapping[str, int] = field(default_factory=dict)
    made_to_order: int = 0
    in_stock: int = 0
    new: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """One page of hits (public ids, best first), how many there are in all, and the facets; equal to itself alone.

    `match` says how they match: `all` words, all characters (`loose`), `any` word, or `none`; `relaxed` are the
    words that were left out, `suggestion` what may have been meant, `limits` what the words said of price and unwanted
    things. `keys` are those of the hits, to pass over them on the next page. Where nothing was found, `without` says
    how many there would be without each facet chosen.
    """

    hits: tuple[str, ...]
    total: int
    facets: Facets
    match: Match
    stored: tuple[bytes, ...] = ()
    scores: tuple[float, ...] = ()
    keys: tuple[int, ...] = ()
    without: Mapping[str, int] = field(default_factory=dict)
    relaxed: tuple[str, ...] = ()
    suggestion: str = ""
    full: int = 0
    limits: Limits = NO_LIMITS

    def goes_on(self, page: int, per_page: int) -> bool:
        """Whether a page after this one has anything."""
        return bool(self.hits) and page * per_page < self.total

    def documents(self) -> tuple[ListingDocument, ...]:
        """The hits as they were indexed; decoded only when asked for."""
        return tuple(ListingDocument.from_json(each) for each in self.stored)


def blind(attributes: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    """What a merchant may say of goods: nothing that names who makes them, nothing that is between traders.

    Attributes are columns of the factory's price sheet; `names` are those of the factory, its city and its county.
    """
    hidden, told = _NAMES_THE_MAKER, [name.rstrip("市县区镇") for name in names]
    return {
        head: value
        for head, value in attributes.items()
        if not _holds(head, hidden) and not is_of_business(head) and not any(name and name in value for name in told)
    }


def untraded(attributes: Mapping[str, str]) -> dict[str, str]:
    """What a factory's goods say to everybody: its price sheet without the columns that are between traders."""
    return {head: value for head, value in attributes.items() if not is_of_business(head)}


def price_band(price_fen: int) -> int:
    """The number of the band in which a price lies."""
    return bisect_right(PRICE_EDGES_FEN, price_fen) - 1


@lru_cache(maxsize=1_024)
def least_band(pieces: int) -> str:
    """The band of a least quantity, by its name."""
    return next(name for name, (_low, high) in LEAST_BANDS.items() if high is None or pieces <= high)


def price_bands() -> tuple[tuple[int, int | None], ...]:
    """The bands as (lowest, highest) price in fen, both included."""
    highest = [edge - 1 for edge in PRICE_EDGES_FEN[1:]]
    return tuple(zip(PRICE_EDGES_FEN, [*highest, None], strict=True))


@lru_cache(maxsize=4_096)
def category_paths(category: str) -> tuple[str, ...]:
    """A category and all above it: 服饰/针织 lies in 服饰 and in 服饰/针织."""
    names = [name for name in category.split("/") if name]
    return tuple("/".join(names[: i + 1]) for i in range(len(names)))


def _holds(head: str, words: Iterable[str]) -> bool:
    return any(word in head.lower() for word in words)
