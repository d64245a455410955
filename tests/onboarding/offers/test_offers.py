"""What can be bought follows what is published, approved and on."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, update

from kernel.db import db, session, transaction
from kernel.permissions import SYSTEM
from onboarding.listings import stock
from onboarding.listings.models import Listing, Sku
from onboarding.offers import queries
from onboarding.offers.models import Offer
from onboarding.offers.operations import close_offers, open_own_offers
from onboarding.verification.models import Application
from tests.cast import NOW
from tests.support.goods import make_factory, make_listing


def on_sale(**facts: Any) -> Listing:  # noqa: ANN401  as make_listing takes them
    listing = make_listing(make_factory(), **facts)
    open_own_offers(actor=SYSTEM, listing=listing.public_id, now=NOW)
    return listing


def change(table: type, **values: object) -> None:
    with transaction():
        session().execute(update(table).values(**values))


def statements(ask: Callable[[], object]) -> int:
    seen: list[str] = []
    note = lambda *args: seen.append(args[2])  # noqa: E731
    event.listen(db.engine, "before_cursor_execute", note)
    ask()
    event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def test_one_offer_per_variant_at_its_retail_price(app: Flask) -> None:
    listing = on_sale(stock=(10, 0), price_fen=12_800)
    found = queries.offers_of_listing(listing.public_id)
    assert [(one.price_fen, one.left, one.options["颜色"]) for one in found] == [
        (12_800, 10, "颜色0"),
        (12_800, 0, "颜色1"),
    ]
    assert queries.sellable([found[0].offer]) == found[:1]


def test_opening_twice_makes_nothing_new(app: Flask) -> None:
    listing = on_sale()
    assert open_own_offers(actor=SYSTEM, listing=listing.public_id, now=NOW) == []
    change(Sku, retail_price_fen=9_900)
    assert len(open_own_offers(actor=SYSTEM, listing=listing.public_id, now=NOW)) == 1
    assert [one.price_fen for one in queries.offers_of_listing(listing.public_id)] == [9_900]


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (Offer, {"state": "off"}),
        (Offer, {"state": "held", "held_reason": "below_cost"}),
        (Listing, {"state": "archived"}),
        (Listing, {"state": "submitted"}),
        (Application, {"state": "refused", "reason": "假执照"}),
        (Application, {"state": "submitted"}),
    ],
)
def test_what_may_not_be_sold_is_nowhere(app: Flask, table: type, values: dict[str, str]) -> None:
    listing = on_sale()
    offer = queries.offers_of_listing(listing.public_id)[0].offer
    change(table, **values)
    assert (queries.sellable([offer]), queries.cards([listing.public_id])) == ([], {})
    assert (queries.documents([listing.public_id]), queries.newest_cards(limit=5)) == ([], [])


def test_a_closed_offer_opens_again_with_its_listing(app: Flask) -> None:
    listing = on_sale()
    close_offers(actor=SYSTEM, listing=listing.public_id, now=NOW)
    assert queries.offers_of_listing(listing.public_id) == []
    open_own_offers(actor=SYSTEM, listing=listing.public_id, now=NOW)
    assert len(queries.offers_of_listing(listing.public_id)) == 1


def test_a_card_shows_the_price_range_and_what_is_left(app: Flask) -> None:
    listing = on_sale(stock=(3, 4), price_fen=5_000)
    dearer = listing.skus[1].id
    with transaction():
        session().execute(update(Sku).where(Sku.id == dearer).values(retail_price_fen=6_000))
        stock.reserve({dearer: 1}, holder="ord_1", buyer="usr_lin", expires_at=NOW + timedelta(hours=1), now=NOW)
        open_own_offers(actor=SYSTEM, listing=listing.public_id, now=NOW)
    card = queries.cards([listing.public_id, "lst_unknown"])[listing.public_id]
    assert (card.price_fen, card.price_to_fen, card.left, card.skus) == (5_000, 6_000, 6, 2)
    assert (card.factory_name, card.belt, card.province) == ("魏国强羊绒厂", "qinghe-cashmere", "河北省")


def test_cards_of_a_belt_and_of_a_factory(app: Flask) -> None:
    listing = on_sale()
    card = queries.cards([listing.public_id])[listing.public_id]
    assert queries.cards_of_belt("qinghe-cashmere", limit=5) == [card]
    assert queries.cards_of_factory(card.factory, limit=5) == [card]
    assert queries.cards_of_belt("danyang-glasses", limit=5) == []


def test_facts_for_the_index_carry_every_word(app: Flask) -> None:
    listing = on_sale()
    facts = queries.documents([listing.public_id])[0]
    assert (facts.price_fen, facts.left, facts.moq, facts.published_at) == (12_800, 10, 1, NOW)
    assert facts.words.split()[:2] == ["羊绒", "颜色0"]
    assert queries.published_after(0) == [(listing.id, listing.public_id)]


def test_hot_questions_cost_one_statement(app: Flask) -> None:
    listing = on_sale(stock=(1, 2, 3))
    offers = [one.offer for one in queries.offers_of_listing(listing.public_id)]
    assert statements(lambda: queries.sellable(offers)) == 1
    assert statements(lambda: queries.cards([listing.public_id])) == 1
