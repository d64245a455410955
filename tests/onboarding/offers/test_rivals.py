"""Two at once: the second sees the first, whatever they change."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from kernel.db import session, transaction
from kernel.errors import DomainError
from onboarding.listings import stock
from onboarding.listings.models import Listing
from onboarding.listings.operations import edit_listing
from onboarding.offers import operations
from onboarding.offers.models import Offer, PickUp
from tests.cast import NOW
from tests.onboarding.offers.resellers import THIRTY, Trade, offer_of, resale
from tests.support.crowd import crowd
from tests.support.goods import make_merchant

LATER = NOW + timedelta(minutes=45)
ROUNDS = 6


@pytest.fixture
def trade(app: Flask) -> Trade:
    return Trade()


def quietly(act: Callable[[], object]) -> None:
    """A refusal is an answer, too; anything else is an error of the test."""
    try:
        act()
    except DomainError:
        session().rollback()


def rivals(app: Flask, *acts: Callable[[], object]) -> None:
    crowd(app, [partial(quietly, act) for act in acts])


def test_the_same_goods_picked_up_twice_at_once_are_picked_up_once(app: Flask, trade: Trade) -> None:
    goods = [trade.goods(stock=(1, 1)), trade.goods(stock=(1, 1))]
    rivals(app, *[partial(trade.pick_up, *order) for order in (goods, goods[::-1]) * 3])
    assert len(session().scalars(select(PickUp)).all()) == 2
    assert [resale(listing) for listing in goods] == [[(6_500, 5_000, "on", "")] * 2] * 2


def test_merchants_pick_the_same_goods_up_beside_each_other(app: Flask, trade: Trade) -> None:
    listing, others = trade.goods(), [make_merchant() for _ in range(6)]
    for merchant in others:
        trade.admit(merchant)
    crowd(app, [partial(trade.pick_up, listing, by=merchant) for merchant in others])
    assert resale(listing) == [(6_500, 5_000, "on", "")] * 6


def test_a_price_that_moves_during_pick_ups_is_the_price_of_all(app: Flask, trade: Trade) -> None:
    for price in range(6_000, 6_000 + ROUNDS):
        listing = trade.goods()
        rivals(app, partial(trade.pick_up, listing), partial(trade.supply, listing, price))
        assert [row[1:] for row in resale(listing)] == [(price, "on", "")]


def test_goods_closed_or_ended_during_a_pick_up_are_never_on(app: Flask, trade: Trade) -> None:
    for _ in range(ROUNDS):
        listing = trade.goods()
        rivals(app, partial(trade.pick_up, listing), partial(trade.supply, listing, 5_000, is_open=False))
        assert [row[3] for row in resale(listing)] in ([], ["not_supplied"])
        other = trade.goods()
        rivals(app, partial(trade.pick_up, other), trade.end)
        assert [row[3] for row in resale(other)] in ([], ["not_admitted"])
        trade.admit_again()


def test_a_new_price_and_the_end_of_an_admission_both_count(app: Flask, trade: Trade) -> None:
    for price in range(4_000, 4_000 + ROUNDS):
        listing = trade.goods()
        trade.pick_up(listing)
        rivals(app, partial(trade.supply, listing, price), trade.end)
        assert [row[3] for row in resale(listing)] == ["not_admitted"]
        trade.admit_again()
        assert [row[1:] for row in resale(listing)] == [(price, "on", "")]


def test_a_price_by_hand_survives_a_new_supply_price(app: Flask, trade: Trade) -> None:
    for price in range(4_000, 4_000 + ROUNDS):
        listing = trade.goods()
        trade.pick_up(listing)
        by_hand = partial(operations.set_price, actor=trade.bo, offer=offer_of(listing), price_fen=9_900, now=NOW)
        rivals(app, by_hand, partial(trade.supply, listing, price))
        assert resale(listing) == [(9_900, price, "on", "")]


def buy(listing: Listing, number: int) -> None:
    """Hold the price and the stock of one piece, as placing an order does."""
    with transaction():
        offers = session().scalars(select(Offer.id).where(Offer.listing_id == listing.id, Offer.kind == "resale"))
        operations.lock_offers(offers.all())
        lines = {sku.id: 1 for sku in listing.skus}
        stock.reserve(lines, holder=f"grp_{listing.id}_{number}", buyer=f"usr_{number}", expires_at=LATER, now=NOW)


def change(trade: Trade, listing: Listing, price: int) -> None:
    """Stock and supply price in one go, as a price sheet brings them."""
    with transaction():
        counts = {sku.public_id: 50 for sku in listing.skus}
        edit_listing(actor=trade.wei, listing=listing.public_id, words={}, prices={}, stock=counts, now=NOW)
        trade.supply(listing, price)


def test_orders_and_price_sheets_wait_for_each_other_without_a_knot(app: Flask, trade: Trade) -> None:
    for price in range(4_000, 4_000 + ROUNDS):
        listing = trade.goods(stock=(20, 20))
        trade.pick_up(listing)
        crowd(app, [partial(change, trade, listing, price), *[partial(buy, listing, one) for one in range(3)]])
        assert [row[1] for row in resale(listing)] == [price, price]


def test_nothing_comes_back_after_it_was_let_go(app: Flask, trade: Trade) -> None:
    for price in range(4_000, 4_000 + ROUNDS):
        listing = trade.goods()
        picked = trade.pick_up(listing)[0]
        go = partial(operations.let_go, actor=trade.bo, pick_up=picked, now=NOW)
        again = partial(operations.follow_markup, actor=trade.bo, pick_up=picked, markup_bp=THIRTY * 2, now=NOW)
        rivals(app, go, again, partial(trade.supply, listing, price))
        assert {row[2] for row in resale(listing)} == {"off"}
