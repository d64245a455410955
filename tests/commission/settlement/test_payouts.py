"""Payouts: everything payable once, whatever the rail answers and whoever else is paying."""

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask

from commission.ledger.queries import balances
from commission.payments.rail import Outcome
from commission.payments.tasks import resolve
from commission.settlement.operations import begin_payouts, pay_parties, record_payout, refund_sale, settle
from commission.settlement.queries import intent_of, payouts, verify_books
from commission.settlement.rules import PAYOUT, Sale
from commission.settlement.unsent import unsent
from kernel.errors import DomainError, ForbiddenError, NotFoundError
from kernel.money import Money
from kernel.permissions import ANONYMOUS, SYSTEM
from tests.cast import NOW
from tests.commission.conftest import WEI_FACTORY
from tests.commission.settlement.conftest import ScriptedRail
from tests.support.purses import give

PayOut = Callable[[], list[str]]
NET = 60_036


@pytest.fixture
def sale(make_sale: Callable[..., Sale], release: date) -> Sale:
    """A settled sale with 600.36 payable."""
    made = make_sale("599.00")
    settle(day=release, actor=SYSTEM, now=NOW)
    return made


def wei() -> dict[str, int]:
    return {kind: fen for kind, fen in balances(WEI_FACTORY, currency="CNY").items() if fen}


def state() -> str:
    return payouts()[0].state


def test_a_payout_sends_all_that_is_payable(sale: Sale, pay_out: PayOut, rail: ScriptedRail) -> None:
    assert len(pay_out()) == 1
    assert [amount.amount for amount in rail.paid.values()] == [NET]
    assert (state(), wei()) == ("paid", {})
    assert verify_books().ok


def test_nothing_payable_begins_nothing(app: Flask) -> None:
    assert begin_payouts(actor=SYSTEM, now=NOW) == []


def test_one_payout_at_a_time(sale: Sale, app: Flask) -> None:
    assert len(begin_payouts(actor=SYSTEM, now=NOW)) == 1
    assert begin_payouts(actor=SYSTEM, now=NOW) == []
    assert wei() == {"payout_in_transit": -NET}


def test_a_refused_payout_is_payable_again(sale: Sale, pay_out: PayOut, rail: ScriptedRail) -> None:
    rail.answer = Outcome("failed", reason="account closed")
    pay_out()
    assert (state(), payouts()[0].reason, wei()) == ("failed", "account closed", {"payable": -NET})
    rail.answer = Outcome("ok", "r_2")
    pay_out()
    assert (state(), wei()) == ("paid", {})
    assert verify_books().ok


def test_a_lost_answer_is_looked_up_and_never_paid_twice(sale: Sale, pay_out: PayOut, rail: ScriptedRail) -> None:
    rail.lost = 1
    [payout] = pay_out()
    assert (state(), wei()) == ("unknown", {"payout_in_transit": -NET})
    assert pay_out() == []
    assert resolve(intent_of(payout) or "", rail=rail, now=NOW) == "ok"
    assert (state(), wei(), len(rail.paid)) == ("paid", {}, 1)
    assert verify_books().ok


def test_what_the_seller_owes_is_kept_back(sale: Sale, pay_out: PayOut, rail: ScriptedRail) -> None:
    refund_sale(order=sale.order, refund="rf_1", goods=Money(10_000), freight=Money(0), actor=SYSTEM, now=NOW)
    pay_out()
    assert [amount.amount for amount in rail.paid.values()] == [NET - (10_000 - 50)]
    assert (payouts()[0].kept, wei()) == (9_950, {})
    assert verify_books().ok


def test_a_seller_who_owes_more_than_is_payable_gets_nothing(sale: Sale, app: Flask) -> None:
    refund_sale(order=sale.order, refund="rf_1", goods=Money(59_900), freight=Money(800), actor=SYSTEM, now=NOW)
    assert begin_payouts(actor=SYSTEM, now=NOW) == []


@pytest.mark.parametrize("again", ["ok", "unknown"])
def test_an_answer_known_already_changes_nothing(again: str, sale: Sale, pay_out: PayOut) -> None:
    [payout] = pay_out()
    assert record_payout(payout=payout, outcome=Outcome(again), actor=SYSTEM, now=NOW) == "paid"


def test_a_paid_payout_cannot_fail(sale: Sale, pay_out: PayOut) -> None:
    [payout] = pay_out()
    with pytest.raises(DomainError, match=r"payout\.state"):
        record_payout(payout=payout, outcome=Outcome("failed"), actor=SYSTEM, now=NOW)


def test_an_unknown_payout_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFoundError):
        record_payout(payout="po_x", outcome=Outcome("ok"), actor=SYSTEM, now=NOW)


def test_a_visitor_pays_nobody(app: Flask) -> None:
    with pytest.raises(ForbiddenError):
        begin_payouts(actor=ANONYMOUS, now=NOW)


@pytest.mark.parametrize("end", ["paid", "failed"])
def test_a_finished_payout_has_nothing_left_to_do(end: str) -> None:
    assert PAYOUT.actions(end) == ()


def test_money_without_an_account_stays_due_until_there_is_one(make_sale: Callable[..., Sale], release: date) -> None:
    make_sale("599.00", seller="fac_new")
    settle(day=release, actor=SYSTEM, now=NOW)
    assert begin_payouts(actor=SYSTEM, now=NOW) == []
    skipped = pay_parties(parties=["fac_new"], actor=SYSTEM, now=NOW).skipped
    assert [why.code for why in skipped.values()] == ["payout.no_account"]
    [waits] = unsent("fac_new")
    assert (unsent(), waits.fen, waits.since) == ([waits], NET, NOW)
    give("fac_new")
    assert len(begin_payouts(actor=SYSTEM, now=NOW)) == 1
    assert (unsent(), payouts()[0].sent_to) == ([], "icbc 4531")
    assert verify_books().ok


def test_a_payout_remembers_its_account(sale: Sale, pay_out: PayOut) -> None:
    pay_out()
    before = payouts()[0].sent_to
    give(WEI_FACTORY, number="1000 2000 3000 4000")
    assert payouts()[0].sent_to == before
