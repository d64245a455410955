"""A factory's merchants in groups: each owes what her group owes, sees that alone, and nobody sells below the floor."""

from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.permissions import Actor
from onboarding.admissions.groups import change_group, make_group, put_in_group, set_group_price
from onboarding.admissions.models import Admission, PriceGroup
from onboarding.admissions.queries import terms_for
from onboarding.admissions.rules import GROUPS_MOST, Deal
from onboarding.listings.models import Listing
from onboarding.listings.terms import set_terms, terms_as_they_are
from onboarding.offers.operations import set_price
from tests.cast import NOW, YU, Person
from tests.onboarding.offers.resellers import Trade, held_facts, offer_of, resale
from tests.support.goods import make_factory, make_merchant, signed_in

RUI = Person("芮芮", "13800138077", "merchant")


@pytest.fixture
def trade(app: Flask) -> Trade:
    return Trade()


@pytest.fixture
def group(trade: Trade) -> str:
    """Old customers at 90 %."""
    return make_group(actor=trade.wei, name="老客户", share_bp=9_000, now=NOW).public_id


def put_in(trade: Trade, group: str, admission: str = "") -> None:
    put_in_group(actor=trade.wei, admission=admission or trade.admission, group=group, now=NOW)


def seen_by(merchant: Actor, listing: Listing) -> list[int]:
    session().rollback()
    terms = terms_for(merchant.memberships[0].organisation_id, [listing.id])
    return list(terms[listing.id].prices.values())


def floor(trade: Trade, listing: Listing, price_fen: int | None) -> None:
    known = terms_as_they_are(session().get_one(Listing, listing.id))
    told = replace(known, floor_price_fen=price_fen)
    set_terms(actor=trade.wei, listing=listing.public_id, terms=told, now=NOW)


def test_a_group_owes_its_share_and_the_others_what_they_did(trade: Trade, group: str) -> None:
    listing, rui = trade.goods(), make_merchant(RUI)
    trade.admit(rui)
    for merchant in (trade.bo, rui):
        trade.pick_up(listing, by=merchant)
    put_in(trade, group)
    assert resale(listing) == [(5_850, 4_500, "on", ""), (6_500, 5_000, "on", "")]
    assert (seen_by(trade.bo, listing), seen_by(rui, listing)) == ([4_500], [5_000])


def test_what_is_picked_up_later_costs_the_group_the_same(trade: Trade, group: str) -> None:
    put_in(trade, group)
    listing = trade.goods()
    trade.pick_up(listing)
    assert resale(listing)[0][1] == 4_500


def test_offers_follow_the_group_at_once(trade: Trade, group: str) -> None:
    listing = trade.goods()
    trade.pick_up(listing)
    put_in(trade, group)
    change_group(actor=trade.wei, group=group, name="大客户", share_bp=8_000, now=NOW)
    assert resale(listing)[0][1] == 4_000
    set_group_price(actor=trade.wei, group=group, listing=listing.public_id, price_fen=3_900, now=NOW)
    assert resale(listing)[0][1] == 3_900
    set_group_price(actor=trade.wei, group=group, listing=listing.public_id, price_fen=None, now=NOW)
    put_in(trade, "")
    assert resale(listing)[0][1] == 5_000


@given(st.integers(1, 10**8), st.integers(100, 10_000))
def test_a_share_is_never_nothing_and_never_more(fen: int, share_bp: int) -> None:
    assert 1 <= Deal(share_bp).price(fen) <= fen


def test_a_ladder_at_a_share_still_falls() -> None:
    assert Deal(100).tiers(((1, 120), (10, 110), (50, 40))) == ((1, 1),)
    assert Deal(9_000).tiers(((1, 1_000), (10, 900))) == ((1, 900), (10, 810))
    assert Deal(9_000, 500).tiers(((1, 1_000),)) == ()


def test_only_merchants_of_today_are_put_into_a_group(trade: Trade, group: str) -> None:
    trade.end()
    with pytest.raises(DomainError, match=r"group\.not_admitted"):
        put_in(trade, group)


def test_a_stranger_has_no_hand_in_it(app: Flask, trade: Trade, group: str) -> None:
    yu = make_factory(YU)
    for deed in (
        lambda: change_group(actor=yu, group=group, name="x", share_bp=100, now=NOW),
        lambda: set_group_price(actor=yu, group=group, listing="lst_x", price_fen=1, now=NOW),
        lambda: put_in_group(actor=yu, admission=trade.admission, group="", now=NOW),
        lambda: put_in(trade, make_group(actor=yu, name="别家", share_bp=9_000, now=NOW).public_id),
    ):
        with pytest.raises(NotFoundError):
            deed()
    assert signed_in(app, yu).get(f"/factory/price-groups/{group}").status_code == 404


def test_the_table_keeps_a_merchant_out_of_another_factorys_group(app: Flask, trade: Trade) -> None:
    other = make_group(actor=make_factory(YU), name="别家", share_bp=9_000, now=NOW).id
    with pytest.raises(IntegrityError), transaction():
        session().execute(update(Admission).values(price_group_id=other))


def test_the_table_knows_what_a_share_is(trade: Trade, group: str) -> None:
    with pytest.raises(IntegrityError, match="ck_price_groups_share"), transaction():
        session().execute(update(PriceGroup).values(share_bp=10_001))


def test_groups_are_few_and_named_once(trade: Trade, group: str) -> None:
    with pytest.raises(InvalidInputError):
        make_group(actor=trade.wei, name="老客户", share_bp=9_000, now=NOW)
    for number in range(GROUPS_MOST - 1):
        make_group(actor=trade.wei, name=f"组{number}", share_bp=9_000, now=NOW)
    with pytest.raises(DomainError, match=r"group\.too_many"):
        make_group(actor=trade.wei, name="再一组", share_bp=9_000, now=NOW)


def test_a_group_on_its_pages(app: Flask, trade: Trade, group: str) -> None:
    browser, listing = signed_in(app, trade.wei), trade.goods()
    here = f"/factory/price-groups/{group}"
    assert browser.post("/factory/price-groups", data={"name": "试单", "share": "100"}).status_code == 303
    assert browser.post("/factory/price-groups", data={"name": "试单", "share": "100"}).status_code == 422
    assert browser.post(f"/factory/merchants/{trade.admission}/group", data={"group": group}).status_code == 303
    price = {"listing": listing.public_id, "price": "39.00"}
    assert browser.post(f"{here}/prices", data=price).status_code == 303
    shown = browser.get(here).text
    assert all(said in shown for said in ("老客户", "39.00", "平时 ¥50.00", trade.bo.memberships[0].name))
    assert "比平时贵" not in shown
    browser.post(f"{here}/prices", data=price | {"price": "60.00"})
    assert "比平时贵" in browser.get(here).text
    assert "老客户 90%" in browser.get(f"/factory/merchants/{trade.admission}").text


def test_nobody_sells_below_the_floor(trade: Trade) -> None:
    listing = trade.goods()
    trade.pick_up(listing)
    floor(trade, listing, 6_000)
    with pytest.raises(DomainError, match=r"offer\.below_floor\(least=60\.00\)"):
        set_price(actor=trade.bo, offer=offer_of(listing), price_fen=5_999, now=NOW)
    set_price(actor=trade.bo, offer=offer_of(listing), price_fen=6_000, now=NOW)
    assert resale(listing) == [(6_000, 5_000, "on", "")]


def test_a_floor_that_rises_holds_what_is_below_and_tells(trade: Trade) -> None:
    listing = trade.goods()
    trade.pick_up(listing)
    floor(trade, listing, 6_501)
    assert resale(listing) == [(6_500, 5_000, "held", "below_floor")]
    assert held_facts() == ["below_floor"]
    floor(trade, listing, None)
    assert resale(listing) == [(6_500, 5_000, "on", "")]
