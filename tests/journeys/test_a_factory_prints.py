"""Packing lists on the paper that lies in the printer: a sheet an order, and nothing cut off at the edge."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.cast import WEI
from tests.support.browser import DESK
from tests.support.server import Server
from tests.support.town import Town

pytestmark = [pytest.mark.journey, pytest.mark.network]

MM = 96 / 25.4  # CSS pixels
PAPER = {"A4": (210, 297), "A5": (148, 210), "label": (100, 180)}
SHEET = re.compile(rb"/Type */Page\b")
OUTSIDE = """() => [...document.querySelectorAll(".slip, .slip *")]
  .filter((part) => part.getBoundingClientRect().right > innerWidth + 0.5 || part.scrollWidth > part.clientWidth + 1)
  .map((part) => part.className || part.tagName)"""
WORDY = """() => {
  const name = "山羊绒圆领毛衣女春秋薄款宽松百搭打底针织衫".repeat(3);
  for (const title of document.querySelectorAll(".slip-goods tbody td:first-child")) title.textContent = name;
}"""


def test_every_packing_list_has_a_sheet_of_its_own(demo_server: Server, visit: Callable[..., Page]) -> None:
    page = visit(demo_server.url, DESK)
    Town(demo_server, visit).sign_in(page, WEI, "/factory/packing-lists")
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    slips = page.locator(".slip").count()
    assert slips > 1
    for name, (width, height) in PAPER.items():
        sheets = SHEET.findall(page.pdf(width=f"{width}mm", height=f"{height}mm"))
        assert len(sheets) == slips, name
    page.emulate_media(media="print")
    page.evaluate(WORDY)
    for name, (width, height) in PAPER.items():
        page.set_viewport_size({"width": round(width * MM), "height": round(height * MM)})
        assert page.evaluate(OUTSIDE) == [], name
