"""What a factory owner does: join, list her goods from her sheet, mend what was refused, ship, read her statement."""

import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.cast import WEI, Person
from tests.support.goods import blank_photo
from tests.support.town import PATIENCE_MS, READING_MS, SHEETS, Town, see


@dataclass(frozen=True)
class Factory:
    """A factory, its owner, its sheet and what the owner answers about it."""

    owner: Person
    name: str
    uscc: str
    belt: str
    sheet: str
    listings: int
    skus: int
    told: tuple[str, ...]
    stock: str = ""
    markup: str = ""


QINGHE = Factory(
    owner=WEI,
    name="清河样绒羊绒制品厂",
    uscc="91130534MA0DEM013U",
    belt="清河羊绒",
    sheet="qinghe-cashmere.xlsx",
    listings=8,
    skus=62,
    told=("表里这样的数有 7 处",),
    stock="所有规格一共",
)


def join(town: Town, page: Page, factory: Factory) -> None:
    """Sign up by phone, photograph a licence nobody can read, and fill it in by hand, the code miscopied at first."""
    page.goto("/join")
    town.picture(page, "join")
    page.get_by_label("老板的手机号或邮箱").fill(factory.owner.phone)
    page.get_by_role("button", name="免费入驻").click()
    town.enter_code(page, factory.owner)
    page.get_by_label("拍照，或从相册选").set_input_files(
        {"name": "执照.jpg", "mimeType": "image/jpeg", "buffer": blank_photo()}
    )
    page.get_by_role("button", name="上传，开始识别").click()
    expect(page.get_by_role("heading", name="核对工厂资料")).to_be_visible(timeout=READING_MS)
    miscopied = factory.uscc[:-1] + ("0" if factory.uscc[-1] != "0" else "1")
    _hand_in(page, factory, miscopied)
    expect(page.locator("#uscc-error")).to_contain_text("校验没有通过：有一位抄错了，或者两位写反了")
    town.picture(page, "join-factory")
    _hand_in(page, factory, factory.uscc)
    see(page, "排队等审核")


def upload(town: Town, page: Page, factory: Factory) -> None:
    """Hand the sheet in, check what was understood, answer what was asked, submit every draft."""
    page.goto("/factory/sheets")
    town.picture(page, "sheet-upload")
    page.get_by_label("选择价目表").set_input_files(SHEETS / factory.sheet)
    page.get_by_role("button", name="上传并识别").click()
    expect(page.get_by_role("heading", name="核对价目表")).to_be_visible(timeout=PATIENCE_MS)
    see(page, f"读出 {factory.listings} 款商品，{factory.skus} 个规格")
    for told in factory.told:
        see(page, told)
    _answer(page, factory)
    town.picture(page, "sheet-preview")
    page.get_by_role("button", name="生成商品草稿").click()
    see(page, f"新增 {factory.listings} 款商品草稿（{factory.skus} 个规格）")
    town.picture(page, "sheet-done")
    page.get_by_role("link", name="查看草稿").click()
    town.picture(page, "factory-listings")
    page.get_by_role("button", name=f"提交全部 {factory.listings} 款草稿").click()
    see(page, f"已提交 {factory.listings} 款商品")


def mend(town: Town, page: Page, *, title: str, reason: str, description: str) -> None:
    """Read why a listing was refused, write what was missing, hand it in again."""
    page.goto("/factory")
    page.get_by_role("link", name=re.compile("商品要改")).click()
    see(page, reason)
    page.get_by_role("link", name=title).click()
    see(page, reason)
    town.picture(page, "listing-refused")
    page.get_by_label("介绍").fill(description)
    page.get_by_role("button", name="保存并提交审核").click()
    see(page, "已提交审核")


def ship(town: Town, page: Page, *, order: str, tracking: str) -> None:
    """Find the order among what is to be done today and write the parcel's number."""
    page.goto("/factory")
    see(page, order)
    town.picture(page, "factory-today")
    page.get_by_role("link", name="发货", exact=True).first.click()
    page.get_by_label("快递公司").select_option("圆通速递")
    page.get_by_label("快递单号").fill(tracking)
    town.picture(page, "ship")
    page.get_by_role("button", name="确认发货").click()
    see(page, "已发货，买家会收到短信")


def _hand_in(page: Page, factory: Factory, uscc: str) -> None:
    page.get_by_label("工厂名称").fill(factory.name)
    page.get_by_label("统一社会信用代码").fill(uscc)
    page.get_by_label("所属产业带").select_option(factory.belt)
    page.get_by_label("两样都做").check()
    page.get_by_label("我看过并同意").check()
    page.get_by_role("button", name="提交审核").click()


def _answer(page: Page, factory: Factory) -> None:
    if factory.stock:
        page.get_by_text(factory.stock).first.click()
    if factory.markup:
        page.get_by_label("零售价在供货价上加多少").fill(factory.markup)
