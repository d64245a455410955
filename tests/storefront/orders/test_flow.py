"""The main road: placed, paid, shipped, received, settled, paid out."""

from flask import Flask

from commission.ledger.queries import verify
from commission.payments.sandbox import FaultPlan
from commission.payments.tasks import resolve_unknown
from commission.settlement.operations import begin_payouts, settle
from commission.settlement.queries import payouts
from commission.settlement.tasks import perform_payout
from kernel.clock import business_date
from kernel.permissions import SYSTEM
from onboarding.offers.queries import offers_of_listing
from storefront.orders.operations import receive
from storefront.orders.queries import order_of
from storefront.orders.tasks import count_days
from tests.cast import BO, NOW, yuan
from tests.storefront.shop import Shop, later
from tests.support.goods import make_factory, stock_of


def test_from_cart_to_payout(app: Flask, shop: Shop) -> None:
    order = shop.shipped()
    assert stock_of(shop.skus[0]) == (9, 0)
    receive(actor=shop.buyer, order=order, now=NOW)
    released = later(days=8)
    assert settle(day=business_date(later(days=7)), actor=SYSTEM, now=later(days=7)) == 0
    assert settle(day=business_date(released), actor=SYSTEM, now=released) == 1
    count_days({}, ports=shop.ports, now=released)
    assert order_of(shop.buyer, order).state == "completed"
    [payout] = begin_payouts(actor=SYSTEM, now=released)
    perform_payout({"payout": payout}, ports=shop.ports, now=released)
    commission, fee = yuan("0.64"), yuan("0.77")
    assert [(row.amount, row.state) for row in payouts()] == [(yuan("128.00") - commission - fee, "paid")]
    assert [row.amount for row in shop.rail.payouts()] == [yuan("126.59")]
    assert shop.rail.balance().amount == commission
    assert verify().ok


def test_a_payout_whose_answer_is_lost_is_booked_when_it_is_found(app: Flask, shop: Shop) -> None:
    receive(actor=shop.buyer, order=shop.shipped(), now=NOW)
    released = later(days=8)
    settle(day=business_date(released), actor=SYSTEM, now=released)
    shop.rail.faults = FaultPlan({"payout": ["after_commit_drop"]})
    [payout] = begin_payouts(actor=SYSTEM, now=released)
    perform_payout({"payout": payout}, ports=shop.ports, now=released)
    assert [row.state for row in payouts()] == ["unknown"]
    resolve_unknown({}, ports=shop.ports, now=later(days=8, minutes=1))
    assert [row.state for row in payouts()] == ["paid"]
    assert len(shop.rail.payouts()) == 1
    assert verify().ok


def test_one_payment_pays_orders_of_two_sellers_and_its_fee_is_split(app: Flask, shop: Shop) -> None:
    other = shop.put_on_sale(make_factory(BO), price_fen=9_900)
    [offer] = offers_of_listing(other.public_id)
    payment = shop.order({shop.offers[0]: 1, offer.offer: 3})
    shop.pay(payment)
    orders = [order_of(shop.buyer, order) for order in shop.orders(payment)]
    assert [order.number for order in orders] == ["Y1001-1", "Y1001-2"]
    assert [order.total_fen for order in orders] == [yuan("128.00"), yuan("297.00")]
    assert [order.processing_fen for order in orders] == [77, 178]  # 255 in all
    assert verify().ok
