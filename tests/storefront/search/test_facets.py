from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storefront.search.index import TantivyIndex
from storefront.search.rules import ListingDocument, Query, category_paths, price_bands
from storefront.search.schemas import Choice
from tests.storefront.search.listings import make_listing

BELTS = ("qinghe", "danyang", "yiwu")
CATEGORIES = ("服饰", "服饰/针织", "服饰/针织/围巾", "家具")
PRICES = (0, 19_99, 20_00, 49_99, 50_00, 499_99, 500_00, 5_000_00)

LISTINGS = st.lists(
    st.builds(
        dict,
        title=st.sampled_from(("羊绒围巾", "羊绒帽子", "实木衣柜")),
        belt=st.sampled_from(BELTS),
        category=st.sampled_from(CATEGORIES),
        price_fen=st.sampled_from(PRICES),
        in_stock=st.booleans(),
    ),
    max_size=40,
)
QUERIES = st.builds(
    Query,
    q=st.sampled_from(("", "羊绒")),
    belts=st.lists(st.sampled_from(BELTS), max_size=2, unique=True).map(tuple),
    categories=st.lists(st.sampled_from(CATEGORIES), max_size=2, unique=True).map(tuple),
    price_min_fen=st.none() | st.sampled_from(PRICES),
    price_max_fen=st.none() | st.sampled_from(PRICES),
    in_stock=st.booleans(),
    per_page=st.just(100),
)


def by_hand(listings: Iterable[ListingDocument], query: Query, without: str = "") -> list[ListingDocument]:
    def chosen(each: ListingDocument) -> dict[str, bool]:
        low, high = query.price_min_fen, query.price_max_fen
        return {
            "text": query.q in each.title,
            "belt": not query.belts or each.belt in query.belts,
            "category": not query.categories or bool({*category_paths(each.category)} & {*query.categories}),
            "price": (low is None or low <= each.price_fen) and (high is None or each.price_fen <= high),
            "stock": each.in_stock or not query.in_stock,
        }

    return [each for each in listings if all(ok for facet, ok in chosen(each).items() if facet != without)]


def in_band(listing: ListingDocument, band: tuple[int, int | None]) -> bool:
    return band[0] <= listing.price_fen and (band[1] is None or listing.price_fen <= band[1])


@settings(max_examples=25, deadline=None)
@given(facts=LISTINGS, queries=st.lists(QUERIES, min_size=8, max_size=8))
def test_counts_are_those_counted_by_hand(facts: list[dict[str, Any]], queries: list[Query]) -> None:
    listings = [make_listing(i, **each) for i, each in enumerate(facts)]
    with TemporaryDirectory() as place:
        index = TantivyIndex(Path(place))
        index.rebuild(listings)
        for query in queries:
            agree(index, listings, query)
        index.close()


def agree(index: TantivyIndex, listings: list[ListingDocument], query: Query) -> None:
    result = index.search(query)
    assert set(result.hits) == {each.public_id for each in by_hand(listings, query)}
    assert result.total == len(result.hits)
    belts = Counter(each.belt for each in by_hand(listings, query, "belt"))
    paths = (category_paths(each.category) for each in by_hand(listings, query, "category"))
    priced = by_hand(listings, query, "price")
    assert result.facets.belts == belts
    assert result.facets.categories == Counter(path for each in paths for path in each)
    assert [(band.min_fen, band.max_fen, band.count) for band in result.facets.prices] == [
        (*band, sum(in_band(each, band) for each in priced)) for band in price_bands()
    ]


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
