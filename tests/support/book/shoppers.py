"""Shoppers before the pictures are taken: they search, open what they like, and one asks with a photo."""

import re
from io import BytesIO
from typing import TYPE_CHECKING, Final

from flask import Flask
from PIL import Image

from kernel.permissions import ANONYMOUS
from storefront.demo.photographs import PICTURES
from storefront.photos.index import PhotoIndex
from storefront.photos.intake import ask_with
from storefront.photos.tasks import rebuild
from tests.cast import NOW

if TYPE_CHECKING:
    from storefront.demand.journal import Journal

SOUGHT: Final = (
    ("羊绒围巾", (1, 1, 2, 0, 1, 3)),
    ("羊绒", (2, 0, 5, 1)),
    ("老花镜", (1, 1, 0)),
    ("茶具", (1, 4, 0)),
    ("拉杆箱", (1, 0, 2)),
    ("童装", (1, 1, 0)),
    ("羊绒围巾 防弹", (0, 1)),
    ("航天飞机", (0, 0)),
    ("电饭煲", (0,)),
)
"""What is sought, and by each visitor which of the cards is opened; 0 is none."""
_CARD: Final = re.compile(r'class="goods-link" href="([^"]+)"')
_HOME: Final = "http://localhost"
_AGENT: Final = "Mozilla/5.0"


def come(app: Flask) -> None:
    """Let all of them search, read what is popular now, and take no more notes: a camera is no shopper."""
    for text, opened in SOUGHT:
        for visitor, place in enumerate(opened, 1):
            _search(app, text, visitor, place)
    journal: Journal = app.extensions["searches"]
    journal.flush()
    journal.read_popular()
    journal.note = lambda entry: None  # type: ignore[method-assign]  # noqa: ARG005


def ask_with_a_photo(app: Flask) -> None:
    """Ask with a part of a picture of Wei's, as somebody who has seen the goods elsewhere."""
    index = app.extensions["ports"].get(PhotoIndex)
    rebuild(index=index)
    with Image.open(PICTURES / "QH2601_1.webp") as picture:
        wide, high = picture.size
        part = picture.convert("RGB").crop((wide // 8, high // 8, wide, high))
    file = BytesIO()
    part.save(file, "JPEG", quality=85)
    ask_with(file.getvalue(), actor=ANONYMOUS, index=index, now=NOW)


def _search(app: Flask, text: str, visitor: int, place: int) -> None:
    browser, results = app.test_client(), f"/factory-goods?q={text}"
    browser.environ_base |= {"REMOTE_ADDR": f"203.0.113.{visitor}", "HTTP_USER_AGENT": _AGENT}
    with app.app_context():  # each request has one of its own, as with a real server
        found = _CARD.findall(browser.get(results).text)
    if place:
        with app.app_context():
            browser.get(found[place - 1], headers={"Referer": _HOME + results})
