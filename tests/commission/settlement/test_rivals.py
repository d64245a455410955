"""Two workers at once, and any order of events: each sale and each payout once, and every fen accounted for."""

import itertools
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from typing import TypeVar

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from commission.ledger.queries import balances, verify
from commission.payees.queries import with_account
from commission.payments.rail import Outcome
from commission.settlement.operations import (
    begin_payouts,
    record_payout,
    record_sale,
    record_supply,
    refund_sale,
    refund_supply,
    settle,
)
from commission.settlement.queries import payouts, statement, verify_books
from commission.settlement.rules import Sale, Supply
from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.money import Money
from kernel.permissions import SYSTEM
from tests.cast import NOW
from tests.commission.conftest import COST, RETAIL, Resell, resold_of, sale_of
from tests.support.purses import give

WORKERS = 4
Result = TypeVar("Result")


def at_once(app: Flask, work: Callable[[], Result]) -> list[Result]:
    """What each of several workers got, all starting at one barrier."""
    barrier, results = threading.Barrier(WORKERS), []

    def run() -> None:
        with app.app_context():
            barrier.wait()
            results.append(work())

    session().rollback()
    threads = [threading.Thread(target=run) for _ in range(WORKERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == WORKERS
    return results


def test_settling_at_once_settles_each_sale_once(app: Flask, make_sale: Callable[..., Sale], release: date) -> None:
    for _ in range(30):
        make_sale()
    settled = at_once(app, lambda: settle(day=release, actor=SYSTEM, now=NOW))
    assert sum(settled) == 30
    report = verify_books()
    assert (report.ok, report.entries) == (True, 60), report.as_text()


def test_paying_at_once_pays_each_party_once(app: Flask, make_sale: Callable[..., Sale], release: date) -> None:
    for number in range(5):
        make_sale(seller=f"fac_{number}")
        give(f"fac_{number}")
    settle(day=release, actor=SYSTEM, now=NOW)
    begun = at_once(app, lambda: begin_payouts(actor=SYSTEM, now=NOW))
    assert sum(len(each) for each in begun) == 5
    assert verify_books().ok


def test_recording_one_sale_at_once_books_it_once(app: Flask) -> None:
    at_once(app, lambda: record_sale(sale=sale_of("y1-1"), actor=SYSTEM, now=NOW))
    assert verify().entries == 1


def test_recording_one_supply_order_at_once_books_it_once(app: Flask) -> None:
    sale, supply = resold_of("y1-1")
    record_sale(sale=sale, actor=SYSTEM, now=NOW)
    at_once(app, lambda: record_supply(supply=supply, actor=SYSTEM, now=NOW))
    report = verify_books()
    assert (report.ok, report.entries) == (True, 2), report.as_text()


def refund_legs(supply: Supply, ref: str, *, retail_first: bool = True) -> None:
    """One piece back on both legs, in one transaction."""

    def retail() -> None:
        parts = {"goods": Money(RETAIL), "freight": Money(0)}
        refund_sale(order=supply.serves, refund=ref, **parts, actor=SYSTEM, now=NOW)

    def cost() -> None:
        refund_supply(supply=supply.supply, refund=ref, goods=Money(COST), actor=SYSTEM, now=NOW)

    with transaction():
        for leg in (retail, cost) if retail_first else (cost, retail):
            leg()


def test_one_refund_of_both_legs_at_once_is_made_once(app: Flask, resell: Resell) -> None:
    supply, turns = resell(), itertools.count()
    at_once(app, lambda: refund_legs(supply, "ref_1", retail_first=next(turns) % 2 == 0))
    report = verify_books()
    assert (report.ok, report.entries) == (True, 4), report.as_text()


def test_refunds_and_settlement_at_once_wait_for_each_other_and_never_in_a_circle(
    app: Flask, resell: Resell, release: date
) -> None:
    supplies = [resell(retail=4 * RETAIL, cost=4 * COST) for _ in range(8)]  # one piece stays: both legs have an entry
    turns = itertools.count()

    def work() -> None:
        turn = next(turns)
        if turn == 0:
            settle(day=release, actor=SYSTEM, now=NOW)
        for supply in supplies if turn else ():
            refund_legs(supply, f"ref_{turn}_{supply.supply}", retail_first=turn % 2 == 0)

    at_once(app, work)
    settle(day=release, actor=SYSTEM, now=NOW)  # the next run settles what a refund held while the first went by
    report = verify_books()
    assert (report.ok, report.entries) == (True, 8 * (2 + 2 * 3 + 2)), report.as_text()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sell"), st.integers(1, 200_000)),
        st.tuples(st.just("refund"), st.integers(1, 60_000)),
        st.tuples(st.just("settle"), st.just(0)),
        st.tuples(st.just("pay"), st.sampled_from([0, 1, 2])),
    ),
    min_size=3,
    max_size=12,
)


class Trade:
    """One seller's life: what happened, and the sales so far."""

    def __init__(self, make_sale: Callable[..., Sale], release: date, seller: str) -> None:
        self.make_sale, self.release, self.seller, self.sales = make_sale, release, seller, list[Sale]()

    def sell(self, fen: int) -> None:
        self.sales.append(
            self.make_sale("1.00", goods=Money(fen), processing=Money(fen * 6 // 1000), seller=self.seller)
        )

    def refund(self, fen: int) -> None:
        if self.sales:
            order, ref = self.sales[fen % len(self.sales)].order, f"{self.seller}-{fen}"
            with suppress(DomainError):  # more than is left of that sale
                refund_sale(order=order, refund=ref, goods=Money(fen), freight=Money(0), actor=SYSTEM, now=NOW)

    def settle(self, _fen: int) -> None:
        settle(day=self.release, actor=SYSTEM, now=NOW)

    def pay(self, how: int) -> None:
        for payout in begin_payouts(actor=SYSTEM, now=NOW):
            record_payout(payout=payout, outcome=Outcome(("ok", "failed", "unknown")[how]), actor=SYSTEM, now=NOW)


@pytest.mark.slow
@settings(max_examples=12)
@given(steps=STEPS, name=st.uuids())
def test_whatever_happens_every_fen_is_accounted_for(
    steps: list[tuple[str, int]], name: object, make_sale: Callable[..., Sale], release: date
) -> None:
    trade = Trade(make_sale, release, f"fac_{name}"[:20])
    if not with_account([trade.seller]):  # a failing example is tried again
        give(trade.seller)
    for step, amount in steps:
        getattr(trade, step)(amount)
        assert sum(balance.total for balance in verify().balances) == 0
    report = verify_books()
    assert report.ok, report.as_text()
    totals, held = statement(trade.seller).totals, balances(trade.seller, currency="CNY")
    paid = sum(payout.amount for payout in payouts(party=trade.seller) if payout.state == "paid")
    due = -sum(held.get(kind, 0) for kind in ("payable", "receivable", "payout_in_transit"))
    assert totals.net == paid + due
