"""What everybody may read of what others seek: what several sought on one day, found, and the law lets stand."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.clock import Clock, business_date
from kernel.db import session
from storefront.demand.journal import Journal, plain
from storefront.demand.models import SearchNote
from storefront.demand.queries import popular, unmet_wishes
from storefront.demand.rules import FEWEST, Wish, is_fit
from tests.cast import NOW
from tests.storefront.demand.conftest import Seek

TODAY = business_date(NOW)
Sought = Callable[..., None]


@pytest.fixture
def sought(app: Flask, seek: Seek, journal: Journal) -> Sought:
    """Sought by so many on a day."""

    def go(text: str, people: int, *, day: int = 0) -> None:
        app.extensions["ports"].get(Clock).moment = NOW + timedelta(days=day)
        for network in range(people):
            seek(text, network + 1)
        journal.flush()

    return go


def test_what_three_sought_on_one_day_is_popular_and_what_two_did_is_not(sought: Sought) -> None:
    sought("围巾", FEWEST)
    sought("羊绒", FEWEST - 1)
    assert popular(TODAY, limit=5) == ("围巾",)


def test_one_visitor_on_many_days_is_not_several(sought: Sought) -> None:
    for day in range(-6, 1):
        sought("羊绒围巾", FEWEST - 1, day=day)
    assert popular(TODAY, limit=5) == ()


def test_one_visitor_who_asks_often_is_not_several(sought: Sought) -> None:
    for _time in range(FEWEST + 1):
        sought("围巾", 1)
    assert popular(TODAY, limit=5) == ()


def test_the_most_sought_comes_first_and_old_wishes_end(sought: Sought) -> None:
    sought("羊绒围巾", 9, day=-7)
    sought("羊绒", 3)
    sought("围巾", 4)
    assert popular(TODAY, limit=5) == ("围巾", "羊绒")
    assert popular(TODAY, limit=1) == ("围巾",)


@pytest.mark.parametrize("text", ["全国第一羊绒围巾", "最好的围巾", "围巾 13800138001"])
def test_what_the_law_refuses_and_what_names_somebody_is_never_shown(sought: Sought, text: str) -> None:
    sought(text, FEWEST + 2)
    assert popular(TODAY, limit=5) == ()


@pytest.mark.parametrize(
    "text",
    ["围巾 傻 逼", "煞笔围巾", "围巾★★加V★★", "围巾 www.evil.com", "SB 围巾", "围巾😀", "<b>围巾</b>", "微信围巾"],
)
def test_what_offends_or_is_no_word_is_never_shown(sought: Sought, text: str) -> None:
    sought(text, FEWEST + 2)
    assert popular(TODAY, limit=5) == ()
    assert not is_fit(plain(text))


@pytest.mark.parametrize("text", ["羊绒围巾", "iphone15 手机壳", "sba 篮球", "TR90"])
def test_plain_words_are_fit(text: str) -> None:
    assert is_fit(text)


def test_what_was_set_right_is_not_popular(seek: Seek, journal: Journal) -> None:
    for network in range(FEWEST + 1):
        seek("weijni", network + 1)
    journal.flush()
    assert [(note.how, note.hits > 0) for note in session().scalars(select(SearchNote))] == [("corrected", True)] * 4
    assert popular(TODAY, limit=5) == ()


def test_what_found_nothing_is_a_wish_and_not_popular(sought: Sought) -> None:
    sought("航天飞机", 4, day=-1)
    sought("航天飞机", 3)
    sought("围巾", 3)
    assert popular(TODAY, limit=5) == ("围巾",)
    assert unmet_wishes(TODAY - timedelta(days=6), TODAY) == [Wish("航天飞机", 7, 2, TODAY)]
    assert unmet_wishes(TODAY, TODAY, fewest=4) == []


def test_a_filter_that_leaves_nothing_makes_no_wish(seek: Seek, journal: Journal) -> None:
    seek("围巾", also="&price=0-1999")
    journal.flush()
    assert unmet_wishes(TODAY, TODAY) == []


def test_without_script_popular_searches_stand_on_the_page(
    browser: FlaskClient, journal: Journal, sought: Sought
) -> None:
    assert "大家在搜" not in browser.get("/").text
    sought("围巾", FEWEST)
    journal.read_popular()
    for address in ("/", "/factory-goods"):
        assert 'href="/factory-goods?q=%E5%9B%B4%E5%B7%BE"' in browser.get(address).text
    assert "大家在搜" not in browser.get("/factory-goods?q=羊绒").text
