"""The factory's leg: one supply order per paid order of a merchant, at the frozen price, following it to the end."""

import re
from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from commission.ledger.queries import verify
from commission.payments import operations as payments
from commission.payments.rules import PAYS
from commission.settlement.models import RefundRow, SaleRow
from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.permissions import SYSTEM, Actor
from onboarding.listings.models import Listing
from onboarding.offers.models import Offer
from storefront.orders.facts import OrderPaid
from storefront.orders.operations import receive
from storefront.orders.queries import order_of
from storefront.shipments.operations import ship
from storefront.supply.models import SupplyOrder
from storefront.supply.operations import make_supply_order, on_order_paid, on_order_refunded
from tests.cast import NOW, YU, yuan
from tests.storefront.orders.test_pages import hidden
from tests.storefront.shop import FORM, Shop, later
from tests.support.crowd import crowd
from tests.support.goods import make_factory
from tests.support.statements import statements


def supply_orders() -> list[SupplyOrder]:
    session().rollback()
    return list(session().scalars(select(SupplyOrder).order_by(SupplyOrder.id)))


def sale(ref: str) -> SaleRow:
    return session().scalars(select(SaleRow).where(SaleRow.order_ref == ref)).one()


def test_a_paid_resold_order_is_a_supply_order_at_once(shop: Shop, bo: Actor, resale: list[str]) -> None:
    [order] = shop.bought({resale[0]: 2, resale[1]: 1})
    [supply] = supply_orders()
    factory, merchant = shop.wei.memberships[0], bo.memberships[0]
    assert (supply.organisation_id, supply.merchant_id) == (factory.organisation_id, merchant.organisation_id)
    assert (supply.goods_fen, supply.refunded_fen, supply.factory_name) == (yuan("180.00"), 0, factory.name)
    hers, its = sale(order), sale(supply.public_id)
    assert (hers.way, hers.seller, hers.goods_fen) == ("merchant", merchant.organisation, yuan("298.11"))
    assert (its.way, its.seller, its.goods_fen, its.serves) == ("supply", factory.organisation, yuan("180.00"), order)
    assert (its.processing_fen, its.number, its.category) == (0, hers.number, "服饰针织")
    assert verify().ok


def test_a_factorys_own_order_has_no_supply_order(shop: Shop) -> None:
    shop.bought({shop.offers[0]: 1})
    assert supply_orders() == []


def test_two_factories_of_one_merchant_are_two_orders_and_two_supply_orders(
    shop: Shop, bo: Actor, resale: list[str]
) -> None:
    yu = make_factory(YU)
    other = shop.put_on_sale(yu)
    theirs = shop.resell(bo, other, price_fen=20_000, supply_fen=15_000)
    payment = shop.order({resale[0]: 1, theirs[0]: 1, resale[1]: 1, shop.offers[0]: 1})
    shop.pay(payment)
    orders = [order_of(shop.buyer, order) for order in shop.orders(payment)]
    shippers = [
        shop.wei.memberships[0].organisation,
        yu.memberships[0].organisation,
        shop.wei.memberships[0].organisation,
    ]
    assert [order.shipper for order in orders] == shippers
    assert [(order.way, order.total_fen) for order in orders] == [
        ("merchant", yuan("198.74")),
        ("merchant", yuan("200.00")),
        ("direct", yuan("128.00")),
    ]
    assert [supply.goods_fen for supply in supply_orders()] == [yuan("120.00"), yuan("150.00")]
    assert verify().ok


def test_the_price_that_was_ordered_is_owed_though_the_factory_changes_it(shop: Shop, resale: list[str]) -> None:
    payment = shop.order({resale[0]: 1})
    with transaction():
        session().execute(update(Offer).where(Offer.public_id == resale[0]).values(supply_price_fen=7_000))
    shop.pay(payment)
    assert [supply.goods_fen for supply in supply_orders()] == [yuan("60.00")]


def test_rivals_record_one_payment_and_make_one_supply_order(shop: Shop, resale: list[str]) -> None:
    payment = shop.order({resale[0]: 1})
    intent = payments.begin_charge(payment=payment, method=PAYS, actor=shop.buyer, now=NOW)
    outcome = payments.perform(intent, rail=shop.rail)

    def record() -> str:
        return payments.record_outcome(intent=intent, outcome=outcome, actor=SYSTEM, now=NOW)

    assert crowd(shop.app, [record] * 6) == ["ok"] * 6
    assert len(supply_orders()) == 1


def test_rivals_and_repeated_facts_make_one_supply_order(shop: Shop, resale: list[str]) -> None:
    [order] = shop.bought({resale[0]: 1})
    found = order_of(shop.buyer, order)
    fact = OrderPaid(order=order, seller=found.seller, shipper=found.shipper)
    with transaction():
        on_order_paid(fact, actor=SYSTEM, now=NOW)
        on_order_paid(fact, actor=SYSTEM, now=NOW)

    def make() -> None:
        make_supply_order(order=order, actor=SYSTEM, now=NOW)

    crowd(shop.app, [make] * 6)
    assert len(supply_orders()) == 1
    assert session().scalars(select(func.count()).select_from(SaleRow)).one() == 2


def test_what_the_shopper_has_the_factory_has_delivered(shop: Shop, resale: list[str]) -> None:
    [order] = shop.bought({resale[0]: 1})
    ship(actor=shop.wei, order=order, carrier="sf", tracking="SF1234567890123", now=NOW)
    receive(actor=shop.buyer, order=order, now=later(days=3))
    [supply] = supply_orders()
    assert sale(supply.public_id).received_at == sale(order).received_at == later(days=3)
    assert sale(supply.public_id).release_on == sale(order).release_on


def test_a_refund_is_given_back_by_the_factory_once(shop: Shop, resale: list[str]) -> None:
    [order] = shop.bought({resale[0]: 3})
    fact = shop.refund(order, 1)
    on_order_refunded(fact, actor=SYSTEM, now=NOW)
    [supply] = supply_orders()
    assert (supply.goods_fen, supply.refunded_fen) == (yuan("180.00"), yuan("60.00"))
    its = sale(supply.public_id)
    assert (its.refunded_goods_fen, its.received_at) == (yuan("60.00"), None)
    assert len(session().scalars(select(RefundRow.id).where(RefundRow.sale_id == its.id)).all()) == 1


def test_an_order_refunded_whole_before_shipping_closes_its_supply_order(shop: Shop, resale: list[str]) -> None:
    [order] = shop.bought({resale[0]: 3})
    shop.refund(order, 1)
    shop.refund(order, 2)
    [supply] = supply_orders()
    assert supply.refunded_fen == supply.goods_fen
    assert sale(supply.public_id).received_at == NOW


def test_a_refund_of_a_factorys_own_order_is_no_supply_orders_business(shop: Shop) -> None:
    [order] = shop.bought({shop.offers[0]: 1})
    shop.refund(order, 1)
    assert supply_orders() == []


def change_offer(offer: str, **values: object) -> None:
    with transaction():
        session().execute(update(Offer).where(Offer.public_id == offer).values(**values))


def test_a_resold_price_that_earns_nothing_is_refused(shop: Shop, resale: list[str]) -> None:
    change_offer(resale[0], price_fen=6_098, supply_price_fen=6_000)  # less 1.6 % 6000.43, not a fen more
    cart = shop.fill({resale[0]: 1})
    with pytest.raises(DomainError, match=r"order\.below_cost"):
        shop.place(cart)
    change_offer(resale[0], price_fen=6_099)
    assert shop.place(shop.fill({resale[0]: 1})).startswith("pay_")


@pytest.mark.parametrize("change", [{"state": "held", "held_reason": "below_cost"}, {"state": "off"}])
def test_an_offer_taken_back_between_the_steps_is_not_sold(
    shop: Shop, resale: list[str], change: dict[str, str]
) -> None:
    cart = shop.fill({resale[0]: 1})
    change_offer(resale[0], **change)
    with pytest.raises(DomainError, match=r"order\.not_for_sale"):
        shop.place(cart)


def test_goods_taken_down_are_not_resold(shop: Shop, resale: list[str]) -> None:
    cart = shop.fill({resale[0]: 1})
    with transaction():
        session().get_one(Listing, shop.listing.id).state = "archived"
    with pytest.raises(DomainError, match=r"order\.not_for_sale"):
        shop.place(cart)


@pytest.mark.parametrize("who", ["merchant", "factory"])
def test_nobody_buys_what_she_sells_or_ships(shop: Shop, bo: Actor, resale: list[str], who: str) -> None:
    member = {"merchant": bo, "factory": shop.wei}[who]
    buyer = replace(shop.buyer, memberships=member.memberships)
    with pytest.raises(DomainError, match=r"order\.own_goods"):
        shop.place(shop.fill({resale[0]: 1}), buyer=buyer)


def test_a_price_that_changed_is_shown_before_anything_is_bought(
    shop: Shop, browser: FlaskClient, resale: list[str]
) -> None:
    browser.post("/cart/lines", data={"offer": resale[0], "quantity": "1"})
    form = {**FORM, **hidden(browser.get("/checkout").text)}
    change_offer(resale[0], price_fen=10_500, supply_price_fen=7_000)
    answer = browser.post("/checkout", data=form)
    assert (answer.status_code, "¥105.00" in answer.text, "价格变了" in answer.text) == (422, True, True)
    assert "70.00" not in answer.text


def test_a_price_below_cost_says_nothing_of_costs(shop: Shop, browser: FlaskClient, resale: list[str]) -> None:
    browser.post("/cart/lines", data={"offer": resale[0], "quantity": "1"})
    form = {**FORM, **hidden(browser.get("/checkout").text)}
    change_offer(resale[0], supply_price_fen=9_900)
    answer = browser.post("/checkout", data=form)
    assert (answer.status_code, "已经不按这个价格出售" in answer.text) == (422, True)
    assert not {"99.00", "成本", "供货"} & set(re.findall(r"99\.00|成本|供货", answer.text))


def test_orders_of_one_checkout_say_that_they_are_paid_together(
    shop: Shop, browser: FlaskClient, resale: list[str]
) -> None:
    [alone] = shop.orders(shop.order({resale[0]: 1}))
    both = shop.orders(shop.order({resale[0]: 1, shop.offers[0]: 1}))
    said = ["一起付款，共 ¥227.37" in browser.get(f"/orders/{order}").text for order in (alone, *both)]
    assert said == [False, True, True]


def test_placing_and_paying_a_resold_cart_asks_few_questions(
    shop: Shop, browser: FlaskClient, resale: list[str]
) -> None:
    for offer in resale:
        browser.post("/cart/lines", data={"offer": offer, "quantity": "1"})
    form = {**FORM, **hidden(browser.get("/checkout").text)}
    with statements() as asked:
        pay = browser.post("/checkout", data=form).location
    assert len(asked) <= 24, asked
    with statements() as asked:
        browser.post(pay, data={"method": "sandbox_pays"})
    assert len(asked) <= 57, asked
