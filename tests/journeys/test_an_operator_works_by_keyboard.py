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
    page.keyboard.press("3")
    expect(page).to_have_url(re.compile("/ops$"))
    page.get_by_role("button", name="快捷键").click()
    page.get_by_label("在这台电脑上不用快捷键").uncheck()
    page.get_by_role("button", name="关闭").click()
    page.keyboard.press("3")
    expect(page).to_have_url(re.compile("/ops/factories$"))


def test_keys_tick_rows_for_one_deed_and_lead_to_the_search(desk_of_tan: Page) -> None:
    page, bar = desk_of_tan, desk_of_tan.locator("#bulk")
    expect(bar).to_be_hidden()
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(bar).to_contain_text("选中 1 件")
    page.keyboard.press("Shift+X")
    expect(bar).to_contain_text(f"选中 {page.locator('tbody tr').count()} 件")
    page.keyboard.press("r")
    expect(page.get_by_role("dialog").get_by_label("退回原因")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("Shift+X")
    expect(bar).to_be_hidden()
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="名称、工厂或编号")).to_be_focused()


def test_a_choice_narrows_the_list_at_once_and_the_list_is_kept(desk_of_tan: Page) -> None:
    page = desk_of_tan
    page.get_by_label("类型").select_option("factory")
    expect(page).to_have_url(re.compile("type=factory"))
    page.get_by_text("存下这个筛选").click()
    page.get_by_label("给现在的筛选起个名字").fill("新工厂")
    page.get_by_role("button", name="存下").click()
    expect(page.get_by_role("status").filter(has_text="筛选“新工厂”存好了。")).to_be_visible()
    expect(page.locator(".chip[aria-current]")).to_contain_text("新工厂")
    with page.expect_download() as file:
        page.get_by_role("link", name="下载 CSV").click()
    assert file.value.suggested_filename.startswith("审核单-")


@pytest.fixture
def case_of_a_factory(desk_of_tan: Page) -> Page:
    """Tan has an application before her."""
    page = desk_of_tan
    page.goto("/ops?type=factory")
    page.locator(".table-link").first.click()
    expect(page.get_by_role("heading", name="自动检查")).to_be_visible()
    expect(page.get_by_role("button", name="快捷键")).to_be_visible()
    return page


def test_keys_decide_a_case(case_of_a_factory: Page) -> None:
    page, here = case_of_a_factory, case_of_a_factory.url
    page.keyboard.press("c")
    expect(page.get_by_role("checkbox", name="营业执照照片")).to_be_focused()
    page.keyboard.press("r")
    words = page.get_by_label("退回原因")
    expect(words).to_be_focused()
    page.keyboard.type("tarn")
    expect(words).to_have_value("tarn")
    expect(page).to_have_url(here)
    page.locator("main h1").click()
    page.keyboard.press("t")
    expect(page.get_by_text("您在看")).to_be_visible()
    expect(page.get_by_role("button", name="快捷键")).to_be_visible()
    page.route("**/approval", lambda route: route.fulfill(body=route.request.post_data or ""))
    with page.expect_request(lambda asked: asked.method == "POST" and asked.url.endswith("/approval")) as sent:
        page.keyboard.press("a")
    assert "csrf_token=" in (sent.value.post_data or "")


def test_a_usual_reason_is_put_in_and_can_be_changed(case_of_a_factory: Page) -> None:
    page, words = case_of_a_factory, case_of_a_factory.get_by_label("退回原因")
    page.get_by_label("常用原因").select_option("营业执照已经过期，请上传有效的执照。")
    expect(words).to_have_value("营业执照已经过期，请上传有效的执照。")
    expect(words).to_be_focused()
    page.keyboard.type("谢谢")
    expect(words).to_have_value("营业执照已经过期，请上传有效的执照。谢谢")
