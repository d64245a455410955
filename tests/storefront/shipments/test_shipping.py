"""Shipping: by the seller and her clerks, once, with a number that can be one."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.permissions import Actor, Role
from storefront.orders.operations import pack
from storefront.orders.queries import order_of
from storefront.shipments.desk import today_of
from storefront.shipments.operations import ship
from storefront.shipments.queries import parcels_of, shipper_order
from storefront.shipments.rules import SHIP_WITHIN, tracking_number
from tests.cast import BO, NOW
from tests.storefront.conftest import browser_of
from tests.storefront.shop import Shop
from tests.support.goods import make_factory, make_listing
from tests.support.statements import statements

GOOD = {"carrier": "sf", "tracking": "SF1234567890123"}


@pytest.mark.parametrize(
    ("carrier", "text", "number"),
    [
        ("sf", "SF1234567890123", "SF1234567890123"),
        ("sf", " sf 1234-5678-90123 ", "SF1234567890123"),
        ("zto", "７８１２３４５６７８９０１", "7812345678901"),
        ("ems", "EA123456789CN", "EA123456789CN"),
        ("yto", "YT1234567890123", "YT1234567890123"),
    ],
)
def test_a_number_is_read_as_people_write_it(carrier: str, text: str, number: str) -> None:
    assert tracking_number(carrier, text) == number


@pytest.mark.parametrize(
    ("carrier", "text", "field"),
    [
        ("", "SF1234567890123", "carrier"),
        ("pigeon", "SF1234567890123", "carrier"),
        ("sf", "", "tracking"),
        ("sf", "1234567", "tracking"),
        ("sf", "顺丰 1234567890", "tracking"),
        ("sf", "A" * 12, "tracking"),
        ("sf", "1" * 25, "tracking"),
        ("zto", "SF1234567890123", "tracking"),
        ("sf", "<b>12345678</b>", "tracking"),
    ],
)
def test_what_is_no_number_is_refused(carrier: str, text: str, field: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        tracking_number(carrier, text)
    assert set(refusal.value.fields) == {field}


def clerk_of(owner: Actor) -> Actor:
    [membership] = owner.memberships
    return replace(owner, memberships=(replace(membership, role=Role.CLERK),))


@pytest.mark.parametrize("packed", [False, True])
def test_owner_and_clerk_ship_what_is_paid_or_packed(shop: Shop, packed: bool) -> None:  # noqa: FBT001  a case
    [order] = shop.bought({shop.offers[0]: 1})
    clerk = clerk_of(shop.wei)
    if packed:
        pack(actor=clerk, order=order, now=NOW)
    ship(actor=clerk, order=order, now=NOW, **GOOD)
    found = order_of(shop.buyer, order)
    assert (found.state, found.shipped_at) == ("shipped", NOW)
    assert [parcel.tracking for parcel in parcels_of(found.id)] == ["SF1234567890123"]


def test_what_is_shipped_or_unpaid_is_not_shipped(shop: Shop) -> None:
    shipped, unpaid = shop.shipped(), shop.orders(shop.order({shop.offers[0]: 1}))[0]
    for order in (shipped, unpaid):
        with pytest.raises(DomainError, match=r"order\.state"):
            ship(actor=shop.wei, order=order, now=NOW, **GOOD)


@pytest.mark.parametrize("who", ["buyer", "other factory"])
def test_a_stranger_ships_nothing(shop: Shop, who: str) -> None:
    [order] = shop.bought({shop.offers[0]: 1})
    stranger = shop.buyer if who == "buyer" else make_factory(BO)
    for action in (pack, lambda **known: ship(**known, **GOOD)):
        with pytest.raises(NotFoundError):
            action(actor=stranger, order=order, now=NOW)


@pytest.fixture
def desk(shop: Shop) -> FlaskClient:
    """Wei's browser."""
    return browser_of(shop.app, shop.wei)


def test_the_consignee_is_shown_only_while_needed(shop: Shop) -> None:
    [order] = shop.bought({shop.offers[0]: 1})
    assert shipper_order(shop.wei, order).address.line == "文三路 1 号"
    ship(actor=shop.wei, order=order, now=NOW, **GOOD)
    hidden = shipper_order(shop.wei, order).address
    assert (hidden.name, hidden.phone, hidden.line, hidden.note) == ("林*", "138****8001", "****", "")


def test_a_buyer_sees_where_her_own_parcel_goes(shop: Shop) -> None:
    [order] = shop.bought({shop.offers[0]: 1})
    ship(actor=shop.wei, order=order, now=NOW, **GOOD)
    assert "文三路 1 号" in browser_of(shop.app, shop.buyer).get(f"/orders/{order}").text


def test_a_factory_ships_from_its_desk(desk: FlaskClient, shop: Shop) -> None:
    [order] = shop.bought({shop.offers[0]: 1})
    page = f"/factory/orders/{order}"
    assert order in desk.get("/factory/orders").text
    assert "文三路 1 号" in desk.get(page).text
    assert desk.post(f"{page}/packing").location == page
    refused = desk.post(f"{page}/shipment", data={"carrier": "sf", "tracking": "12"})
    assert (refused.status_code, 'value="12"' in refused.text) == (422, True)
    assert desk.post(f"{page}/shipment", data=GOOD).location == "/factory/orders"
    assert "SF1234567890123" in desk.get(page).text
    assert "文三路 1 号" not in desk.get(page).text


def test_an_unpaid_order_is_not_the_sellers_business_yet(desk: FlaskClient, shop: Shop) -> None:
    [order] = shop.orders(shop.order({shop.offers[0]: 1}))
    assert desk.get(f"/factory/orders/{order}").status_code == 404
    assert order not in desk.get("/factory/orders?state=all").text


@pytest.mark.parametrize("who", ["buyer", "other factory"])
def test_strangers_see_nothing(shop: Shop, who: str) -> None:
    [order] = shop.bought({shop.offers[0]: 1})
    stranger = browser_of(shop.app, shop.buyer if who == "buyer" else make_factory(BO))
    page = f"/factory/orders/{order}"
    assert stranger.get(page).status_code == 404
    assert stranger.post(f"{page}/packing").status_code == 404
    assert stranger.post(f"{page}/shipment", data=GOOD).status_code == 404
    assert order_of(shop.buyer, order).state == "paid"


def test_a_factory_sees_its_day(desk: FlaskClient, shop: Shop) -> None:
    shop.bought({shop.offers[0]: 2})
    make_listing(shop.wei, state="refused")
    today = today_of(shop.wei, now=NOW)
    assert (today.waiting.to_ship, today.waiting.paid_at, today.late) == (1, NOW, False)
    assert (today.waiting.refused, today.listings, len(today.first)) == (1, {"published": 1, "refused": 1}, 1)
    unsigned = today.money.unsigned
    assert (today.money.days[-1][1], unsigned.orders, unsigned.fen) == (25_600, 1, 25_600 - 128 - 154)
    assert (today.money.next, today.money.last, [event.kind for event in today.lately]) == (None, None, ["paid"])
    shown = desk.get("/factory").text
    assert "先发这几单" in shown
    assert "浙江省杭州市" in shown
    assert "等买家收货" in shown
    assert "今天 ¥256.00" in shown
    assert "· ¥256.00</title>" in shown


def test_an_order_that_waits_too_long_is_said_to_be_late(shop: Shop) -> None:
    shop.bought({shop.offers[0]: 1})
    assert [today_of(shop.wei, now=NOW + SHIP_WITHIN - part).late for part in (timedelta(seconds=1), timedelta())] == [
        False,
        True,
    ]


def test_a_day_without_work_is_calm_and_names_the_next_step(desk: FlaskClient, shop: Shop) -> None:
    shop.shipped()
    shown = desk.get("/factory").text
    assert "都处理完了" in shown
    assert "/f/" in shown
    assert "开卖前还有几步" not in shown


def test_what_is_nearly_sold_out_is_said(desk: FlaskClient, shop: Shop) -> None:
    shop.bought({shop.offers[0]: 8})
    assert today_of(shop.wei, now=NOW).scarce.count == 1
    assert "规格快卖完了" in desk.get("/factory").text


def test_who_sold_nothing_yet_is_told_what_will_stand_there(desk: FlaskClient) -> None:
    shown = desk.get("/factory").text
    assert "近 12 天还没有卖出" in shown
    assert "<title>" not in shown.split("</head>")[1]


@pytest.mark.parametrize("state", ["submitted", "refused"])
def test_a_factory_not_approved_yet_sees_how_far_it_is(shop: Shop, state: str) -> None:
    desk = browser_of(shop.app, make_factory(BO, state=state))
    shown = desk.get("/factory").text
    assert {"submitted": "排队等审核", "refused": "执照看不清"}[state] in shown
    assert "上传价目表" in shown
    assert "开卖前还有几步" in shown


def test_a_clerk_sees_no_money(shop: Shop) -> None:
    desk = browser_of(shop.app, clerk_of(shop.wei))
    assert "对账单" not in desk.get("/factory").text


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("-1", True),
        ("羊绒", True),
        ("林晓", True),
        ("8001", True),
        ("138 0013 8001", True),
        ("801", False),
        ("%", False),
    ],
)
def test_an_order_is_found_by_what_one_has_at_hand(
    desk: FlaskClient,
    shop: Shop,
    words: str,
    found: bool,  # noqa: FBT001  a case
) -> None:
    [order] = shop.bought({shop.offers[0]: 1})
    assert (f"/factory/orders/{order}" in desk.get("/factory/orders", query_string={"q": words}).text) is found


@pytest.mark.parametrize("words", ["林晓", "8001"])
def test_a_consignee_is_not_found_any_more_once_it_is_shipped(desk: FlaskClient, shop: Shop, words: str) -> None:
    order = shop.shipped()
    assert order in desk.get("/factory/orders?q=Y1").text
    assert order not in desk.get("/factory/orders", query_string={"q": words, "state": "all"}).text


def test_the_carrier_of_the_last_parcel_is_chosen_already(desk: FlaskClient, shop: Shop) -> None:
    [first], [second] = (shop.bought({shop.offers[0]: 1}) for _ in range(2))
    assert '"sf" selected' not in re.sub(r"\s+", " ", desk.get(f"/factory/orders/{first}").text)
    ship(actor=shop.wei, order=first, now=NOW, **GOOD)
    assert '"sf" selected' in re.sub(r"\s+", " ", desk.get(f"/factory/orders/{second}").text)


def test_the_ticked_orders_are_printed_and_no_others(desk: FlaskClient, shop: Shop) -> None:
    orders = [order for _ in range(3) for order in shop.bought({shop.offers[0]: 1})]
    shown = desk.get("/factory/packing-lists", query_string={"order": orders[:2]}).text
    assert shown.count("slip-goods") == 2
    assert desk.get("/factory/packing-lists?order=ord_none").status_code == 404


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/factory", 14),
        ("/factory/orders", 4),
        ("/factory/orders?q=8001", 5),
        ("/factory/orders/{order}", 7),
        ("/factory/packing-lists?order={order}", 2),
    ],
)
def test_pages_ask_few_questions(desk: FlaskClient, shop: Shop, address: str, most: int) -> None:
    orders = [order for _ in range(4) for order in shop.bought(dict.fromkeys(shop.offers, 1))]
    with statements() as asked:
        answer = desk.get(address.format(order=orders[0]))
    assert answer.status_code == 200
    assert len(asked) <= most, asked
