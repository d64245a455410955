"""A merchant picks factory goods up; her offers follow what they cost her, and never sell at a loss."""

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import Actor
from onboarding.listings.models import Listing
from onboarding.listings.operations import archive_listing
from onboarding.offers import operations
from onboarding.offers.models import Offer, PickUp
from onboarding.offers.queries import sellable
from tests.cast import NOW, YU
from tests.onboarding.offers.resellers import Trade, held_facts, offer_of, resale
from tests.support.goods import make_factory, make_listing, make_merchant


@pytest.fixture
def trade(app: Flask) -> Trade:
    return Trade()


def set_price(trade: Trade, listing: Listing, price_fen: int) -> None:
    operations.set_price(actor=trade.bo, offer=offer_of(listing), price_fen=price_fen, now=NOW)


def test_three_goods_are_picked_up_at_a_markup(trade: Trade) -> None:
    goods = [trade.goods(fen, stock=(1, 2)) for fen in (5_000, 1_234, 99)]
    picked = trade.pick_up(*reversed(goods))
    assert [resale(listing) for listing in goods] == [
        [(6_500, 5_000, "on", "")] * 2,
        [(1_610, 1_234, "on", "")] * 2,
        [(130, 99, "on", "")] * 2,
    ]
    shown = sellable([offer_of(goods[2])])[0]
    assert (shown.pick_up, shown.maker, shown.left) == (picked[0], trade.wei.memberships[0].organisation, 1)
    assert trade.pick_up(*goods) == picked[::-1]


def test_picking_up_again_is_a_new_markup(trade: Trade) -> None:
    listing = trade.goods(stock=(1, 1))
    trade.pick_up(listing)
    set_price(trade, listing, 8_800)
    trade.pick_up(listing, markup_bp=5_000)
    assert [row[0] for row in resale(listing)] == [8_800, 7_500]


def test_prices_follow_the_supply_price_those_set_by_hand_stay(trade: Trade) -> None:
    listing = trade.goods(stock=(1, 1))
    trade.pick_up(listing)
    set_price(trade, listing, 9_000)
    trade.supply(listing, 6_000)
    assert resale(listing) == [(9_000, 6_000, "on", ""), (7_800, 6_000, "on", "")]


def test_a_price_by_hand_is_held_when_the_cost_rises_and_comes_back(trade: Trade) -> None:
    listing = trade.goods()
    trade.pick_up(listing)
    set_price(trade, listing, 5_200)
    trade.supply(listing, 5_150)
    assert resale(listing) == [(5_200, 5_150, "held", "below_cost")]
    assert (held_facts(), sellable([offer_of(listing)])) == (["below_cost"], [])
    trade.supply(listing, 5_000)
    assert resale(listing) == [(5_200, 5_000, "on", "")]
    trade.supply(listing, 5_150)
    set_price(trade, listing, 5_300)
    assert resale(listing) == [(5_300, 5_150, "on", "")]


def test_a_price_that_earns_nothing_is_refused_with_the_least_one(trade: Trade) -> None:
    listing = trade.goods()
    trade.pick_up(listing)
    with pytest.raises(DomainError, match=r"offer\.below_cost\(least=50\.83\)"):
        set_price(trade, listing, 5_082)
    set_price(trade, listing, 5_083)
    assert resale(listing) == [(5_083, 5_000, "on", "")]


def test_the_table_refuses_a_price_at_cost(trade: Trade) -> None:
    trade.pick_up(trade.goods())
    for values in ({"price_fen": 5_000}, {"supply_price_fen": 6_500}, {"supply_price_fen": None}):
        with pytest.raises(IntegrityError), transaction():
            session().execute(update(Offer).where(Offer.kind == "resale").values(**values))


def test_what_would_earn_nothing_is_held_from_the_start(trade: Trade) -> None:
    listing = trade.goods()
    picked = trade.pick_up(listing, markup_bp=100)
    assert (resale(listing), held_facts()) == ([(5_050, 5_000, "held", "below_cost")], ["below_cost"])
    operations.follow_markup(actor=trade.bo, pick_up=picked[0], markup_bp=200, now=NOW)
    assert resale(listing) == [(5_100, 5_000, "on", "")]


def test_following_a_markup_gives_prices_by_hand_up(trade: Trade) -> None:
    listing = trade.goods()
    picked = trade.pick_up(listing)
    set_price(trade, listing, 9_900)
    operations.follow_markup(actor=trade.bo, pick_up=picked[0], markup_bp=2_000, now=NOW)
    assert [row[0] for row in resale(listing)] == [6_000]


def test_the_end_of_an_admission_holds_everything_without_telling_new_prices(trade: Trade) -> None:
    goods = [trade.goods(), trade.goods()]
    trade.pick_up(*goods)
    trade.end()
    assert [resale(listing) for listing in goods] == [[(6_500, 5_000, "held", "not_admitted")]] * 2
    assert held_facts() == ["not_admitted"] * 2
    trade.supply(goods[0], 4_000)
    assert resale(goods[0]) == [(6_500, 5_000, "held", "not_admitted")]
    trade.admit_again()
    assert resale(goods[0]) + resale(goods[1]) == [(5_200, 4_000, "on", ""), (6_500, 5_000, "on", "")]


def test_goods_closed_to_merchants_are_held_until_they_open(trade: Trade) -> None:
    listing = trade.goods()
    trade.pick_up(listing)
    trade.supply(listing, 5_000, is_open=False)
    assert (resale(listing), held_facts()) == ([(6_500, 5_000, "held", "not_supplied")], ["not_supplied"])
    trade.supply(listing, 4_000)
    assert resale(listing) == [(5_200, 4_000, "on", "")]


def test_goods_off_sale_are_offered_by_nobody_whatever_else_changes(trade: Trade) -> None:
    listing = trade.goods()
    trade.pick_up(listing)
    trade.supply(listing, 5_000, is_open=False)
    archive_listing(actor=trade.wei, listing=listing.public_id, now=NOW)
    assert resale(listing) == [(6_500, 5_000, "off", "")]
    trade.end()
    trade.admit_again()
    assert resale(listing) == [(6_500, 5_000, "off", "")]
    with pytest.raises(DomainError, match=r"offer\.off"):
        set_price(trade, listing, 9_900)


def test_what_was_let_go_is_off_and_starts_anew(trade: Trade) -> None:
    listing = trade.goods()
    picked = trade.pick_up(listing)
    set_price(trade, listing, 9_900)
    for _ in range(2):
        operations.let_go(actor=trade.bo, pick_up=picked[0], now=NOW)
    trade.supply(listing, 4_000)
    assert resale(listing) == [(9_900, 5_000, "off", "")]
    with pytest.raises(DomainError, match=r"offer\.off"):
        operations.follow_markup(actor=trade.bo, pick_up=picked[0], markup_bp=100, now=NOW)
    assert trade.pick_up(listing) == picked
    assert resale(listing) == [(5_200, 4_000, "on", "")]


def refused(trade: Trade, code: str, *goods: Listing, by: Actor | None = None) -> None:
    with pytest.raises(DomainError) as refusal:
        trade.pick_up(*goods, by=by)
    assert refusal.value.code == code
    assert session().scalars(select(PickUp)).all() == []


def test_who_is_not_admitted_picks_nothing_up(trade: Trade) -> None:
    foreign = make_listing(make_factory(YU), supply_fen=5_000)
    refused(trade, "offer.not_admitted", trade.goods(), foreign)
    refused(trade, "offer.not_admitted", trade.goods(), by=make_merchant(YU))
    trade.end()
    refused(trade, "offer.not_admitted", trade.goods())


def test_ones_own_factory_supplies_others(trade: Trade) -> None:
    both = Actor(user_id=7, user="usr_7", memberships=(*trade.bo.memberships, *trade.wei.memberships))
    refused(trade, "offer.own_goods", trade.goods(), by=both)


@pytest.mark.parametrize(
    ("state", "code"), [("archived", "offer.not_on_sale"), ("submitted", "not_found"), ("draft", "not_found")]
)
def test_only_goods_on_sale_are_picked_up(trade: Trade, state: str, code: str) -> None:
    listing = trade.goods(state=state)
    if state == "archived":
        with transaction():
            session().execute(update(Listing).where(Listing.id == listing.id).values(published_at=NOW))
    refused(trade, code, trade.goods(), listing)


def test_goods_without_a_supply_price_are_not_picked_up(trade: Trade) -> None:
    refused(trade, "offer.not_supplied", make_listing(trade.wei))
    closed = trade.goods()
    trade.supply(closed, 5_000, is_open=False)
    refused(trade, "offer.not_supplied", closed)
    refused(trade, "offer.nothing_chosen")


def test_a_stranger_touches_no_offers_of_others(trade: Trade) -> None:
    listing = trade.goods()
    picked, stranger = trade.pick_up(listing)[0], make_merchant(YU)
    for attempt in (
        lambda: operations.set_price(actor=stranger, offer=offer_of(listing), price_fen=9_900, now=NOW),
        lambda: operations.set_price(actor=trade.wei, offer=offer_of(listing), price_fen=9_900, now=NOW),
        lambda: operations.follow_markup(actor=stranger, pick_up=picked, markup_bp=0, now=NOW),
        lambda: operations.let_go(actor=stranger, pick_up=picked, now=NOW),
    ):
        with pytest.raises(NotFoundError):
            attempt()
    with pytest.raises(NotFoundError):
        trade.pick_up(listing, by=trade.wei)
