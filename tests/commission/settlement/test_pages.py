"""The pages of money: the owner sees her own, the finance desk sees all, strangers see nothing."""

from collections.abc import Callable
from datetime import date

import pytest
from flask.testing import FlaskClient

from commission.payments.rail import Outcome
from commission.settlement.operations import begin_payouts, record_payout, refund_sale, refund_supply, settle
from commission.settlement.queries import payouts
from commission.settlement.rules import Sale, Supply
from kernel.money import Money
from kernel.permissions import SYSTEM, Actor, Membership, Role, Scope, StaffGrant
from tests.cast import NOW
from tests.commission.conftest import BO_SHOP, COST, RETAIL, WEI_FACTORY, Resell
from tests.support.statements import statements

ZH = {"Accept-Language": "zh"}


def member(role: Role, organisation: str = WEI_FACTORY, kind: str = "factory") -> Actor:
    membership = Membership(1, organisation, "丹阳市视界眼镜厂", kind, role)
    return Actor(1, "usr_1", "魏国强", (membership,))


def staff(scope: Scope) -> Actor:
    return Actor(2, "usr_2", "方静", staff=(StaffGrant(Role.FINANCE, scope),))


WEI, MEI, YU = member(Role.OWNER), member(Role.CLERK), member(Role.OWNER, "fac_yu")
BO, BOS_CLERK = member(Role.OWNER, BO_SHOP, "merchant"), member(Role.CLERK, BO_SHOP, "merchant")
BOTH = Actor(1, "usr_1", "魏国强", (*BO.memberships, *WEI.memberships))
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


@pytest.fixture
def resold(resell: Resell, release: date) -> Supply:
    """The resold order of the documentation: a piece refunded before settlement, and one after."""
    supply = resell()
    for ref in ("ref_1", "ref_2"):
        parts = {"goods": Money(RETAIL), "freight": Money(0)}
        refund_sale(order=supply.serves, refund=ref, **parts, actor=SYSTEM, now=NOW)
        refund_supply(supply=supply.supply, refund=ref, goods=Money(COST), actor=SYSTEM, now=NOW)
        settle(day=release, actor=SYSTEM, now=NOW)
    return supply


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


def test_another_merchant_sees_only_her_own_empty_statement(
    enter: Callable[[Actor], FlaskClient], resold: Supply
) -> None:
    shown = enter(member(Role.OWNER, "mer_other", "merchant")).get("/merchant/statement", headers=ZH).text
    assert resold.number not in shown
    assert "还没有结算的订单" in shown


@pytest.mark.parametrize(
    ("actor", "path", "status"),
    [
        (MEI, "/factory/statement", 404),
        (WEI, "/finance", 404),
        (FANG, "/factory/statement", 404),
        (BELT_FINANCE, "/finance", 403),
        (FANG, "/finance", 200),
        (WEI, "/finance/parties?csv=parties", 404),
        (BO, "/finance/entries", 404),
        (BELT_FINANCE, "/finance/payouts", 403),
        (WEI, "/merchant/statement", 404),
        (FANG, "/merchant/statement", 404),
        (BO, "/factory/statement", 404),
        (BOS_CLERK, "/merchant/statement", 404),
        (BO, "/finance?order=Y2001-1", 404),
        (BO, "/merchant/statement", 200),
        (BOTH, "/factory/statement", 200),
    ],
)
def test_who_may_see_what(actor: Actor, path: str, status: int, enter: Callable[[Actor], FlaskClient]) -> None:
    assert enter(actor).get(path).status_code == status


def test_the_finance_desk_sees_the_book(enter: Callable[[Actor], FlaskClient], trade: None) -> None:
    fang = enter(FANG)
    words_of = {
        "/finance": ("账平", "试算平衡", "佣金收入", "给所有应付卖家打款", "每一笔钱从哪里来"),
        "/finance/parties": ("丹阳市视界眼镜厂", "¥600.36", "¥99.50"),
        "/finance/entries": ("订单结算", "佣金收入", "Y1001-1", "丹阳市视界眼镜厂"),
        "/finance/payouts": ("没有这样的打款",),
    }
    for path, words in words_of.items():
        shown = fang.get(path, headers=ZH).text
        assert [word for word in words if word not in shown] == [], path


def test_lists_of_money_are_narrowed(enter: Callable[[Actor], FlaskClient], resold: Supply) -> None:
    fang = enter(FANG)
    begin_payouts(actor=SYSTEM, now=NOW)
    for path, shown in {
        "/finance/parties?q=薄亮": 1,
        "/finance/parties?with=in_transit&sort=-held": 2,
        "/finance/parties?with=receivable": 0,
        "/finance/payouts?state=begun": 2,
        "/finance/payouts?state=paid": 0,
        "/finance/payouts?q=视界": 1,
        "/finance/payouts?until=2020-01-01": 0,
        "/finance/entries?voucher=y2001-1&template=supply_ordered": 2,
        "/finance/entries?kind=clearing&since=2020-01-01": 1,
        "/finance/entries?q=薄亮&kind=payable": 3,
    }.items():
        assert fang.get(path, headers=ZH).text.count("data-row=") == shown, path


def test_chosen_sellers_are_paid_and_the_rest_explained(enter: Callable[[Actor], FlaskClient], resold: Supply) -> None:
    fang = enter(FANG)
    assert fang.post("/finance/payouts", data={"chosen": 1, "party": [BO_SHOP]}).location == "/finance/parties"
    assert [payout.party for payout in payouts()] == [BO_SHOP]
    told = fang.post("/finance/payouts", data={"chosen": 1, "party": [BO_SHOP, WEI_FACTORY, "fac_no"]}, headers=ZH).text
    assert [payout.party for payout in payouts()] == [WEI_FACTORY, BO_SHOP]
    for words in ("已发起 1 笔打款", "2 家没有打款", "上一笔打款还没有结果", "没有可以打的款", "薄亮的店"):
        assert words in told, words
    assert fang.post("/finance/payouts", data={"chosen": 1}).status_code == 422


@pytest.mark.parametrize("state", ["failed", "unknown", "ok"])
def test_payouts_that_need_a_hand_come_first(enter: Callable[[Actor], FlaskClient], trade: None, state: str) -> None:
    [payout] = begin_payouts(actor=SYSTEM, now=NOW)
    known = {"rail_ref": "r_1" if state == "ok" else "", "reason": "balance_too_low" if state == "failed" else ""}
    record_payout(payout=payout, outcome=Outcome(state, **known), actor=SYSTEM, now=NOW)
    fang = enter(FANG)
    assert ("1 笔打款要处理" in fang.get("/finance", headers=ZH).text) is (state != "ok")
    assert ("支付通道里的余额不够" in fang.get("/finance", headers=ZH).text) is (state == "failed")
    begin_payouts(actor=SYSTEM, now=NOW)
    assert ("1 笔打款要处理" in fang.get("/finance", headers=ZH).text) is (state == "unknown")


def test_the_finance_desk_begins_payouts(enter: Callable[[Actor], FlaskClient], trade: None) -> None:
    fang = enter(FANG)
    assert fang.post("/finance/payouts").status_code == 303
    assert "已发起 1 笔打款" in fang.get("/finance", headers=ZH).text
    assert payouts()[0].amount == 60_036 - 9_950


def test_an_owner_begins_no_payouts(enter: Callable[[Actor], FlaskClient], trade: None) -> None:
    assert enter(WEI).post("/finance/payouts").status_code == 404
    assert payouts() == []


def test_a_factory_reads_supply_prices_and_never_retail(enter: Callable[[Actor], FlaskClient], resold: Supply) -> None:
    shown = enter(BOTH).get("/factory/statement", headers=ZH).text
    for words in ("供货", f"/factory/orders/{resold.serves}", "供货价合计 88.00 × 0.5% = 0.44", "¥264.00", "¥87.56"):
        assert words in shown, words
    for hidden in ("387.00", "129.00", "1.29", "2.32", "37.39", "薄亮", BO_SHOP):
        assert hidden not in shown, hidden


def test_a_merchant_reads_what_is_left_of_retail(enter: Callable[[Actor], FlaskClient], resold: Supply) -> None:
    shown = enter(BO).get("/merchant/statement", headers=ZH).text
    for words in ("¥387.00", "−¥258.00", "−¥88.00", "129.00 × 1% = 1.29", "−¥2.32", "¥37.39", "这些订单怎么算到手"):
        assert words in shown, words
    assert f"/merchant/orders/{resold.serves}" in shown
    for hidden in ("0.44", "87.56", "0.5%", WEI_FACTORY, resold.supply):
        assert hidden not in shown, hidden


def test_the_finance_desk_follows_one_order(enter: Callable[[Actor], FlaskClient], resold: Supply) -> None:
    shown = enter(FANG).get("/finance?order=y2001-1", headers=ZH).text
    for words in (
        "¥258.00",
        "¥87.56",
        "¥37.39",
        "¥1.73",
        "¥2.32",
        "加起来正好是买家付的 ¥387.00",
        "供货下单",
        "供货退款",
    ):
        assert words in shown, words
    assert shown.count("借贷相等") == 8  # paid, ordered, two refunds and one settlement of each leg


def test_the_finance_desk_follows_a_direct_order(enter: Callable[[Actor], FlaskClient], trade: None) -> None:
    shown = enter(FANG).get("/finance?order=Y1001-1", headers=ZH).text
    assert "加起来正好是买家付的 ¥607.00" in shown
    assert "供货下单" not in shown


def test_an_order_that_is_not_in_the_books_is_said(enter: Callable[[Actor], FlaskClient]) -> None:
    assert "账上没有这张订单" in enter(FANG).get("/finance?order=Y9-9", headers=ZH).text


@pytest.mark.parametrize(
    ("actor", "path", "at_most"),
    [
        (BO, "/merchant/statement", 10),
        (WEI, "/factory/statement", 10),
        (FANG, "/finance?order=Y2001-1", 4),
        (FANG, "/finance", 28),
        (FANG, "/finance/parties", 2),
        (FANG, "/finance/payouts", 3),
        (FANG, "/finance/entries", 3),
    ],
)
def test_pages_of_money_ask_little(
    actor: Actor, path: str, at_most: int, enter: Callable[[Actor], FlaskClient], resell: Resell
) -> None:
    for _ in range(3):
        resell()
    reader = enter(actor)
    with statements() as asked:
        assert reader.get(path).status_code == 200
    assert len(asked) <= at_most, asked


ENGLISH = {
    "/finance": FANG,
    "/finance/parties": FANG,
    "/finance/payouts": FANG,
    "/finance/entries": FANG,
    "/finance?order=Y1001-1": FANG,
    "/merchant/statement": BO,
}


@pytest.mark.parametrize("path", ["/factory/statement", "/rates", *ENGLISH])
def test_pages_speak_english_too(path: str, enter: Callable[[Actor], FlaskClient], trade: None) -> None:
    reader = enter(ENGLISH.get(path, WEI))
    shown = reader.get(path, headers={"Accept-Language": "en"})
    assert shown.status_code == 200
    assert any(
        words in shown.text
        for words in ("Settled orders", "Trial balance", "No joining fee", "Where the", "Save this filter")
    )
