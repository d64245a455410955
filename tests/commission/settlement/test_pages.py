"""The pages of money: the owner sees her own, the finance desk sees all, strangers see nothing."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from commission.settlement.operations import refund_sale, settle
from commission.settlement.queries import payouts
from commission.settlement.rules import Sale
from kernel.money import Money
from kernel.permissions import SYSTEM, Actor, Membership, Role, Scope, StaffGrant
from tests.cast import NOW
from tests.commission.conftest import WEI_FACTORY

ZH = {"Accept-Language": "zh"}


def member(role: Role, organisation: str = WEI_FACTORY) -> Actor:
    membership = Membership(1, organisation, "丹阳市视界眼镜厂", "factory", role)
    return Actor(1, "usr_1", "魏国强", (membership,))


def staff(scope: Scope) -> Actor:
    return Actor(2, "usr_2", "方静", staff=(StaffGrant(Role.FINANCE, scope),))


WEI, MEI, YU = member(Role.OWNER), member(Role.CLERK), member(Role.OWNER, "fac_yu")
FANG, BELT_FINANCE = staff(Scope()), staff(Scope("belt", "danyang-glasses"))


@pytest.fixture
def enter(client: FlaskClient) -> Callable[[Actor], FlaskClient]:
    """The browser of an actor."""

    def sign_in(actor: Actor) -> FlaskClient:
        client.application.extensions["people"]["sid"] = actor
        with client.session_transaction() as cookie:
            cookie["sid"] = "sid"
        return client

    return sign_in


@pytest.fixture
def trade(make_sale: Callable[..., Sale], release: date) -> None:
    """A settled and partly refunded sale, and one still held."""
    sale = make_sale("599.00")
    settle(day=release, actor=SYSTEM, now=NOW)
    refund_sale(order=sale.order, refund="rf_1", goods=Money(10_000), freight=Money(0), actor=SYSTEM, now=NOW)
    make_sale("20.00")


def test_the_owner_reads_her_statement(enter: Callable[[Actor], FlaskClient], trade: None) -> None:
    shown = enter(WEI).get("/factory/statement", headers=ZH).text
    for words in ("对账单", "Y1001-1", "499.00 × 0.5% = 2.50", "¥500.86", "待结算订单", "2026年3月10日"):
        assert words in shown, words


def test_a_month_narrows_the_statement(enter: Callable[[Actor], FlaskClient], trade: None) -> None:
    wei = enter(WEI)
    assert "Y1001-1" in wei.get("/factory/statement?month=2026-03", headers=ZH).text
    assert "还没有结算的订单" in wei.get("/factory/statement?month=2026-04", headers=ZH).text
    assert wei.get("/factory/statement?month=soon").status_code == 422


def test_a_stranger_sees_only_her_own_empty_statement(enter: Callable[[Actor], FlaskClient], trade: None) -> None:
    assert "Y1001-1" not in enter(YU).get("/factory/statement", headers=ZH).text


@pytest.mark.parametrize(
    ("actor", "path", "status"),
    [
        (MEI, "/factory/statement", 404),
        (WEI, "/finance", 404),
        (FANG, "/factory/statement", 404),
        (BELT_FINANCE, "/finance", 403),
        (FANG, "/finance", 200),
    ],
)
def test_who_may_see_what(actor: Actor, path: str, status: int, enter: Callable[[Actor], FlaskClient]) -> None:
    assert enter(actor).get(path).status_code == status


def test_the_finance_desk_sees_the_book(enter: Callable[[Actor], FlaskClient], trade: None) -> None:
    shown = enter(FANG).get("/finance", headers=ZH).text
    for words in ("账平", "试算平衡", "佣金收入", "丹阳市视界眼镜厂", "订单结算", "给所有应付卖家打款"):
        assert words in shown, words


def test_the_finance_desk_begins_payouts(enter: Callable[[Actor], FlaskClient], trade: None) -> None:
    fang = enter(FANG)
    assert fang.post("/finance/payouts").status_code == 303
    assert "已发起 1 笔打款" in fang.get("/finance", headers=ZH).text
    assert payouts()[0].amount == 60_036 - 9_950


def test_an_owner_begins_no_payouts(enter: Callable[[Actor], FlaskClient], trade: None) -> None:
    assert enter(WEI).post("/finance/payouts").status_code == 404
    assert payouts() == []


@pytest.mark.parametrize("path", ["/factory/statement", "/finance", "/rates"])
def test_pages_speak_english_too(path: str, enter: Callable[[Actor], FlaskClient], trade: None) -> None:
    reader = enter(FANG if path == "/finance" else WEI)
    shown = reader.get(path, headers={"Accept-Language": "en"})
    assert shown.status_code == 200
    assert any(words in shown.text for words in ("Settled orders", "Trial balance", "Rates in force"))
