"""What a factory does for its merchants: open goods to them, admit them, ship for them, change its terms."""

import re

from playwright.sync_api import Page, expect

from tests.support.town import see

MONEY = re.compile(r"¥|\d\.\d\d")


def supply(page: Page, *, title: str, price: str) -> None:
    """Open goods to merchants at a price for a single piece, or change that price."""
    open_goods(page, title)
    page.get_by_label("一件代发价").fill(price)
    page.get_by_role("button", name=re.compile("^保存(代发价|并开放供货)$")).click()
    expect(page.get_by_label("一件代发价")).to_have_value(price)
    see(page, "供货中")


def admit(page: Page, *, merchant: str, words: str) -> None:
    """Read who asks and say yes."""
    page.goto("/factory/merchants")
    asking = page.get_by_role("listitem").filter(has_text=merchant)
    expect(asking).to_contain_text(words)
    asking.get_by_role("button", name="同意供货").click()
    page.goto("/factory/merchants?state=admitted")
    see(page, merchant)


def open_order(page: Page, order: str, *, state: str) -> str:
    """Open an order among those in a state; returns its page."""
    page.goto(f"/factory/orders?state={state}")
    page.get_by_role("link", name=order, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(order)
    return page.url


def print_packing_list(page: Page, *, sender: str, contents: tuple[str, ...], pieces: int) -> None:
    """What lies in the parcel names the shop and the goods, and no price."""
    page.get_by_role("link", name="打印装箱单").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(sender)
    for content in contents:
        see(page, content)
    expect(page.locator(".slip tfoot td")).to_have_text(str(pieces))
    assert not MONEY.search(page.locator(".slip").inner_text())


def confirm_return(page: Page, *, order: str) -> None:
    """The goods that a merchant's shopper sent back have arrived."""
    page.goto("/factory/refunds")
    page.get_by_role("link", name=order).click()
    page.get_by_role("button", name="确认收到退货，退款").click()
    see(page, "已确认收到退货")


def set_stock(page: Page, *, title: str, number: int, pieces: int) -> None:
    """Count one variant of some goods again, by its place in the list."""
    open_goods(page, title)
    page.get_by_label("库存").nth(number).fill(str(pieces))
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_label("库存").nth(number)).to_have_value(str(pieces))


def take_down(page: Page, *, title: str) -> None:
    """Sell it no more."""
    open_goods(page, title)
    page.locator("summary", has_text="下架这款商品").click()
    page.get_by_role("button", name="确认下架").click()
    expect(page.get_by_text("已下架").first).to_be_visible()


def open_goods(page: Page, title: str) -> None:
    """Open some goods of the own factory."""
    page.goto("/factory/listings")
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(title)
