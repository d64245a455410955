"""A listing stands in the channel once, as what can be bought of it now, and the index keeps just that."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

from kernel.db import session, transaction
from kernel.permissions import SYSTEM
from onboarding.listings import stock
from onboarding.listings.models import Listing, Sku, WayOfSelling
from onboarding.offers.models import Offer
from onboarding.offers.operations import open_own_offers
from onboarding.verification.models import Application
from storefront.search import queries
from storefront.search.operations import count_sales, forget_sales
from storefront.search.rules import SALES_DAYS, Card
from storefront.search.slices import everything
from tests.cast import FANG, NOW
from tests.support.goods import make_factory, make_listing, make_merchant, make_resale
from tests.support.statements import statements


def on_sale(**facts: Any) -> Listing:  # noqa: ANN401  as make_listing takes them
    listing = make_listing(make_factory(), **facts)
    open_own_offers(actor=SYSTEM, listing=listing.public_id, now=NOW)
    return listing


def change(table: type, **values: object) -> None:
    with transaction():
        session().execute(update(table).values(**values))


def close_own() -> None:
    with transaction():
        session().execute(update(Offer).where(Offer.kind == "own").values(state="off"))


def card(listing: Listing) -> Card:
    return queries.cards([listing.public_id])[listing.public_id]


def test_a_card_shows_the_price_range_and_what_is_left(app: Flask) -> None:
    listing = on_sale(stock=(3, 4), price_fen=5_000)
    dearer = listing.skus[1].id
    with transaction():
        session().execute(update(Sku).where(Sku.id == dearer).values(retail_price_fen=6_000))
        stock.reserve({dearer: 1}, holder="ord_1", buyer="usr_lin", expires_at=NOW + timedelta(hours=1), now=NOW)
        open_own_offers(actor=SYSTEM, listing=listing.public_id, now=NOW)
    shown = queries.cards([listing.public_id, "lst_unknown"])[listing.public_id]
    assert (shown.price_fen, shown.price_to_fen, shown.left, shown.skus) == (5_000, 6_000, 6, 2)
    assert (shown.seller_name, shown.belt, shown.province) == ("魏国强羊绒厂", "qinghe-cashmere", "河北省")


def test_cards_of_a_belt_and_of_a_factory(app: Flask) -> None:
    listing = on_sale()
    assert queries.cards_of_belt("qinghe-cashmere", limit=5) == [card(listing)]
    assert queries.cards_of_factory(card(listing).seller, limit=5) == [card(listing)]
    assert queries.cards_of_belt("danyang-glasses", limit=5) == []


def test_where_words_found_nothing_goods_of_the_same_sort_come_first(app: Flask) -> None:
    alike, other = on_sale(), make_listing(make_factory(FANG), title="镜框")
    open_own_offers(actor=SYSTEM, listing=other.public_id, now=NOW)
    with transaction():
        session().execute(update(Listing).where(Listing.id == alike.id).values(category="茶叶/绿茶"))
        session().execute(update(Listing).where(Listing.id == other.id).values(category="眼镜"))
    assert queries.newest_of_makers(limit=5, within="茶叶") == [card(alike)]
    assert queries.newest_of_makers(limit=5, within="酒水") == queries.newest_of_makers(limit=5) != []


@pytest.mark.parametrize(
    ("table", "values"),
    [
        (Offer, {"state": "off"}),
        (Offer, {"state": "held", "held_reason": "below_cost"}),
        (Listing, {"state": "archived"}),
        (Application, {"state": "refused", "reason": "假执照"}),
    ],
)
def test_what_may_not_be_sold_has_no_card(app: Flask, table: type, values: dict[str, str]) -> None:
    listing = on_sale()
    make_resale(make_merchant(), listing)
    change(table, **values)
    assert (queries.cards([listing.public_id]), queries.newest_cards(limit=5)) == ({}, [])
    assert (queries.documents([listing.public_id]), list(everything())) == ([], [])


def test_goods_sold_by_their_factory_and_by_merchants_are_one_card(app: Flask) -> None:
    listing = on_sale(price_fen=12_800)
    make_resale(make_merchant(), listing, price_fen=9_900)
    make_resale(make_merchant(FANG), listing, price_fen=8_800)
    shown = queries.newest_cards(limit=5)
    assert [(one.page, one.price_fen, one.shops) for one in shown] == [
        (f"/goods/{listing.public_id}-yang-rong-wei-jin", 12_800, 2)
    ]
    assert shown == [card(listing)] == queries.cards_of_belt("qinghe-cashmere", limit=5)


def test_without_the_factory_the_card_is_the_cheapest_merchants(app: Flask) -> None:
    listing = on_sale(stock=(5, 5))
    make_resale(make_merchant(), listing, price_fen=16_000)
    cheapest = make_resale(make_merchant(FANG, name="方静好物"), listing, price_fen=15_000)
    make_resale(make_merchant(), listing, price_fen=9_000, state="held")
    close_own()
    shown = card(listing)
    assert (shown.seller_name, shown.price_fen, shown.skus, shown.shops) == ("方静好物", 15_000, 2, 2)
    assert shown.page == f"{shown.seller_page}/{cheapest.public_id}-yang-rong-wei-jin"
    assert shown.seller_page.startswith("/m/")
    assert (shown.belt, shown.belt_zh, shown.belt_en, shown.province) == (None, None, None, None)


def test_a_merchants_copy_is_on_no_page_that_names_the_factory_or_its_belt(app: Flask) -> None:
    listing = on_sale()
    factory = card(listing).seller
    make_resale(make_merchant(), listing)
    close_own()
    assert queries.newest_cards(limit=5) == [card(listing)]
    assert queries.cards_of_belt("qinghe-cashmere", limit=5) == queries.cards_of_factory(factory, limit=5) == []


def test_the_index_keeps_every_word_and_the_price_of_the_card(app: Flask) -> None:
    listing = on_sale()
    [document] = queries.documents([listing.public_id])
    assert (document.price_fen, document.in_stock, document.moq, document.created_at) == (12_800, True, 1, NOW)
    assert document.attributes.split() == ["羊绒", "颜色0", listing.code]
    assert list(everything()) == [document]


def test_the_index_keeps_nothing_of_the_factory_behind_a_merchant(app: Flask) -> None:
    listing = on_sale()
    make_resale(make_merchant(), listing, price_fen=15_000)
    close_own()
    [document] = queries.documents([listing.public_id])
    assert (document.price_fen, document.factory) == (15_000, "薄亮的小店")
    assert (document.belt, document.belt_name, document.province) == ("", "", "")
    assert document.attributes.split() == ["羊绒", "颜色0"]


@pytest.mark.parametrize(
    ("ask", "most"),
    [
        (queries.cards, 1),
        (lambda _: queries.newest_cards(limit=9), 1),
        (lambda _: queries.cards_of_belt("qinghe-cashmere", limit=9), 1),
        (queries.documents, 5),
    ],
)
def test_hot_questions_cost_few_statements(app: Flask, ask: Callable[[list[str]], object], most: int) -> None:
    listing = on_sale(stock=(1, 2, 3))
    make_resale(make_merchant(), listing)
    asked_for = [listing.public_id]
    session().rollback()
    with statements() as asked:
        assert ask(asked_for)
    assert len(asked) == most


def test_what_merchants_resell_keeps_to_their_shops_where_the_factory_says_so(app: Flask) -> None:
    listing, merchant = on_sale(supply_fen=9_000), make_merchant()
    make_resale(merchant, listing)
    change(WayOfSelling, resold_shown=False)
    assert card(listing).shops == 0
    close_own()
    assert (queries.cards([listing.public_id]), queries.newest_cards(limit=5)) == ({}, [])
    assert queries.documents([listing.public_id]) == []
    assert len(queries.cards_of_merchant(merchant.memberships[0].organisation_id, limit=5)) == 1


def test_a_document_says_what_can_be_chosen_by(app: Flask) -> None:
    listing = on_sale(stock=(0, 0), supply_fen=9_000)
    change(Offer, min_quantity=10, pack_size=6)
    [document] = queries.documents([listing.public_id])
    assert (document.moq, document.ships_from, document.in_stock) == (12, "河北省", False)
    assert (document.is_direct, document.is_supplied, document.is_verified) == (True, True, True)
    assert (document.inspected_until, document.made_to_order, document.sold) == (0, False, 0)
    change(Sku, made_to_order=True)
    count_sales(actor=SYSTEM, sold={listing.public_id: 7, "lst_unknown": 1}, now=NOW)
    [document] = queries.documents([listing.public_id])
    assert (document.made_to_order, document.in_stock, document.sold) == (True, True, 7)


def test_sales_are_added_up_and_forgotten_once_they_count_no_longer(app: Flask) -> None:
    listing = on_sale()
    for days in (0, 0, SALES_DAYS - 1, SALES_DAYS):
        count_sales(actor=SYSTEM, sold={listing.public_id: 2}, now=NOW - timedelta(days=days))
    assert forget_sales(actor=SYSTEM, now=NOW) == 1
    assert forget_sales(actor=SYSTEM, now=NOW) == 0
    assert queries.documents([listing.public_id])[0].sold == 6
