"""Goods that an operator takes down are gone everywhere at once, and come back as they were."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel import notify
from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.work import drain
from onboarding.listings.models import Listing
from onboarding.listings.takedowns import restore, take_down
from onboarding.offers.models import Offer
from onboarding.offers.operations import follow_markup
from storefront.cart.queries import cart_of
from storefront.cart.rules import LineState
from storefront.jobs import PLAN
from storefront.orders.models import Order
from storefront.shipments.operations import ship
from tests.cast import NOW, TAN
from tests.onboarding.people import operator
from tests.storefront.resale import Desk
from tests.storefront.shop import Shop


@pytest.fixture
def desk(shop: Shop) -> Desk:
    """Wei's scarf, resold by Bo."""
    made = Desk(shop)
    made.picked()
    return made


def down(listing: Listing) -> None:
    told = {"reason_code": "certificate", "told": "请补交证书", "internal": "有人举报"}
    take_down(actor=operator(TAN), listing=listing.public_id, **told, now=NOW)


def back(listing: Listing) -> None:
    restore(actor=operator(TAN), listing=listing.public_id, note="证书核实了", now=NOW)


def resale(desk: Desk) -> tuple[str, str]:
    session().rollback()
    found = select(Offer).where(Offer.listing_id == desk.scarf.id, Offer.kind == "resale").order_by(Offer.id)
    offer = session().scalars(found).first()
    assert offer
    return offer.state, offer.held_reason


def test_a_shopper_finds_it_neither_by_search_nor_by_link(desk: Desk) -> None:
    shopper, page = desk.browser(), f"/goods/{desk.scarf.public_id}"
    assert "代发羊绒围巾" in shopper.get("/factory-goods?q=代发羊绒围巾").text
    down(desk.scarf)
    for browser in (shopper, desk.browser()):  # before the index follows, and after
        assert desk.scarf.public_id not in browser.get("/factory-goods?q=代发羊绒围巾").text
        assert browser.get(page).status_code == 404
    back(desk.scarf)
    assert desk.browser().get(page, follow_redirects=True).status_code == 200


def test_the_copies_of_merchants_are_held_and_come_back(desk: Desk) -> None:
    assert resale(desk) == ("on", "")
    down(desk.scarf)
    assert resale(desk) == ("held", "taken_down")
    drain(PLAN, ports=desk.shop.ports)
    assert any("平台下架了您铺的“代发羊绒围巾”" in one.text for one in notify.latest())
    back(desk.scarf)
    assert resale(desk) == ("on", "")


@pytest.mark.parametrize("state", ["taken_down", "submitted"])
def test_a_new_markup_brings_no_copy_back(desk: Desk, state: str) -> None:
    [pick_up] = desk.picked()
    down(desk.scarf)
    with transaction():
        reason = "请补交证书" if state == "taken_down" else ""
        session().execute(update(Listing).where(Listing.id == desk.scarf.id).values(state=state, reason=reason))
    follow_markup(actor=desk.bo, pick_up=pick_up, markup_bp=5_000, now=NOW)
    assert resale(desk) == ("held", "taken_down")


def test_a_cart_says_so_and_checkout_refuses(shop: Shop, browser: FlaskClient) -> None:
    cart = shop.fill({shop.offers[0]: 1})
    down(shop.listing)
    assert [line.state for line in cart_of(cart).lines] == [LineState.GONE]
    with pytest.raises(DomainError):
        shop.place(cart)
    with pytest.raises(DomainError, match=r"cart\.gone"):
        shop.fill({shop.offers[0]: 1})
    back(shop.listing)
    assert shop.place(cart)


def test_what_is_paid_for_goes_on(shop: Shop) -> None:
    order = shop.bought({shop.offers[0]: 1})[0]
    down(shop.listing)
    drain(PLAN, ports=shop.ports)
    ship(actor=shop.wei, order=order, carrier="sf", tracking="SF1234567890123", now=NOW)
    session().rollback()
    assert session().scalars(select(Order.state).where(Order.public_id == order)).one() == "shipped"
