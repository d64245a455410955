"""Rates: half-up in fen, never drifting, dated, and public."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from commission.rates.operations import publish_card, publish_first_card
from commission.rates.queries import cards, rate_for
from commission.rates.rules import FrozenRate
from kernel.errors import DomainError, ForbiddenError
from kernel.money import Money
from kernel.permissions import ANONYMOUS, SYSTEM
from tests.cast import NOW, yuan

HIGHER = {"direct": 60, "supply": 50, "merchant": 100}
HALF_PERCENT = FrozenRate(1, 50)


@pytest.mark.parametrize(
    ("paid", "commission"),
    [("0.00", 0), ("0.99", 0), ("1.00", 1), ("2.99", 1), ("3.00", 2), ("599.00", 300), ("9999999.99", 5_000_000)],
)
def test_half_a_percent_is_rounded_half_up_in_fen(paid: str, commission: int) -> None:
    assert HALF_PERCENT.commission(Money(yuan(paid))) == Money(commission)


@given(st.integers(0, 10**9))
def test_the_rule_is_the_written_one(net: int) -> None:
    assert HALF_PERCENT.commission(Money(net)).amount == (net * 5 + 500) // 1000


@given(st.integers(0, 10_000), st.lists(st.integers(1, 10**6), min_size=1, max_size=8))
def test_refunds_in_any_parts_give_back_the_whole_commission(basis_points: int, parts: list[int]) -> None:
    rate, net = FrozenRate(1, basis_points), Money(sum(parts))
    whole, back = rate.commission(net), Money(0)
    for part in parts:
        change = rate.change(net, net - Money(part))
        assert Money(0) <= change <= Money(part)
        net, back = net - Money(part), back + change
    assert back == whole


def test_the_first_card_is_there_and_stays_the_first(app: Flask) -> None:
    publish_first_card(actor=SYSTEM, now=NOW)
    [card] = cards()
    assert (card.version, card.rates) == (1, {"direct": 50, "supply": 50, "merchant": 100})


def test_an_unknown_way_is_refused(app: Flask) -> None:
    with pytest.raises(DomainError, match=r"rates\.unknown_way"):
        rate_for("auction", NOW)


def test_a_sale_before_the_first_card_is_refused(app: Flask) -> None:
    with pytest.raises(DomainError, match=r"rates\.unknown_way"):
        rate_for("direct", NOW - timedelta(days=3_650))


def test_a_new_card_holds_from_its_moment_on(app: Flask) -> None:
    start = NOW + timedelta(days=30)
    publish_card(actor=SYSTEM, rates=HIGHER, effective_from=start, now=NOW)
    assert rate_for("direct", start - timedelta(microseconds=1)) == FrozenRate(1, 50)
    assert rate_for("direct", start) == FrozenRate(2, 60)


@pytest.mark.parametrize("start", [NOW, NOW - timedelta(days=1)])
def test_a_card_cannot_reach_back(start: datetime, app: Flask) -> None:
    with pytest.raises(DomainError, match=r"rates\.backdated"):
        publish_card(actor=SYSTEM, rates=HIGHER, effective_from=start, now=NOW)


def test_a_card_names_every_way(app: Flask) -> None:
    with pytest.raises(DomainError, match=r"rates\.incomplete"):
        publish_card(actor=SYSTEM, rates={"direct": 60}, effective_from=NOW + timedelta(days=1), now=NOW)


def test_a_visitor_publishes_nothing(app: Flask) -> None:
    with pytest.raises(ForbiddenError):
        publish_card(actor=ANONYMOUS, rates=HIGHER, effective_from=NOW + timedelta(days=1), now=NOW)


def test_the_public_page_shows_rates_and_worked_examples(client: FlaskClient) -> None:
    shown = client.get("/rates", headers={"Accept-Language": "zh"}).text
    for words in ("费率公示", "0.99 × 0.5% = 0.00", "1.00 × 0.5% = 0.01", "599.00 × 0.5% = 3.00", "工厂店供货"):
        assert words in shown
