"""What a shopper does: find, choose, pay, wait, sign."""

import re

from playwright.sync_api import Page, expect

from tests.cast import Person
from tests.support.town import Town, see

ADDRESS = {
    "收货人": "林晓",
    "手机号": "13800138001",
    "城市": "杭州市",
    "区县": "西湖区",
    "详细地址": "文三路 1 号 2 幢 301 室",
}


def search(page: Page, query: str) -> int:
    """Type a query into the head of the page; how many were found."""
    page.goto("/factory-goods")
    page.get_by_role("searchbox").first.fill(query)
    with page.expect_navigation():
        page.get_by_role("button", name="搜索").first.click()
    return shown(page)


def shown(page: Page) -> int:
    """How many goods the page says it has; it shows as many."""
    said = int(page.locator(".results-count").inner_text().split()[0])
    expect(page.locator(".goods")).to_have_count(said)
    return said


def narrow(page: Page, label: str) -> int:
    """Choose a filter at a desk; the count beside it is what then appears."""
    link = page.locator(".facet-link").filter(has_text=label).first
    promised = int(link.locator(".chip-count").inner_text())
    with page.expect_navigation():
        link.click()
    found = shown(page)
    assert found == promised, label
    return found


def put_in_cart(page: Page, listing: str, *choices: str) -> None:
    """Open a product, choose its options, put one in the cart."""
    page.goto(listing)
    for choice in choices:
        page.get_by_role("link", name=choice, exact=True).click()
        expect(page.get_by_role("link", name=choice, exact=True)).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="加入购物车").click()
    see(page, "已放进购物车")


def check_out(town: Town, page: Page, person: Person, *, total: str) -> None:
    """From the cart to the pay page, signing in on the way."""
    page.goto("/cart")
    see(page, total)
    town.picture(page, "cart")
    page.get_by_role("link", name="去结算").click()
    page.get_by_label("手机号").fill(person.phone)
    page.get_by_role("button", name="获取验证码").click()
    town.enter_code(page, person)
    for label, value in ADDRESS.items():
        page.get_by_label(label).fill(value)
    page.get_by_label("省份").select_option("浙江省")
    town.picture(page, "checkout")
    page.get_by_role("button", name="提交订单").click()


def pay(town: Town, page: Page, *, total: str) -> str:
    """Be declined once, then pay; returns the order's number."""
    town.picture(page, "pay")
    page.get_by_role("button", name="模拟付款失败").click()
    see(page, "付款没有成功")
    page.get_by_role("button", name=f"确认付款 {total}").click()
    see(page, "待发货")
    town.picture(page, "order")
    number = re.search(r"Y\d+-\d+", page.get_by_role("heading", level=1).inner_text())
    assert number
    return number[0]


def sign(page: Page, *, order: str, tracking: str) -> None:
    """See the parcel's number and say that it arrived."""
    page.goto("/orders")
    page.get_by_role("link", name="看订单").first.click()
    see(page, order)
    see(page, tracking)
    page.get_by_role("button", name="确认收货").click()
    see(page, "已确认收货")
