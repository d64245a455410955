"""Two browsers, one person: the phone lets the computer in, and the computer the phone, by four digits."""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Callable
from zlib import decompress

import pytest
from playwright.sync_api import Page, expect

from tests.cast import WEI
from tests.support.browser import DESK, PHONE
from tests.support.server import Server
from tests.support.town import Town, see

pytestmark = [pytest.mark.journey, pytest.mark.network]

LEAST_PX = 160  # a picture that a phone reads at arm's length


def test_the_phone_lets_the_computer_in(demo_server: Server, visit: Callable[..., Page]) -> None:
    town = Town(demo_server, visit)
    phone, computer = town.comes(PHONE), town.comes(DESK)
    town.sign_in(phone, WEI, "/factory")
    computer.goto("/sign-in?next=/factory/sheets")
    computer.get_by_role("button", name="用手机扫码登录").click()
    _picture_is_large_enough(computer)
    phone.goto(f"/handoff/{_token(computer, 'handoff')}")
    see(phone, "Linux · Chrome")
    phone.get_by_label("那台设备屏幕上的四位数字").fill(_number(computer))
    phone.get_by_role("button", name="同意登录").click()
    see(phone, "已同意")
    computer.get_by_role("button", name="继续").click()
    expect(computer).to_have_url(re.compile("/factory/sheets$"))


def test_the_computer_lets_the_phone_in(demo_server: Server, visit: Callable[..., Page]) -> None:
    town = Town(demo_server, visit)
    phone, computer = town.comes(PHONE), town.comes(DESK)
    town.sign_in(computer, WEI, "/factory/sheets")
    computer.get_by_role("button", name="文件在手机里？用手机传").click()
    _picture_is_large_enough(computer)
    phone.goto(f"/handoff/phone/{_token(computer, 'handoff_offer')}?next=/factory/sheets")
    phone.get_by_role("button", name="在这台设备上继续").click()
    number = _number(phone)
    computer.get_by_label("那台设备屏幕上的四位数字").fill(number)  # the page came by itself
    computer.get_by_role("button", name="同意登录").click()
    expect(computer).to_have_url(re.compile("/factory/sheets$"))
    phone.get_by_role("button", name="继续").click()
    expect(phone).to_have_url(re.compile("/factory/sheets$"))
    computer.goto("/handoff/phone")
    see(computer, "二维码用过或过期了。")


def _number(page: Page) -> str:
    return page.locator("strong").filter(has_text=re.compile(r"^\d{4}$")).inner_text()


def _picture_is_large_enough(page: Page) -> None:
    box = page.locator(".qr svg").bounding_box()
    assert box
    assert box["width"] >= LEAST_PX


def _token(page: Page, kept: str) -> str:
    """What stands behind the picture; the cookie of the browser that shows it is signed, and can be read."""
    [cookie] = [one["value"] for one in page.context.cookies() if one["name"] == "yuantou"]
    return str(_opened(cookie)[kept]["token"])


def _opened(cookie: str) -> dict[str, dict[str, str]]:
    packed, part = cookie.startswith("."), cookie.lstrip(".").split(".")[0]
    said = urlsafe_b64decode(part + "=" * (-len(part) % 4))
    return dict(json.loads(decompress(said) if packed else said))
