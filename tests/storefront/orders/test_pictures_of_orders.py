"""Goods are taken down, their pictures with them; who bought or sold them goes on seeing what her order was of."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.permissions import SYSTEM, Actor
from onboarding.listings.models import Listing
from onboarding.listings.takedowns import take_down
from onboarding.pictures.models import ListingPicture
from onboarding.pictures.operations import show_waiting
from storefront.orders.models import OrderLine
from tests.cast import BO, FANG, GUO, NOW, TAN
from tests.onboarding.people import operator
from tests.storefront.conftest import browser_of
from tests.storefront.shop import Shop, make_person
from tests.support.goods import make_merchant
from tests.support.pictures import jpeg, made
from tests.support.statements import statements

WHY = {"reason_code": "picture", "told": "图片是别人的", "internal": ""}


@pytest.fixture
def addresses(shop: Shop) -> list[str]:
    """Two pictures that everybody sees; the first stands for the goods."""
    found = [made(shop.app, shop.wei, shop.listing.public_id, jpeg(seed)).address for seed in (1, 2)]
    show_waiting(actor=SYSTEM, listing=shop.listing.public_id, now=NOW)
    return found


def down(shop: Shop) -> None:
    take_down(actor=operator(TAN), listing=shop.listing.public_id, **WHY, now=NOW)


def seen(app: Flask, address: str, who: Actor | None) -> int:
    return (browser_of(app, who) if who else app.test_client()).get(address).status_code


def test_who_bought_them_sees_what_she_bought_and_nobody_else_does(shop: Shop, addresses: list[str]) -> None:
    shop.order({shop.offers[0]: 1})
    assert session().scalars(select(OrderLine.image)).one() == addresses[0]
    down(shop)
    told = browser_of(shop.app, shop.buyer).get(addresses[0])
    assert (told.status_code, "public" in told.headers["Cache-Control"]) == (200, False)
    assert [seen(shop.app, addresses[0], who) for who in (make_person(FANG), None)] == [404, 404]
    assert seen(shop.app, addresses[1], shop.buyer) == 404


def test_other_goods_that_she_bought_open_nothing(shop: Shop, addresses: list[str]) -> None:
    shop.order({shop.offers[0]: 1})
    other = shop.put_on_sale(shop.wei)
    with transaction():
        session().execute(update(ListingPicture).values(listing_id=other.id))
    take_down(actor=operator(TAN), listing=other.public_id, **WHY, now=NOW)
    assert seen(shop.app, addresses[0], shop.buyer) == 404


def test_the_shop_that_sold_them_sees_them_once_they_are_paid(shop: Shop, addresses: list[str]) -> None:
    bo = shop.merchant(BO)
    payment = shop.order({shop.resell(bo, shop.listing)[0]: 1})
    strange = make_merchant(GUO)
    with transaction():
        session().execute(update(Listing).where(Listing.id == shop.listing.id).values(published_at=NOW))
    assert shop.pay(payment) == "ok"
    down(shop)
    assert [seen(shop.app, addresses[0], who) for who in (bo, strange)] == [200, 404]


def test_an_order_that_was_not_paid_shows_her_shop_nothing(shop: Shop, addresses: list[str]) -> None:
    bo = shop.merchant(BO)
    shop.order({shop.resell(bo, shop.listing)[0]: 1})
    down(shop)
    assert seen(shop.app, addresses[0], bo) == 404


def test_a_picture_that_was_never_shown_is_in_nobodys_order(shop: Shop, addresses: list[str]) -> None:
    shop.order({shop.offers[0]: 1})
    hidden = made(shop.app, shop.wei, shop.listing.public_id, jpeg(3)).address
    with transaction():
        session().execute(update(OrderLine).values(image=hidden))
    assert seen(shop.app, hidden, shop.buyer) == 404


def test_one_question_more_is_asked_and_only_of_what_is_down(shop: Shop, addresses: list[str]) -> None:
    shop.order({shop.offers[0]: 1})
    browser, counts = browser_of(shop.app, shop.buyer), []
    for once in (lambda: None, lambda: down(shop)):
        once()
        with statements() as asked:
            assert browser.get(addresses[0]).status_code == 200
        counts.append(len(asked))
    assert counts[1] == counts[0] + 1
