"""Takes a page on a phone and at a desk, in both languages, by night in Chinese alone; small files, always the same."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from itertools import product
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page

from tests.cast import NOW
from tests.support import browser as chromium
from tests.support.browser import Device
from tests.support.look import STILL

DEVICES = {"phone": Device(390, 844, touch=True), "desk": Device(1280, 900, touch=False)}
LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
THEMES = {"zh": ("light", "dark"), "en": ("light",)}  # the night has no words of its own
VARIANTS = tuple(
    f"{device}-{language}-{theme}" for device in DEVICES for language in LANGUAGES for theme in THEMES[language]
)
SCREENS = {"phone": 2, "desk": 1.25}  # as far down as anybody reads
COLOURS = 80  # enough for drawings on quiet grounds; letters stay sharp, which they would not in fewer bits
TALL = "Math.ceil(document.documentElement.getBoundingClientRect().height)"


@dataclass(frozen=True)
class Seat:
    """Where somebody sits down: the site, and the cookie that says who she is."""

    url: str
    name: str
    cookie: str


@dataclass(frozen=True)
class Visit:
    """Which page to open, which pictures to take of it, and what to type first."""

    address: str
    variants: tuple[str, ...]
    typed: str = ""


def taken(browser: Browser, seat: Seat, visit: Visit) -> Iterator[tuple[str, bytes]]:
    """The pictures of one page as WebP, by variant; fails on whatever a page complains about."""
    for (device, size), (language, locale) in product(DEVICES.items(), LANGUAGES.items()):
        themes = [theme for theme in THEMES[language] if f"{device}-{language}-{theme}" in visit.variants]
        if not themes:
            continue
        with chromium.visit(browser, seat.url, size, locale=locale) as page:
            _sit_down(page, seat)
            page.goto(visit.address)
            if visit.typed:
                _type(page, visit.typed)
            for theme in themes:
                yield f"{device}-{language}-{theme}", _picture(page, size, theme, SCREENS[device])


def keep(folder: Path, name: str, picture: bytes) -> None:
    """Write a picture, unless it is there already as it is: what did not change keeps its date."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}.webp"
    if not target.exists() or target.read_bytes() != picture:
        target.write_bytes(picture)


def _type(page: Page, text: str) -> None:
    """Into the field for goods, and wait for what it suggests."""
    page.get_by_role("combobox").first.press_sequentially(text)
    page.get_by_role("option").first.wait_for()


def _sit_down(page: Page, seat: Seat) -> None:
    page.clock.set_fixed_time(NOW)
    if seat.cookie:
        page.context.add_cookies([{"name": seat.name, "value": seat.cookie, "url": seat.url}])


def _picture(page: Page, size: Device, theme: str, screens: float) -> bytes:
    """The whole page up to its limit; the window grows with it, so that what sticks to its foot stands at the foot."""
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce")
    page.set_viewport_size({"width": size.width, "height": size.height})
    tall = min(max(int(page.evaluate(TALL)), size.height), int(screens * size.height))
    page.set_viewport_size({"width": size.width, "height": tall})
    page.evaluate(STILL)
    shot = Image.open(BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    few = shot.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, kmeans=3, dither=Image.Dither.NONE).convert("RGB")
    file = BytesIO()
    few.save(file, "WEBP", lossless=True, quality=90, method=4)
    return file.getvalue()
