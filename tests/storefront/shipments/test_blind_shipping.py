"""Blind shipping: the factory ships what a merchant sold and never reads her price; her shopper never reads of it."""

import re
from dataclasses import fields, replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.notify import Message
from kernel.permissions import Actor, Role
from onboarding.accounts.models import Organisation
from onboarding.accounts.operations import use_language
from storefront.orders.operations import pack, receive
from storefront.orders.queries import order_of
from storefront.orders.tasks import tell_seller_paid
from storefront.shipments.desk import today_of
from storefront.shipments.models import Shipment
from storefront.shipments.operations import ship
from storefront.shipments.queries import ShipperOrder, shipper_order, shipper_orders
from storefront.shipments.tasks import tell_buyer_shipped
from tests.cast import NOW, YU, yuan
from tests.storefront.conftest import browser_of
from tests.storefront.shop import HOME, Shop
from tests.support.goods import make_factory
from tests.support.reading import misread
from tests.support.statements import statements

GOOD = {"carrier": "sf", "tracking": "SF1234567890123"}
RETAIL = re.compile(r"99\.37|9,?937|198\.74|39\.37|19,?874|298\.11")  # her price, its sums, her margin
FACTORY_IDS = re.compile(r"\b(fac|lst|sku|sup)_[0-9a-z]{6,}")


@pytest.fixture
def order(shop: Shop, resale: list[str]) -> str:
    """Two scarves sold by Bo, to be shipped by Wei."""
    [made] = shop.bought({resale[0]: 2})
    return made


@pytest.fixture
def desk(shop: Shop) -> FlaskClient:
    """Wei's browser."""
    return browser_of(shop.app, shop.wei)


def texts() -> list[tuple[str, str]]:
    session().rollback()
    return [(row.recipient[-4:], row.text) for row in session().scalars(select(Message).order_by(Message.id))]


def clerk_of(owner: Actor) -> Actor:
    [membership] = owner.memberships
    return replace(owner, memberships=(replace(membership, role=Role.CLERK),))


@pytest.mark.parametrize("who", ["owner", "clerk"])
def test_the_factory_packs_and_ships_what_its_merchant_sold(shop: Shop, order: str, who: str) -> None:
    actor = {"owner": shop.wei, "clerk": clerk_of(shop.wei)}[who]
    pack(actor=actor, order=order, now=NOW)
    ship(actor=actor, order=order, now=NOW, **GOOD)
    assert order_of(shop.buyer, order).state == "shipped"
    parcel = session().scalars(select(Shipment)).one()
    assert parcel.organisation_id == shop.wei.memberships[0].organisation_id


@pytest.mark.parametrize("who", ["merchant", "buyer", "other factory", "other merchant"])
def test_nobody_else_ships_or_sees_it(shop: Shop, bo: Actor, order: str, who: str) -> None:
    others = {"merchant": lambda: bo, "buyer": lambda: shop.buyer}
    others |= {"other factory": lambda: make_factory(YU), "other merchant": lambda: shop.merchant(YU, name="别家")}
    actor = others[who]()
    for action in (pack, lambda **known: ship(**known, **GOOD)):
        with pytest.raises(NotFoundError):
            action(actor=actor, order=order, now=NOW)
    with pytest.raises(NotFoundError):
        shipper_order(actor, order)
    browser, page = browser_of(shop.app, actor), f"/factory/orders/{order}"
    assert {browser.get(url).status_code for url in (page, f"{page}/packing-list")} == {404}
    assert {browser.post(f"{page}/{action}").status_code for action in ("packing", "shipment")} == {404}
    assert order_of(shop.buyer, order).state == "paid"


def test_own_and_drop_ship_orders_are_one_work_list(shop: Shop, desk: FlaskClient, order: str) -> None:
    [own] = shop.bought({shop.offers[0]: 1})
    assert [found.order for found in shipper_orders(shop.wei, states=("paid", "packed"))] == [order, own]
    hers, its = shipper_orders(shop.wei, states=("paid", "packed"))
    assert (hers.merchant, hers.goods_fen, hers.lines[0].price_fen) == ("薄荷小店", yuan("120.00"), yuan("60.00"))
    assert (its.merchant, its.goods_fen, its.lines[0].price_fen) == ("", yuan("128.00"), yuan("128.00"))
    page = desk.get("/factory/orders").text
    assert (page.count("代发"), page.count("薄荷小店"), "¥120.00" in page) == (1, 1, True)


def test_the_orders_of_another_factory_are_not_in_the_list(shop: Shop, bo: Actor, order: str) -> None:
    yu = make_factory(YU)
    theirs = shop.resell(bo, shop.put_on_sale(yu))
    shop.bought({theirs[0]: 1})
    assert [found.order for found in shipper_orders(shop.wei)] == [order]
    assert len(shipper_orders(yu)) == 1


def test_a_shippers_view_has_no_place_for_a_retail_price(shop: Shop, order: str) -> None:
    assert not {field.name for field in fields(ShipperOrder)} & {"unit_price_fen", "total_fen", "processing_fen"}
    [found] = shipper_orders(shop.wei)
    assert not RETAIL.search(repr(found))


@pytest.mark.parametrize("shipped", [False, True])
def test_no_page_of_the_factory_shows_what_the_shopper_paid(
    shop: Shop,
    desk: FlaskClient,
    order: str,
    shipped: bool,  # noqa: FBT001  a case
) -> None:
    pages = ["/factory", "/factory/orders?state=all", f"/factory/orders/{order}", "/factory/statement"]
    pages += ["/factory/packing-lists"] if shipped else [f"/factory/orders/{order}/packing-list"]
    if shipped:
        ship(actor=shop.wei, order=order, now=NOW, **GOOD)
        receive(actor=shop.buyer, order=order, now=NOW)
    for address in pages:
        answer = desk.get(address)
        assert answer.status_code == 200, address
        assert not RETAIL.search(answer.text), (address, RETAIL.search(answer.text))


def test_the_day_of_a_factory_counts_its_own_side(shop: Shop, order: str) -> None:
    shop.bought({shop.offers[0]: 1})
    today = today_of(shop.wei, now=NOW)
    assert (today.waiting.to_ship, today.money.days[-1][1]) == (2, yuan("248.00"))


def test_a_refused_number_shows_the_same_blind_page(desk: FlaskClient, order: str) -> None:
    refused = desk.post(f"/factory/orders/{order}/shipment", data={"carrier": "sf", "tracking": "12"})
    assert (refused.status_code, RETAIL.search(refused.text)) == (422, None)
    assert "供货给 薄荷小店" in refused.text


def test_pieces_refunded_before_shipping_do_not_go_into_the_parcel(shop: Shop, desk: FlaskClient, order: str) -> None:
    shop.refund(order, 1)
    found = shipper_order(shop.wei, order).order
    assert (found.lines[0].quantity, found.goods_fen, found.total_fen) == (1, yuan("120.00"), yuan("60.00"))
    page = desk.get(f"/factory/orders/{order}").text
    plain = re.sub(r"<[^>]+>", "", page)
    assert all(words in plain for words in ("¥60.00 × 2", "已退 1 件", "只发 1 件"))
    assert ">1</td>" in desk.get(f"/factory/orders/{order}/packing-list").text


@pytest.mark.parametrize("step", ["placed", "shipped"])
def test_the_buyer_reads_of_her_shop_alone(shop: Shop, resale: list[str], browser: FlaskClient, step: str) -> None:
    browser.post("/cart/lines", data={"offer": resale[0], "quantity": "1"})
    pages = ["/cart", "/checkout"]
    payment = shop.order({resale[0]: 2})
    pages += [f"/pay/{payment}", "/orders"]
    [order] = shop.orders(payment)
    if step == "shipped":
        shop.pay(payment)
        ship(actor=shop.wei, order=order, now=NOW, **GOOD)
    pages.append(f"/orders/{order}")
    factory = session().get_one(Organisation, shop.wei.memberships[0].organisation_id)
    for address in pages:
        shown = browser.get(address, follow_redirects=True).text
        assert "薄荷小店" in shown, address
        assert factory.name not in shown, address
        assert factory.slug not in shown, address
        assert not FACTORY_IDS.search(shown), (address, FACTORY_IDS.search(shown))
        assert "60.00" not in shown, address
    assert ("SF1234567890123" in shown) == (step == "shipped")


def test_each_is_told_what_is_hers_to_know(shop: Shop, order: str) -> None:
    tell_seller_paid({"order": order}, ports=shop.ports, now=NOW)
    parcel = ship(actor=shop.wei, order=order, now=NOW, **GOOD)
    tell_buyer_shipped({"order": order, "shipment": parcel}, ports=shop.ports, now=NOW)
    (wei, to_ship), (bo, sold), (lin, sent) = texts()
    assert [wei, bo, lin] == ["8002", "8004", "8001"]
    assert ("薄荷小店" in to_ship, "代发" in to_ship, "卖出一单" in sold) == (True, True, True)
    assert (sent.startswith("薄荷小店"), "SF1234567890123" in sent) == (True, True)
    factory = shop.wei.memberships[0].name
    assert not any(RETAIL.search(text) or "60.00" in text or factory in text for text in (to_ship, sold, sent))


@pytest.mark.parametrize("page", ["zh", "en"])
def test_each_reads_her_own_language_whatever_page_it_came_from(shop: Shop, bo: Actor, order: str, page: str) -> None:
    for reader in (shop.buyer, bo):
        use_language(actor=reader, language="en", now=NOW)
    with shop.app.test_request_context(headers={"Accept-Language": page}):
        tell_seller_paid({"order": order}, ports=shop.ports, now=NOW)
        parcel = ship(actor=shop.wei, order=order, now=NOW, **GOOD)
        tell_buyer_shipped({"order": order, "shipment": parcel}, ports=shop.ports, now=NOW)
    (_wei, to_ship), (_bo, sold), (_lin, sent) = texts()
    assert ("向您下了代发订单" in to_ship, "Your shop has sold" in sold, "has shipped your order" in sent) == (
        True,
    ) * 3
    assert "SF Express" in sent


def test_a_factory_is_told_of_its_own_order_alone(shop: Shop) -> None:
    [order] = shop.bought({shop.offers[0]: 1})
    tell_seller_paid({"order": order}, ports=shop.ports, now=NOW)
    [(wei, text)] = texts()
    assert (wei, "代发" in text) == ("8002", False)


def test_a_packing_list_is_from_the_merchant_and_says_no_price(shop: Shop, desk: FlaskClient, order: str) -> None:
    sheet = desk.get(f"/factory/orders/{order}/packing-list").text
    for said in ("薄荷小店", "羊绒围巾", "颜色0", HOME.name, HOME.call, HOME.line, order_of(shop.buyer, order).number):
        assert said in sheet, said
    factory = shop.wei.memberships[0]
    assert "¥" not in sheet
    assert factory.name not in sheet
    assert not FACTORY_IDS.search(sheet)


def test_a_packing_list_of_an_own_order_is_from_the_factory(shop: Shop, desk: FlaskClient) -> None:
    [own] = shop.bought({shop.offers[0]: 1})
    sheet = desk.get(f"/factory/orders/{own}/packing-list").text
    assert (shop.wei.memberships[0].name in sheet, "¥" in sheet) == (True, False)


def test_a_packing_list_is_in_the_language_of_the_buyer(shop: Shop, desk: FlaskClient, order: str) -> None:
    use_language(actor=shop.buyer, language="en", now=NOW)
    sheet = desk.get(f"/factory/orders/{order}/packing-list").text
    slip = sheet.split("<article")[1].split("</article>")[0]
    assert ('<html lang="zh-CN"' in sheet, 'lang="en"' in slip) == (True, True)
    assert [said for said in ("Packing list", "Recipient", "收货人", "装箱单") if said in slip] == [
        "Packing list",
        "Recipient",
    ]
    assert misread(f'<article lang="en"{slip}</article>') == []


def test_all_packing_lists_are_printed_at_once(shop: Shop, desk: FlaskClient, order: str) -> None:
    shop.bought({shop.offers[0]: 1})
    assert desk.get("/factory/packing-lists").text.count("slip-sender") == 2
    assert "/factory/packing-lists" in desk.get("/factory/orders").text


def test_what_is_shipped_needs_no_packing_list(shop: Shop, desk: FlaskClient, order: str) -> None:
    ship(actor=shop.wei, order=order, now=NOW, **GOOD)
    assert desk.get(f"/factory/orders/{order}/packing-list").status_code == 404
    assert "没有待发货的订单" in desk.get("/factory/packing-lists").text


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/factory", 14),
        ("/factory/orders", 4),
        ("/factory/orders/{order}", 6),
        ("/factory/orders/{order}/packing-list", 2),
        ("/factory/packing-lists", 2),
    ],
)
def test_pages_ask_few_questions(shop: Shop, desk: FlaskClient, resale: list[str], address: str, most: int) -> None:
    orders = [order for _ in range(4) for order in shop.bought(dict.fromkeys([*resale, *shop.offers], 1))]
    with statements() as asked:
        answer = desk.get(address.format(order=orders[0]))
    assert answer.status_code == 200
    assert len(asked) <= most, asked
