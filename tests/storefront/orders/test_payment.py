"""Paying: once, whatever is lost, repeated or late."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from commission.ledger.queries import verify
from commission.payments import operations as payments
from commission.payments.models import Payment
from commission.payments.rules import DECLINES, PAYS
from commission.payments.sandbox import FaultPlan
from commission.payments.tasks import resolve_unknown, send_refund
from commission.settlement.models import SaleRow
from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.outbox import OutboxFact
from kernel.permissions import SYSTEM
from onboarding.listings import stock
from storefront.orders.operations import cancel, expire
from storefront.orders.queries import checkout_of
from storefront.orders.rules import HOLD_FOR, PAY_WITHIN
from storefront.orders.tasks import expire_unpaid
from tests.cast import NOW
from tests.storefront.shop import Shop, later
from tests.support.crowd import crowd
from tests.support.goods import stock_of

OVER = NOW + PAY_WITHIN
LONG_OVER = NOW + HOLD_FOR + timedelta(minutes=1)


def facts(kind: str) -> int:
    session().rollback()
    return session().scalars(select(func.count()).where(OutboxFact.kind == kind)).one()


def group_of(shop: Shop, payment: str) -> str:
    return checkout_of(shop.buyer, payment).group.public_id


def lose(shop: Shop, payment: str) -> None:
    """Pay so that the money is taken and nobody knows, for as long as the test looks."""
    shop.rail.faults = FaultPlan({"charge": ["after_commit_drop"], "query": ["before"] * 3})
    assert shop.pay(payment) == "unknown"


def test_paying_takes_the_stock_and_books_the_sale(shop: Shop) -> None:
    payment = shop.order({shop.offers[0]: 3})
    assert shop.pay(payment) == "ok"
    assert shop.states(payment) == ["paid"]
    assert stock_of(shop.skus[0]) == (7, 0)
    assert session().scalars(select(SaleRow.goods_fen)).all() == [38_400]
    assert verify().ok


def test_paying_in_many_tabs_at_once_charges_once(shop: Shop) -> None:
    payment = shop.order({shop.offers[0]: 1})

    def click() -> str:
        try:
            return shop.pay(payment)
        except DomainError as refusal:
            return refusal.code

    assert set(crowd(shop.app, [click] * 6)) <= {"ok", "payment.state"}
    assert [row.state for row in shop.rail.charges()] == ["ok"]
    assert (facts("order.paid"), stock_of(shop.skus[0])) == (1, (9, 0))
    assert session().scalars(select(func.count()).select_from(SaleRow)).one() == 1


def test_an_answer_recorded_by_page_and_worker_at_once_is_one_payment(shop: Shop) -> None:
    payment = shop.order({shop.offers[0]: 1})
    intent = payments.begin_charge(payment=payment, method=PAYS, actor=shop.buyer, now=NOW)
    outcome = payments.perform(intent, rail=shop.rail)

    def record() -> str:
        return payments.record_outcome(intent=intent, outcome=outcome, actor=SYSTEM, now=NOW)

    assert crowd(shop.app, [record] * 6) == ["ok"] * 6
    assert (facts("order.paid"), stock_of(shop.skus[0])) == (1, (9, 0))


@pytest.mark.parametrize("fault", ["before", "after_commit_drop"])
def test_a_lost_call_or_answer_ends_as_one_charge_and_paid_orders(shop: Shop, fault: str) -> None:
    payment = shop.order({shop.offers[0]: 1})
    shop.rail.faults = FaultPlan({"charge": [fault]})
    assert shop.pay(payment) == "unknown"
    resolve_unknown({}, ports=shop.ports, now=later(seconds=30))
    resolve_unknown({}, ports=shop.ports, now=later(seconds=60))
    assert shop.states(payment) == ["paid"]
    assert [row.state for row in shop.rail.charges()] == ["ok"]


def test_a_declined_payment_leaves_the_order_to_be_paid(shop: Shop) -> None:
    payment = shop.order({shop.offers[0]: 1})
    assert shop.pay(payment, method=DECLINES) == "failed"
    assert shop.states(payment) == ["placed"]
    assert shop.pay(payment) == "ok"
    assert shop.states(payment) == ["paid"]


def test_an_unpaid_checkout_runs_out_and_gives_its_stock_back(shop: Shop) -> None:
    payment = shop.order({shop.offers[0]: 2})
    expire_unpaid({}, ports=shop.ports, now=OVER - timedelta(seconds=1))
    assert shop.states(payment) == ["placed"]
    expire_unpaid({}, ports=shop.ports, now=OVER)
    assert shop.states(payment) == ["cancelled"]
    assert stock_of(shop.skus[0]) == (10, 0)
    with pytest.raises(DomainError, match=r"payment\.state"):
        shop.pay(payment, now=OVER)


def test_money_on_its_way_is_looked_up_before_the_checkout_runs_out(shop: Shop) -> None:
    payment = shop.order({shop.offers[0]: 1})
    shop.rail.faults = FaultPlan({"charge": ["after_commit_drop"]})
    shop.pay(payment)
    expire_unpaid({}, ports=shop.ports, now=OVER)
    assert shop.states(payment) == ["paid"]
    assert stock_of(shop.skus[0]) == (9, 0)


def test_a_checkout_with_an_unknown_payment_stays(shop: Shop) -> None:
    payment = shop.order({shop.offers[0]: 1})
    lose(shop, payment)
    expire_unpaid({}, ports=shop.ports, now=OVER)
    assert shop.states(payment) == ["placed"]
    with pytest.raises(DomainError, match=r"payment\.in_flight"):
        cancel(actor=shop.buyer, group=group_of(shop, payment), now=OVER)


def test_a_late_payment_takes_the_goods_again_while_there_are_some(shop: Shop) -> None:
    payment = shop.order({shop.offers[0]: 10})
    lose(shop, payment)
    _sweep_stock(shop)
    assert stock_of(shop.skus[0]) == (10, 0)
    shop.rail.faults = FaultPlan()
    resolve_unknown({}, ports=shop.ports, now=LONG_OVER)
    assert shop.states(payment) == ["paid"]
    assert stock_of(shop.skus[0]) == (0, 0)


def test_a_late_payment_whose_goods_are_sold_is_sent_back_whole(shop: Shop) -> None:
    payment = shop.order({shop.offers[0]: 10})
    lose(shop, payment)
    _sweep_stock(shop)
    shop.pay(shop.order({shop.offers[0]: 1}, now=LONG_OVER), now=LONG_OVER)
    shop.rail.faults = FaultPlan()
    resolve_unknown({}, ports=shop.ports, now=LONG_OVER)
    assert shop.states(payment) == ["cancelled"]
    assert facts("order.late_payment_returned") == 1
    for row in session().scalars(select(OutboxFact.payload).where(OutboxFact.kind == "payment.refund.begun")).all():
        send_refund(row, ports=shop.ports, now=LONG_OVER)
    assert [row.amount for row in shop.rail.refunds()] == [128_000]
    session().rollback()
    assert session().scalars(select(Payment.state).where(Payment.public_id == payment)).one() == "refunded"
    assert verify().ok
    assert stock_of(shop.skus[0]) == (9, 0)


def _sweep_stock(shop: Shop) -> None:
    """The stock's own sweep, while the rail stays silent."""
    with transaction():
        stock.release_expired(now=LONG_OVER)


@pytest.mark.parametrize("first", ["pay", "expire"])
def test_paying_and_running_out_at_once_is_decided_once(app: Flask, shop: Shop, first: str) -> None:
    payment = shop.order({shop.offers[0]: 1})
    group = group_of(shop, payment)

    def attempt(action: Callable[[], object]) -> str:
        try:
            action()
        except DomainError as refusal:
            return refusal.code
        return "done"

    rivals: dict[str, Callable[[], object]] = {
        "pay": lambda: shop.pay(payment, now=OVER),
        "expire": lambda: expire(group=group, actor=SYSTEM, now=OVER),
    }
    order = [rivals.pop(first), *rivals.values()]
    answers = crowd(app, [lambda each=each: attempt(each) for each in order])
    [state] = shop.states(payment)
    assert (state, answers.count("done")) in {("paid", 1), ("cancelled", 1)}
    assert stock_of(shop.skus[0]) == ((9, 0) if state == "paid" else (10, 0))
    assert len(shop.rail.charges()) == (1 if state == "paid" else 0)


def test_a_buyer_may_give_up_before_paying(shop: Shop) -> None:
    payment = shop.order({shop.offers[0]: 1})
    cancel(actor=shop.buyer, group=group_of(shop, payment), now=NOW)
    assert shop.states(payment) == ["cancelled"]
    assert stock_of(shop.skus[0]) == (10, 0)
