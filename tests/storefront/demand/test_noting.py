"""What is noted of a search and of a click, of whom, and what of it could name anybody."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.clock import Clock, FrozenClock, business_date
from kernel.db import metadata, session
from kernel.permissions import Actor
from onboarding.accounts.models import Organisation
from onboarding.offers.models import PickUp
from storefront.demand.journal import Journal, plain
from storefront.demand.models import SearchClick, SearchKey, SearchNote
from storefront.demand.rules import HIDDEN, is_person, visitor
from tests.cast import NOW
from tests.storefront.conftest import browser_of
from tests.storefront.demand.conftest import HOME, Seek
from tests.storefront.shop import Shop
from tests.support.statements import statements

TABLES = ("search_notes", "search_clicks", "search_sums", "search_keys")


def notes() -> list[SearchNote]:
    session().rollback()
    return list(session().scalars(select(SearchNote).order_by(SearchNote.id)))


def clicks() -> list[SearchClick]:
    session().rollback()
    return list(session().scalars(select(SearchClick).order_by(SearchClick.id)))


def test_a_search_is_noted_with_what_it_found(seek: Seek, journal: Journal) -> None:
    seek("羊绒圍巾", also="&price=0-99999&sort=price")
    assert journal.flush() == 1
    [note] = notes()
    assert (note.text, note.hits, note.how, note.page) == ("羊绒围巾", 1, "all", 1)
    assert (note.filters, note.sort, note.day) == ("price=0-99999", "price", business_date(NOW))


def test_looking_around_without_words_is_no_search(browser: FlaskClient, journal: Journal) -> None:
    for address in ("/factory-goods", "/factory-goods?sort=newest", "/", "/belts"):
        assert browser.get(address).status_code == 200
    assert journal.waiting == 0


def test_what_was_opened_is_noted_once_with_its_place(seek: Seek, journal: Journal, goods: str, shop: Shop) -> None:
    seek("围巾", opens=goods)
    seek("围巾", opens=goods)
    journal.flush()
    [click] = clicks()
    assert (click.text, click.listing, click.position) == ("围巾", shop.listing.public_id, 1)
    assert {note.visitor for note in notes()} == {click.visitor}


def test_goods_in_a_merchants_shop_count_as_the_listing_that_was_found(
    browser: FlaskClient, seek: Seek, journal: Journal, shop: Shop, resale: list[str]
) -> None:
    assert resale
    query = select(Organisation.slug, PickUp.public_id).join(PickUp, PickUp.organisation_id == Organisation.id)
    slug, pick_up = session().execute(query).one()
    seek("围巾", opens=browser.get(f"/m/{slug}/{pick_up}", follow_redirects=True).request.path)
    journal.flush()
    assert [(click.listing, click.position) for click in clicks()] == [(shop.listing.public_id, 1)]


@pytest.mark.parametrize(
    "came_from",
    [
        "",
        "https://evil.example/factory-goods?q=围巾",
        f"{HOME}/factory-goods",
        f"{HOME}/factory-goods?sort=price",
        f"{HOME}/belts?q=围巾",
        f"{HOME}.evil.example/factory-goods?q=围巾",
    ],
)
def test_who_came_from_elsewhere_clicked_nothing(
    browser: FlaskClient, journal: Journal, goods: str, came_from: str
) -> None:
    browser.get(goods, headers={"Referer": came_from} if came_from else {})
    assert journal.flush() == 0


def test_neither_page_asks_the_database_more_for_it(seek: Seek, journal: Journal, goods: str) -> None:
    seek("围巾", opens=goods)
    with statements() as asked:
        seek("围巾", opens=goods)
    assert not [one for one in asked if "search_" in one]
    assert journal.waiting == 4


@pytest.mark.parametrize(
    "agent",
    [
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "Mozilla/5.0 (compatible; Baiduspider/2.0)",
        "curl/8.5.0",
        "python-requests/2.32",
        "Mozilla/5.0 Chrome-Lighthouse",
        "",
    ],
)
def test_robots_are_not_counted(seek: Seek, journal: Journal, goods: str, agent: str) -> None:
    seek("围巾", opens=goods, agent=agent)
    assert journal.waiting == 0


def test_a_page_fetched_in_advance_is_not_looked_at() -> None:
    phone = "Mozilla/5.0 (Linux; Android 14; CUBOT X50) Mobile Safari/537.36 MicroMessenger/8.0"
    assert is_person(phone, "GET", "")
    assert not is_person(phone, "HEAD", "")
    assert not is_person(phone, "GET", "prefetch;prerender")


def test_codes_of_two_days_have_nothing_in_common(app: Flask, seek: Seek, journal: Journal) -> None:
    clock = app.extensions["ports"].get(Clock)
    assert isinstance(clock, FrozenClock)
    seek("围巾")
    seek("围巾")
    journal.flush()
    clock.moment = NOW + timedelta(days=1)
    seek("围巾")
    journal.flush()
    before, after = notes()
    assert before.visitor != after.visitor
    assert (before.times, after.times) == (2, 1)
    assert [key.day for key in session().scalars(select(SearchKey))] == [business_date(clock.moment)]


def test_a_note_of_a_day_just_over_needs_no_key_of_it(app: Flask, seek: Seek, journal: Journal) -> None:
    seek("围巾")
    journal.flush()
    seek("围巾")
    app.extensions["ports"].get(Clock).moment = NOW + timedelta(days=1)
    journal.flush()
    first, late = notes()
    assert first.day == late.day
    assert first.visitor != late.visitor


def test_another_process_gives_the_same_visitor_the_same_code(app: Flask, seek: Seek, journal: Journal) -> None:
    seek("围巾")
    journal.flush()
    other = Journal(app)
    app.extensions["searches"] = other
    seek("围巾")
    other.flush()
    assert [note.times for note in notes()] == [2]


def test_changing_browsers_makes_no_second_visitor(seek: Seek, journal: Journal) -> None:
    seek("围巾", agent="Mozilla/5.0 Firefox")
    seek("围巾", agent="Mozilla/5.0 Safari")
    seek("围巾", network=2)
    journal.flush()
    assert len({note.visitor for note in notes()}) == 2


def test_the_tables_name_nobody(app: Flask, seek: Seek, journal: Journal, lin: Actor, goods: str) -> None:
    seek("找林晓 13800138001 lin@example.com 110101199003070011", opens=goods)
    client = browser_of(app, lin)
    client.get("/factory-goods?q=围巾", environ_base={"REMOTE_ADDR": "203.0.113.9"})
    journal.flush()
    session().rollback()
    told = repr([session().execute(select(metadata.tables[name])).all() for name in TABLES])
    for secret in ("203.0.113", "13800138001", "lin@example.com", "110101199003070011", lin.user, "Mozilla"):
        assert secret not in told
    assert {note.at.minute for note in notes()} == {0}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("１３８００１３８００１ 围巾", f"{HIDDEN * 3} 围巾"),
        ("+86 138 0013 8001", HIDDEN * 3),
        ("货号 6901234567892", "货号 6901234567892"),
        ("  羊絨   圍巾 ", "羊绒 围巾"),
        ("围\u202e巾\x00", "围巾"),
        ("﷽" * 80, None),
    ],
)
def test_texts_are_counted_in_one_spelling_without_names(typed: str, kept: str | None) -> None:
    assert len(plain(typed)) <= 80
    if kept is not None:
        assert plain(typed) == kept


def test_a_code_needs_both_the_key_and_the_secret() -> None:
    codes = {visitor("a", key=key, secret=secret) for key in "kl" for secret in "st"}
    assert len(codes) == 4
    assert all(len(code) == 16 for code in codes)
