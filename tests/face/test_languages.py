"""Every page of the demo in both languages: what it says of its language holds, and nothing is left untranslated."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kernel.permissions import ANONYMOUS
from kernel.wording import TAGS, catalogue
from onboarding.accounts.queries import actor_of, user_by_phone
from tests.cast import BO, FANG, LIN, TAN, WEI
from tests.support import demo
from tests.support.laws.catalogues import shown
from tests.support.laws.places import ROOT
from tests.support.reading import CHINESE, Reader, misread
from tests.support.visitor import Visitor

STARTS = {
    LIN: ("/", "/cart", "/orders", "/account", "/rates", "/join"),
    WEI: ("/factory", "/factory/sheets"),
    BO: ("/merchant", "/supply"),
    TAN: ("/ops", "/ops/work", "/ops/audit"),
    FANG: ("/finance",),
}
IDS = re.compile(r"[a-z]+_[0-9a-z]{8,}[^/?]*|(?<=/[fm]/)[^/?]+|(?<=/belts/)[^/?]+")
LINK = re.compile(r'href="(/[^"#?]*)')


@pytest.fixture(scope="module")
def house() -> Iterator[Flask]:
    with demo.deployment(demo.loaded()) as app:
        people = {person.phone: actor_of(user_by_phone(person.phone)) for person in STARTS}
        app.test_client_class = Visitor
        app.extensions["load_actor"] = lambda sid, now: people.get(sid, ANONYMOUS)  # noqa: ARG005  time stands still
        yield app


def pages(house: Flask) -> Iterator[tuple[str, TestResponse]]:
    """One page in English of each kind that people come to by links, as they see it."""
    seen = set[str]()
    for person, starts in STARTS.items():
        browser = browser_of(house, person.phone)
        waiting = list(starts)
        while waiting:
            path = waiting.pop()
            kind = IDS.sub("*", path)
            if kind not in seen:
                seen.add(kind)
                answer = browser.get(path, headers={"Accept-Language": "en"}, follow_redirects=True)
                if answer.mimetype == "text/html":
                    waiting += [link for link in LINK.findall(answer.text) if not link.startswith("/assets")]
                    yield path, answer


def browser_of(house: Flask, phone: str) -> FlaskClient:
    browser = house.test_client()
    with browser.session_transaction() as kept:
        kept["sid"] = phone
    return browser


@pytest.mark.slow
def test_no_page_in_english_has_chinese_that_is_not_marked_or_not_translated(house: Flask) -> None:
    english = catalogue("en")
    ours = {text for text in shown(ROOT) if CHINESE.search(text) and english.ugettext(text) != text}
    complaints, count = list[str](), 0
    for path, answer in pages(house):
        count += 1
        said = {text for language, text in Reader(answer.text).words if language == "zh-CN"}
        complaints += [f"{path}: {text!r} is not marked" for text in misread(answer.text)]
        if "packing-list" not in path:  # which is written for who unpacks the parcel
            complaints += [f"{path}: {text!r} is not translated" for text in sorted(said & ours)]
    assert not complaints, "\n".join(complaints)
    assert count > 40


@pytest.mark.slow
@pytest.mark.parametrize(("language", "tag"), TAGS.items())
def test_every_page_says_its_language(house: Flask, language: str, tag: str) -> None:
    for person, starts in STARTS.items():
        for path in (*starts, "/nowhere"):
            answer = browser_of(house, person.phone).get(path, headers={"Accept-Language": language})
            assert f'<html lang="{tag}"' in answer.text, path
            assert answer.headers["Content-Language"] == tag, path
            assert {"Accept-Language", "Cookie"} <= set(answer.vary), path


def test_the_reader_hears_what_is_not_marked() -> None:
    page = '<h1>羊绒</h1><p lang="zh-CN">清河 <b>样绒</b></p><img alt="围巾"><p>of 清河 cashmere</p>'
    assert misread(f'<html lang="en">{page}</html>') == ["羊绒", "围巾"]
