"""What is paid counts as sold once, and the index hears of it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kernel.clock import business_date
from kernel.db import session
from kernel.permissions import SYSTEM
from kernel.work import drain
from storefront.jobs import PLAN
from storefront.search.index import Index
from storefront.search.models import SoldDay
from storefront.search.operations import count_sales, take_back_sales
from storefront.search.rules import SALES_DAYS, Query
from storefront.search.tasks import rebuild
from tests.cast import NOW
from tests.storefront.after_sales.desk import refunded
from tests.storefront.shop import Shop


@pytest.mark.parametrize("orders", [1, 2])
def test_an_order_that_is_paid_counts_once(app: Flask, shop: Shop, orders: int) -> None:
    index = app.extensions["ports"].get(Index)
    rebuild(index=index)
    for _each in range(orders):
        shop.bought({shop.offers[0]: 2})
    drain(PLAN, ports=shop.ports)
    drain(PLAN, ports=shop.ports)
    assert session().scalars(select(SoldDay.pieces)).all() == [2 * orders]
    [document] = index.search(Query()).documents()
    assert document.sold == 2 * orders


@pytest.mark.parametrize(("pieces", "left"), [(1, [3]), (2, [2])])
def test_what_is_refunded_was_not_sold(app: Flask, shop: Shop, pieces: int, left: list[int]) -> None:
    index = app.extensions["ports"].get(Index)
    rebuild(index=index)
    order, _other = shop.bought({shop.offers[0]: 2})[0], shop.bought({shop.offers[0]: 2})
    drain(PLAN, ports=shop.ports)
    refunded(shop, order, pieces)
    drain(PLAN, ports=shop.ports)
    drain(PLAN, ports=shop.ports)
    assert session().scalars(select(SoldDay.pieces)).all() == left
    [document] = index.search(Query()).documents()
    assert document.sold == sum(left)


def test_sales_that_are_all_refunded_leave_no_day(shop: Shop) -> None:
    order = shop.bought({shop.offers[0]: 2})[0]
    drain(PLAN, ports=shop.ports)
    refunded(shop, order, 2)
    drain(PLAN, ports=shop.ports)
    assert session().scalars(select(SoldDay.pieces)).all() == []


def test_what_was_counted_after_midnight_is_taken_back_too(shop: Shop) -> None:
    listing, today = shop.listing.public_id, business_date(NOW)
    count_sales(actor=SYSTEM, sold={listing: 2}, now=NOW)
    count_sales(actor=SYSTEM, sold={listing: 2}, now=NOW + timedelta(days=1))
    take_back_sales(actor=SYSTEM, refunded={listing: 3}, paid_on=today, now=NOW)
    assert session().execute(select(SoldDay.day, SoldDay.pieces)).all() == [(today + timedelta(days=1), 1)]
    take_back_sales(actor=SYSTEM, refunded={listing: 3}, paid_on=today + timedelta(days=2), now=NOW)
    assert session().scalars(select(SoldDay.pieces)).all() == [1]


@pytest.mark.parametrize(("days", "left"), [(SALES_DAYS - 1, 1), (SALES_DAYS, 2)])
def test_a_refund_of_what_counts_no_longer_takes_nothing_from_others(shop: Shop, days: int, left: int) -> None:
    count_sales(actor=SYSTEM, sold={shop.listing.public_id: 2}, now=NOW)
    long_ago = business_date(NOW) - timedelta(days=days)
    take_back_sales(actor=SYSTEM, refunded={shop.listing.public_id: 1}, paid_on=long_ago, now=NOW)
    assert session().scalars(select(SoldDay.pieces)).all() == [left]
