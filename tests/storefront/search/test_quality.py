"""Quality settles near-ties only: each part counts, all together no more than a thousand."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from storefront.search.index import TantivyIndex
from storefront.search.quality import MANY_ATTRIBUTES, MANY_SOLD, QUALITY, quality
from storefront.search.rules import Query
from tests.storefront.search.listings import make_listing

NOTHING: dict[str, Any] = {
    "sold": 0,
    "in_stock": False,
    "is_verified": False,
    "is_inspected": False,
    "is_photographed": False,
    "is_described": False,
    "attributes": 0,
    "published": datetime(2020, 1, 1, tzinfo=UTC),
}


def test_the_parts_are_a_thousand_together() -> None:
    everything = {name: True for name, value in NOTHING.items() if value is False}
    far = datetime(2050, 1, 1, tzinfo=UTC)
    best = quality(
        **NOTHING | everything | {"sold": MANY_SOLD * 9, "attributes": MANY_ATTRIBUTES * 9, "published": far}
    )
    assert (sum(QUALITY.values()), quality(**NOTHING), best) == (1000, 0, 1000)


@pytest.mark.parametrize(
    "better",
    [
        {"sold": 1},
        {"in_stock": True},
        {"is_verified": True},
        {"is_inspected": True},
        {"is_photographed": True},
        {"is_described": True},
        {"attributes": 1},
        {"published": datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=1)},
    ],
)
def test_each_part_counts(better: dict[str, Any]) -> None:
    assert quality(**NOTHING | better) > quality(**NOTHING)


def test_the_better_of_two_alike_stands_first_and_what_is_sold_out_last(index: TantivyIndex) -> None:
    facts = ({"quality": 100}, {"quality": 900}, {"quality": 1000, "in_stock": False})
    index.rebuild(make_listing(n, **each) for n, each in enumerate(facts))
    assert index.search(Query(q="羊绒围巾")).keys == (1, 0, 2)


def test_no_quality_makes_up_for_other_words(index: TantivyIndex) -> None:
    index.rebuild([make_listing(1, "羊绒围巾", quality=0), make_listing(2, "围巾收纳盒 羊绒可用", quality=1000)])
    assert index.search(Query(q="羊绒围巾")).keys[0] == 1
