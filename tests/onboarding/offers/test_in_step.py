"""However many merchants resell a listing: few statements keep their offers in step, and one text tells them."""

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, update

from kernel import notify
from kernel.db import session, transaction
from kernel.permissions import SYSTEM
from kernel.work import drain
from onboarding.accounts.models import Organisation
from onboarding.admissions.models import Admission
from onboarding.listings.facts import ListingChanged
from onboarding.listings.models import Listing, Sku
from onboarding.listings.takedowns import restore, take_down
from onboarding.offers.models import Offer, PickUp
from onboarding.offers.operations import follow_markup, let_go, on_listing_changed, set_price
from onboarding.offers.resale import resync
from storefront.jobs import PLAN
from tests.cast import NOW
from tests.onboarding.offers.resellers import THIRTY, Trade, changed_facts, held_facts, offer_of, resale
from tests.support.goods import add_sku
from tests.support.statements import statements

MANY = 1_000


@pytest.fixture
def trade(app: Flask) -> Trade:
    return Trade()


def crowd_of_merchants(trade: Trade, listing: Listing, count: int) -> None:
    """So many admitted merchants with a pick-up each; every tenth not admitted any more."""
    factory = trade.wei.memberships[0].organisation_id
    with transaction():
        names = [{"public_id": f"mer_{n}", "slug": f"mer-{n}", "name": f"商家{n}"} for n in range(count)]
        rows = [{**name, "kind": "merchant", "created_at": NOW} for name in names]
        ids = session().scalars(insert(Organisation).returning(Organisation.id), rows).all()
        asked = {"factory_id": factory, "words": "", "asked_at": NOW, "decided_at": NOW}
        session().execute(
            insert(Admission),
            [{**asked, "public_id": f"adm_{n}", "merchant_id": n, **_standing(n)} for n in ids],
        )
        held = {"factory_id": factory, "listing_id": listing.id, "markup_bp": THIRTY, "state": "on", "picked_at": NOW}
        session().execute(insert(PickUp), [{**held, "public_id": f"pck_{n}", "organisation_id": n} for n in ids])


def _standing(number: int) -> dict[str, str]:
    return {"state": "ended", "reason": "窜货"} if number % 10 == 0 else {"state": "admitted", "reason": ""}


def counted(trade: Trade, listing: Listing, price_fen: int) -> int:
    """How many statements a new supply price takes."""
    assert listing.public_id  # read again before the counting, not within
    with statements() as asked:
        trade.supply(listing, price_fen)
    return len(asked)


def states(listing: Listing) -> dict[tuple[int, str], int]:
    query = select(Offer.price_fen, Offer.state, func.count()).where(Offer.listing_id == listing.id)
    rows = session().execute(query.where(Offer.kind == "resale").group_by(Offer.price_fen, Offer.state))
    return {(row[0], row[1]): row[2] for row in rows}


def test_a_thousand_merchants_take_as_many_statements_as_one(trade: Trade) -> None:
    small, large = trade.goods(stock=(1, 1)), trade.goods(stock=(1, 1))
    trade.pick_up(small)
    crowd_of_merchants(trade, large, MANY)
    with transaction():
        resync(PickUp.listing_id == large.id, actor=SYSTEM, now=NOW)
    assert states(large) == {(6_500, "on"): MANY * 9 // 10 * 2}
    one, thousand = counted(trade, small, 6_000), counted(trade, large, 6_000)
    assert thousand == one < 25
    assert states(large) == {(7_800, "on"): MANY * 9 // 10 * 2}
    assert counted(trade, large, 6_000) < one  # nothing to write


@pytest.mark.parametrize("change", ["by hand", "markup", "supply", "end", "let go", "nothing"])
def test_whatever_changes_an_offer_is_told_once_a_listing(trade: Trade, change: str) -> None:
    goods = [trade.goods(stock=(1, 1)), trade.goods()]
    names, [picked, _other] = [listing.public_id for listing in goods], trade.pick_up(*goods)
    assert changed_facts() == names
    bo, offer = trade.bo, offer_of(goods[0])
    changes = {
        "by hand": (lambda: set_price(actor=bo, offer=offer, price_fen=9_900, now=NOW), 1),
        "markup": (lambda: follow_markup(actor=bo, pick_up=picked, markup_bp=4_000, now=NOW), 1),
        "supply": (lambda: trade.supply(goods[0], 6_000), 1),
        "end": (trade.end, 2),
        "let go": (lambda: let_go(actor=bo, pick_up=picked, now=NOW), 1),
        "nothing": (lambda: trade.pick_up(*goods), 0),
    }
    make, told = changes[change]
    make()
    session().rollback()
    assert changed_facts() == [*names, *names[:told]]


def test_everybody_is_told_once_that_something_was_held(trade: Trade) -> None:
    listing = trade.goods(stock=(1, 1))
    crowd_of_merchants(trade, listing, 200)
    with transaction():
        resync(PickUp.listing_id == listing.id, actor=SYSTEM, now=NOW)
    trade.supply(listing, 5_000, is_open=False)
    assert held_facts() == ["not_supplied"] * 180
    trade.supply(listing, None, is_open=False)
    assert len(held_facts()) == 180


def test_the_end_of_an_admission_is_told_by_its_own_text(app: Flask, trade: Trade) -> None:
    trade.pick_up(trade.goods())
    trade.end()
    drain(PLAN, ports=app.extensions["ports"])
    texts = [message.text for message in notify.latest()]
    assert sum("不再给您" in text for text in texts) == 1
    assert not any("自动暂停" in text for text in texts)


def test_new_variants_appear_at_the_merchants_markup(trade: Trade) -> None:
    listing = trade.goods()
    trade.pick_up(listing)
    add_sku(listing, "颜色9", price_fen=20_000)
    with transaction():
        on_listing_changed(ListingChanged(listing.public_id), actor=SYSTEM, now=NOW)
    assert resale(listing) == [(6_500, 5_000, "on", "")] * 2


def test_a_variant_whose_supply_price_vanished_is_held(trade: Trade) -> None:
    listing = trade.goods(stock=(1, 1))
    _reprice(trade, listing, drop_ship=None, skus=[5_000, 7_000])
    trade.pick_up(listing)
    assert [row[1] for row in resale(listing)] == [5_000, 7_000]
    _reprice(trade, listing, drop_ship=None, skus=[5_000, None])
    assert [row[2:] for row in resale(listing)] == [("on", ""), ("held", "not_supplied")]


def test_prices_changed_while_goods_are_taken_down_hold_from_their_return(trade: Trade) -> None:
    listing = trade.goods()
    trade.pick_up(listing)
    told = {"reason_code": "words", "told": "图文不符", "internal": ""}
    take_down(actor=SYSTEM, listing=listing.public_id, **told, now=NOW)
    trade.supply(listing, 6_000)
    assert [row[:2] for row in resale(listing)] == [(6_500, 5_000)]
    restore(actor=SYSTEM, listing=listing.public_id, note="", now=NOW)
    assert [row[:2] for row in resale(listing)] == [(7_800, 6_000)]


@pytest.mark.parametrize(
    ("what", "words"),
    [
        (lambda trade, goods: [trade.supply(one, 6_400) for one in goods], "提高加价或售价"),
        (lambda trade, goods: [trade.supply(one, 5_000, is_open=False) for one in goods], "暂停供货"),
    ],
)
def test_one_text_says_what_was_held_and_what_to_do(app: Flask, trade: Trade, what: object, words: str) -> None:
    goods = [trade.goods(title=title) for title in ("围巾", "帽子", "手套")]
    trade.pick_up(*goods)
    with transaction():
        session().execute(update(Offer).where(Offer.kind == "resale").values(by_hand=True))
    what(trade, goods)
    drain(PLAN, ports=app.extensions["ports"])
    texts = [message.text for message in notify.latest() if "暂停销售" in message.text]
    assert len(texts) == 1
    assert words in texts[0]
    assert "3 款" in texts[0]


def _reprice(trade: Trade, listing: Listing, *, drop_ship: int | None, skus: list[int | None]) -> None:
    with transaction():
        for sku, price in zip(listing.skus, skus, strict=True):
            session().execute(update(Sku).where(Sku.id == sku.id).values(supply_price_fen=price))
        trade.supply(listing, drop_ship)
        on_listing_changed(ListingChanged(listing.public_id), actor=SYSTEM, now=NOW)
