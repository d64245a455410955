"""Stock never goes below what is promised, whatever is done twice, late or in the wrong order."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from kernel.db import session, transaction
from kernel.errors import DomainError
from onboarding.listings import stock
from onboarding.listings.models import Sku, StockMovement
from onboarding.listings.rules import HOLDS_PER_BUYER
from tests.cast import NOW
from tests.support.goods import make_factory, make_listing, stock_of

SOON = NOW + timedelta(minutes=45)


def hold(lines: dict[int, int], holder: str = "ord_1", buyer: str = "usr_lin") -> None:
    with transaction():
        stock.reserve(lines, holder=holder, buyer=buyer, expires_at=SOON, now=NOW)


@pytest.fixture
def skus(app: Flask) -> list[int]:
    return [sku.id for sku in make_listing(make_factory(), stock=(5, 3)).skus]


def test_holding_taking_and_counting_agree(skus: list[int]) -> None:
    hold({skus[0]: 2, skus[1]: 3})
    assert (stock_of(skus[0]), stock_of(skus[1])) == ((5, 2), (3, 3))
    with transaction():
        assert stock.take("ord_1", now=NOW)
    assert (stock_of(skus[0]), stock_of(skus[1])) == ((3, 0), (0, 0))
    assert stock.imbalances() == []


@pytest.mark.parametrize("verb", [stock.take, stock.release])
def test_ending_a_hold_twice_is_once(skus: list[int], verb: object) -> None:
    hold({skus[0]: 2})
    with transaction():
        assert verb("ord_1", now=NOW)
        after = stock.holding("ord_1")
    with transaction():
        assert not stock.take("ord_1", now=NOW)
        assert not stock.release("ord_1", now=NOW)
        assert stock.holding("ord_1") == after
    assert stock_of(skus[0])[1] == 0


def test_short_stock_holds_nothing_even_if_the_caller_goes_on(skus: list[int]) -> None:
    with transaction(), pytest.raises(DomainError) as refused:
        stock.reserve({skus[0]: 1, skus[1]: 4}, holder="ord_1", buyer="usr_lin", expires_at=SOON, now=NOW)
    assert (refused.value.code, refused.value.params["left"]) == ("stock.short", 3)
    assert (stock_of(skus[0]), stock_of(skus[1]), stock.holding("ord_1")) == ((5, 0), (3, 0), None)


@pytest.mark.parametrize("pieces", [0, -1, 10**9])
def test_senseless_quantities_are_refused(skus: list[int], pieces: int) -> None:
    with pytest.raises(DomainError, match=r"stock\.quantity"):
        hold({skus[0]: pieces})


def test_a_holder_holds_once_and_again_after_letting_go(skus: list[int]) -> None:
    hold({skus[0]: 2})
    with pytest.raises(DomainError, match=r"stock\.held"):
        hold({skus[1]: 1})
    with transaction():
        stock.release("ord_1", now=NOW)
    hold({skus[0]: 5})
    assert stock_of(skus[0]) == (5, 5)


def test_one_buyer_holds_only_so_much(skus: list[int]) -> None:
    with transaction():
        stock.restock(skus[0], 100, reason="returned", source="ret_1", now=NOW)
    for number in range(HOLDS_PER_BUYER):
        hold({skus[0]: 1}, holder=f"ord_{number}")
    with pytest.raises(DomainError, match=r"stock\.too_many_holds"):
        hold({skus[0]: 1}, holder="ord_more")
    hold({skus[0]: 1}, holder="ord_other", buyer="usr_bo")


def test_what_runs_out_is_released_and_what_was_extended_is_not(skus: list[int]) -> None:
    hold({skus[0]: 2}, holder="ord_1")
    hold({skus[0]: 1, skus[1]: 1}, holder="ord_2")
    with transaction():
        assert stock.extend("ord_2", expires_at=SOON + timedelta(hours=1))
    with transaction():
        assert stock.release_expired(now=SOON - timedelta(seconds=1)) == []
        assert stock.release_expired(now=SOON) == ["ord_1"]
    assert (stock_of(skus[0]), stock_of(skus[1])) == ((5, 1), (3, 1))


def test_goods_made_to_order_need_no_stock(skus: list[int]) -> None:
    with transaction():
        session().execute(update(Sku).where(Sku.id == skus[0]).values(made_to_order=True))
    hold({skus[0]: 500})
    with transaction():
        session().execute(update(Sku).where(Sku.id == skus[0]).values(made_to_order=False))
        assert stock.take("ord_1", now=NOW)
    assert stock_of(skus[0]) == (5, 0)


def test_a_count_may_not_fall_below_what_is_promised(skus: list[int]) -> None:
    hold({skus[0]: 4})
    with pytest.raises(DomainError, match=r"stock\.below_reserved"), transaction():
        stock.set_on_hand(skus[0], 3, now=NOW)
    with transaction():
        stock.set_on_hand(skus[0], 4, now=NOW)
    assert (stock_of(skus[0]), stock.imbalances()) == ((4, 4), [])


def test_the_same_return_counts_once(skus: list[int]) -> None:
    with transaction():
        first = stock.restock(skus[0], 2, reason="returned", source="ret_1", now=NOW)
        again = stock.restock(skus[0], 2, reason="returned", source="ret_1", now=NOW)
    assert (first, again, stock_of(skus[0])) == (True, False, (7, 0))


@pytest.mark.parametrize("change", [update(StockMovement).values(pieces=99), delete(StockMovement)])
def test_the_database_keeps_every_movement(skus: list[int], change: object) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction():
        session().execute(change)


def test_the_database_refuses_counters_that_cannot_be(skus: list[int]) -> None:
    with pytest.raises(DatabaseError, match="ck_skus_stock"), transaction():
        session().execute(update(Sku).where(Sku.id == skus[0]).values(reserved=6))


def test_a_counter_changed_by_hand_is_found(skus: list[int]) -> None:
    with transaction():
        session().execute(update(Sku).where(Sku.id == skus[0]).values(on_hand=6))
    assert [(found.on_hand, found.moved) for found in stock.imbalances()] == [(6, 5)]
