"""What a shopper does: find, choose, pay, wait, sign."""

import re
from collections.abc import Callable

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
    page.locator("input[name=q]").first.fill(query)  # a search field, a combobox where there are scripts
    with page.expect_navigation():
        page.get_by_role("button", name="搜索").first.click()
    return shown(page)


def shown(page: Page) -> int:
    """How many goods the page says are what was asked for; it shows as many, and as many near ones as it says."""
    said = _counts(page)
    expect(page.locator(".goods")).to_have_count(sum(said))
    return said[0]


def _counts(page: Page) -> list[int]:
    expect(page.locator(".foot")).to_be_attached()  # a page is gone to before all of it has come
    return [int(text.split()[0]) for text in page.locator(".results-count").all_inner_texts()]


def narrow(page: Page, label: str) -> int:
    """Choose a filter at a desk; the count beside it is what then appears."""
    link = page.locator(".facet-link").filter(has_text=label).first
    promised = int(link.locator(".chip-count").inner_text())
    with page.expect_navigation():
        link.click()
    found = shown(page)
    assert sum(_counts(page)) == promised, label
    return found


def put_in_cart(page: Page, listing: str, *choices: str, pieces: int = 1) -> None:
    """Open a product, choose its options, put some in the cart."""
    page.goto(listing)
    for choice in choices:
        page.get_by_role("link", name=choice, exact=True).click()
        expect(page.get_by_role("link", name=choice, exact=True)).to_have_attribute("aria-current", "true")
    if pieces > 1:
        page.get_by_label("数量", exact=True).fill(str(pieces))
    page.get_by_role("button", name="加入购物车").click()
    see(page, "已放进购物车")


def check_out(
    town: Town, page: Page, person: Person, *, total: str, look: Callable[[Page], None] = lambda _page: None
) -> None:
    """From the cart to the pay page, signing in on the way, looking at each page closely."""
    page.goto("/cart")
    see(page, total)
    look(page)
    town.picture(page, "cart")
    page.get_by_role("link", name="去结算").click()
    page.get_by_label("手机号").fill(person.phone)
    page.get_by_role("button", name="获取验证码").click()
    town.enter_code(page, person)
    for label, value in ADDRESS.items():
        page.get_by_label(label).fill(value)
    page.get_by_label("省份").select_option("浙江省")
    town.picture(page, "checkout")
    look(page)
    page.wait_for_load_state()  # before its style came in, the button of the other width seems to be there, too
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
    page.get_by_role("listitem").filter(has_text=order).get_by_role("link").first.click()
    see(page, order)
    see(page, tracking)
    page.get_by_role("button", name="确认收货").click()
    see(page, "已确认收货")


def order_again(page: Page, *, total: str) -> None:
    """From the cart to the pay page once more: she is known, and so is her address."""
    page.goto("/cart")
    page.get_by_role("link", name="去结算").click()
    see(page, total)
    page.get_by_role("button", name="提交订单").click()
    expect(page.get_by_role("button", name=f"确认付款 {total}")).to_be_visible()


def open_order(page: Page, order: str) -> str:
    """Open one of her orders; returns its page."""
    page.goto("/orders")
    page.get_by_role("listitem").filter(has_text=order).get_by_role("link").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(order)
    return page.url


def ask_refund(page: Page, *, order: str, why: str, amount: str) -> None:
    """Ask for one piece of the order's only line."""
    open_order(page, order)
    page.get_by_role("link", name="申请退款").click()
    page.get_by_label("退几件").fill("1")
    page.get_by_role("button", name="改了件数，重新算金额").click()
    see(page, amount)
    page.get_by_label("原因").select_option(why)
    page.get_by_role("button", name="提交申请").click()
    see(page, "退款申请已交给卖家")


def read_money(page: Page, *, paid: str, refunded: str) -> None:
    """Her order says what she paid and what came back."""
    expect(page.locator(".facts-row").filter(has_text="实付")).to_contain_text(paid)
    expect(page.locator(".facts-row").filter(has_text="已退款")).to_contain_text(f"−{refunded}")
    refund = page.locator("section").filter(has=page.get_by_role("heading", name=refunded))
    expect(refund.first).to_contain_text("已退款")
