"""The columns of the index: what a listing is filtered, counted and ordered by.

Each column that is counted holds exactly one value of each listing: tantivy counts such columns many times faster
than those of several. What is several by nature is one path (province/belt, category) or one word of marks.
"""

from __future__ import annotations

from collections import Counter
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

from kernel.clock import business_date
from storefront.search.rules import (
    LEAST_BANDS,
    NEW_DAYS,
    VERIFIED,
    WAYS,
    Facets,
    PriceBand,
    category_paths,
    least_band,
    price_band,
    price_bands,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    import tantivy

    from storefront.search.rules import ListingDocument

MARKS: Final = {"direct": "d", "supply": "s", "licence": "l", "order": "o", "stock": "i"}

_LOW: Final = 31  # bits kept for breaking ties in the keys of the orders
_NONE: Final = "-"
_MOST_VALUES: Final = 10_000  # of a column
_COUNTED: Final = ("place", "leaf", "band", "least", "ships", "marks")
_COLUMNS: Final = {  # what counts the choices of a facet
    "belt": ("place",),
    "category": ("leaf",),
    "price": ("band",),
    "least": ("least",),
    "ships": ("ships",),
    "way": ("marks",),
    "verified": ("marks", "visited"),
    "order": ("marks",),
    "stock": ("marks",),
    "new": ("day",),
}


def add_columns(builder: tantivy.SchemaBuilder) -> None:
    """The fields of the columns, for the schema of the index."""
    for name in _COUNTED:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("belt", "category", "mark"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("key", indexed=True, stored=True)
    for name in ("price_fen", "day", "visited", "by_price", "by_price_down", "by_age", "by_sales"):
        builder.add_integer_field(name, indexed=name == "price_fen", fast=True)
    builder.add_float_field("weight", fast=True)


def columns(listing: ListingDocument) -> dict[str, Any]:
    """What the columns hold of a listing."""
    marks, above = _marks(listing), category_paths(listing.category)
    return {
        "place": f"{listing.province}/{listing.belt}" if listing.belt else _NONE,
        "leaf": above[-1] if above else _NONE,
        "band": str(price_band(max(listing.price_fen, 0))),
        "least": least_band(listing.moq),
        "ships": listing.ships_from or _NONE,
        "marks": marks,
        "belt": [value for value in (listing.belt, listing.province) if value and listing.belt],
        "category": list(above),
        "mark": [letter for letter in marks if letter != _NONE],
        "key": listing.id,
        "price_fen": listing.price_fen,
        "day": _moment(listing.created_at)[0],
        "visited": listing.inspected_until,
        "weight": _weight(listing.in_stock, listing.quality),
        **_orders(listing),
    }


def first_new(today: date) -> int:
    """The ordinal of the first day whose goods are new."""
    return today.toordinal() - NEW_DAYS + 1


def aggregations(facets: Collection[str], today: date | None) -> dict[str, Any]:
    """What has to be counted for those facets; nothing that depends on the day where none is given."""
    wanted = {column for facet in facets for column in _COLUMNS[facet]}
    asked: dict[str, Any] = {name: {"terms": {"field": name, "size": _MOST_VALUES}} for name in wanted & {*_COUNTED}}
    if today is not None:
        since = {"day": first_new(today), "visited": today.toordinal()}
        for name in wanted & since.keys():
            asked[name] = {"range": {"field": name, "ranges": [{"from": since[name]}]}}
    return asked


def facets_of(answers: Mapping[str, Mapping[str, Any]], alone: Mapping[str, int]) -> Facets:
    """The counts of every facet: from the answers to the `aggregations` that were asked for it, and those `alone`.

    A facet of one choice needs no aggregation once it is chosen: all that is found has it.
    """
    counts = {
        facet: {name: _buckets(answer[name]) for name in _COLUMNS[facet] if name in answer}
        for facet, answer in answers.items()
    }
    places = _places(counts["belt"]["place"])
    marks = {facet: _marks_in(counts[facet]["marks"]) for facet in ("way", "verified")}
    marks |= {facet: _marks_in(counts[facet]["marks"]) for facet in ("order", "stock") if facet in counts}
    visited = sum(counts["verified"].get("visited", {}).values())
    verified = {"licence": marks["verified"]["l"], "inspected": visited}
    return Facets(
        **places,
        categories=_paths(counts["category"]["leaf"]),
        prices=_bands(counts["price"]["band"]),
        least={name: counts["least"]["least"][name] for name in LEAST_BANDS if name in counts["least"]["least"]},
        ships_from=_named(counts["ships"]["ships"]),
        ways={way: marks["way"][MARKS[way]] for way in WAYS if marks["way"][MARKS[way]]},
        verified={name: verified[name] for name in VERIFIED if verified[name]},
        made_to_order=alone["order"] if "order" in alone else marks["order"][MARKS["order"]],
        in_stock=alone["stock"] if "stock" in alone else marks["stock"][MARKS["stock"]],
        new=alone["new"] if "new" in alone else sum(counts["new"].get("day", {}).values()),
    )


def _marks(listing: ListingDocument) -> str:
    return _spelled(
        listing.is_direct, listing.is_supplied, listing.is_verified, listing.made_to_order, listing.in_stock
    )


@cache
def _spelled(*has: bool) -> str:
    return "".join(letter for letter, is_so in zip(MARKS.values(), has, strict=True) if is_so) or _NONE


@lru_cache(maxsize=4_096)  # what was loaded together was made in the same moment
def _moment(created_at: datetime) -> tuple[int, int]:
    """The ordinal of its business day, and its seconds."""
    return business_date(created_at).toordinal(), int(created_at.timestamp())


@lru_cache(maxsize=4_096)
def _weight(in_stock: bool, quality: int) -> float:  # noqa: FBT001
    """What a score is worth: goods in stock a fifth more than goods sold out, then the better ones.

    Quality is worth a tenth at most, so that it settles near-ties only. tantivy multiplies a score by
    log2(2 + weight).
    """
    return float(2 ** (1 + 0.2 * in_stock + 0.1 * min(max(quality, 0), 1000) / 1000) - 2)


def _orders(listing: ListingDocument) -> dict[str, int]:
    """Sort keys that never tie: tantivy sorts by one column. Equal prices: in stock first, then newer."""
    low = (1 << (_LOW - 1)) - 1
    price = min(listing.price_fen, (1 << 31) - 1) << _LOW
    newer = listing.id & low
    return {
        "by_price": price | (not listing.in_stock) << (_LOW - 1) | (low - newer),
        "by_price_down": price | listing.in_stock << (_LOW - 1) | newer,
        "by_age": _moment(listing.created_at)[1] << _LOW | newer,
        "by_sales": min(listing.sold, (1 << 31) - 1) << _LOW | newer,
    }


def _buckets(answer: Mapping[str, Any]) -> Counter[str]:
    """How many have which value; a range answers also for what lies before it."""
    return Counter(
        {str(each["key"]): each["doc_count"] for each in answer["buckets"] if "to" not in each and each["doc_count"]}
    )


def _named(counts: Mapping[str, int]) -> dict[str, int]:
    return {name: count for name, count in counts.items() if name != _NONE}


def _places(counts: Mapping[str, int]) -> dict[str, dict[str, Any]]:
    belts: dict[str, int] = {}
    belts_in: dict[str, str] = {}
    provinces: Counter[str] = Counter()
    for place, count in _named(counts).items():
        province, _slash, belt = place.rpartition("/")
        belts[belt] = belts.get(belt, 0) + count
        belts_in[belt] = province
        if province:
            provinces[province] += count
    return {"belts": belts, "belts_in": belts_in, "provinces": dict(provinces)}


def _paths(leaves: Mapping[str, int]) -> dict[str, int]:
    paths: dict[str, int] = {}
    for leaf, count in _named(leaves).items():
        for path in category_paths(leaf):
            paths[path] = paths.get(path, 0) + count
    return paths


def _bands(counts: Mapping[str, int]) -> tuple[PriceBand, ...]:
    return tuple(PriceBand(low, high, counts.get(str(at), 0)) for at, (low, high) in enumerate(price_bands()))


def _marks_in(words: Mapping[str, int]) -> Counter[str]:
    letters: Counter[str] = Counter()
    for word, count in words.items():
        for letter in word:
            letters[letter] += count
    return letters
