"""The buyer's pages: checkout, paying, her orders; and a stranger who sees none of them."""

import re

import pytest
from flask.testing import FlaskClient

from commission.payments.sandbox import FaultPlan
from commission.payments.tasks import resolve_unknown
from kernel.permissions import Actor
from tests.storefront.conftest import browser_of
from tests.storefront.shop import FORM, Shop, later
from tests.support.statements import statements


@pytest.fixture
def filled(browser: FlaskClient, shop: Shop) -> FlaskClient:
    browser.post("/cart/lines", data={"offer": shop.offers[0], "quantity": "2"})
    return browser


def hidden(html: str) -> dict[str, str]:
    """The hidden values of the checkout form."""
    return dict(re.findall(r'name="(form_token|total_fen)" value="(\w+)"', html))


def check_out(browser: FlaskClient, **changes: str) -> str:
    form = {**FORM, **hidden(browser.get("/checkout").text), **changes}
    return browser.post("/checkout", data=form).location


def test_a_shopper_buys(filled: FlaskClient, shop: Shop) -> None:
    pay = check_out(filled)
    assert "¥256.00" in filled.get(pay).text
    assert filled.post(pay, data={"method": "sandbox_pays"}).location == pay
    order = filled.get(pay).location
    shown = filled.get(order).text
    assert "待发货" in shown
    assert "文三路 1 号" in shown
    assert [row.amount for row in shop.rail.charges()] == [25_600]


def test_checkout_sent_twice_shows_the_same_page(filled: FlaskClient) -> None:
    form = {**FORM, **hidden(filled.get("/checkout").text)}
    first, again = (filled.post("/checkout", data=form).location for _ in range(2))
    assert first == again
    assert filled.get("/orders").text.count("Y1001-1") == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("phone", "123"),
        ("phone", ""),
        ("name", ""),
        ("name", "长" * 41),
        ("province", "台北"),
        ("city", ""),
        ("line", "长" * 5_000),
        ("note", "长" * 201),
    ],
)
def test_a_wrong_address_is_refused_and_the_rest_kept(filled: FlaskClient, field: str, value: str) -> None:
    form = {**FORM, **hidden(filled.get("/checkout").text), field: value}
    answer = filled.post("/checkout", data=form)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert "西湖区" in answer.text


@pytest.mark.parametrize("extra", [{"price_fen": "1"}, {"amount": "1"}, {"currency": "USD"}, {"total_fen": "1"}])
def test_what_the_client_says_of_money_is_not_believed(filled: FlaskClient, shop: Shop, extra: dict[str, str]) -> None:
    form = {**FORM, **hidden(filled.get("/checkout").text), **extra}
    assert filled.post("/checkout", data=form).status_code == 422
    assert "¥256.00" in filled.get(check_out(filled)).text


def test_a_pasted_address_fills_the_fields_and_places_nothing(filled: FlaskClient, shop: Shop) -> None:
    pasted = "周舟 139 0013 9009 广东省深圳市南山区科技园南路 6 号"
    form = {**dict.fromkeys(FORM, ""), **hidden(filled.get("/checkout").text), "pasted": pasted, "note": "放门口"}
    answer = filled.post("/checkout", data={**form, "step": "split"})
    assert answer.status_code == 200
    for said in (
        'value="周舟"',
        'value="13900139009"',
        "selected>广东省",
        'value="南山区"',
        'value="放门口"',
        "请核对一遍",
    ):
        assert said in answer.text
    assert "Y1001" not in filled.get("/orders").text
    nothing = filled.post("/checkout", data={**form, "pasted": "在吗", "step": "split"})
    assert "没认出地址" in nothing.text
    assert filled.post("/checkout", data={**form, **FORM}).location.startswith("/pay/")


def test_from_the_list_one_goes_straight_to_paying(filled: FlaskClient, shop: Shop) -> None:
    pay = check_out(filled)
    assert f'href="{pay}"' in filled.get("/orders").text
    assert 'data-countdown="20' in filled.get(pay).text
    filled.post(pay, data={"method": "sandbox_pays"})
    assert pay not in filled.get("/orders").text


def test_the_last_address_need_not_be_typed_again(filled: FlaskClient, shop: Shop) -> None:
    check_out(filled)
    filled.post("/cart/lines", data={"offer": shop.offers[0], "quantity": "1"})
    assert 'value="文三路 1 号"' in filled.get("/checkout").text


def test_a_lost_answer_shows_a_page_that_looks_again(filled: FlaskClient, shop: Shop) -> None:
    pay = check_out(filled)
    shop.rail.faults = FaultPlan({"charge": ["after_commit_drop"]})
    filled.post(pay, data={"method": "sandbox_pays"})
    waiting = filled.get(pay)
    assert ("正在确认" in waiting.text, waiting.headers["Refresh"]) == (True, "3")
    resolve_unknown({}, ports=shop.ports, now=later(seconds=30))
    assert filled.get(pay).location.startswith("/orders/ord_")


def test_a_declined_payment_may_be_tried_again(filled: FlaskClient) -> None:
    pay = check_out(filled)
    filled.post(pay, data={"method": "sandbox_declines"})
    assert "付款没有成功" in filled.get(pay).text
    filled.post(pay, data={"method": "sandbox_pays"})
    assert filled.get(pay).location.startswith("/orders/ord_")


def test_giving_up_costs_nothing(filled: FlaskClient, shop: Shop) -> None:
    pay = check_out(filled)
    assert filled.post(f"{pay}/cancellation").location == "/orders"
    assert "已经取消" in filled.get(pay).text
    assert "已取消" in filled.get("/orders?state=cancelled").text
    filled.post(pay, data={"method": "sandbox_pays"})
    assert shop.rail.charges() == []


def test_a_buyer_confirms_what_arrived(browser: FlaskClient, shop: Shop) -> None:
    order = shop.shipped()
    assert "SF1234567890123" in browser.get(f"/orders/{order}").text
    assert browser.post(f"/orders/{order}/receipt").location == f"/orders/{order}"
    assert "已收货" in browser.get(f"/orders/{order}").text
    assert browser.post(f"/orders/{order}/receipt").status_code == 422


@pytest.mark.parametrize("who", ["stranger", "seller", "nobody"])
def test_strangers_see_nothing(shop: Shop, yu: Actor, who: str) -> None:
    payment = shop.order({shop.offers[0]: 1})
    [order] = shop.orders(payment)
    visitor = (
        shop.app.test_client() if who == "nobody" else browser_of(shop.app, {"stranger": yu, "seller": shop.wei}[who])
    )
    closed = {302, 404} if who == "nobody" else {404}
    assert {visitor.get(url).status_code for url in (f"/pay/{payment}", f"/orders/{order}")} <= closed
    writes = (f"/pay/{payment}", f"/pay/{payment}/cancellation", f"/orders/{order}/receipt")
    answers = {visitor.post(url, data={"method": "sandbox_pays"}).status_code for url in writes}
    assert answers == ({401} if who == "nobody" else {404})
    assert shop.states(payment) == ["placed"]
    assert shop.rail.charges() == []


@pytest.mark.parametrize(
    ("address", "most"), [("/cart", 3), ("/checkout", 4), ("/orders", 5), ("/orders/{order}", 6), ("/pay/{payment}", 5)]
)
def test_pages_ask_few_questions(filled: FlaskClient, shop: Shop, address: str, most: int) -> None:
    for _ in range(3):
        payment = shop.order(dict.fromkeys(shop.offers, 1))
    [order] = shop.orders(payment)
    with statements() as asked:
        answer = filled.get(address.format(order=order, payment=payment))
    assert answer.status_code == 200
    assert len(asked) <= most, asked


def test_placing_asks_few_questions(filled: FlaskClient) -> None:
    form = {**FORM, **hidden(filled.get("/checkout").text)}
    with statements() as asked:
        filled.post("/checkout", data=form)
    assert len(asked) <= 18, asked
