"""Several at once: every race has one outcome, a clear refusal for the others, and books that balance."""

from collections.abc import Callable, Mapping

import pytest
from flask import Flask

from commission.ledger.queries import verify
from kernel.errors import DomainError
from onboarding.listings.stock import imbalances
from onboarding.offers.queries import offers_of_listing
from storefront.after_sales.operations import agree, ask_refund, confirm_return, refuse, withdraw
from storefront.shipments.operations import ship
from tests.cast import BO, NOW
from tests.storefront.after_sales.desk import ask, begun, lines_of, order_state, state_of
from tests.storefront.shipments.test_shipping import clerk_of
from tests.storefront.shop import Shop
from tests.support.crowd import crowd
from tests.support.goods import make_factory, stock_of

Deed = Callable[[], object]


def attempt(deed: Deed) -> str:
    try:
        deed()
    except DomainError as refusal:
        return refusal.code
    return "done"


def at_once(app: Flask, deeds: Mapping[str, Deed], first: str) -> dict[str, str]:
    """What became of each deed, all starting together, the first of them in front."""
    order = sorted(deeds, key=lambda name: name != first)
    return dict(zip(order, crowd(app, [lambda deed=deeds[name]: attempt(deed) for name in order]), strict=True))


def consistent(shop: Shop) -> None:
    assert verify().ok
    assert imbalances() == []


@pytest.mark.parametrize("first", ["agree", "ship"])
def test_shipping_while_agreeing(app: Flask, shop: Shop, first: str) -> None:
    [order] = shop.bought({shop.offers[0]: 1})
    refund = ask(shop, order)
    deeds = {
        "agree": lambda: agree(actor=shop.wei, refund=refund, now=NOW),
        "ship": lambda: ship(actor=shop.wei, order=order, carrier="sf", tracking="SF1234567890123", now=NOW),
    }
    said = at_once(app, deeds, first)
    outcome = (said["ship"], order_state(shop, order), state_of(refund), len(begun(refund)), stock_of(shop.skus[0]))
    assert said["agree"] == "done"
    assert outcome in {
        ("order.state", "cancelled", "refunded", 1, (10, 0)),
        ("done", "shipped", "agreed", 0, (9, 0)),
    }
    consistent(shop)


@pytest.mark.parametrize("first", ["agree", "withdraw", "refuse"])
def test_agreeing_withdrawing_and_refusing_at_once(app: Flask, shop: Shop, first: str) -> None:
    [order] = shop.bought({shop.offers[0]: 2})
    refund, clerk = ask(shop, order), clerk_of(shop.wei)
    deeds = {
        "agree": lambda: agree(actor=shop.wei, refund=refund, now=NOW),
        "withdraw": lambda: withdraw(actor=shop.buyer, refund=refund, now=NOW),
        "refuse": lambda: refuse(actor=clerk, refund=refund, answer="已经裁剪", now=NOW),
    }
    said = at_once(app, deeds, first)
    [winner] = [deed for deed, answer in said.items() if answer == "done"]
    assert set(said.values()) == {"done", "refund.state"}
    assert state_of(refund) == {"agree": "refunded", "withdraw": "withdrawn", "refuse": "refused"}[winner]
    assert (len(begun(refund)), stock_of(shop.skus[0])) == ((1, (9, 0)) if winner == "agree" else (0, (8, 0)))
    consistent(shop)


def test_six_clicks_on_agree_are_one_refund(app: Flask, shop: Shop) -> None:
    [order] = shop.bought({shop.offers[0]: 2})
    refund = ask(shop, order, 2)
    clicks = {str(click): lambda: agree(actor=shop.wei, refund=refund, now=NOW) for click in range(6)}
    said = at_once(app, clicks, "0")
    assert sorted(said.values()) == ["done"] + ["refund.state"] * 5
    assert (len(begun(refund)), stock_of(shop.skus[0])) == (1, (10, 0))
    consistent(shop)


def test_four_clicks_on_the_return_are_one_refund(app: Flask, shop: Shop) -> None:
    refund = ask(shop, shop.shipped())
    agree(actor=shop.wei, refund=refund, now=NOW)
    clicks = {str(click): lambda: confirm_return(actor=shop.wei, refund=refund, now=NOW) for click in range(4)}
    said = at_once(app, clicks, "0")
    assert sorted(said.values()) == ["done"] + ["refund.state"] * 3
    assert len(begun(refund)) == 1
    consistent(shop)


def test_four_clicks_on_asking_are_one_request(app: Flask, shop: Shop) -> None:
    [order] = shop.bought({shop.offers[0]: 4})
    wanted = {lines_of(shop, order)[0]: 1}
    asks = {
        str(click): lambda: ask_refund(actor=shop.buyer, order=order, pieces=wanted, why="other", words="", now=NOW)
        for click in range(4)
    }
    said = at_once(app, asks, "0")
    assert sorted(said.values()) == ["done"] + ["refund.open"] * 3


def test_two_orders_of_one_payment_are_refunded_at_once(app: Flask, shop: Shop) -> None:
    bo = make_factory(BO)
    [offer] = offers_of_listing(shop.put_on_sale(bo, price_fen=9_900).public_id)
    orders = shop.bought({shop.offers[0]: 1, offer.offer: 3})
    first, second = ask(shop, orders[0], 1), ask(shop, orders[1], 3)
    deeds = {
        "wei": lambda: agree(actor=shop.wei, refund=first, now=NOW),
        "bo": lambda: agree(actor=bo, refund=second, now=NOW),
    }
    assert set(at_once(app, deeds, "bo").values()) == {"done"}
    assert [fen for refund in (first, second) for _intent, fen in begun(refund)] == [12_800, 29_700]
    consistent(shop)
