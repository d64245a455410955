"""A factory rests in two touches: a shopper is told until when, loses nothing of her cart, and buys when it opens."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from kernel.clock import business_date
from tests.cast import WEI
from tests.support.browser import PHONE
from tests.support.deeds import shopper
from tests.support.server import Server
from tests.support.town import Town, see

pytestmark = [pytest.mark.journey, pytest.mark.network]

DAYS = 5


def test_a_factory_rests_and_opens_again(demo_server: Server, visit: Callable[..., Page]) -> None:
    town = Town(demo_server, visit)
    owner, buyer = town.comes(PHONE), town.comes(PHONE)
    town.sign_in(owner, WEI, "/factory/listings?state=published")
    listing = (owner.locator(".goods-row-link").first.get_attribute("href") or "").rsplit("/", 1)[-1]
    shopper.put_in_cart(buyer, f"/goods/{listing}")
    _rest(owner)
    try:
        _is_told(buyer, f"/goods/{listing}")
    finally:
        owner.goto("/factory")
        owner.get_by_role("button", name="现在就恢复营业").click()
        see(owner, "已经恢复营业")
    buyer.goto("/cart")
    expect(buyer.get_by_role("link", name="去结算").last).to_be_visible()


def _rest(page: Page) -> None:
    page.goto("/factory/closing")
    until = business_date(datetime.now(UTC)) + timedelta(days=DAYS)
    page.get_by_label("哪天恢复发货").fill(until.isoformat())
    page.get_by_label("给买家的一句话").fill("春节放假，初八开工。")
    page.get_by_role("button", name="开始休息").click()
    see(page, "已经休息")


def _is_told(page: Page, goods: str) -> None:
    """The goods stand there and say why; the cart keeps what is in it, and leads no further."""
    page.goto(goods)
    see(page, "春节放假，初八开工。")
    expect(page.get_by_role("button", name="暂停发货")).to_be_disabled()
    page.goto("/cart")
    see(page, "恢复发货，到时候再下单")
    expect(page.get_by_role("link", name="去结算")).to_have_count(0)
