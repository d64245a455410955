"""Whatever a page shows, links to, or sends its forms to is an address of the house."""

from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.attacks.town import Town
from tests.attacks.welcome import EVERYBODY, READS

LEADS = {"a": "href", "img": "src", "script": "src", "link": "href", "form": "action", "button": "formaction"}


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)


@pytest.mark.only_on("sqlite")
def test_no_page_leads_where_nothing_is(town: Town) -> None:
    for who in sorted(EVERYBODY):
        browser = town.browser(who)
        for path in (town.path(rule) for rule, welcome in READS.items() if who in welcome):
            answer = browser.get(path, follow_redirects=True)
            if answer.mimetype == "text/html":
                lost = [lead for lead in leads(answer.text) if not is_known(town.app, *lead)]
                assert lost == [], (who, path)


@pytest.mark.parametrize(
    ("page", "found"),
    [
        ('<form action="factories/suspension" method="post"></form>', [("POST", "factories/suspension")]),
        ('<img src="/nowhere"><a href="#main">', [("GET", "/nowhere")]),
        ('<a href="/sign-in"></a><form action="/sign-out" method="post"></form><a href="https://a.example/x"></a>', []),
    ],
)
def test_what_leads_nowhere_is_found(app: Flask, page: str, found: list[tuple[str, str]]) -> None:
    assert [lead for lead in leads(page) if not is_known(app, *lead)] == found


def leads(page: str) -> Iterator[tuple[str, str]]:
    """Every (method, URL) that a page leads to, but for places on itself."""
    reader = _Leads()
    reader.feed(page)
    return ((method, url) for method, url in reader.found if url and url[0] not in "#?")


def is_known(app: Flask, method: str, url: str) -> bool:
    """Whether it is of another house, or of this one and has a route; a relative URL means another on every page."""
    parts = urlsplit(url)
    if parts.scheme and parts.hostname != "localhost":
        return True
    try:
        app.url_map.bind("localhost").match(parts.path, method)
    except HTTPException as error:
        return error.code in {301, 308}
    return parts.path.startswith("/")


class _Leads(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._method = "GET"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        if tag == "form":
            self._method = (told.get("method") or "GET").upper()
        url = told.get(LEADS.get(tag, ""))
        if url is not None:
            self.found.append((self._method if tag in {"form", "button"} else "GET", url))
