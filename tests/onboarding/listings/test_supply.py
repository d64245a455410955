"""A factory opens its goods to merchants at a price, on one panel, and closes them again."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from commission.rates.operations import publish_first_card
from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.outbox import OutboxFact
from kernel.permissions import SYSTEM, Actor
from onboarding.listings import queries
from onboarding.listings.models import Listing, Sku, SupplyTier, WayOfSelling
from onboarding.listings.operations import set_supply
from tests.cast import NOW, WEI, YU
from tests.support.goods import make_factory, make_listing, make_merchant, make_resale, signed_in


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory(WEI)


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


def supply(actor: Actor, listing: Listing, price_fen: int | None, *, is_open: bool = True) -> None:
    told = {"drop_ship_price_fen": price_fen, "open_to_merchants": is_open}
    set_supply(actor=actor, listing=listing.public_id, now=NOW, **told)


def laddered(wei: Actor, **facts: object) -> Listing:
    """Two variants, one with a trade price of its own, and a ladder from 10 pieces."""
    listing = make_listing(wei, stock=(1, 1), **facts)
    with transaction():
        session().add(WayOfSelling(listing_id=listing.id, way="supply", min_quantity=10))
        for least, price in ((10, 6_800), (100, 6_000)):
            session().add(SupplyTier(listing_id=listing.id, min_quantity=least, unit_price_fen=price))
        session().execute(update(Sku).where(Sku.id == listing.skus[0].id).values(supply_price_fen=7_000))
    session().expire_all()
    return listing


def prices(listing: Listing) -> list[int]:
    session().rollback()
    terms = queries.supply_terms([listing.id]).get(listing.id)
    return list(terms.prices.values()) if terms else []


def test_the_price_of_one_piece_is_the_drop_ship_price_else_the_trade_price(wei: Actor) -> None:
    listing = laddered(wei)
    assert prices(listing) == [7_000, 6_800]
    supply(wei, listing, 7_500)
    assert prices(listing) == [7_500, 7_500]
    terms = queries.supply_terms([listing.id, 404])[listing.id]
    assert (terms.organisation_id, terms.min_quantity) == (listing.organisation_id, 10)
    assert (terms.tiers, terms.currency) == (((10, 6_800), (100, 6_000)), "CNY")


def test_closed_goods_keep_their_price_and_have_no_terms(wei: Actor) -> None:
    listing = laddered(wei)
    supply(wei, listing, 7_500, is_open=False)
    assert prices(listing) == []
    supply(wei, listing, 7_500)
    assert prices(listing) == [7_500, 7_500]


def test_goods_without_a_supply_way_get_one(wei: Actor) -> None:
    listing = make_listing(wei)
    assert prices(listing) == []
    supply(wei, listing, 4_000)
    assert prices(listing) == [4_000]


def test_nothing_opens_without_a_price(wei: Actor) -> None:
    listing = make_listing(wei)
    with pytest.raises(DomainError, match="no_supply_price"):
        supply(wei, listing, None)
    for price in (0, -1, 100_000_001):
        with pytest.raises(DomainError, match=r"listing\.price"):
            supply(wei, listing, price)


def test_only_a_change_of_goods_on_sale_is_announced(wei: Actor) -> None:
    on_sale, draft = make_listing(wei), make_listing(wei, state="draft")
    supply(wei, draft, 4_000)
    for _ in range(2):
        supply(wei, on_sale, 4_000)
    told = select(OutboxFact.kind).where(OutboxFact.kind.startswith("listing."))
    assert session().scalars(told).all() == ["listing.changed"]


def test_a_stranger_and_goods_taken_down_are_refused(wei: Actor) -> None:
    with pytest.raises(NotFoundError):
        supply(make_factory(YU), make_listing(wei), 4_000)
    with pytest.raises(NotFoundError):
        supply(make_merchant(), make_listing(wei), 4_000)
    with pytest.raises(DomainError, match=r"listing\.state"):
        supply(wei, make_listing(wei, state="archived"), 4_000)


def test_the_table_closes_no_way_to_shoppers(wei: Actor) -> None:
    make_listing(wei)
    with pytest.raises(IntegrityError), transaction():
        session().execute(update(WayOfSelling).values(closed=True))


def test_the_panel_opens_goods_and_closes_them(browser: FlaskClient, wei: Actor) -> None:
    listing = laddered(wei)
    place = f"/factory/listings/{listing.public_id}"
    publish_first_card(actor=SYSTEM, now=NOW)
    make_resale(make_merchant(), listing)
    shown = browser.get(place).text
    for words in ("供货给商家", "一件代发价", "10 件起", "100 件起", "1 家", "停止供货"):
        assert words in shown
    assert browser.post(f"{place}/supply", data={"drop_ship_price": "75", "supply": "closed"}).status_code == 303
    assert (prices(listing), "保存并开放供货" in browser.get(place).text) == ([], True)
    assert browser.post(f"{place}/supply", data={"drop_ship_price": "", "supply": "open"}).status_code == 303
    assert prices(listing) == [7_000, 6_800]


@pytest.mark.parametrize("price", ["abc", "-1", "0", "1.234", "1000000001"])
def test_a_senseless_price_is_kept_and_told_and_the_words_stay(browser: FlaskClient, wei: Actor, price: str) -> None:
    listing = make_listing(wei)
    with transaction():
        session().execute(update(Listing).values(description="手工缝制"))
    place = f"/factory/listings/{listing.public_id}/supply"
    answer = browser.post(place, data={"drop_ship_price": price, "supply": "open"})
    assert answer.status_code == 422
    assert f'value="{price}"' in answer.text
    assert "手工缝制" in answer.text
    assert browser.post(place, data={"drop_ship_price": "", "supply": "open"}).status_code == 422


def test_a_price_at_retail_is_warned_about(browser: FlaskClient, wei: Actor) -> None:
    listing = make_listing(wei, price_fen=5_000, supply_fen=5_000)
    assert "很难卖动" in browser.get(f"/factory/listings/{listing.public_id}").text


def test_a_merchant_and_a_stranger_see_no_panel(app: Flask, wei: Actor) -> None:
    listing = make_listing(wei, supply_fen=5_000)
    for other in (make_merchant(), make_factory(YU)):
        stranger = signed_in(app, other)
        assert stranger.get(f"/factory/listings/{listing.public_id}").status_code in (403, 404)
        told = {"drop_ship_price": "1", "supply": "open"}
        assert stranger.post(f"/factory/listings/{listing.public_id}/supply", data=told).status_code in (403, 404)
    assert prices(listing) == [5_000]
