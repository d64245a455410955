"""One photo of a licence from /join to a shop that trades, on a phone, counted touch by touch."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.cast import BO
from tests.support.browser import PHONE
from tests.support.server import Server
from tests.support.thumb import Thumb
from tests.support.town import READING_MS, Town, see

pytestmark = [pytest.mark.journey, pytest.mark.network]

PHOTO = Path(__file__).parents[1] / "data" / "licences" / "03-portrait-rotated.jpg"
NAME, CODE = "丹阳市样镜眼镜店", "92321181MA1N8T5B4Q"
MOST_TOUCHES = 8


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_a_merchant_joins_with_one_photo(
    make_server: Callable[..., Server], visit: Callable[..., Page], tmp_path: Path, *, script: bool
) -> None:
    town = Town(make_server(), visit, script=script, pictures=tmp_path if script else None)
    thumb = Thumb(town.comes(PHONE))
    _join(town, thumb)
    thumb.tell("to a shop that trades")
    assert thumb.interactions <= MOST_TOUCHES
    assert thumb.typed == 0
    _open(town, thumb.page)


def _join(town: Town, thumb: Thumb) -> None:
    """The phone, the photo, a look at what was read, the agreement."""
    page = thumb.page
    page.goto("/join")
    thumb.fill("老板的手机号", BO.phone, known=True)
    thumb.press("我要铺货卖货")
    thumb.fill("6 位验证码", town.read_code(page, BO.phone), known=True)
    thumb.press("登录", exact=True)
    thumb.hand_over("拍照，或从相册选", PHOTO)
    town.picture(page, "join-merchant-photo")
    thumb.press("上传，开始识别")
    expect(page.get_by_role("heading", name="核对店铺资料")).to_be_visible(timeout=READING_MS)
    expect(page.get_by_label("统一社会信用代码")).to_have_value(CODE)
    expect(page.get_by_label("店铺名称")).to_have_value(NAME)
    town.picture(page, "join-merchant-form")
    thumb.tick("我看过并同意")
    thumb.press("开店", exact=True)
    see(page, "店铺开好了")


def _open(town: Town, page: Page) -> None:
    """Her day says what is done and what comes next; the licence is for everybody to see."""
    page.goto("/merchant")
    see(page, "向工厂申请铺货")
    town.picture(page, "join-merchant-done")
    page.goto("/merchant/licence")
    page.get_by_role("link", name="看公示的样子").click()
    see(page, CODE)
