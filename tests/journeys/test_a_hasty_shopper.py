"""A shopper who is quicker than the network gets what she pressed last, and keeps what she typed."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, Route, expect

from tests.support.browser import PHONE
from tests.support.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.network]

SLOW_MS = 700
GOODS = "羊绒围巾 水波纹"


@pytest.fixture
def slow_page(demo_server: Server, visit: Callable[..., Page]) -> Iterator[Page]:
    """Goods with several colours, in front of somebody whose network is slow from here on."""
    page = visit(demo_server.url, PHONE)
    page.goto(f"/factory-goods?q={GOODS}")
    page.get_by_role("link", name=GOODS).first.click()
    expect(page.get_by_role("link", name="驼色", exact=True)).to_be_visible()
    page.route("**/goods/**", _late)
    yield page
    page.unroute_all(behavior="wait")


def test_a_number_typed_stays_when_a_colour_is_chosen(slow_page: Page) -> None:
    slow_page.get_by_role("link", name="驼色", exact=True).click()
    slow_page.get_by_label("数量", exact=True).fill("3")
    expect(slow_page.get_by_role("link", name="驼色", exact=True)).to_have_attribute("aria-current", "true")
    expect(slow_page.get_by_label("数量", exact=True)).to_have_value("3")


def test_what_is_put_in_the_cart_is_the_colour_chosen_last(slow_page: Page) -> None:
    slow_page.get_by_role("link", name="墨绿", exact=True).click()
    slow_page.get_by_role("link", name="驼色", exact=True).click()
    slow_page.get_by_role("button", name="加入购物车").click()
    expect(slow_page.get_by_text("已放进购物车")).to_be_visible()
    slow_page.goto("/cart")
    expect(slow_page.get_by_text("驼色 / 均码")).to_be_visible()


def _late(route: Route) -> None:
    """The answer comes, but not at once."""
    answer = route.fetch()
    route.request.frame.page.wait_for_timeout(SLOW_MS)
    route.fulfill(response=answer)
