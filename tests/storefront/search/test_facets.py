from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernel.clock import business_date
from storefront.search.index import TantivyIndex
from storefront.search.rules import (
    LEAST_BANDS,
    VERIFIED,
    WAYS,
    ListingDocument,
    Query,
    category_paths,
    price_bands,
)
from storefront.search.schemas import Choice
from tests.storefront.search.listings import DAY_ONE, make_listing

BELTS = ("qinghe", "danyang", "yiwu")
PROVINCE = {"qinghe": "河北省", "danyang": "江苏省", "yiwu": "浙江省"}
CATEGORIES = ("服饰", "服饰/针织", "服饰/针织/围巾", "家具")
PRICES = (0, 19_99, 20_00, 49_99, 50_00, 499_99, 500_00, 5_000_00)

SHIPS = ("河北省", "江苏省")
TODAY = business_date(DAY_ONE) + timedelta(days=10)
CHANCE = st.booleans()

LISTINGS = st.lists(
    st.builds(
        dict,
        title=st.sampled_from(("羊绒围巾", "羊绒帽子", "实木衣柜")),
        belt=st.sampled_from((*BELTS, "")),
        category=st.sampled_from(CATEGORIES),
        price_fen=st.sampled_from(PRICES),
        in_stock=CHANCE,
        moq=st.sampled_from((1, 2, 9, 10, 49, 50, 500)),
        ships_from=st.sampled_from((*SHIPS, "")),
        is_direct=CHANCE,
        is_supplied=CHANCE,
        is_verified=CHANCE,
        made_to_order=CHANCE,
        inspected_until=st.sampled_from((0, *(TODAY.toordinal() + days for days in (-1, 0, 9)))),
        created_at=st.sampled_from([DAY_ONE + timedelta(days=days) for days in (0, 3, 4, 10)]),
    ),
    max_size=40,
)


def some(values: Iterable[str]) -> st.SearchStrategy[tuple[str, ...]]:
    """Mostly nothing, at most two."""
    return st.just(()) | st.lists(st.sampled_from(list(values)), max_size=2, unique=True).map(tuple)


QUERIES = st.builds(
    Query,
    q=st.sampled_from(("", "羊绒")),
    belts=some(BELTS),
    provinces=some(PROVINCE.values()),
    categories=some(CATEGORIES),
    price_min_fen=st.none() | st.sampled_from(PRICES),
    price_max_fen=st.none() | st.sampled_from(PRICES),
    least=some(LEAST_BANDS),
    ships_from=some(SHIPS),
    ways=some(WAYS),
    verified=some(VERIFIED),
    made_to_order=CHANCE,
    in_stock=CHANCE,
    new=CHANCE,
    today=st.just(TODAY),
    per_page=st.just(100),
)


def has(each: ListingDocument) -> dict[str, set[str]]:
    """What a listing is counted under, said plainly."""
    day = business_date(each.created_at)
    return {
        "belt": {each.belt, PROVINCE[each.belt]} if each.belt else set(),
        "category": {*category_paths(each.category)},
        "least": {name for name, (low, high) in LEAST_BANDS.items() if low <= each.moq <= (high or each.moq)},
        "ships": {each.ships_from} - {""},
        "way": {way for way, on in zip(WAYS, (each.is_direct, each.is_supplied), strict=True) if on},
        "verified": ({"licence"} if each.is_verified else set())
        | ({"inspected"} if each.inspected_until >= TODAY.toordinal() else set()),
        "order": {"yes"} if each.made_to_order else set(),
        "stock": {"yes"} if each.in_stock else set(),
        "new": {"yes"} if TODAY - timedelta(days=7) < day <= TODAY else set(),
    }


def choices(query: Query) -> dict[str, set[str]]:
    single = {"order": query.made_to_order, "stock": query.in_stock, "new": query.new}
    several = {
        "belt": {*query.belts, *query.provinces},
        "category": {*query.categories},
        "least": {*query.least},
        "ships": {*query.ships_from},
        "way": {*query.ways},
        "verified": {*query.verified},
    }
    return several | {name: {"yes"} if on else set() for name, on in single.items()}


def by_hand(listings: Iterable[ListingDocument], query: Query, without: str = "") -> list[ListingDocument]:
    low, high = query.price_min_fen, query.price_max_fen
    wanted = {facet: chosen for facet, chosen in choices(query).items() if chosen and facet != without}

    def fits(each: ListingDocument) -> bool:
        priced = (low is None or low <= each.price_fen) and (high is None or each.price_fen <= high)
        held = has(each)
        return query.q in each.title and (priced or without == "price") and all(held[f] & wanted[f] for f in wanted)

    return [each for each in listings if fits(each)]


def counted(listings: Iterable[ListingDocument], query: Query, facet: str) -> Counter[str]:
    return Counter(value for each in by_hand(listings, query, facet) for value in has(each)[facet])


def in_band(listing: ListingDocument, band: tuple[int, int | None]) -> bool:
    return band[0] <= listing.price_fen and (band[1] is None or listing.price_fen <= band[1])


@settings(max_examples=25, deadline=None)
@given(facts=LISTINGS, queries=st.lists(QUERIES, min_size=8, max_size=8))
def test_counts_are_those_counted_by_hand(facts: list[dict[str, Any]], queries: list[Query]) -> None:
    listings = [make_listing(i, **each, province=PROVINCE.get(each["belt"], "")) for i, each in enumerate(facts)]
    with TemporaryDirectory() as place:
        index = TantivyIndex(Path(place))
        index.rebuild(listings)
        for query in queries:
            agree(index, listings, query)
        index.close()


def agree(index: TantivyIndex, listings: list[ListingDocument], query: Query) -> None:
    result = index.search(query)
    facets = result.facets
    assert set(result.hits) == {each.public_id for each in by_hand(listings, query)}
    assert result.total == len(result.hits)
    assert facets.belts | facets.provinces == counted(listings, query, "belt")
    assert facets.categories == counted(listings, query, "category")
    told = {"least": facets.least, "ships": facets.ships_from, "way": facets.ways, "verified": facets.verified}
    assert told == {facet: counted(listings, query, facet) for facet in told}
    single = {"order": facets.made_to_order, "stock": facets.in_stock, "new": facets.new}
    assert single == {facet: counted(listings, query, facet)["yes"] for facet in single}
    priced = by_hand(listings, query, "price")
    assert [(band.min_fen, band.max_fen, band.count) for band in facets.prices] == [
        (*band, sum(in_band(each, band) for each in priced)) for band in price_bands()
    ]
    if not result.hits:
        assert result.without == {facet: len(by_hand(listings, query, facet)) for facet in query.chosen}


def test_nothing_is_new_or_visited_without_a_day(index: TantivyIndex) -> None:
    index.rebuild([make_listing(1, inspected_until=TODAY.toordinal())])
    facets = index.search(Query()).facets
    assert (facets.new, facets.verified) == (0, {"licence": 1})
    for asked in ({"new": True}, {"verified": ("inspected",)}):
        with pytest.raises(ValueError, match="day"):
            Query(**asked)


@pytest.mark.parametrize(
    ("chosen", "toggled", "then"),
    [
        ((), "服饰", ("服饰",)),
        (("服饰",), "服饰/T恤", ("服饰/T恤",)),
        (("服饰/T恤",), "服饰/卫衣", ("服饰/T恤", "服饰/卫衣")),
        (("服饰/T恤", "服饰针织"), "服饰", ("服饰针织", "服饰")),
        (("服饰/T恤",), "服饰/T恤", ()),
    ],
)
def test_a_category_takes_the_place_of_what_lies_in_it(
    chosen: tuple[str, ...], toggled: str, then: tuple[str, ...]
) -> None:
    assert Choice(categories=chosen).toggled("categories", toggled) == Choice(categories=then).url()


def test_the_leaves_of_a_category_are_offered_once_it_is_looked_into() -> None:
    names = ["服饰", "服饰/T恤", "服饰针织", "服饰针织/毛衣"]
    assert [name for name in names if Choice().opens(name)] == ["服饰", "服饰针织"]
    assert [name for name in names if Choice(categories=("服饰",)).opens(name)] == ["服饰", "服饰/T恤", "服饰针织"]
    assert [name for name in names if Choice(categories=("服饰/T恤",)).opens(name)] == ["服饰", "服饰/T恤", "服饰针织"]
