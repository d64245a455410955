"""How pages travel: small, compressed, once, and under headers that say for whom they are."""

import gzip
import re
from collections.abc import Iterable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from storefront.search.index import Index
from storefront.search.tasks import rebuild
from tests.storefront.conftest import browser_of
from tests.storefront.shop import Shop

PAGES = ["/", "/factory-goods", "/belts", "/belts/qinghe-cashmere", "/rates", "/join", "GOODS", "FACTORY"]
GZIP = {"Accept-Encoding": "gzip"}
MOST = 40_000


@pytest.fixture
def visitor(app: Flask, shop: Shop) -> FlaskClient:
    """Somebody who was never here, where forms have their tokens."""
    app.config["WTF_CSRF_ENABLED"] = True
    rebuild(index=app.extensions["ports"].get(Index))
    return app.test_client()


def address(visitor: FlaskClient, path: str) -> str:
    if path not in {"GOODS", "FACTORY"}:
        return path
    found = re.search('href="(/goods/[^"]+)"' if path == "GOODS" else 'href="(/f/[^"]+)"', visitor.get("/").text)
    assert found
    return found[1]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_anybody_may_see_is_small_and_compressed(visitor: FlaskClient, path: str) -> None:
    answer = visitor.get(address(visitor, path), headers=GZIP)
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(gzip.decompress(answer.data)) < 200_000
    assert {"Accept-Encoding", "Accept-Language", "Cookie"} <= set(answer.vary)
    assert answer.headers["Cache-Control"] == "private, no-cache"


def test_a_form_that_is_refused_is_compressed_as_well(visitor: FlaskClient) -> None:
    token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get("/sign-in").text)
    assert token
    answer = visitor.post("/sign-in", data={"csrf_token": token[1], "recipient": "12"}, headers=GZIP)
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (422, "gzip")
    assert "手机号" in gzip.decompress(answer.data).decode()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_did_not_change_travels_once(visitor: FlaskClient, path: str) -> None:
    path = address(visitor, path)
    visitor.get(path)  # a page with a form begins a session
    tag = visitor.get(path, headers=GZIP).headers["ETag"]
    again = visitor.get(path, headers={**GZIP, "If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    english = visitor.get(path, headers={"Accept-Language": "en", "If-None-Match": tag})
    assert english.status_code == 200


def test_a_form_of_another_session_is_another_page(app: Flask, visitor: FlaskClient) -> None:
    path = address(visitor, "GOODS")
    visitor.get(path)
    tag = visitor.get(path).headers["ETag"]
    assert app.test_client().get(path, headers={"If-None-Match": tag}).status_code == 200


def test_what_somebody_signed_in_sees_is_kept_nowhere(app: Flask, shop: Shop) -> None:
    answer = browser_of(app, shop.buyer).get("/")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers


def test_style_and_scripts_are_few_bytes_kept_for_good(app: Flask, visitor: FlaskClient) -> None:
    page = visitor.get("/").text
    [sheet] = re.findall(r'<link rel="stylesheet" href="([^"]+)"', page)
    scripts = re.findall(r'(?:modulepreload" href|type="module" src)="([^"]+)"', page)
    assert {path.rsplit("/", 1)[1] for path in scripts} >= {"app.js", "quantity.js"}
    assert _weight(visitor, [sheet]) < MOST
    assert _weight(visitor, scripts) < MOST


def _weight(visitor: FlaskClient, paths: Iterable[str]) -> int:
    answers = [visitor.get(path, headers=GZIP) for path in paths]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"public, max-age=31536000, immutable"}
    return sum(len(answer.data) for answer in answers)


def test_every_module_of_a_page_is_asked_for_at_once(visitor: FlaskClient) -> None:
    page = visitor.get("/").text
    asked = re.findall(r'modulepreload" href="([^"]+)"', page)
    for path in asked:
        for module in re.findall(r'^import .*"\./([^"]+)";$', visitor.get(path).text, re.MULTILINE):
            assert path.rpartition("/")[0] + "/" + module in asked, path
