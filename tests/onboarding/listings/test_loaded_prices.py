"""A catalogue that is loaded sells nobody at a loss: what merchants pay lies at or below what shoppers pay."""

from collections.abc import Callable
from typing import Any

import pytest

from onboarding.listings.loading import Outcome
from tests.onboarding.listings.test_loading import LONG, SHORT, put_in

__all__ = ["put_in"]
SKU = {"options": {}, "stock": 1, "price_fen": None}


def long(**told: object) -> dict[str, Any]:
    return LONG | {"retail_price_fen": 9_900, "skus": [SKU], "tiers": [], "drop_ship_price_fen": None} | told


@pytest.mark.parametrize(
    "told",
    [
        SHORT | {"supply_price_fen": 99_000},
        SHORT | {"price_fen": 1, "supply_price_fen": 2},
        long(tiers=[{"min_qty": 1, "price_fen": 9_901}]),
        long(drop_ship_price_fen=9_901),
        long(skus=[SKU | {"price_fen": 9_901}]),
        long(skus=[SKU | {"retail_price_fen": 100, "price_fen": 101}]),
    ],
)
def test_a_supply_price_above_retail_is_refused(put_in: Callable[..., Outcome], told: dict[str, Any]) -> None:
    outcome = put_in(told)
    assert (outcome.made, [one.code for one in outcome.refused]) == (0, ["listing.supply_above"])


@pytest.mark.parametrize("told", [SHORT | {"supply_price_fen": 9_900}, long(drop_ship_price_fen=9_900)])
def test_one_as_high_is_taken(put_in: Callable[..., Outcome], told: dict[str, Any]) -> None:
    assert (put_in(told).made, put_in(told).unchanged) == (1, 1)


def test_retail_may_not_fall_below_what_stands(put_in: Callable[..., Outcome]) -> None:
    assert put_in(SHORT | {"supply_price_fen": 5_000}).made == 1
    refused = put_in(SHORT | {"price_fen": 4_999}).refused
    assert [(one.code, one.params) for one in refused] == [
        ("listing.supply_above", {"supply": "50.00", "retail": "49.99"})
    ]
    assert put_in(SHORT | {"price_fen": 4_999, "supply_price_fen": 4_000}).changed == 1


def test_a_ladder_that_is_taken_away_binds_no_price(put_in: Callable[..., Outcome]) -> None:
    assert put_in(long(tiers=[{"min_qty": 1, "price_fen": 9_000}], drop_ship_price_fen=4_000)).made == 1
    assert put_in(long(tiers=[], retail_price_fen=5_000)).changed == 1
