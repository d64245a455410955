"""On the day of a house that leaves it stands until when, what is still open, and how to take it back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from flask.testing import FlaskClient

from kernel.permissions import Actor, Role
from storefront.leaving.operations import stay
from tests.cast import NOW
from tests.storefront.conftest import browser_of
from tests.storefront.leaving.conftest import home
from tests.storefront.shop import Shop
from tests.support.statements import statements

Leave = Callable[[Actor], None]
SAID = "关店公示中，最早2026年4月2日关店"
AT_MOST = 7  # what is open: orders, refunds, days to ask within, money held and due


def clerk_of(owner: Actor) -> Actor:
    [place] = owner.memberships
    return replace(owner, user="usr_clerk", memberships=(replace(place, role=Role.CLERK),))


def day(browser: FlaskClient, kind: str = "factory") -> str:
    return browser.get(f"/{kind}", headers={"Accept-Language": "zh"}).text


def test_an_owner_reads_until_when_what_is_open_and_where_to_stay(shop: Shop, leave: Leave) -> None:
    shop.order({shop.offers[0]: 1})
    browser = browser_of(shop.app, shop.wei)
    assert "/factory/leaving" not in day(browser)
    leave(shop.wei)
    page = day(browser)
    for part in (SAID, "还没有完成的订单", "1 单", "/factory/leaving", "看进度，或者撤回"):
        assert part in page, part
    stay(actor=shop.wei, organisation=home(shop.wei), now=NOW)
    assert SAID not in day(browser)


def test_a_merchant_reads_the_same(shop: Shop, bo: Actor, leave: Leave) -> None:
    leave(bo)
    page = day(browser_of(shop.app, bo), "merchant")
    for part in (SAID, "现在没有没办完的事", "/merchant/leaving"):
        assert part in page, part


def test_a_clerk_reads_it_and_is_told_whose_it_is(shop: Shop, leave: Leave) -> None:
    leave(shop.wei)
    page = day(browser_of(shop.app, clerk_of(shop.wei)))
    assert SAID in page
    assert "请老板登录来办" in page
    assert "/factory/leaving" not in page


@pytest.mark.parametrize("orders", [0, 3])
def test_what_is_open_is_asked_of_the_leaving_alone(shop: Shop, leave: Leave, orders: int) -> None:
    for _one in range(orders):
        shop.bought({shop.offers[0]: 1})
    browser = browser_of(shop.app, shop.wei)
    with statements() as before:
        day(browser)
    leave(shop.wei)
    with statements() as after:
        day(browser)
    assert 0 < len(after) - len(before) <= AT_MOST
