"""Rows about goods show them at a glance; whoever approves many is told before of how many something was found."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.permissions import Actor
from onboarding.listings.models import Listing, ListingEdit, Sku
from onboarding.listings.operations import edit_listing, submit_listing
from onboarding.listings.takedowns import appeal, take_down
from onboarding.moderation.glances import glanced, said_of
from tests.cast import NOW, TAN, WEI
from tests.onboarding.people import operator, post, sign_in, waiting
from tests.support.goods import add_sku, make_factory, make_listing
from tests.support.statements import statements

GRAVE, PLAIN, BRAND = "阿迪王围巾", "羊绒围巾", "耐克围巾"


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory(WEI)


def handed_in(wei: Actor, title: str = PLAIN) -> Listing:
    listing = make_listing(wei, title=title, state="draft")
    with transaction():
        values = {"category": "服饰针织/围巾披肩", "attributes": {"材质": "羊绒"}}
        session().execute(update(Listing).where(Listing.id == listing.id).values(**values))
    return submit_listing(actor=wei, listing=listing.public_id, now=NOW)


def rows(app: Flask) -> dict[str, str | None]:
    lines = glanced(waiting(operator(TAN)), now=NOW)
    return {line.title: said_of(line) for line in lines}


def test_a_row_tells_picture_prices_and_how_grave_it_is(app: Flask, client: FlaskClient, wei: Actor) -> None:
    handed_in(wei)
    with transaction():
        add_sku(session().scalars(select(Listing)).one(), "红", price_fen=19_800)
    operator(TAN)
    sign_in(client, TAN)
    shown = client.get("/ops?state=open&type=listing").text
    assert all(words in shown for words in ('class="cell-pictured"', "¥128–¥198", "没有发现"))
    assert "¥128" not in client.get("/ops?state=open&type=listing&csv=cases").text


def test_what_was_found_is_counted_by_weight(app: Flask, wei: Actor) -> None:
    for title in (GRAVE, PLAIN, BRAND):
        handed_in(wei, title)
    assert rows(app) == {GRAVE: "严重 1", PLAIN: "没有发现", BRAND: "提醒 1"}


def test_an_edit_is_looked_at_as_the_goods_are_to_be(app: Flask, wei: Actor) -> None:
    listing = make_listing(wei, title=PLAIN)
    with transaction():
        session().execute(update(Sku).values(vetted_price_fen=Sku.retail_price_fen))
        session().execute(update(Listing).values(category="服饰针织/围巾披肩", attributes={"材质": "羊绒"}))
    sku = session().scalars(select(Sku.public_id)).one()
    told = {"words": {"title": BRAND}, "prices": {sku: 99_900}, "stock": {}}
    edit_listing(actor=wei, listing=listing.public_id, now=NOW, **told)
    [line] = glanced(waiting(operator(TAN), "edit"), now=NOW)
    assert (line.glance.highest_fen, line.glance.warn) == (99_900, 1)
    assert session().scalars(select(ListingEdit.state)).one() == "waiting"


def test_an_appeal_shows_the_goods_that_were_taken_down(app: Flask, wei: Actor) -> None:
    listing = make_listing(wei, title=PLAIN).public_id
    take_down(actor=operator(TAN), listing=listing, reason_code="price", told="", internal="", now=NOW)
    appeal(actor=wei, listing=listing, words="价格没有错", now=NOW)
    [line] = glanced(waiting(operator(TAN), "takedown"), now=NOW)
    assert (line.glance.image, line.glance.lowest_fen) == (session().scalars(select(Listing.image)).one(), 12_800)


def test_many_rows_ask_no_more_than_one(app: Flask, client: FlaskClient, wei: Actor) -> None:
    operator(TAN)
    sign_in(client, TAN)
    counts = []
    for title in (BRAND, GRAVE, PLAIN):
        handed_in(wei, title)
        with statements() as asked:
            assert client.get("/ops?state=open").status_code == 200
        counts.append(len(asked))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 15, asked


def test_of_goods_it_is_asked_before_many_are_approved(app: Flask, client: FlaskClient, wei: Actor) -> None:
    for title in (PLAIN, GRAVE, BRAND):
        handed_in(wei, title)
    cases = [line.public_id for line in waiting(operator(TAN))]
    sign_in(client, TAN)
    asked = post(client, "/ops/approvals", page="/ops?type=listing", case=[*cases, "cas_gone"], queue="type=listing")
    assert asked.status_code == 200
    assert all(words in asked.text for words in ("通过 3 件？", "其中 1 件有严重问题", "其中 1 件有提醒"))
    assert asked.text.index(GRAVE) < asked.text.index(BRAND) < asked.text.index(PLAIN)
    assert set(session().scalars(select(Listing.state))) == {"submitted"}
    done = post(client, "/ops/approvals", page="/ops?type=listing", case=[*cases, "cas_gone"], sure="yes").text
    assert all(words in done for words in ("已通过 2 件", "2 件没有处理"))
    session().rollback()
    assert sorted(session().scalars(select(Listing.state))) == ["published", "published", "submitted"]
