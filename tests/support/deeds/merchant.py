"""What a merchant does: join, ask to be supplied, pick goods up, price them, answer her shoppers."""

import random
from dataclasses import dataclass
from io import BytesIO

from playwright.sync_api import Locator, Page, expect

from tests.cast import Person
from tests.support.licence_art import LAYOUTS, Facts, draw
from tests.support.town import READING_MS, Town, see

LOCKED = "申请合作后可见供货价"


@dataclass(frozen=True)
class Shop:
    """A shop, its owner and its licence."""

    owner: Person
    name: str
    uscc: str


def join(town: Town, page: Page, shop: Shop) -> None:
    """Sign up by phone, show the licence, agree, and stand in the market at once."""
    page.goto("/join")
    page.get_by_label("老板的手机号或邮箱").fill(shop.owner.phone)
    page.get_by_role("button", name="我要铺货卖货").click()
    town.enter_code(page, shop.owner)
    page.get_by_label("拍照，或从相册选").set_input_files(
        {"name": "执照.jpg", "mimeType": "image/jpeg", "buffer": licence_of(shop)}
    )
    page.get_by_role("button", name="上传，开始识别").click()
    expect(page.get_by_role("heading", name="核对店铺资料")).to_be_visible(timeout=READING_MS)
    expect(page.get_by_label("统一社会信用代码")).to_have_value(shop.uscc)
    page.get_by_label("我看过并同意").check()
    town.picture(page, "join-merchant")
    page.get_by_role("button", name="开店").click()
    expect(page).to_have_url(f"{town.server.url}/supply")
    see(page, "店铺开好了")


def licence_of(shop: Shop) -> bytes:
    """A clear photo of the licence of a shop."""
    facts = Facts(
        uscc=shop.uscc,
        name=shop.name,
        type="个体工商户",
        legal_representative=shop.owner.name,
        address="浙江省杭州市西湖区文三路18号",
        established_on="2016-05-12",
        business_scope="日用百货的零售；互联网销售",
        expires_on="",
    )
    photo = BytesIO()
    draw(facts, LAYOUTS[0], random.Random(shop.uscc)).save(photo, "JPEG", quality=85)  # noqa: S311  a drawing
    return photo.getvalue()


def ask(page: Page, *, title: str, words: str) -> None:
    """Ask the factory behind some goods to be supplied."""
    goods = card(page, title)
    goods.locator("summary").click()
    goods.get_by_label("想对工厂说的话").fill(words)
    goods.get_by_role("button", name="申请合作").click()
    see(page, "已申请，等工厂答复")


def pick_up(town: Town, page: Page, *titles: str, percent: int) -> None:
    """Tick goods in the market and take them with one markup."""
    page.goto("/supply")
    for title in titles:
        card(page, title).get_by_role("checkbox").check()
    page.get_by_label("加价", exact=True).fill(str(percent))
    town.picture(page, "supply-market", at=card(page, titles[0]))
    page.get_by_role("button", name="铺到我的店").click()
    see(page, f"已铺货 {len(titles)} 款，加价 {percent}%")
    town.picture(page, "picked-up")


def card(page: Page, title: str) -> Locator:
    """Goods in the market."""
    return page.locator(".market-card").filter(has=page.get_by_role("link", name=title))


def picked(page: Page, title: str) -> Locator:
    """Goods she picked up, with all their prices in sight."""
    page.goto("/merchant/goods")
    found = page.locator("article").filter(has=page.get_by_role("link", name=title))
    for more in found.locator("details:not([open], [data-confirm]) > summary").all():
        more.click()
    return found


def price_of(goods: Locator, option: str) -> Locator:
    """The line of one variant."""
    return goods.locator(".resale-price").filter(has_text=option)


def set_price(page: Page, *, title: str, option: str, price: str) -> None:
    """Name a price by hand."""
    line = price_of(picked(page, title), option)
    line.get_by_label("零售价").fill(price)
    line.get_by_role("button", name="改价").click()
    see(page, "价格改好了")


def open_order(page: Page, order: str) -> str:
    """Open an order at the desk; returns its page."""
    page.goto("/merchant/orders")
    page.get_by_role("link", name=order).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(order)
    return page.url


def agree(page: Page, *, order: str, said: str) -> None:
    """Find what a shopper asks for and agree."""
    page.goto("/merchant/refunds")
    page.get_by_role("link", name=order).click()
    page.get_by_role("button", name="同意").first.click()
    see(page, said)
