"""Refunds over the pages: forms keep what was chosen, each side finds its buttons, strangers find nothing."""

import re

import pytest
from flask.testing import FlaskClient

from kernel.permissions import Actor
from onboarding.admissions.operations import ask as ask_admission
from storefront.after_sales.operations import agree
from storefront.shipments.operations import ship
from tests.cast import BO, NOW
from tests.storefront.after_sales.desk import ask, order_state, send, state_of
from tests.storefront.conftest import browser_of
from tests.storefront.shop import Shop
from tests.support.goods import make_factory
from tests.support.statements import statements


@pytest.fixture
def order(shop: Shop) -> str:
    [order] = shop.bought(dict(zip(shop.offers, (2, 1), strict=True)))
    return order


@pytest.fixture
def desk(shop: Shop) -> FlaskClient:
    """Wei's browser."""
    return browser_of(shop.app, shop.wei)


def form(shop: Shop, first: str, second: str = "0", **more: str) -> dict[str, str]:
    return {shop.offers[0]: first, shop.offers[1]: second, "why": "unwanted", "words": "", **more}


def test_a_buyer_asks_and_thinks_better_of_it(browser: FlaskClient, shop: Shop, order: str) -> None:
    page = f"/orders/{order}"
    assert f"{page}/refund" in browser.get(page).text
    shown = browser.get(f"{page}/refund").text
    assert "¥384.00" in shown
    assert re.search(r'<select[^>]*name="why"[^>]*required', shown)
    assert re.search(r'value="count"[^>]*formnovalidate', shown)
    assert browser.post(f"{page}/refund", data=form(shop, "1", words="买多了")).location == page
    shown = browser.get(page).text
    assert "等卖家处理" in shown
    assert "买多了" in shown
    assert f'href="{page}/refund"' not in shown
    assert browser.get(f"{page}/refund").location == page
    refund = shown.partition("/refunds/")[2].partition("/")[0]
    assert browser.post(f"/refunds/{refund}/withdrawal").location == page
    assert "已撤回" in browser.get(page).text
    assert browser.post(f"/refunds/{refund}/withdrawal").status_code == 422


def test_what_it_comes_to_is_worked_out_without_asking(browser: FlaskClient, shop: Shop, order: str) -> None:
    shown = browser.post(f"/orders/{order}/refund", data=form(shop, "1", "1", why="", step="count"))
    assert (shown.status_code, "¥256.00" in shown.text) == (200, True)
    assert "等卖家处理" not in browser.get(f"/orders/{order}").text


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": "3"},
        {"first": "0", "second": "0"},
        {"first": "-1"},
        {"first": "9" * 5_000},
        {"first": "１"},
        {"first": "1", "why": ""},
        {"first": "1", "why": "because"},
        {"first": "1", "words": "长" * 301},
        {"first": "1", "goods_fen": "1"},
        {"first": "1", "step": "pay"},
    ],
)
def test_a_wrong_form_is_refused_and_the_rest_kept(
    browser: FlaskClient, shop: Shop, order: str, wrong: dict[str, str]
) -> None:
    answer = browser.post(f"/orders/{order}/refund", data=form(shop, **{"second": "1", "words": "留着", **wrong}))
    assert answer.status_code == 422
    assert "申请退款" in answer.text
    assert order_state(shop, order) == "paid"


def test_a_seller_agrees_before_shipping(desk: FlaskClient, shop: Shop, order: str) -> None:
    refund = ask(shop, order, 1)
    page = f"/factory/orders/{order}"
    shown = desk.get(page).text
    assert "买家正在申请退款 1 件" in shown
    assert "同意，马上退款" in shown
    assert order in desk.get("/factory/refunds").text
    assert desk.post(f"/refunds/{refund}/agreement").location == page
    assert desk.post(f"/refunds/{refund}/agreement").status_code == 422
    assert state_of(refund) == "refunded"
    assert order not in desk.get("/factory/refunds").text
    send(shop, [refund])
    assert "到账时间" in desk.get(page).text


def test_a_seller_refuses_and_says_why(desk: FlaskClient, browser: FlaskClient, shop: Shop, order: str) -> None:
    refund = ask(shop, order, 1)
    assert desk.post(f"/refunds/{refund}/refusal", data={"answer": " "}).status_code == 422
    assert desk.post(f"/refunds/{refund}/refusal", data={"answer": "长" * 301}).status_code == 422
    assert desk.post(f"/refunds/{refund}/refusal", data={"answer": "已经裁剪"}).status_code == 303
    shown = browser.get(f"/orders/{order}").text
    assert "已经裁剪" in shown
    assert "卖家没有同意" in shown


def test_goods_come_back_over_the_pages(desk: FlaskClient, browser: FlaskClient, shop: Shop, order: str) -> None:
    ship(actor=shop.wei, order=order, carrier="sf", tracking="SF1234567890123", now=NOW)
    refund = ask(shop, order, 2, 1)
    assert "同意退货退款" in desk.get(f"/factory/orders/{order}").text
    assert desk.post(f"/refunds/{refund}/return").status_code == 422
    desk.post(f"/refunds/{refund}/agreement")
    assert "请按包裹面单上的寄件地址" in browser.get(f"/orders/{order}").text
    assert "确认收到退货" in desk.get(f"/factory/orders/{order}").text
    assert desk.post(f"/refunds/{refund}/return").status_code == 303
    assert state_of(refund) == "refunded"


def test_a_cancelled_order_says_where_the_money_is(browser: FlaskClient, shop: Shop, order: str) -> None:
    agree(actor=shop.wei, refund=ask(shop, order, 2, 1), now=NOW)
    shown = browser.get(f"/orders/{order}").text
    assert "发货前已全部退款" in shown
    assert "申请退款</a>" not in shown


@pytest.mark.parametrize("who", ["stranger", "other factory"])
def test_strangers_find_nothing(shop: Shop, order: str, yu: Actor, who: str) -> None:
    refund = ask(shop, order, 1)
    stranger = browser_of(shop.app, yu if who == "stranger" else make_factory(BO))
    assert stranger.get(f"/orders/{order}/refund").status_code == 404
    assert stranger.post(f"/orders/{order}/refund", data=form(shop, "1")).status_code == 404
    for deed in ("withdrawal", "agreement", "refusal", "return"):
        assert stranger.post(f"/refunds/{refund}/{deed}", data={"answer": "不"}).status_code == 404
    assert state_of(refund) == "asked"


def test_a_merchants_pages_and_her_factorys(shop: Shop) -> None:
    bo = shop.merchant()
    [order] = shop.bought({shop.resell(bo, shop.listing)[0]: 2})
    refund = ask(shop, order, 2)
    hers, its = browser_of(shop.app, bo), browser_of(shop.app, shop.wei)
    for page in ("/merchant/refunds", f"/merchant/orders/{order}"):
        assert "¥198.00" in hers.get(page).text
    for page in ("/factory/refunds", f"/factory/orders/{order}"):
        shown = its.get(page).text
        assert ("¥120.00" in shown, "198.00" in shown, "/agreement" in shown) == (True, False, False)
    assert its.post(f"/refunds/{refund}/agreement").status_code == 404
    assert hers.post(f"/refunds/{refund}/agreement").location == f"/merchant/orders/{order}"
    shown = browser_of(shop.app, shop.buyer).get(f"/orders/{order}").text
    assert shop.wei.memberships[0].name not in shown
    assert "120.00" not in shown


@pytest.mark.parametrize(
    ("who", "address", "most"),
    [
        ("buyer", "/orders/{order}", 8),
        ("buyer", "/orders/{order}/refund", 6),
        ("seller", "/factory/orders/{order}", 8),
        ("seller", "/factory/refunds", 4),
    ],
)
def test_pages_ask_few_questions(shop: Shop, who: str, address: str, most: int) -> None:
    orders = [order for _ in range(4) for order in shop.bought(dict.fromkeys(shop.offers, 1))]
    for order in orders:
        agree(actor=shop.wei, refund=ask(shop, order, 1), now=NOW)
        if "orders" not in address or who == "seller":
            ask(shop, order, 0, 1)
    browser = browser_of(shop.app, shop.buyer if who == "buyer" else shop.wei)
    with statements() as asked:
        answer = browser.get(address.format(order=orders[0]))
    assert answer.status_code == 200
    assert len(asked) <= most, asked


def test_what_waits_stands_on_the_factorys_day(desk: FlaskClient, shop: Shop, order: str) -> None:
    words = re.compile(r'href="/factory/refunds">\s*<span class="task-count"\s*>(\d+)<')
    assert words.findall(desk.get("/factory").text) == []
    ask(shop, order, 1)
    assert words.findall(desk.get("/factory").text) == ["1"]


def test_merchants_that_ask_stand_on_the_factorys_day(desk: FlaskClient, shop: Shop) -> None:
    assert "商家等您答复" not in desk.get("/factory").text
    factory = shop.wei.memberships[0].organisation
    ask_admission(actor=shop.merchant(), factory=factory, words="", now=NOW)
    assert "商家等您答复" in desk.get("/factory").text
