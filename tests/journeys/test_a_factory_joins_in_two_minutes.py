"""One photo and a price sheet from /join to the application, and on to the first parcel, counted touch by touch."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.cast import LIN, TAN, WEI, Person
from tests.support.browser import DESK, PHONE
from tests.support.deeds import shopper, staff
from tests.support.server import Server
from tests.support.thumb import Thumb
from tests.support.town import PATIENCE_MS, READING_MS, SHEETS, Town, see, wait_for

pytestmark = [pytest.mark.journey, pytest.mark.network]

PHOTO = Path(__file__).parents[1] / "data" / "licences" / "02-phone-photo.jpg"
NAME, CODE, BELT = "石狮市海样服装有限公司", "9135058159787Q4D0K", "石狮服装"
MOST_TOUCHES, MOST_TYPED = 12, 25


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_factory_joins_in_two_minutes(
    make_server: Callable[..., Server], visit: Callable[..., Page], tmp_path: Path, *, script: bool
) -> None:
    town = Town(make_server(), visit, script=script, pictures=tmp_path if script else None)
    staff.hire(town, operator=TAN, finance=replace(TAN, phone="13800138009"))
    thumb = Thumb(town.comes(PHONE))
    _join(town, thumb, WEI)
    thumb.tell("to the application")
    assert thumb.interactions <= MOST_TOUCHES
    assert thumb.typed <= MOST_TYPED
    operator = town.comes(DESK)
    town.sign_in(operator, TAN, "/ops")
    staff.approve_factory(operator, NAME)
    _list(town, thumb)
    staff.approve_goods(operator)
    _sell(town)
    _ship(thumb)
    thumb.tell("to the first parcel")


def _join(town: Town, thumb: Thumb, owner: Person) -> None:
    """The phone, the photo with the sheet, a look at what was read, how to sell, the agreement."""
    page = thumb.page
    page.goto("/join")
    thumb.fill("老板的手机号", owner.phone, known=True)
    thumb.press("工厂免费入驻")
    thumb.fill("6 位验证码", town.read_code(page, owner.phone), known=True)
    thumb.press("登录", exact=True)
    thumb.hand_over("拍照，或从相册选", PHOTO)
    thumb.hand_over("顺手把价目表也传上来", SHEETS / "shishi-garments.xlsx")
    town.picture(page, "join-photo")
    thumb.press("上传，开始识别")
    expect(page.get_by_role("heading", name="核对工厂资料")).to_be_visible(timeout=READING_MS)
    _look(page)
    town.picture(page, "join-form")
    thumb.tick("两样都做")
    thumb.tick("我看过并同意")
    thumb.press("提交审核")
    see(page, "排队等审核")
    town.picture(page, "join-done")


def _look(page: Page) -> None:
    """What the licence says stands there, each line beside the piece of the photo that says so."""
    expect(page.get_by_label("统一社会信用代码")).to_have_value(CODE)
    expect(page.get_by_label("工厂名称")).to_have_value(NAME)
    expect(page.get_by_label("法定代表人或经营者")).to_have_value("范例一")
    expect(page.locator("#belt option:checked")).to_have_text(BELT)
    expect(page.get_by_role("img", name="执照上的“工厂名称”")).to_be_visible()


def _list(town: Town, thumb: Thumb) -> None:
    """Open the sheet that came along, say what its stock means, make goods of it and hand them in."""
    page = thumb.page
    page.goto("/factory/sheets")
    thumb.follow("shishi-garments.xlsx")
    expect(page.get_by_role("heading", name="核对价目表")).to_be_visible(timeout=PATIENCE_MS)
    thumb.press("生成商品草稿")
    thumb.follow("查看草稿")
    thumb.press("提交全部 5 款草稿")
    see(page, "已提交 5 款商品")
    town.picture(page, "join-goods")


def _sell(town: Town) -> None:
    """Somebody buys one piece."""
    lin = town.comes(PHONE)
    wait_for(lin, "/factory-goods", "5 件")
    lin.locator(".goods a").first.click()
    lin.get_by_role("button", name="加入购物车").click()
    see(lin, "已放进购物车")
    shopper.check_out(town, lin, LIN, total="")
    shopper.pay(town, lin, total="")


def _ship(thumb: Thumb) -> None:
    """The order stands first on her page."""
    page = thumb.page
    page.goto("/factory")
    thumb.follow("发货")
    thumb.choose("快递公司", "圆通速递")
    thumb.fill("快递单号", "YT1234567890123")
    thumb.press("确认发货")
    see(page, "已发货，买家会收到短信")
