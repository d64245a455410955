"""Stock changed by hand says why and by whom; what has lain too long is told with the money that it binds."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import Actor
from onboarding.listings import stock
from onboarding.listings.ageing import shelf_of
from onboarding.listings.desk import moved, scarce
from onboarding.listings.models import Listing, Sku, StockMovement, SupplyTier
from onboarding.listings.stocktaking import adjust
from tests.cast import NOW, WEI, YU
from tests.support.goods import make_factory, make_listing, signed_in, stock_of
from tests.support.statements import statements

DAY = timedelta(days=1)


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory(WEI)


@pytest.fixture
def goods(wei: Actor) -> Listing:
    return make_listing(wei, stock=(10,), supply_fen=8_000)


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


def count(
    actor: Actor, listing: Listing, pieces: int, reason: str = "counted", *, words: str = "", shown: int = 10
) -> None:
    told = {"pieces": pieces, "shown": shown, "reason": reason, "words": words}
    adjust(actor=actor, listing=listing.public_id, sku=listing.skus[0].public_id, now=NOW + DAY, **told)


def test_every_change_says_who_when_why_and_from_where_to_where(wei: Actor, goods: Listing) -> None:
    count(wei, goods, 7, "damaged", words="受潮")
    count(wei, goods, 9, "came_back", shown=7)
    rows = [(row.before, row.after, row.reason, row.who, row.words) for row in moved(goods.id)]
    assert rows[:2] == [(7, 9, "came_back", WEI.name, ""), (10, 7, "damaged", WEI.name, "受潮")]
    assert rows[2] == (0, 10, "opened", "", "")


@pytest.mark.parametrize(
    ("pieces", "reason", "code"),
    [
        (11, "damaged", "stock.fewer"),
        (11, "sample", "stock.fewer"),
        (9, "came_back", "stock.more"),
        (9, "other", "stock.why"),
    ],
)
def test_a_reason_that_does_not_fit_is_refused(wei: Actor, goods: Listing, pieces: int, reason: str, code: str) -> None:
    with pytest.raises(DomainError, match=code.replace(".", r"\.")):
        count(wei, goods, pieces, reason)
    assert stock_of(goods.skus[0].id) == (10, 0)


@pytest.mark.parametrize(("reason", "pieces"), [("damaged", 1), ("sample", 1), ("came_back", -1), ("other", 1)])
def test_the_table_refuses_it_too(goods: Listing, reason: str, pieces: int) -> None:
    row = {"sku_id": goods.skus[0].id, "pieces": pieces, "reason": reason, "source": "cnt_1", "at": NOW}
    with pytest.raises(IntegrityError, match=r"ck_stock_movements_(direction|words)"), transaction():
        session().execute(insert(StockMovement).values(row))


def test_what_was_sold_meanwhile_is_not_counted_over(wei: Actor, goods: Listing) -> None:
    with pytest.raises(DomainError, match=r"stock\.moved\(now=10\)"):
        count(wei, goods, 5, shown=9)


def test_a_stranger_counts_nothing(app: Flask, goods: Listing) -> None:
    with pytest.raises(NotFoundError):
        count(make_factory(YU), goods, 5)


def test_the_page_shows_the_record_and_changes_it(browser: FlaskClient, goods: Listing) -> None:
    page = f"/factory/listings/{goods.public_id}/movements"
    form = {"sku": goods.skus[0].public_id, "pieces": "4", "shown": "10", "reason": "sample", "words": "寄给客户"}
    assert browser.post(page, data=form).status_code == 303
    shown = browser.get(page).text
    assert all(said in shown for said in ("10 → 4 件", "样品", "寄给客户", WEI.name))
    refused = browser.post(page, data=form | {"shown": "4", "pieces": "6"})
    assert (refused.status_code, "只会让库存变少" in refused.text) == (422, True)


def arrives(sku: int, pieces: int, days_ago: int) -> None:
    with transaction():
        stock.restock(sku, pieces, reason="returned", source=f"ret_{days_ago}", now=NOW - days_ago * DAY)


def test_the_first_to_come_go_first_and_the_rest_grows_old(wei: Actor) -> None:
    listing = make_listing(wei, stock=(0,), supply_fen=8_000)
    for pieces, days_ago in ((5, 120), (4, 70), (3, 30), (2, 29)):
        arrives(listing.skus[0].id, pieces, days_ago)
    with transaction():
        stock.set_on_hand(listing.skus[0].id, 8, now=NOW)  # six went: the five oldest, and one of the next
    shelf = shelf_of(listing.organisation_id, now=NOW)
    assert shelf.ages == [(2, 16_000), (3, 24_000), (3, 24_000), (0, 0)]
    [old] = shelf.old
    assert (old.pieces, old.worth_fen, old.days, old.step, old.is_supplied) == (6, 48_000, 70, 60, True)
    assert (shelf.old_pieces, shelf.old_fen) == (6, 48_000)


def test_money_is_bound_at_the_price_of_merchants_else_of_shoppers(wei: Actor) -> None:
    plain, tiered = make_listing(wei, stock=(1,)), make_listing(wei, stock=(1,))
    with transaction():
        session().add(SupplyTier(listing_id=tiered.id, min_quantity=1, unit_price_fen=7_000))
    shelf = shelf_of(plain.organisation_id, now=NOW + 40 * DAY)
    assert {row.listing: row.worth_fen for row in shelf.old} == {plain.public_id: 12_800, tiered.public_id: 7_000}
    assert not any(row.is_supplied for row in shelf.old)


def test_goods_made_to_order_or_of_others_do_not_lie(app: Flask, wei: Actor, goods: Listing) -> None:
    make_listing(make_factory(YU), stock=(5,))
    with transaction():
        session().execute(update(Sku).where(Sku.listing_id == goods.id).values(made_to_order=True))
    assert shelf_of(goods.organisation_id, now=NOW + 100 * DAY).old == []


def test_few_is_what_the_factory_calls_few(wei: Actor, goods: Listing) -> None:
    assert scarce(goods.organisation_id).count == 0
    with transaction():
        session().execute(update(Listing).values(low_stock=10))
    assert [one.left for one in scarce(goods.organisation_id).first] == [10]


def test_a_shelf_of_two_thousand_variants_asks_no_more(browser: FlaskClient, wei: Actor, goods: Listing) -> None:
    asked = []
    for more in (0, 20):
        for _number in range(more):
            make_listing(wei, stock=(1,) * 100)
        with statements() as said:
            assert browser.get("/factory/stock").status_code == 200
        asked.append(len(said))
    assert session().scalar(select(Sku.id).order_by(Sku.id.desc()).limit(1)) > 2_000
    assert asked[0] == asked[1] <= 12, asked
