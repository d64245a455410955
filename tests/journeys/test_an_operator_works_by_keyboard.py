"""Single keys at the desk of operators: they walk, they explain themselves, and they can be turned off."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import TAN
from tests.support.browser import DESK
from tests.support.server import Server
from tests.support.town import Town

pytestmark = [pytest.mark.journey, pytest.mark.network]


@pytest.fixture
def desk_of_tan(demo_server: Server, visit: Callable[..., Page]) -> Page:
    page = visit(demo_server.url, DESK)
    Town(demo_server, visit).sign_in(page, TAN, "/ops")
    expect(page.get_by_role("button", name="快捷键")).to_be_visible()  # the script is there
    return page


def test_keys_walk_through_rows_and_places_until_they_are_turned_off(desk_of_tan: Page) -> None:
    page, rows = desk_of_tan, desk_of_tan.locator(".table-link")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(rows.first).to_be_focused()
    page.keyboard.press("?")
    page.get_by_label("在这台电脑上不用快捷键").check()
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    expect(page).to_have_url(re.compile("/ops$"))
    page.get_by_role("button", name="快捷键").click()
    page.get_by_label("在这台电脑上不用快捷键").uncheck()
    page.get_by_role("button", name="关闭").click()
    page.keyboard.press("2")
    expect(page).to_have_url(re.compile("/ops/work$"))
