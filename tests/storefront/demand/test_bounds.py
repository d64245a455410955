"""Nobody fills the log of searches, writes what she likes into it, or is several visitors at once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from kernel.db import session
from kernel.permissions import Actor
from storefront.demand import operations
from storefront.demand.journal import Journal
from storefront.demand.models import SearchClick, SearchNote
from storefront.demand.queries import sought
from storefront.demand.rules import Click, network
from tests.cast import NOW
from tests.storefront.conftest import browser_of
from tests.storefront.demand.conftest import Seek
from tests.storefront.demand.test_journal import search
from tests.storefront.demand.test_noting import notes
from tests.storefront.demand.test_popular import TODAY


def test_a_text_sought_again_is_counted_and_not_noted_again(seek: Seek, journal: Journal) -> None:
    for _time in range(3):
        seek("围巾")
    journal.flush()
    seek("围巾")
    journal.flush()
    assert [(note.text, note.times) for note in notes()] == [("围巾", 4)]
    assert [(one.searches, one.people) for one in sought(TODAY, TODAY)] == [(4, 1)]


def test_turning_a_page_is_no_note(seek: Seek, journal: Journal) -> None:
    seek("围巾", also="&page=2")
    assert journal.waiting == 0


def test_of_what_a_text_found_the_best_is_told(seek: Seek, journal: Journal) -> None:
    seek("围巾", also="&price=0-1")
    journal.flush()
    seek("围巾")
    journal.flush()
    seek("围巾", also="&price=0-1")
    journal.flush()
    assert [(note.hits, note.filters, note.times) for note in notes()] == [(1, "", 3)]


def test_a_visitor_is_noted_so_often_a_day_and_others_still(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations, "MOST_A_DAY", 5)
    journal = Journal(app)
    for number in range(4):
        journal.note(search(number * 50))
    journal.flush()
    for number in range(4, 9):
        journal.note(search(number * 50))
    journal.note(search(1))
    journal.flush()
    assert len(notes()) == 6
    for number in range(9):
        journal.note(Click(NOW, "network 203.0.113.9", f"q=t{number}", "lst_aaaaaaaaaaaaaaaa"))
    journal.flush()
    session().rollback()
    assert session().scalar(select(func.count()).select_from(SearchClick)) == 5


def test_filters_are_noted_only_as_far_as_there_are_such(seek: Seek, journal: Journal) -> None:
    made_up = "&belt=13800138000&province=13800138000&from=13800138000&category=13800138000"
    seek("围巾", also=f"{made_up}&belt=qinghe-cashmere&stock=1")
    journal.flush()
    [told] = notes()
    assert told.filters == "belt=qinghe-cashmere&stock=1"


def test_signing_in_makes_no_second_visitor(app: Flask, browser: FlaskClient, journal: Journal, lin: Actor) -> None:
    told = {"REMOTE_ADDR": "203.0.113.1", "HTTP_USER_AGENT": "Mozilla/5.0"}
    for one in (browser, browser_of(app, lin)):
        one.get("/factory-goods?q=围巾", environ_base=told)
    journal.flush()
    session().rollback()
    assert session().scalar(select(func.count(SearchNote.visitor.distinct()))) == 1


@pytest.mark.parametrize(
    ("address", "site"),
    [
        ("2001:db8:7:1::", "2001:db8:7::"),
        ("2001:db8:7:ffff::", "2001:db8:7::"),
        ("2001:db8:8:1::", "2001:db8:8::"),
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_site_is_one_visitor(address: str, site: str) -> None:
    assert network(address) == site


def test_two_networks_of_a_site_are_noted_as_one(browser: FlaskClient, journal: Journal) -> None:
    for part in range(3):
        told = {"REMOTE_ADDR": f"2001:db8:7:{part}::1", "HTTP_USER_AGENT": "Mozilla/5.0"}
        browser.get("/factory-goods?q=围巾", environ_base=told)
    journal.flush()
    assert [note.times for note in notes()] == [3]
