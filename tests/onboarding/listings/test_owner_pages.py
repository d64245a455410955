"""What an owner and her clerk read beside their goods is theirs to use, and true."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.permissions import Actor
from onboarding.listings.changes import changes_of, waiting_edit
from onboarding.listings.clearance import reductions
from onboarding.listings.models import Listing, Sku, WayOfSelling
from tests.attacks.town import clerk_of
from tests.cast import NOW
from tests.onboarding.listings.test_meanwhile import fields
from tests.support.goods import make_factory, make_listing, signed_in, write_sheets

OPTIONS = {"option_0": "颜色", "was_option_0": "颜色", "value_0_0": "颜色0", "was_0_0": "颜色0", "paste_0": "红"}


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory()


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


def test_goods_by_hand_without_a_code_get_a_short_one(browser: FlaskClient) -> None:
    told = {"title": "羊" * 100, "retail": "99", "pieces": "3"}
    browser.post("/factory/listings/new", data=told)
    write_sheets(browser.application)
    [code] = session().scalars(select(Listing.code))
    assert (len(code), code.isascii()) == (7, True)
    assert "这款您已经有了" in browser.post("/factory/listings/new", data=told).text


def test_a_new_variant_is_no_price_change(browser: FlaskClient, wei: Actor) -> None:
    listing = make_listing(wei)
    browser.post(f"/factory/listings/{listing.public_id}/options", data=OPTIONS)
    session().expire_all()
    edit = waiting_edit(listing.id)
    assert edit
    assert [(str(one.label), one.option, one.before, one.after) for one in changes_of(edit)] == [
        ("新规格", "红", 0, 12_800)
    ]


def test_nobody_stops_a_supply_that_is_not_there(browser: FlaskClient, wei: Actor) -> None:
    plain, supplied = make_listing(wei, supply_fen=8_000), make_listing(wei, supply_fen=8_000)
    with transaction():
        unpriced = update(WayOfSelling).where(WayOfSelling.listing_id == plain.id)
        session().execute(unpriced.values(drop_ship_price_fen=None))
    pages = [browser.get(f"/factory/listings/{one.public_id}").text for one in (plain, supplied)]
    assert [("停止供货给商家" in page, "大货起订量" in page) for page in pages] == [(False, False), (True, True)]


def test_the_list_leads_to_the_form_for_one_goods(browser: FlaskClient) -> None:
    assert 'href="/factory/listings/new"' in browser.get("/factory/listings").text


def test_lower_prices_are_proposed_for_what_lies(wei: Actor) -> None:
    listing = make_listing(wei, stock=(3, 0))
    [one] = reductions(listing, now=NOW + timedelta(days=95))
    assert (one.sku, one.pieces, one.days, one.new_fen) == (listing.skus[0].public_id, 3, 95, 10_240)
    assert reductions(listing, now=NOW + timedelta(days=29)) == []


def test_the_proposal_is_kept_when_it_is_saved(browser: FlaskClient, wei: Actor) -> None:
    listing = make_listing(wei, stock=(3, 0))
    place = f"/factory/listings/{listing.public_id}/variants"
    shown = browser.get(f"{place}?reduce=1").text  # today is long after the goods came
    assert "先填了低一些的零售价" in shown
    assert browser.post(place, data=fields(shown, place)).status_code == 303
    session().rollback()
    assert session().scalars(select(Sku.retail_price_fen).order_by(Sku.id)).all() == [10_240, 12_800]


def test_a_clerk_is_not_sent_where_she_may_not_go(app: Flask, browser: FlaskClient, wei: Actor) -> None:
    make_listing(wei)
    clerk = signed_in(app, clerk_of(wei))
    ways = ("/factory/certificates", "/factory/notices")
    pages = [one.get("/factory/listings").text for one in (browser, clerk)]
    assert [[f'href="{way}"' in page for way in ways] for page in pages] == [[True, True], [False, False]]
    assert {clerk.get(way).status_code for way in ways} == {404}
