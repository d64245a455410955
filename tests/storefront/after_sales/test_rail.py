"""What the rail says of a refund: paid, unknown, refused; and what is no refund of ours."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from commission.ledger.queries import verify
from commission.payments.operations import record_outcome, retry_refunds
from commission.payments.queries import failed_refunds, refused_refunds
from commission.payments.rail import Outcome
from commission.payments.sandbox import FaultPlan
from commission.payments.tasks import resolve_unknown
from kernel.audit import AuditRow
from kernel.db import session
from kernel.errors import ForbiddenError
from kernel.permissions import SYSTEM, Actor, Role, Scope, StaffGrant
from storefront.after_sales.models import Refund
from storefront.after_sales.queries import bought_refunds
from storefront.orders.queries import order_of
from tests.cast import FANG, NOW
from tests.storefront.after_sales.desk import begun, refunded, send
from tests.storefront.conftest import browser_of
from tests.storefront.shop import Shop, later, make_person


@pytest.fixture
def order(shop: Shop) -> str:
    return shop.bought({shop.offers[0]: 2})[0]


@pytest.fixture
def fang() -> Actor:
    return replace(make_person(FANG), staff=(StaffGrant(Role.FINANCE, Scope()),))


def paid_at(refund: str) -> object:
    session().rollback()
    return session().scalars(select(Refund.paid_at).where(Refund.public_id == refund)).one()


def test_the_money_is_with_the_shopper(shop: Shop, order: str) -> None:
    refund = refunded(shop, order, 1)
    assert paid_at(refund) is None
    send(shop, [refund])
    send(shop, [refund])
    assert paid_at(refund) == NOW
    assert verify().ok


def test_a_lost_answer_is_looked_up(shop: Shop, order: str) -> None:
    shop.rail.faults = FaultPlan({"refund": ["after_commit_drop"]})
    refund = refunded(shop, order, 1)
    send(shop, [refund])
    assert paid_at(refund) is None
    resolve_unknown({}, ports=shop.ports, now=later(minutes=1))
    assert paid_at(refund) == later(minutes=1)
    assert verify().ok


def test_what_the_rail_refuses_stays_in_sight(shop: Shop, order: str) -> None:
    refund = refunded(shop, order, 1)
    [(intent, _fen)] = begun(refund)
    record_outcome(intent=intent, outcome=Outcome("failed", reason="account closed"), actor=SYSTEM, now=NOW)
    assert failed_refunds([refund, "ref_other"]) == {refund}
    [view] = bought_refunds(order_of(shop.buyer, order), now=NOW).refunds
    assert (view.state, view.failed, view.paid_at) == ("refunded", True, None)
    changes = [change for row in session().scalars(select(AuditRow.changes)) for change in row]
    assert {"failed": "account closed"} in [change["after"] for change in changes]


def test_finance_sends_again_what_the_rail_refused(shop: Shop, order: str, fang: Actor) -> None:
    refund, desk = refunded(shop, order, 1), browser_of(shop.app, fang)
    record_outcome(intent=begun(refund)[0][0], outcome=Outcome("failed", reason="no balance"), actor=SYSTEM, now=NOW)
    [refused] = refused_refunds()
    assert (refused.matter, refused.reason, refused.attempts) == (refund, "no balance", 1)
    shown = desk.get("/finance").text
    assert "no balance" in shown
    assert 'action="/finance/refunds"' in shown
    for _twice in range(2):
        assert desk.post("/finance/refunds").status_code == 303
    assert "/finance/refunds" not in desk.get("/finance").text
    send(shop, [refund])
    assert (paid_at(refund), refused_refunds(), len(begun(refund))) == (NOW, [], 2)
    assert verify().ok


def test_a_lost_answer_is_never_sent_again(shop: Shop, order: str, fang: Actor) -> None:
    shop.rail.faults = FaultPlan({"refund": ["after_commit_drop"]})
    send(shop, [refund := refunded(shop, order, 1)])
    assert retry_refunds(actor=fang, now=NOW) == []
    assert len(begun(refund)) == 1


def test_only_finance_sends_refunds_again(shop: Shop) -> None:
    with pytest.raises(ForbiddenError):
        retry_refunds(actor=shop.wei, now=NOW)


def test_money_back_for_something_else_is_not_ours(shop: Shop, order: str) -> None:
    both = [refunded(shop, order, 1), refunded(shop, order, 1)]
    send(shop, both[:1])
    assert [paid_at(refund) for refund in both] == [NOW, None]
