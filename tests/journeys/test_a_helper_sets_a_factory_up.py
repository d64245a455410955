"""From the helpers' desk to the application, on the helper's phone; the owner reads codes out, looks, and ends it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.cast import MEI, WEI
from tests.support.browser import PHONE
from tests.support.server import Server
from tests.support.thumb import Thumb
from tests.support.town import PATIENCE_MS, READING_MS, SHEETS, Town, see

pytestmark = [pytest.mark.journey, pytest.mark.network]

PHOTO = Path(__file__).parents[1] / "data" / "licences" / "02-phone-photo.jpg"
NAME, BELT, ASSOCIATION = "石狮市海样服装有限公司", "shishi-garments", "石狮服装协会"
MOST_TOUCHES, MOST_TYPED = 16, 0


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_helper_sets_a_factory_up(
    make_server: Callable[..., Server], visit: Callable[..., Page], tmp_path: Path, *, script: bool
) -> None:
    town = Town(make_server(LIMITS_SCALE="100"), visit, script=script, pictures=tmp_path if script else None)
    role = ("--role", "helper", "--scope", f"belt:{BELT}", "--from", ASSOCIATION)
    town.says("staff", "add", MEI.phone, MEI.name, *role)
    thumb = Thumb(town.comes(PHONE))
    town.sign_in(thumb.page, MEI, "/assist")
    _begin(town, thumb)
    _fill_in(town, thumb)
    _prepare_goods(thumb)
    thumb.tell("a helper, from her desk to drafts of goods")
    assert thumb.interactions <= MOST_TOUCHES
    assert thumb.typed <= MOST_TYPED
    _end(town, thumb.page)


def _begin(town: Town, thumb: Thumb) -> None:
    """The owner's phone, and the code that she reads out."""
    thumb.fill("厂主的手机号", WEI.phone, known=True)
    town.picture(thumb.page, "assist-desk")
    thumb.press("发授权码给厂主")
    thumb.fill("6 位授权码", _told(town, thumb.page, "授权码"), known=True)
    thumb.press("开始代办")
    see(thumb.page, "还差哪几步")
    town.picture(thumb.page, "assist-steps")


def _fill_in(town: Town, thumb: Thumb) -> None:
    """Photo, sheet, a look, a way to sell; the agreement is the owner's, by a code of its own."""
    page = thumb.page
    thumb.follow("去拍照")
    thumb.hand_over("拍照，或从相册选", PHOTO)
    thumb.hand_over("顺手把价目表也传上来", SHEETS / "shishi-garments.xlsx")
    thumb.press("上传，开始识别")
    expect(page.get_by_role("heading", name="核对工厂资料")).to_be_visible(timeout=READING_MS)
    expect(page.get_by_label("工厂名称")).to_have_value(NAME)
    expect(page.get_by_label("我看过并同意")).to_have_count(0)
    thumb.tick("两样都做")
    thumb.press("提交审核")
    see(page, "请厂主同意协议")
    town.picture(page, "assist-word")
    asked = town.messages(page, WEI.phone)[0]
    assert "/agreements/factory/" in asked
    thumb.fill("6 位同意码", _told(town, page, "同意码"), known=True)
    thumb.press("厂主同意，提交审核")
    see(page, "排队等审核")


def _prepare_goods(thumb: Thumb) -> None:
    """The sheet that came along becomes drafts, and these are handed in."""
    page = thumb.page
    page.goto("/factory/sheets")
    thumb.follow("shishi-garments.xlsx")
    expect(page.get_by_role("heading", name="核对价目表")).to_be_visible(timeout=PATIENCE_MS)
    thumb.press("生成商品草稿")
    thumb.follow("查看草稿")
    thumb.press("提交全部 5 款草稿")
    see(page, "已提交 5 款商品")


def _end(town: Town, helper: Page) -> None:
    """The owner, on her own phone, sees who did what and ends it; the helper is a stranger at once."""
    owner = town.comes(PHONE)
    town.sign_in(owner, WEI, "/factory")
    owner.get_by_role("link", name=re.compile("有人在帮您办")).click()
    see(owner, f"由{ASSOCIATION} {MEI.name}代办")
    town.picture(owner, "assist-owner")
    owner.get_by_role("button", name="结束授权").click()
    see(owner, "现在没有人替您办")
    answer = helper.request.get("/factory/listings")
    assert answer.status == 404
    helper.goto("/assist")
    see(helper, "授权已经结束")
    helper.get_by_role("button", name="知道了").click()
    expect(helper.get_by_role("button", name="知道了")).to_have_count(0)


def _told(town: Town, page: Page, what: str) -> str:
    newest = town.messages(page, WEI.phone)[0]
    found = re.search(rf"{what} (\d{{6}})", newest)
    assert found, newest
    return found[1]
