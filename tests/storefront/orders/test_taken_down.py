"""Goods that the platform takes down are not paid for: before the rail nothing is charged, after it all comes back."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from commission.ledger.models import Entry
from commission.ledger.queries import verify
from commission.payments.models import Payment
from commission.payments.sandbox import FaultPlan
from commission.payments.tasks import resolve_unknown, send_refund
from commission.settlement.models import SaleRow
from kernel.db import session, transaction
from kernel.errors import NotFoundError
from kernel.outbox import OutboxFact
from kernel.permissions import Actor
from onboarding.listings.measures import hold
from onboarding.listings.models import Listing
from onboarding.listings.operations import archive_listing
from onboarding.listings.takedowns import restore, take_down
from storefront.orders.models import Order
from storefront.orders.operations import begin_payment
from tests.cast import NOW, TAN
from tests.onboarding.people import operator
from tests.storefront.shop import Shop, later
from tests.support.crowd import crowd
from tests.support.goods import stock_of

WHY = {"reason_code": "forbidden", "told": "这种商品不能卖", "internal": ""}
PAYS = {"method": "sandbox_pays"}


def down(listing: Listing) -> None:
    take_down(actor=operator(TAN), listing=listing.public_id, **WHY, now=NOW)


def reasons() -> list[str]:
    session().rollback()
    return list(session().scalars(select(Order.cancel_reason).order_by(Order.id)))


def test_paying_for_goods_taken_down_charges_nothing_and_cancels(shop: Shop, browser: FlaskClient) -> None:
    payment = shop.order({shop.offers[0]: 3})
    down(shop.listing)
    assert "不能付款" in browser.get(f"/pay/{payment}").text
    assert "sandbox_pays" not in browser.get(f"/pay/{payment}").text
    shown = browser.post(f"/pay/{payment}", data=PAYS, follow_redirects=True).text
    assert ("刚被平台下架" in shown, "这笔订单已经取消" in shown) == (True, True)
    assert (shop.rail.charges(), reasons(), stock_of(shop.skus[0])) == ([], ["taken_down"], (10, 0))
    assert session().scalars(select(Payment.state)).one() == "failed"
    assert "商品被平台下架或停售，订单已取消" in browser.get(f"/orders/{shop.orders(payment)[0]}").text


def test_goods_of_another_factory_go_with_them(shop: Shop, browser: FlaskClient) -> None:
    payment = shop.order({shop.offers[0]: 1, shop.resell(shop.merchant(), shop.listing)[0]: 1})
    down(shop.listing)
    browser.post(f"/pay/{payment}", data=PAYS)
    assert (shop.states(payment), stock_of(shop.skus[0])) == (["cancelled", "cancelled"], (10, 0))


def test_a_notice_stops_the_payment_too(shop: Shop, browser: FlaskClient) -> None:
    payment = shop.order({shop.offers[0]: 1})
    with transaction():
        hold(actor=operator(TAN), listings=[shop.listing.public_id], cause="ntc_any", now=NOW)
    browser.post(f"/pay/{payment}", data=PAYS)
    assert (shop.rail.charges(), reasons()) == ([], ["taken_down"])


@pytest.mark.parametrize("after", ["archived", "submitted", "lapsed"])
def test_what_became_of_goods_after_that_changes_nothing(shop: Shop, browser: FlaskClient, after: str) -> None:
    payment = shop.order({shop.offers[0]: 1})
    down(shop.listing)
    with transaction():
        session().execute(update(Listing).where(Listing.id == shop.listing.id).values(state=after, reason=""))
    browser.post(f"/pay/{payment}", data=PAYS)
    assert (shop.rail.charges(), reasons()) == ([], ["taken_down"])


@pytest.mark.parametrize("by", ["restored", "given up"])
def test_goods_on_sale_again_or_given_up_by_their_factory_are_paid(shop: Shop, browser: FlaskClient, by: str) -> None:
    payment = shop.order({shop.offers[0]: 1})
    if by == "restored":
        down(shop.listing)
        restore(actor=operator(TAN), listing=shop.listing.public_id, note="", now=NOW)
    else:
        archive_listing(actor=shop.wei, listing=shop.listing.public_id, now=NOW)
    browser.post(f"/pay/{payment}", data=PAYS)
    assert (shop.states(payment), verify().ok) == (["paid"], True)


def test_money_that_was_at_the_rail_already_is_sent_back_whole(shop: Shop) -> None:
    payment = shop.order({shop.offers[0]: 10})
    shop.rail.faults = FaultPlan({"charge": ["after_commit_drop"], "query": ["before"] * 3})
    assert shop.pay(payment) == "unknown"
    down(shop.listing)
    assert begin_payment(actor=shop.buyer, payment=payment, method="sandbox_pays", now=NOW)  # its answer decides
    assert shop.states(payment) == ["placed"]
    shop.rail.faults = FaultPlan()
    resolve_unknown({}, ports=shop.ports, now=later(minutes=1))
    assert (reasons(), stock_of(shop.skus[0])) == (["returned"], (10, 0))
    assert booked() == (["payment.unallocated"], [])
    for row in session().scalars(select(OutboxFact.payload).where(OutboxFact.kind == "payment.refund.begun")).all():
        send_refund(row, ports=shop.ports, now=NOW)
    assert [row.amount for row in shop.rail.refunds()] == [128_000]
    session().rollback()
    assert (session().scalars(select(Payment.state)).one(), verify().ok) == ("refunded", True)


def booked() -> tuple[list[str], list[str]]:
    """The facts on the books, and the orders that count as sold."""
    kinds = session().scalars(select(Entry.fact_kind).order_by(Entry.id)).all()
    return list(kinds), list(session().scalars(select(SaleRow.order_ref)))


def test_a_payment_that_comes_back_is_not_called_a_success(
    shop: Shop, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    payment = shop.order({shop.offers[0]: 1})
    charge = shop.rail.charge

    def slow(**asked: object) -> object:
        down(shop.listing)  # while the rail thinks
        return charge(**asked)  # type: ignore[arg-type]

    monkeypatch.setattr(shop.rail, "charge", slow)
    shown = browser.post(f"/pay/{payment}", data=PAYS, follow_redirects=True).text
    assert ("付款成功" in shown, reasons()) == (False, ["returned"])
    assert "款项已全额原路退回" in shown


def test_a_stranger_begins_no_payment(shop: Shop, yu: Actor) -> None:
    payment = shop.order({shop.offers[0]: 1})
    down(shop.listing)
    with pytest.raises(NotFoundError):
        begin_payment(actor=yu, payment=payment, method="sandbox_pays", now=NOW)
    assert shop.states(payment) == ["placed"]


def test_paying_and_taking_down_at_once_is_decided_once(app: Flask, shop: Shop, browser: FlaskClient) -> None:
    payment, tan, listing = shop.order({shop.offers[0]: 1}), operator(TAN), shop.listing.public_id
    crowd(
        app,
        [
            lambda: browser.post(f"/pay/{payment}", data=PAYS).status_code,
            lambda: take_down(actor=tan, listing=listing, **WHY, now=NOW) and 0,
        ],
    )
    [state] = shop.states(payment)
    sold = session().scalars(select(func.count(SaleRow.id))).one()
    assert (state, sold, stock_of(shop.skus[0])) in {("paid", 1, (9, 0)), ("cancelled", 0, (10, 0))}
    returned = session().scalars(select(func.count()).where(OutboxFact.kind == "payment.refund.begun")).one()
    assert (len(shop.rail.charges()) - returned, verify().ok) == (sold, True)
