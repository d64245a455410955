"""A suspended factory sells nothing from that moment on, not through merchants either; paid orders go on."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import Actor, Role, Scope
from onboarding.accounts.models import Organisation
from onboarding.moderation.operations import close_factory, reinstate_factory, suspend_factory
from onboarding.offers.queries import sellable
from storefront.cart.queries import cart_of
from storefront.orders.models import Order
from storefront.orders.queries import checkout_of, is_stopped
from storefront.search.queries import cards_of_factory, newest_cards
from storefront.search.tasks import ensure_index
from storefront.shipments.operations import ship
from tests.attacks.town import staff
from tests.cast import HUA, NOW, TAN
from tests.storefront.shop import Shop


@pytest.fixture
def tan(shop: Shop) -> Actor:
    return staff(TAN, Role.OPERATOR)


@pytest.fixture
def resold(shop: Shop) -> list[str]:
    """A merchant's offers of Wei's scarf."""
    return shop.resell(shop.merchant(), shop.listing)


def suspend(shop: Shop, tan: Actor) -> str:
    factory = shop.wei.memberships[0].organisation
    suspend_factory(actor=tan, organisation=factory, reason="执照被吊销", now=NOW)
    return factory


def test_nothing_of_it_can_be_bought_or_is_offered(shop: Shop, tan: Actor, resold: list[str]) -> None:
    own = shop.offers
    assert {offer.offer for offer in sellable([*own, *resold])} == {*own, *resold}
    factory = suspend(shop, tan)
    assert sellable([*own, *resold]) == []
    assert cards_of_factory(factory, limit=9) == newest_cards(limit=9) == []
    reinstate_factory(actor=tan, organisation=factory, now=NOW)
    assert {offer.offer for offer in sellable([*own, *resold])} == {*own, *resold}


@pytest.mark.parametrize("through_merchant", [False, True])
def test_what_lies_in_a_cart_is_not_placed(
    shop: Shop, tan: Actor, resold: list[str], *, through_merchant: bool
) -> None:
    wanted = resold[0] if through_merchant else shop.offers[0]
    cart = shop.fill({wanted: 1})
    seen = cart_of(cart)
    suspend(shop, tan)
    assert not cart_of(cart).can_be_ordered(NOW)
    with pytest.raises(DomainError):
        shop.place(cart, form_token=seen.form_token)
    assert session().scalars(select(Order)).all() == []


@pytest.mark.parametrize("through_merchant", [False, True])
def test_what_is_placed_and_not_paid_is_not_paid(
    shop: Shop, tan: Actor, resold: list[str], browser: FlaskClient, *, through_merchant: bool
) -> None:
    payment = shop.order({resold[0] if through_merchant else shop.offers[0]: 1})
    suspend(shop, tan)
    assert is_stopped(checkout_of(shop.buyer, payment).orders)
    browser.post(f"/pay/{payment}", data={"method": "sandbox_pays"})
    assert "已暂停营业" in browser.get(f"/pay/{payment}").text
    assert checkout_of(shop.buyer, payment).payment.state == "pending"


def test_what_is_paid_goes_on(shop: Shop, tan: Actor) -> None:
    [order] = shop.bought({shop.offers[0]: 1})
    suspend(shop, tan)
    ship(actor=shop.wei, order=order, carrier="sf", tracking="SF1234567890123", now=NOW)
    assert session().scalars(select(Order.state).where(Order.public_id == order)).one() == "shipped"


def test_its_pages_and_those_of_its_goods_are_gone(
    shop: Shop, tan: Actor, resold: list[str], client: FlaskClient
) -> None:
    merchant = session().scalars(select(Organisation.slug).where(Organisation.kind == "merchant")).one()
    maker = session().scalars(select(Organisation.slug).where(Organisation.kind == "factory")).one()
    [card] = sellable([resold[0]])
    pages = [f"/goods/{shop.listing.public_id}", f"/f/{maker}", f"/m/{merchant}/{card.pick_up}"]
    ensure_index({}, ports=shop.ports, now=NOW)
    assert {client.get(page, follow_redirects=True).status_code for page in pages} == {200}
    assert "羊绒围巾" in client.get("/factory-goods?q=羊绒围巾").text
    suspend(shop, tan)
    assert {client.get(page, follow_redirects=True).status_code for page in pages} == {404}
    shown = client.get("/factory-goods?q=羊绒围巾").text
    assert shop.listing.public_id not in shown
    assert card.pick_up not in shown


def test_it_is_suspended_only_by_its_own_desk_and_not_by_itself(shop: Shop, tan: Actor) -> None:
    far = staff(HUA, Role.OPERATOR, Scope("belt", "danyang-glasses"))
    factory = shop.wei.memberships[0].organisation
    with pytest.raises(NotFoundError):
        suspend_factory(actor=far, organisation=factory, reason="执照被吊销", now=NOW)
    with pytest.raises(NotFoundError):
        suspend_factory(actor=shop.wei, organisation=factory, reason="执照被吊销", now=NOW)
    with pytest.raises(DomainError, match=r"case\.own"):
        suspend_factory(actor=replace(shop.wei, staff=tan.staff), organisation=factory, reason="执照被吊销", now=NOW)
    with pytest.raises(DomainError, match=r"factory\.state"):
        close_factory(actor=tan, organisation=factory, reason="执照被吊销", now=NOW)
    suspend(shop, tan)
    close_factory(actor=tan, organisation=factory, reason="执照被吊销", now=NOW)
    with pytest.raises(DomainError, match=r"factory\.state"):
        reinstate_factory(actor=tan, organisation=factory, now=NOW)
