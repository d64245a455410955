"""Retail prices, ladders, codes and pictures, as tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import DomainError
from onboarding.listings.pictures import picture_for, pictures
from onboarding.listings.plan import plan
from onboarding.listings.pricing import MARKUP_CAP_BP, with_markup
from onboarding.listings.rules import CODE_CAP, check_tiers, code_of, options_key
from tests.support.laws.places import ROOT


@pytest.mark.parametrize(
    ("trade", "markup", "retail"),
    [(1_234, 5_000, 1_860), (1_000, 0, 1_000), (1, 0, 10), (1_000, 1, 1_010), (2_550, 6_000, 4_080)],
)
def test_a_markup_rounds_up_to_a_whole_jiao(trade: int, markup: int, retail: int) -> None:
    assert with_markup(trade, markup) == retail


def test_a_variant_without_a_price_of_its_own_has_that_of_the_first_tier() -> None:
    skus = [
        {"options": {"尺码": size}, "stock": 1, "made_to_order": False, "price_fen": price}
        for size, price in (("3.5寸", None), ("5寸", 1500))
    ]
    goods = {
        "code": "RX-001",
        "title": "盖碗",
        "category": "陶瓷",
        "attributes": {},
        "tiers": [{"min_qty": 1, "price_fen": 1200}],
        "retail_price_fen": None,
        "drop_ship_price_fen": None,
        "moq": 1,
        "skus": skus,
        "shared_stock": [],
        "row": 2,
    }
    made = plan({"listings": [goods]}, stock=None, markup_bp=6_000, category="陶瓷").listings[0]
    assert [sku.retail_price_fen for sku in made.skus] == [1920, 2400]


@given(trade=st.integers(1, 1_000_000), markup=st.integers(0, MARKUP_CAP_BP // 2))
def test_a_markup_never_takes_from_the_factory(trade: int, markup: int) -> None:
    retail = with_markup(trade, markup)
    assert 0 <= retail * 10_000 - trade * (10_000 + markup) < 10 * 10_000
    assert retail % 10 == 0


@pytest.mark.parametrize(("trade", "markup"), [(100, -1), (100, MARKUP_CAP_BP + 1), (99_999_999, 5_000)])
def test_senseless_markups_are_refused(trade: int, markup: int) -> None:
    with pytest.raises(DomainError, match=r"listing\.(markup|price)"):
        with_markup(trade, markup)


@pytest.mark.parametrize(
    ("tiers", "falls"),
    [
        ([], True),
        ([(1, 100)], True),
        ([(1, 100), (10, 99)], True),
        ([(1, 100), (10, 100)], False),
        ([(1, 100), (10, 101)], False),
        ([(10, 100), (10, 99)], False),
    ],
)
def test_tiers_fall_strictly(tiers: list[tuple[int, int]], *, falls: bool) -> None:
    if falls:
        check_tiers(tiers)
    else:
        with pytest.raises(DomainError, match="tiers_not_falling"):
            check_tiers(tiers)


def test_codes_and_keys_fit_and_stay_apart() -> None:
    long = "很长的品名" * 30
    assert len(code_of(None, long)) <= CODE_CAP
    assert code_of(None, long) != code_of(None, long + "二")
    assert options_key({"颜色": "红", "尺码": "S"}) == options_key({"尺码": "S", "颜色": "红"})


@pytest.mark.parametrize(
    ("title", "picture"),
    [
        ("山羊绒圆领毛衣 女", "round-neck-sweater"),
        ("山羊绒高领毛衣 男", "turtleneck"),
        ("儿童防蓝光眼镜", "kids-glasses"),
        ("TR90近视镜架", "tr90-glasses"),
        ("毛绒小兔钥匙扣", "key-ring"),
        ("没见过的东西", "carton"),
    ],
)
def test_a_picture_is_chosen_by_the_title(title: str, picture: str) -> None:
    assert picture_for(title) == f"img/goods/{picture}.svg"


def test_every_picture_is_drawn() -> None:
    assert all((ROOT / "static" / path).exists() for path, *_names in pictures())
