"""What is paid counts as sold once, and the index hears of it."""

import pytest
from flask import Flask
from sqlalchemy import select

from kernel.db import session
from kernel.work import drain
from storefront.jobs import PLAN
from storefront.search.index import Index
from storefront.search.models import SoldDay
from storefront.search.rules import Query
from storefront.search.tasks import rebuild
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
