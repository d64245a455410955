"""Refunds of direct orders: goods and money move once, on the order, in stock, on the books and at the rail."""

import pytest
from sqlalchemy.exc import IntegrityError

from commission.ledger.queries import verify
from commission.settlement.operations import settle
from kernel.clock import business_date
from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.permissions import SYSTEM, Actor
from onboarding.listings.models import Sku
from onboarding.listings.stock import imbalances
from storefront.after_sales.operations import agree, ask_refund, confirm_return, refuse, withdraw
from storefront.orders.models import OrderLine
from storefront.orders.operations import receive
from storefront.orders.queries import order_of
from storefront.shipments.operations import ship
from tests.cast import BO, NOW, yuan
from tests.storefront.after_sales.desk import ask, begun, books, lines_of, order_state, refunded, send, state_of
from tests.storefront.shop import Shop, later
from tests.support.goods import make_factory, stock_of

PARCEL = {"carrier": "sf", "tracking": "SF1234567890123"}


def buy(shop: Shop, *pieces: int) -> str:
    [order] = shop.bought(dict(zip(shop.offers, pieces, strict=False)))
    return order


def test_a_part_before_shipping_is_refunded_at_once(shop: Shop) -> None:
    order = buy(shop, 3)
    refund = refunded(shop, order, 1)
    assert (order_state(shop, order), state_of(refund)) == ("paid", "refunded")
    assert stock_of(shop.skus[0]) == (8, 0)
    assert [fen for _intent, fen in begun(refund)] == [yuan("128.00")]
    ship(actor=shop.wei, order=order, now=NOW, **PARCEL)
    assert verify().ok
    assert imbalances() == []


def test_the_whole_before_shipping_cancels_the_order_and_its_sale_still_settles(shop: Shop) -> None:
    order = buy(shop, 2, 1)
    refund = refunded(shop, order, 2, 1)
    found = order_of(shop.buyer, order)
    assert (found.state, found.cancel_reason) == ("cancelled", "refunded")
    assert [stock_of(sku) for sku in shop.skus] == [(10, 0), (10, 0)]
    with pytest.raises(DomainError, match=r"order\.state"):
        ship(actor=shop.wei, order=order, now=NOW, **PARCEL)
    send(shop, [refund])
    assert settle(day=business_date(later(days=8)), actor=SYSTEM, now=later(days=8)) == 1
    seller = shop.wei.memberships[0].organisation
    assert books(seller) == {"receivable": 230}  # the processing fee of 384.00
    assert verify().ok


def test_part_and_rest_are_the_whole(shop: Shop) -> None:
    order = buy(shop, 2, 1)
    both = [refunded(shop, order, 1), refunded(shop, order, 1, 1)]
    assert order_state(shop, order) == "cancelled"
    assert sum(fen for refund in both for _intent, fen in begun(refund)) == yuan("384.00")
    send(shop, both)
    assert shop.rail.balance().amount == -yuan("2.30")  # it keeps its fee
    assert [stock_of(sku) for sku in shop.skus] == [(10, 0), (10, 0)]
    assert verify().ok


def test_goods_that_left_come_back_first(shop: Shop) -> None:
    order = shop.shipped()
    refund = ask(shop, order)
    assert agree(actor=shop.wei, refund=refund, now=NOW) == "agreed"
    assert (begun(refund), stock_of(shop.skus[0])) == ([], (9, 0))
    confirm_return(actor=shop.wei, refund=refund, now=NOW)
    assert (state_of(refund), order_state(shop, order)) == ("refunded", "shipped")
    assert stock_of(shop.skus[0]) == (9, 0)  # looked at first, counted by hand
    assert [fen for _intent, fen in begun(refund)] == [yuan("128.00")]
    assert verify().ok


def test_a_refund_after_settlement_is_owed_by_the_seller(shop: Shop) -> None:
    order = shop.shipped()
    receive(actor=shop.buyer, order=order, now=NOW)
    settle(day=business_date(later(days=8)), actor=SYSTEM, now=later(days=8))
    wanted = {lines_of(shop, order)[0]: 1}
    refund = ask_refund(actor=shop.buyer, order=order, pieces=wanted, why="quality", words="起球", now=later(days=60))
    agree(actor=shop.wei, refund=refund, now=later(days=60))
    confirm_return(actor=shop.wei, refund=refund, now=later(days=60))
    seller = shop.wei.memberships[0].organisation
    assert books(seller)["receivable"] == yuan("128.00") - yuan("0.64")
    send(shop, [refund])
    assert verify().ok


def test_made_to_order_is_not_put_on_the_shelf(shop: Shop) -> None:
    with transaction():
        session().get_one(Sku, shop.skus[1]).made_to_order = True
    order = buy(shop, 1, 5)
    refunded(shop, order, 1, 5)
    assert [stock_of(sku) for sku in shop.skus] == [(10, 0), (10, 0)]
    assert imbalances() == []


@pytest.mark.parametrize(
    ("pieces", "code"), [((3,), "refund.more_than_left"), ((0, 0), "refund.nothing"), ((-1,), "more_than_left")]
)
def test_more_than_bought_and_nothing_are_refused(shop: Shop, pieces: tuple[int, ...], code: str) -> None:
    order = buy(shop, 2, 1)
    with pytest.raises(DomainError, match=code):
        ask(shop, order, *pieces)


def test_what_was_refunded_is_not_refunded_again(shop: Shop) -> None:
    order = buy(shop, 2)
    refunded(shop, order, 1)
    with pytest.raises(DomainError, match=r"refund\.more_than_left\(left=1\)"):
        ask(shop, order, 2)


def test_the_database_counts_too(shop: Shop) -> None:
    [line] = lines_of(shop, buy(shop, 2))
    with pytest.raises(IntegrityError, match="refunded_quantity"), transaction():
        session().get_one(OrderLine, line).refunded_quantity = 3


def test_a_line_of_another_order_is_nothing(shop: Shop) -> None:
    mine, other = buy(shop, 1), buy(shop, 1)
    with pytest.raises(NotFoundError):
        ask_refund(actor=shop.buyer, order=mine, pieces={lines_of(shop, other)[0]: 1}, why="other", words="", now=NOW)


def test_one_request_at_a_time(shop: Shop) -> None:
    order = buy(shop, 2)
    first = ask(shop, order)
    with pytest.raises(DomainError, match=r"refund\.open"):
        ask(shop, order)
    withdraw(actor=shop.buyer, refund=first, now=NOW)
    assert state_of(ask(shop, order)) == "asked"


def test_who_asks_in_vain_is_heard_five_times(shop: Shop) -> None:
    order = buy(shop, 1)
    for _ in range(5):
        refuse(actor=shop.wei, refund=ask(shop, order), answer="已经裁剪", now=NOW)
    with pytest.raises(DomainError, match=r"refund\.tries"):
        ask(shop, order)


def test_unpaid_cancelled_and_long_past_are_not_asked_for(shop: Shop) -> None:
    [unpaid] = shop.orders(shop.order({shop.offers[0]: 1}))
    cancelled, received = buy(shop, 1), shop.shipped()
    refunded(shop, cancelled, 1)
    receive(actor=shop.buyer, order=received, now=NOW)
    for order, now in ((unpaid, NOW), (cancelled, NOW), (received, later(days=90))):
        wanted = {lines_of(shop, order)[0]: 1}
        with pytest.raises(DomainError, match=r"refund\.not_now"):
            ask_refund(actor=shop.buyer, order=order, pieces=wanted, why="other", words="", now=now)


def test_a_reason_is_one_of_the_list_and_a_refusal_says_why(shop: Shop) -> None:
    order = buy(shop, 1)
    with pytest.raises(InvalidInputError):
        ask(shop, order, why="because")
    with pytest.raises(DomainError, match=r"refund\.answer_needed"):
        refuse(actor=shop.wei, refund=ask(shop, order), answer=" ", now=NOW)


@pytest.mark.parametrize("who", ["stranger", "other factory", "buyer", "seller"])
def test_everybody_does_only_her_own_part(shop: Shop, who: str, yu: Actor) -> None:
    refund = ask(shop, buy(shop, 1))
    actor = {"stranger": yu, "buyer": shop.buyer, "seller": shop.wei}.get(who) or make_factory(BO)
    if who != "buyer":
        with pytest.raises(NotFoundError):
            withdraw(actor=actor, refund=refund, now=NOW)
    if who != "seller":
        for answer in (
            lambda: agree(actor=actor, refund=refund, now=NOW),
            lambda: confirm_return(actor=actor, refund=refund, now=NOW),
        ):
            with pytest.raises(NotFoundError):
                answer()
        with pytest.raises(NotFoundError):
            refuse(actor=actor, refund=refund, answer="不", now=NOW)
    assert state_of(refund) == "asked"
