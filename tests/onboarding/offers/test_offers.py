"""What can be bought follows what is published, approved and on."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, update

from kernel.db import db, session, transaction
from kernel.permissions import SYSTEM
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
    assert queries.sellable([offer]) == []


def test_a_closed_offer_opens_again_with_its_listing(app: Flask) -> None:
    listing = on_sale()
    close_offers(actor=SYSTEM, listing=listing.public_id, now=NOW)
    assert queries.offers_of_listing(listing.public_id) == []
    open_own_offers(actor=SYSTEM, listing=listing.public_id, now=NOW)
    assert len(queries.offers_of_listing(listing.public_id)) == 1


def test_hot_questions_cost_one_statement(app: Flask) -> None:
    listing = on_sale(stock=(1, 2, 3))
    offers = [one.offer for one in queries.offers_of_listing(listing.public_id)]
    assert statements(lambda: queries.sellable(offers)) == 1
