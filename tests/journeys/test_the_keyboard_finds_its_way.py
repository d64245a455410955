"""Where the focus goes by itself: past the header, to what is wrong, into a dialog and back out of it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import Person
from tests.support.browser import DESK
from tests.support.keyboard import reach
from tests.support.server import Server
from tests.support.town import Town

pytestmark = [pytest.mark.journey, pytest.mark.network]

HAI = Person("海建业", "13800138012", "factory_owner")
WITHIN = "name => Boolean(document.activeElement.closest(name))"
# Past its last button the browser's own toolbar comes, which counts as the page's body.
INSIDE = "() => Boolean(document.activeElement.closest('dialog')) || document.activeElement === document.body"
SAYS = (
    "one => one.getAttribute('aria-describedby').split(' ').map((id) => document.getElementById(id)?.innerText).join()"
)


def test_the_way_past_the_header(demo_server: Server, visit: Callable[..., Page]) -> None:
    page = visit(demo_server.url, DESK)
    page.goto("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    expect(page.get_by_role("link", name="跳到正文")).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate(WITHIN, "main")


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
def test_what_is_wrong_has_the_focus_and_says_what(
    demo_server: Server, visit: Callable[..., Page], *, script: bool
) -> None:
    page = visit(demo_server.url, DESK, script=script)
    page.goto("/sign-in")
    page.get_by_label("手机号或邮箱").fill("12345")
    page.keyboard.press("Enter")
    field = page.get_by_label("手机号或邮箱")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    assert "手机号" in field.evaluate(SAYS)


def test_a_dialog_keeps_the_focus_and_gives_it_back(demo_server: Server, visit: Callable[..., Page]) -> None:
    page = visit(demo_server.url, DESK)
    Town(demo_server, visit).sign_in(page, HAI, "/factory/listings?state=published")
    page.locator(".goods-row-link, .table-link").first.click()
    opener = page.locator("summary", has_text="下架这款商品")
    reach(opener)
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_be_visible()
    for key in ("Tab", "Shift+Tab"):
        for _ in range(5):
            assert page.evaluate(INSIDE)
            page.keyboard.press(key)
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(opener).to_be_focused()
