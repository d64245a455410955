"""Refunds of resold orders: the merchant decides, the factory's leg follows, nobody learns what is not hers."""

import pytest
from sqlalchemy import select

from commission.ledger.queries import verify
from commission.settlement.models import SaleRow
from commission.settlement.operations import settle
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.notify import Message
from kernel.permissions import SYSTEM, Actor
from kernel.work import drain
from onboarding.accounts.models import User
from storefront.after_sales.operations import agree, confirm_return, refuse, withdraw
from storefront.after_sales.queries import bought_refunds, factory_refunds, merchant_refunds
from storefront.jobs import PLAN
from storefront.orders.operations import receive
from storefront.orders.queries import order_of
from storefront.shipments.operations import ship
from storefront.supply.models import SupplyOrder
from tests.cast import NOW, YU, yuan
from tests.storefront.after_sales.desk import ask, begun, books, order_state, send, state_of
from tests.storefront.shop import Shop, later
from tests.support.crowd import crowd
from tests.support.goods import make_factory, stock_of


@pytest.fixture
def bo(shop: Shop) -> Actor:
    """A merchant, who sells Wei's scarf at 99.00 and owes him 60.00 of it."""
    return shop.merchant()


@pytest.fixture
def order(shop: Shop, bo: Actor) -> str:
    """Three of it, bought in her shop."""
    [order] = shop.bought({shop.resell(bo, shop.listing)[0]: 3})
    return order


def leave(shop: Shop, order: str) -> None:
    ship(actor=shop.wei, order=order, carrier="sf", tracking="SF1234567890123", now=NOW)


def supply() -> SupplyOrder:
    session().rollback()
    return session().scalars(select(SupplyOrder)).one()


def texts(shop: Shop) -> list[tuple[str, str]]:
    """What the worker sent: `(phone, text)`."""
    drain(PLAN, ports=shop.ports)
    return [(row.recipient, row.text) for row in session().scalars(select(Message).order_by(Message.id))]


def test_both_legs_give_back_their_own_price(shop: Shop, bo: Actor, order: str) -> None:
    refund = ask(shop, order, 1)
    assert agree(actor=bo, refund=refund, now=NOW) == "refunded"
    assert [fen for _intent, fen in begun(refund)] == [yuan("99.00")]
    assert (supply().refunded_fen, stock_of(shop.skus[0])) == (yuan("60.00"), (8, 0))
    send(shop, [refund])
    assert verify().ok


def test_part_and_rest_cancel_and_settle_on_both_legs(shop: Shop, bo: Actor, order: str) -> None:
    refunds = [ask(shop, order, 1)]
    agree(actor=bo, refund=refunds[0], now=NOW)
    refunds.append(ask(shop, order, 2))
    agree(actor=bo, refund=refunds[1], now=NOW)
    assert (order_state(shop, order), supply().refunded_fen) == ("cancelled", supply().goods_fen)
    send(shop, refunds)
    assert settle(day=business_date(later(days=8)), actor=SYSTEM, now=later(days=8)) == 2
    assert books(bo.memberships[0].organisation) == {"receivable": 178}  # the fee of 297.00
    assert books(shop.wei.memberships[0].organisation) == {}
    assert verify().ok


def test_goods_go_back_to_the_factory_and_it_says_so(shop: Shop, bo: Actor, order: str) -> None:
    leave(shop, order)
    refund = ask(shop, order, 2)
    assert agree(actor=bo, refund=refund, now=NOW) == "agreed"
    with pytest.raises(NotFoundError):
        confirm_return(actor=bo, refund=refund, now=NOW)
    confirm_return(actor=shop.wei, refund=refund, now=NOW)
    assert (state_of(refund), supply().refunded_fen) == ("refunded", yuan("120.00"))
    assert verify().ok


def test_after_settlement_both_owe_their_own_part(shop: Shop, bo: Actor, order: str) -> None:
    leave(shop, order)
    receive(actor=shop.buyer, order=order, now=NOW)
    settle(day=business_date(later(days=8)), actor=SYSTEM, now=later(days=8))
    refund = ask(shop, order, 3)
    agree(actor=bo, refund=refund, now=NOW)
    confirm_return(actor=shop.wei, refund=refund, now=NOW)
    send(shop, [refund])
    rows = session().scalars(select(SaleRow).order_by(SaleRow.id)).all()
    assert [(row.way, row.goods_fen - row.refunded_goods_fen, row.commission_fen) for row in rows] == [
        ("merchant", 0, 0),
        ("supply", 0, 0),
    ]
    assert verify().ok


def test_the_factory_decides_nothing_of_a_merchants_order(shop: Shop, bo: Actor, order: str) -> None:
    refund = ask(shop, order, 1)
    for actor in (shop.wei, make_factory(), shop.merchant(name="别家小店", person=YU)):
        with pytest.raises(NotFoundError):
            agree(actor=actor, refund=refund, now=NOW)
        with pytest.raises(NotFoundError):
            refuse(actor=actor, refund=refund, answer="不", now=NOW)
        with pytest.raises(NotFoundError):
            withdraw(actor=actor, refund=refund, now=NOW)
    assert state_of(refund) == "asked"


def test_each_side_sees_its_own_amount(shop: Shop, bo: Actor, order: str) -> None:
    ask(shop, order, 2)
    hers = bought_refunds(order_of(shop.buyer, order), now=NOW).refunds
    for views, amount, actions in (
        (hers, yuan("198.00"), {"withdraw"}),
        (merchant_refunds(bo, order), yuan("198.00"), {"agree", "refuse"}),
        (factory_refunds(shop.wei, order), yuan("120.00"), set()),
        (factory_refunds(shop.wei), yuan("120.00"), set()),
        (merchant_refunds(bo), yuan("198.00"), {"agree", "refuse"}),
    ):
        assert [(view.amount_fen, view.actions, view.pieces) for view in views] == [(amount, actions, 2)]
    assert factory_refunds(make_factory(), order) == []


def test_texts_tell_each_side_its_own(shop: Shop, bo: Actor, order: str) -> None:
    leave(shop, order)
    asked = ask(shop, order, 2)
    before = len(texts(shop))
    refuse(actor=bo, refund=asked, answer="已过试用期", now=NOW)
    again = ask(shop, order, 2)
    agree(actor=bo, refund=again, now=NOW)
    confirm_return(actor=shop.wei, refund=again, now=NOW)
    said = texts(shop)
    phones = {person: session().get_one(User, actor.user_id).phone for person, actor in _people(shop, bo).items()}
    told = {person: [text for phone, text in said if phone == number] for person, number in phones.items()}
    assert len(said) - before == 5
    assert all("¥" not in text for text in told["wei"])
    assert any("2 件退货" in text for text in told["wei"])
    assert any("申请退款 ¥198.00" in text for text in told["bo"])
    assert not any(shop.wei.memberships[0].name in text for text in told["lin"])
    assert any("已过试用期" in text for text in told["lin"])
    assert any("¥198.00 已受理" in text for text in told["lin"])


def test_two_refunds_and_the_settlement_at_once(shop: Shop, bo: Actor, order: str) -> None:
    leave(shop, order)
    receive(actor=shop.buyer, order=order, now=NOW)
    refund = ask(shop, order, 1)
    agree(actor=bo, refund=refund, now=NOW)
    day, due = business_date(later(days=8)), later(days=8)
    crowd(
        shop.app,
        [
            lambda: confirm_return(actor=shop.wei, refund=refund, now=due),
            lambda: settle(day=day, actor=SYSTEM, now=due),
        ],
    )
    settle(day=day, actor=SYSTEM, now=due)
    assert (state_of(refund), supply().refunded_fen) == ("refunded", yuan("60.00"))
    assert verify().ok


def _people(shop: Shop, bo: Actor) -> dict[str, Actor]:
    return {"lin": shop.buyer, "bo": bo, "wei": shop.wei}
