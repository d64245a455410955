"""Every page there is, opened once by somebody who may: axe is silent and nothing sticks out.

`make check-face` opens all of them as everybody, in every way. Here the place in the list of routes decides in which
language, theme and width a page is shown.
"""

import os
from collections.abc import Iterator
from itertools import product

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from storefront.app import create_app
from storefront.config import Config
from tests.face.check import look, survey, tools
from tests.face.check.addresses import Routes
from tests.face.check.visitors import PHONE, visitors
from tests.support import house
from tests.support.server import Server

pytestmark = [
    pytest.mark.journey,
    pytest.mark.network,
    pytest.mark.skipif(not tools.AXE.exists() and not os.getenv("CI"), reason=tools.MISSING),
]
FEW = 6  # addresses of a route that are asked for
SHOWN = list(product(("zh", "en"), ("light", "dark"), (360, 640, 1280)))
PLANTED = {
    "violations": '<p><img src="/x.svg" width="9" height="9"></p>',
    "sideways": '<p class="wide">far too wide</p>',
    "cut": '<p class="cut">these words end in the middle of</p>',
    "targets": '<p><button type="button">x</button></p>',
    "moving": '<p class="moving">moves</p>',
    "pictures": '<p><img src="/x.svg" alt=""></p>',
}
BARE = """<!DOCTYPE html><html lang="en"><head><title>x</title>
  <meta name="viewport" content="width=device-width"><style>
  .wide {{ width: 2000px }} .cut {{ width: 60px; height: 20px; overflow: hidden; white-space: nowrap }}
  button {{ height: 30px; padding: 0; border: 0; margin: 99px }} .moving {{ transition: color 1s }}
</style></head><body><main><h1>x</h1>{}</main></body></html>"""


@pytest.fixture
def app(demo_server: Server) -> Iterator[Flask]:
    built = create_app(Config(data_dir=demo_server.data_dir))
    yield built
    house.close(built)


@pytest.fixture
def surveys(demo_server: Server, app: Flask) -> list[survey.Survey]:
    routes, seen = Routes(app), survey.Seen()
    found = [survey.surveyed(demo_server.url, one, routes) for one in visitors(app)]
    for one in found:
        one.walk(seen, most=FEW)
    return found


def test_every_route_is_reached_and_its_page_serves_everybody(
    app: Flask, surveys: list[survey.Survey], browser: Browser
) -> None:
    reached = {rule for one in surveys for rule in one.reached}
    assert sorted(Routes(app).rules.keys() - reached) == [], "nobody reaches these"
    looked_at = {page.rule for one in surveys for page in one.pages}
    assert {"/no-such-page", "/sign-in refused", "/join/factory refused"} <= looked_at
    complaints = []
    for errand, theme, width in _errands(surveys):
        with look.opened(browser, errand) as context:
            page = context.new_page()
            page.emulate_media(color_scheme=theme)
            page.goto(errand.pages[0].path)
            found = [*look.violations(page), *(text for _kind, _how, text in look.fits(page, errand.device, width))]
            complaints += [f"{errand.pages[0].path} {errand.role} {errand.language} {theme}: {text}" for text in found]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("measure", PLANTED)
def test_a_planted_fault_is_told(browser: Browser, measure: str) -> None:
    for planted in (True, False):
        page = _bare(browser, PLANTED[measure] if planted else "<p>Nothing is wrong here.</p>")
        told = look.violations(page) if measure == "violations" else [*look.ask(page, measure)]
        assert len(told) == planted, told
        page.context.close()


def test_an_unseen_wide_area_around_a_small_button_counts(browser: Browser) -> None:
    widened = "button::after { content: ''; position: absolute; inset: -8px -20px } button { position: relative }"
    page = _bare(browser, f"{PLANTED['targets']}<style>{widened}</style>")
    assert [*look.ask(page, "targets")] == []
    page.context.close()


def test_what_lies_behind_a_dialog_is_not_measured(browser: Browser) -> None:
    page = _bare(browser, f"<dialog>Sure?</dialog>{PLANTED['targets']}")
    assert len([*look.ask(page, "targets")]) == 1
    page.evaluate("document.querySelector('dialog').showModal()")
    assert [*look.ask(page, "targets")] == []
    page.context.close()


def test_a_route_that_nobody_reaches_is_missed(app: Flask) -> None:
    app.add_url_rule("/ops/secrets/<secret>", "secrets", lambda secret: secret)
    routes = Routes(app)
    assert routes.of("/ops/secrets/x") == "/ops/secrets/<secret>"
    assert routes.guesses("/ops/secrets/<secret>"), "it is tried with every name there is"


def _errands(surveys: list[survey.Survey]) -> Iterator[tuple[look.Errand, look.Theme, int]]:
    """Each route's page once, of one of those who may open it."""
    may: dict[str, list[tuple[survey.Survey, survey.Page]]] = {}
    for one in surveys:
        for page in one.pages:
            may.setdefault(page.rule, []).append((one, page))
    for number, (_rule, ways) in enumerate(sorted(may.items())):
        one, page = ways[number % len(ways)]
        language, theme, width = SHOWN[number % len(SHOWN)]
        visitor, cookies = one.visitor, one.client.cookies
        yield look.Errand(one.client.url, visitor.role, visitor.device, language, cookies, [page]), theme, width


def _bare(browser: Browser, body: str) -> Page:
    context = browser.new_context(viewport={"width": PHONE.width, "height": PHONE.height}, is_mobile=True)
    context.add_init_script(look.measures())
    page = context.new_page()
    page.goto("about:blank")
    page.set_content(BARE.format(body))
    return page
