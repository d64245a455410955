"""A shopper types what she seeks: suggestions come, by keyboard, thumb and input method, none out of turn."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.face.check import look, tools
from tests.support.browser import DESK, PHONE, Device
from tests.support.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.network]

SLOW_MS = 700
Visit = Callable[..., Page]


def at_goods(visit: Visit, server: Server, device: Device = DESK, **how: object) -> tuple[Page, Locator]:
    page = visit(server.url, device, **how)
    page.goto("/factory-goods")
    return page, page.get_by_label("搜索工厂货")


def test_by_keyboard_she_walks_through_chooses_and_goes_back(demo_server: Server, visit: Visit) -> None:
    page, field = at_goods(visit, demo_server)
    field.press_sequentially("清河", delay=20)
    line = page.get_by_role("option", name="河北·清河羊绒")
    expect(line).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status").filter(has_text="条建议")).to_have_count(1)
    field.press("ArrowUp")
    field.press("ArrowDown")
    expect(field).not_to_have_attribute("aria-activedescendant", "suggest-belts-1")
    while line.get_attribute("aria-selected") == "false":
        field.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", str(line.get_attribute("id")))
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_have_count(0)
    expect(field).to_have_value("清河")
    field.press("ArrowDown")
    expect(line).to_be_visible()
    field.press("Enter")
    page.wait_for_url("**/factory-goods?q=*")


@pytest.mark.skipif(not tools.AXE.exists(), reason=tools.MISSING)
@pytest.mark.parametrize("device", [DESK, PHONE])
def test_the_open_list_serves_everybody(demo_server: Server, visit: Visit, device: Device) -> None:
    page = visit(demo_server.url, device)
    page.add_init_script(look.measures())
    page.goto("/factory-goods?q=围巾")
    field = page.get_by_label("搜索工厂货")
    field.fill("yang")
    field.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    field.press("ArrowDown")
    assert look.violations(page) == []
    assert [*look.ask(page, "sideways", "cut")] == []


def test_by_thumb_she_taps_a_factory_belt(demo_server: Server, visit: Visit) -> None:
    page, field = at_goods(visit, demo_server, PHONE)
    field.tap()
    field.press_sequentially("qinghe")
    page.get_by_role("option", name="河北·清河羊绒").tap()
    page.wait_for_url("**/belts/qinghe-cashmere")


def test_while_an_input_method_composes_nothing_is_asked(demo_server: Server, visit: Visit) -> None:
    page, field = at_goods(visit, demo_server)
    field.focus()
    page.wait_for_timeout(300)
    asked = _asked(page)
    typing = page.context.new_cdp_session(page)
    for sound in ("q", "qi", "qing", "qing he"):
        typing.send(
            "Input.imeSetComposition", {"text": sound, "selectionStart": len(sound), "selectionEnd": len(sound)}
        )
        page.wait_for_timeout(200)
    assert asked == []
    typing.send("Input.insertText", {"text": "清河"})
    expect(page.get_by_role("option", name="河北·清河羊绒")).to_be_visible()
    assert asked == ["清河"]


def test_what_comes_late_does_not_take_the_place_of_what_was_asked_last(demo_server: Server, visit: Visit) -> None:
    page, field = at_goods(visit, demo_server)

    def late(route: Route) -> None:
        if "q=%E5%BE%B7" in route.request.url:
            route.request.frame.page.wait_for_timeout(SLOW_MS)
        route.continue_()

    page.route("**/suggestions?*", late)
    field.fill("德化")
    page.wait_for_timeout(200)
    field.fill("清河")
    expect(page.get_by_role("option", name="河北·清河羊绒")).to_be_visible()
    page.wait_for_timeout(SLOW_MS)
    expect(page.get_by_role("option", name="德化")).to_have_count(0)
    page.unroute_all(behavior="ignoreErrors")


def test_what_she_sought_stays_with_her_until_she_clears_it(demo_server: Server, visit: Visit) -> None:
    page, field = at_goods(visit, demo_server)
    field.fill("羊绒围巾")
    field.press("Enter")
    page.wait_for_url("**/factory-goods?q=*")
    field.fill("")
    mine = page.get_by_role("group", name="最近搜过").get_by_role("option", name="羊绒围巾")
    expect(mine).to_be_visible()
    page.get_by_role("button", name="清空").click()
    expect(mine).to_have_count(0)
    assert page.evaluate("localStorage.getItem('recent-searches')") is None


def test_she_takes_one_of_her_searches_out_by_key_and_by_thumb(demo_server: Server, visit: Visit) -> None:
    page, field = at_goods(visit, demo_server)
    page.evaluate("localStorage.setItem('recent-searches', JSON.stringify(['羊绒围巾', '镜框', '茶叶']))")
    field.focus()
    mine = page.get_by_role("group", name="最近搜过").get_by_role("option")
    expect(mine).to_have_count(3)
    field.press("ArrowDown")
    field.press("Delete")
    expect(mine).to_have_count(2)
    mine.filter(has_text="镜框").locator(".suggest-drop").click()
    expect(mine).to_have_count(1)
    assert page.evaluate("localStorage.getItem('recent-searches')") == '["茶叶"]'
    assert page.url.endswith("/factory-goods")


def test_the_step_back_of_a_phone_puts_the_filters_away(demo_server: Server, visit: Visit) -> None:
    page = visit(demo_server.url, PHONE)
    page.goto("/factory-goods?q=围巾")
    sheet = page.locator("details.filters")
    for put_away in (page.go_back, page.get_by_role("link", name="关闭筛选").tap):
        sheet.locator("summary").first.tap()
        expect(sheet).to_have_attribute("open", "")
        put_away()
        expect(sheet).not_to_have_attribute("open", "")
        assert "q=" in page.url


def test_without_script_the_field_searches_as_ever(demo_server: Server, visit: Visit) -> None:
    page, field = at_goods(visit, demo_server, script=False)
    field.fill("羊绒围巾")
    field.press("Enter")
    page.wait_for_url("**/factory-goods?q=*")
    assert page.get_by_role("listbox").count() == 0


def _asked(page: Page) -> list[str]:
    """What is asked for from now on."""
    asked: list[str] = []

    def note(route: Route) -> None:
        asked.append(parse_qs(urlsplit(route.request.url).query)["q"][0])
        route.continue_()

    page.route("**/suggestions?*", note)
    return asked
