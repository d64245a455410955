"""How long parcels are under way: the same both ways, longer the further, and nowhere that no checkout sends to."""

import pytest

from onboarding.belts.rules import PROVINCES
from storefront.catalogue.transit import (
    DESTINATIONS,
    FAR,
    FARTHEST,
    LAST,
    NEAR,
    NEIGHBOURS,
    OUTLYING,
    REMOTE,
    SAME,
    Days,
    code_of,
    transit,
)
from storefront.orders.rules import PROVINCES as SENT_TO


def test_whoever_touches_is_touched() -> None:
    pairs = {(one, other) for one, others in NEIGHBOURS.items() for other in others.split()}
    assert pairs == {(other, one) for one, other in pairs}
    assert not any(one == other for one, other in pairs)


def test_parcels_go_where_the_checkout_sends_them() -> None:
    assert set(DESTINATIONS.values()) == set(SENT_TO)
    assert REMOTE | FARTHEST <= set(DESTINATIONS) < set(PROVINCES)


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        ("浙江省", "浙江省", SAME),
        ("浙江省", "上海市", NEAR),
        ("浙江省", "北京市", FAR),
        ("浙江省", "甘肃省", OUTLYING),
        ("广东省", "海南省", NEAR),
        ("青海省", "西藏自治区", OUTLYING),
        ("浙江省", "新疆维吾尔自治区", LAST),
        ("新疆维吾尔自治区", "新疆维吾尔自治区", SAME),
    ],
)
def test_the_table_in_places_that_people_know(start: str, end: str, days: Days) -> None:
    assert transit(code_of(start), code_of(end)) == days


def test_there_and_back_is_the_same_and_at_home_is_quickest() -> None:
    for start in DESTINATIONS:
        for end in DESTINATIONS:
            days = transit(start, end)
            assert days == transit(end, start)
            assert SAME.least <= days.least < days.most
            assert start == end or days.most > SAME.most


def test_goods_that_ship_within_two_days_may_ship_at_once() -> None:
    assert NEAR.after(2) == Days(NEAR.least, NEAR.most + 2)
