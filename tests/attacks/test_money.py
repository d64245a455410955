"""Buying twice, paying for others, hoarding, shipping too soon: over the pages, as people do it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kernel.permissions import SYSTEM
from onboarding.listings.rules import HOLDS_PER_BUYER
from onboarding.listings.stock import imbalances
from onboarding.offers.queries import offers_of_listing
from storefront.orders.operations import expire
from storefront.orders.queries import checkout_of
from tests.attacks.town import Town
from tests.cast import NOW
from tests.storefront.orders.test_pages import check_out, hidden
from tests.storefront.shop import FORM
from tests.support.goods import stock_of

PAYS = {"method": "sandbox_pays"}


def at_once(count: int, act: Callable[[int], TestResponse]) -> list[TestResponse]:
    """Several requests that start together."""
    barrier = Barrier(count)

    def run(number: int) -> TestResponse:
        barrier.wait()
        return act(number)

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def fill(browser: FlaskClient, town: Town, quantity: int = 1) -> None:
    answer = browser.post("/cart/lines", data={"offer": town.objects["offer"], "quantity": str(quantity)})
    assert answer.status_code == 303


def charges(town: Town) -> int:
    return len(town.shop.rail.charges())


def test_checkout_sent_eight_times_at_once_is_one_order(town: Town) -> None:
    browser = town.browser("bo")
    fill(browser, town)
    form, cookie = {**FORM, **hidden(browser.get("/checkout").text)}, browser.get_cookie("yuantou")
    assert cookie

    def place(_number: int) -> TestResponse:
        tab = town.app.test_client()
        tab.set_cookie("yuantou", cookie.value)
        return tab.post("/checkout", data=form)

    places = {answer.location for answer in at_once(8, place)}
    assert len(places) == 1
    assert next(iter(places)).startswith("/pay/")
    assert stock_of(town.shop.skus[1]) == (10, 1)


def test_paid_eight_times_at_once_is_one_charge(town: Town) -> None:
    browser, before = town.browser("bo"), charges(town)
    fill(browser, town)
    pay = check_out(browser)
    answers = at_once(8, lambda _number: town.browser("bo").post(pay, data=PAYS))
    assert {answer.status_code for answer in answers} <= {303, 422}
    assert browser.get(pay).location.startswith("/orders/")
    assert charges(town) == before + 1
    assert (stock_of(town.shop.skus[1]), imbalances()) == ((9, 0), [])


def test_the_last_pieces_go_to_one_of_two_buyers(town: Town) -> None:
    pages = {}
    for who in ("bo", "yu"):
        browser = town.browser(who)
        fill(browser, town, 6)
        pages[who] = (browser, {**FORM, **hidden(browser.get("/checkout").text)})
    pairs = list(pages.values())
    answers = at_once(2, lambda number: pairs[number][0].post("/checkout", data=pairs[number][1]))
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    assert stock_of(town.shop.skus[1]) == (10, 6)


def test_another_tab_changed_the_cart(town: Town) -> None:
    browser = town.browser("bo")
    fill(browser, town)
    form = {**FORM, **hidden(browser.get("/checkout").text)}
    fill(browser, town, 2)
    answer = browser.post("/checkout", data=form)
    assert answer.status_code == 422
    assert "¥384.00" in answer.text
    assert stock_of(town.shop.skus[1]) == (10, 0)


@pytest.mark.parametrize("how", ["paid", "cancelled", "expired"])
def test_what_is_over_is_not_paid_again(town: Town, how: str) -> None:
    browser = town.browser("bo")
    fill(browser, town)
    pay = check_out(browser)
    _end(town, browser, pay, how)
    before = charges(town)
    assert browser.post(pay, data=PAYS).status_code == 303
    assert browser.get(pay).status_code in {200, 302}
    assert charges(town) == before
    assert browser.post(f"{pay}/cancellation").status_code == 422
    assert imbalances() == []


def test_pieces_are_not_hoarded(town: Town) -> None:
    browser, plenty = town.browser("bo"), town.shop.put_on_sale(town.shop.wei, stock=(100,))
    line = {"offer": offers_of_listing(plenty.public_id)[0].offer, "quantity": "2"}
    for _ in range(HOLDS_PER_BUYER):
        browser.post("/cart/lines", data=line)
        assert check_out(browser).startswith("/pay/")
    browser.post("/cart/lines", data=line)
    answer = browser.post("/checkout", data={**FORM, **hidden(browser.get("/checkout").text)})
    assert answer.status_code == 422
    assert stock_of(plenty.skus[0].id) == (100, 2 * HOLDS_PER_BUYER)


def test_an_order_is_shipped_once_and_received_after(town: Town) -> None:
    lin, mei, order = town.browser("lin"), town.browser("mei"), town.objects["order"]
    assert lin.post(f"/orders/{order}/receipt").status_code == 422
    evil = {"carrier": "sf", "tracking": "SF1234567890123\r\nSet-Cookie: x"}
    assert mei.post(f"/factory/orders/{order}/shipment", data=evil).status_code == 422
    good = {"carrier": "sf", "tracking": "SF1234567890123"}
    ship = at_once(4, lambda _number: town.browser("mei").post(f"/factory/orders/{order}/shipment", data=good))
    assert sorted(answer.status_code for answer in ship) == [303, 422, 422, 422]
    assert lin.post(f"/orders/{order}/receipt").status_code == 303
    assert lin.post(f"/orders/{order}/receipt").status_code == 422


@pytest.mark.parametrize("who", ["wei", "mei"])
def test_nobody_buys_from_the_own_factory(town: Town, who: str) -> None:
    browser = town.browser(who)
    fill(browser, town)
    answer = browser.post("/checkout", data={**FORM, **hidden(browser.get("/checkout").text)})
    assert answer.status_code == 422
    assert "不能自己买自己的" in answer.text
    assert stock_of(town.shop.skus[1]) == (10, 0)


def _end(town: Town, browser: FlaskClient, pay: str, how: str) -> None:
    if how == "paid":
        browser.post(pay, data=PAYS)
    elif how == "cancelled":
        assert browser.post(f"{pay}/cancellation").status_code == 303
    else:
        bo = town.people["bo"]
        assert bo is not None
        group = checkout_of(bo, pay.rpartition("/")[2]).group.public_id
        expire(actor=SYSTEM, group=group, now=NOW + timedelta(hours=1))


def test_money_is_not_for_the_clerk(town: Town) -> None:
    owner, clerk = (town.browser(who).get("/factory").text for who in ("wei", "mei"))
    assert "/factory/statement" in owner
    assert "/factory/statement" not in clerk
    assert "金额已扣佣金" in owner
    assert "金额已扣佣金" not in clerk
