"""A merchant's day and her orders: what waits, what it earns her, and nothing for anybody else."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from commission.settlement.models import SaleRow
from kernel.db import session, transaction
from kernel.errors import NotFoundError
from kernel.permissions import Role
from onboarding.offers.models import Offer
from storefront.merchants.desk import day_of
from storefront.merchants.queries import merchant_order
from storefront.orders.models import Order
from storefront.shipments.operations import ship
from tests.cast import LIN, NOW, YU
from tests.storefront.resale import Desk, flat
from tests.support.goods import make_factory
from tests.support.statements import statements

ORDERS = "/merchant/orders"


@pytest.fixture
def order(desk: Desk) -> str:
    """Lin bought two scarves from Bo at 65.00 and paid."""
    desk.picked()
    return bought(desk)


def bought(desk: Desk) -> str:
    [first, *_] = session().query(Offer).filter_by(kind="resale").order_by(Offer.id)
    [made] = desk.shop.bought({first.public_id: 2})
    return made


def send(desk: Desk, order: str) -> None:
    ship(actor=desk.wei, order=order, carrier="sf", tracking="SF1234567890123", now=NOW)


def clerk(desk: Desk) -> FlaskClient:
    [home] = desk.bo.memberships
    return desk.browser(replace(desk.bo, user="usr_clerk", memberships=(replace(home, role=Role.CLERK),)))


def test_an_empty_day_leads_to_the_market(market: FlaskClient) -> None:
    page = market.get("/merchant")
    assert "挑几款货" in flat(page.text)
    assert 'href="/supply"' in page.text


def test_her_day_counts_what_waits(market: FlaskClient, desk: Desk, order: str) -> None:
    day = day_of(desk.bo, now=NOW)
    assert (day.waiting, day.picked, day.waits.held, day.waits.asked) == (1, 1, 0, 0)
    assert day.money is not None
    assert day.money.days[-1][1] == 13_000
    page = market.get("/merchant").text
    assert f"/m/{day.slug}" in page
    assert f"{ORDERS}/{order}" in page
    with transaction():
        session().execute(update(Offer).where(Offer.kind == "resale").values(state="held", held_reason="below_cost"))
    assert "/merchant/goods?state=held" in market.get("/merchant").text


def test_money_is_not_for_her_clerk(desk: Desk, order: str) -> None:
    page = clerk(desk).get("/merchant").text
    assert "待结算" not in page
    assert "/merchant/statement" not in page
    assert "平台佣金" not in clerk(desk).get(f"{ORDERS}/{order}").text


def test_an_order_tells_her_what_it_earns(market: FlaskClient, desk: Desk, order: str) -> None:
    found = merchant_order(desk.bo, order)
    assert (found.supply_fen, found.factory_name) == (10_000, "魏国强羊绒厂")
    [sale] = session().query(SaleRow).filter_by(order_ref=order)
    assert found.earned_fen == 13_000 - 10_000 - sale.commission_fen - sale.processing_fen == 2_792
    page = flat(market.get(f"{ORDERS}/{order}").text)
    for said in ("客人实付 ¥130.00", "供货成本 −¥100.00", "这单您赚 ¥27.92", "发货工厂 魏国强羊绒厂"):
        assert said in page, said


def test_she_follows_the_parcel_but_not_the_buyer(market: FlaskClient, desk: Desk, order: str) -> None:
    send(desk, order)
    page = market.get(f"{ORDERS}/{order}").text
    assert "SF1234567890123" in page
    assert "林*" in page
    for hidden in ("林晓", "13800138001", "文三路", "放门口"):
        assert hidden not in page


def test_tabs_cut_her_orders(market: FlaskClient, desk: Desk, order: str) -> None:
    send(desk, order)
    waiting = bought(desk)
    shown = {
        tab: [one for one in (order, waiting) if f"{ORDERS}/{one}" in market.get(f"{ORDERS}?state={tab}").text]
        for tab in ("", "to-ship", "on-the-way", "done", "odd")
    }
    assert shown == {"": [order, waiting], "to-ship": [waiting], "on-the-way": [order], "done": [], "odd": shown[""]}
    assert f"{ORDERS}/{order}" in market.get(f"{ORDERS}?after={waiting}").text
    assert f"{ORDERS}/{waiting}" not in market.get(f"{ORDERS}?after={waiting}").text


def test_orders_a_factory_sold_itself_are_not_hers(market: FlaskClient, desk: Desk) -> None:
    [own] = desk.shop.bought({desk.shop.offers[0]: 1})
    assert own not in market.get(ORDERS).text
    assert market.get(f"{ORDERS}/{own}").status_code == 404


def test_an_unpaid_order_is_not_shown(market: FlaskClient, desk: Desk, order: str) -> None:
    with transaction():
        session().execute(update(Order).values(state="placed", paid_at=None))
    assert order not in market.get(ORDERS).text
    assert market.get(f"{ORDERS}/{order}").status_code == 404


def test_nobody_else_sees_her_desk(desk: Desk, order: str) -> None:
    pages = ("/merchant", ORDERS, f"{ORDERS}/{order}")
    for stranger in (desk.shop.buyer, desk.wei, make_factory(YU)):
        browser = desk.browser(stranger)
        assert {browser.get(path).status_code for path in pages} == {404}
    other = desk.merchant(replace(LIN, phone="13800138097"))
    browser = desk.browser(other)
    assert [browser.get(path).status_code for path in pages] == [200, 200, 404]
    assert order not in browser.get(ORDERS).text
    assert desk.app.test_client().get("/merchant").location == "/sign-in?next=/merchant"
    with pytest.raises(NotFoundError):
        merchant_order(other, order)


@pytest.mark.parametrize("query", ["state=x", "after=ord_none", "after=%27", "state=to-ship&after=x"])
def test_no_address_of_her_orders_breaks(market: FlaskClient, order: str, query: str) -> None:
    assert market.get(f"{ORDERS}?{query}").status_code == 200


@pytest.mark.parametrize(("path", "most"), [("/merchant", 14), (ORDERS, 5), ("ORDER", 10)])
def test_her_pages_cost_few_statements(market: FlaskClient, desk: Desk, order: str, path: str, most: int) -> None:
    counts = []
    for _more in range(3):
        with statements() as asked:
            assert market.get(path.replace("ORDER", f"{ORDERS}/{order}")).status_code == 200
        counts.append(len(asked))
        bought(desk)
    assert counts == [counts[0]] * 3
    assert counts[0] <= most, asked
