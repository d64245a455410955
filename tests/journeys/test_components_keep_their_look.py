"""The page of components: compared by picture, and used by keyboard and without script."""

import os
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Page, expect

from tests.support import look
from tests.support.browser import Device
from tests.support.server import Server

pytestmark = [pytest.mark.journey, pytest.mark.network]

HOME = "/dev/components"
PHONE, DESK = Device(390, 844, touch=False), Device(1280, 900, touch=False)
LARGEST = 1_500_000


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize("language", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_component_looks_as_it_did(
    demo_server: Server, visit: Callable[..., Page], theme: Literal["light", "dark"], language: str, device: Device
) -> None:
    page = visit(demo_server.url, device, locale=language)
    page.emulate_media(color_scheme=theme)
    page.goto(HOME)
    name = f"{language[:2]}-{theme}-{device.width}"
    picture, boxes = look.taken(page)
    if os.getenv("LOOK"):
        look.keep(name, picture, boxes)
    assert look.differences(name, picture, boxes) == []


def test_the_references_stay_small() -> None:
    pictures = list(look.REFERENCES.glob("*.png"))
    assert len(pictures) == 8
    assert sum(one.stat().st_size for one in pictures) < LARGEST


def test_a_photo_in_several_kinds_takes_one_place_of_its_line(demo_server: Server, visit: Callable[..., Page]) -> None:
    page = visit(demo_server.url, PHONE)
    page.goto(HOME)
    line = page.locator(".line", has=page.locator("img")).first
    before = line.bounding_box()
    line.evaluate(
        """line => {
            const kinds = document.createElement("picture");
            kinds.className = "photo-kinds";
            line.querySelector("img").replaceWith(kinds);
            kinds.innerHTML = '<source type="image/avif"><img class="photo" data-shape="line" width="64" height="64">';
        }"""
    )
    assert line.bounding_box() == before
    photo = line.locator("img").bounding_box()
    assert photo is not None
    assert photo["width"] == 64


def test_a_question_is_a_dialog_that_gives_the_focus_back(demo_server: Server, visit: Callable[..., Page]) -> None:
    page = visit(demo_server.url, DESK)
    page.goto(HOME)
    asking = page.locator("#confirm summary").first
    asking.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="停卖这款货？")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(asking).to_be_focused()
    page.keyboard.press("Enter")
    dialog.get_by_role("button", name="停卖").click()
    expect(page.get_by_role("status").filter(has_text="已保存。").first).to_be_visible()


def test_without_script_the_question_unfolds_where_it_stands(demo_server: Server, visit: Callable[..., Page]) -> None:
    page = visit(demo_server.url, PHONE, script=False)
    page.goto(HOME)
    page.locator("#confirm summary").first.click()
    page.get_by_role("dialog", name="停卖这款货？").get_by_role("button", name="停卖").click()
    expect(page.locator(".toast").first).to_contain_text("已保存。")


def test_a_message_that_was_read_is_put_away(demo_server: Server, visit: Callable[..., Page]) -> None:
    page = visit(demo_server.url, DESK)
    page.goto(HOME)
    messages = page.locator("#toasts .toast")
    expect(messages).to_have_count(4)
    messages.first.get_by_role("button", name="收起这条消息").click()
    expect(messages).to_have_count(3)
