"""On the day of a house that leaves it stands until when, what is still open, and how to take it back."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from kernel.clock import business_date
from kernel.permissions import Actor, Role
from storefront.leaving.operations import stay
from storefront.orders.operations import receive
from storefront.orders.tasks import complete_all
from storefront.shipments.operations import ship
from tests.cast import NOW
from tests.onboarding.people import post
from tests.storefront.conftest import browser_of
from tests.storefront.leaving.conftest import Proof, home
from tests.storefront.shop import Shop
from tests.support.goods import make_listing
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
    for part in (SAID, "都办完了", "/merchant/leaving"):
        assert part in page, part


def test_while_it_leaves_nothing_urges_to_rest_or_to_hand_drafts_in(shop: Shop, leave: Leave) -> None:
    make_listing(shop.wei, state="draft")
    browser, urged = browser_of(shop.app, shop.wei), ("/factory/closing", "/factory/listings?state=draft")
    assert [link in day(browser) for link in urged] == [True, True]
    leave(shop.wei)
    assert [link in day(browser) for link in urged] == [False, False]


def test_her_page_and_her_day_name_the_same_day(shop: Shop, leave: Leave) -> None:
    [order] = shop.bought({shop.offers[0]: 1})
    ship(actor=shop.wei, order=order, carrier="sf", tracking="SF1234567890123", now=NOW)
    receive(actor=shop.buyer, order=order, now=NOW)
    complete_all(day=business_date(NOW + timedelta(days=32)), now=NOW + timedelta(days=32))
    leave(shop.wei)
    browser = browser_of(shop.app, shop.wei)
    pages = day(browser), browser.get("/factory/leaving", headers={"Accept-Language": "zh"}).text
    [one], [other] = (re.findall(r"关店公示中，最早(\S+)关店", page) for page in pages)
    assert one == other != "2026年4月2日"


def test_a_name_that_does_not_fit_is_told_at_her_desk(shop: Shop, proof: Proof) -> None:
    proof(shop.wei, at=datetime.now(UTC))
    browser, at = browser_of(shop.app, shop.wei), f"/leaving/{home(shop.wei)}/announcement"
    refused = post(browser, at, page="/factory/leaving", name="错")
    assert refused.status_code == 422
    assert 'href="/factory/orders"' in refused.text
    assert browser.get(at).location == "/factory/leaving"


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
