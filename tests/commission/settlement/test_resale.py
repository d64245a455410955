"""Resold orders in any order of events: what the shopper paid is all somewhere, to the fen."""

import itertools
from dataclasses import dataclass, field, replace
from datetime import date

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from commission.ledger.queries import balances
from commission.settlement.operations import (
    record_receipt,
    record_sale,
    record_supply,
    refund_sale,
    refund_supply,
    settle,
)
from commission.settlement.queries import statement, ties, verify_books
from kernel.db import transaction
from kernel.money import Money
from kernel.permissions import SYSTEM
from tests.cast import NOW
from tests.commission.conftest import resold_of

MOST = 5
NAMES = itertools.count()  # examples share a database, so each has people of its own
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sell"), st.integers(2, 20_000), st.integers(1, MOST)),
        st.tuples(st.sampled_from(["refund", "refund_cost_first"]), st.integers(0, 9), st.integers(1, MOST)),
        st.tuples(st.sampled_from(["receive", "receive_supply"]), st.integers(0, 9), st.just(0)),
        st.tuples(st.just("settle"), st.just(0), st.just(0)),
    ),
    min_size=4,
    max_size=16,
)


def share(fen: int, basis_points: int) -> int:
    """Half-up, written down a second time."""
    return (fen * basis_points + 5_000) // 10_000


@dataclass
class Deal:
    """One resold order as its people remember it; fen a piece."""

    order: str
    retail: int
    cost: int
    pieces: int
    refunds: list[int] = field(default_factory=list)

    @property
    def left(self) -> int:
        return self.pieces - sum(self.refunds)


class Resale:
    """The life of one merchant and her factory."""

    def __init__(self, release: date, name: str) -> None:
        self.release, self.deals = release, list[Deal]()
        self.merchant, self.factory = f"mer_{name}", f"fac_{name}"

    def sell(self, retail: int, pieces: int) -> None:
        deal = Deal(f"{self.merchant}-{len(self.deals)}", retail, 1 + (retail * 7 // 10) % (retail - 1), pieces)
        sale, supply = resold_of(deal.order, retail=retail * pieces, cost=deal.cost * pieces)
        with transaction():
            record_sale(sale=replace(sale, seller=self.merchant), actor=SYSTEM, now=NOW)
            record_supply(supply=replace(supply, factory=self.factory), actor=SYSTEM, now=NOW)
        self.deals.append(deal)

    def refund(self, which: int, pieces: int, *, cost_first: bool = False) -> None:
        deal = self.deals[which % len(self.deals)]
        if not (pieces := min(pieces, deal.left)):
            return
        ref = f"{deal.order}-{len(deal.refunds)}"
        deal.refunds.append(pieces)
        with transaction():
            for retail in (not cost_first, cost_first):
                self._refund_leg(deal, ref, pieces, retail=retail)

    def refund_cost_first(self, which: int, pieces: int) -> None:
        self.refund(which, pieces, cost_first=True)

    def receive(self, which: int, _nothing: int, *, leg: str = "") -> None:
        order = leg + self.deals[which % len(self.deals)].order
        record_receipt(order=order, received_at=NOW, actor=SYSTEM, now=NOW)

    def receive_supply(self, which: int, nothing: int) -> None:
        self.receive(which, nothing, leg="sup_")

    def settle(self, *_nothing: int) -> None:
        settle(day=self.release, actor=SYSTEM, now=NOW)

    @staticmethod
    def _refund_leg(deal: Deal, ref: str, pieces: int, *, retail: bool) -> None:
        if retail:
            parts = {"goods": Money(deal.retail * pieces), "freight": Money(0)}
            refund_sale(order=deal.order, refund=ref, **parts, actor=SYSTEM, now=NOW)
        else:
            goods = Money(deal.cost * pieces)
            refund_supply(supply=f"sup_{deal.order}", refund=ref, goods=goods, actor=SYSTEM, now=NOW)


def owed(party: str) -> int:
    """What the platform owes a party in the end, from the journal; fen."""
    kept = balances(party, currency="CNY")
    return -sum(kept.get(kind, 0) for kind in ("held", "payable", "receivable"))


@pytest.mark.slow
@settings(max_examples=8)
@given(steps=STEPS)
def test_whatever_happens_the_payment_is_split_to_the_fen(
    steps: list[tuple[str, int, int]], app: Flask, release: date
) -> None:
    resale = Resale(release, f"{next(NAMES)}")
    resale.sell(12_900, 3)
    for step, *numbers in steps:
        getattr(resale, step)(*numbers)
        assert ties(resale.merchant) == ties(resale.factory) == []
    for which in range(len(resale.deals)):
        resale.receive(which, 0)
        resale.receive_supply(which, 0)
    resale.settle()
    check_split(resale)


def check_split(resale: Resale) -> None:
    """Paid = refunded + factory + merchant + both commissions + fee, each as its people would work it out."""
    fees = sum(share(deal.retail * deal.pieces, 60) for deal in resale.deals)
    ours = sum(share(deal.retail * deal.left, 100) + share(deal.cost * deal.left, 50) for deal in resale.deals)
    factory = sum(deal.cost * deal.left - share(deal.cost * deal.left, 50) for deal in resale.deals)
    back = sum(deal.retail * (deal.pieces - deal.left) for deal in resale.deals)
    paid = sum(deal.retail * deal.pieces for deal in resale.deals)
    assert owed(resale.factory) == statement(resale.factory).totals.net == factory
    assert owed(resale.merchant) == statement(resale.merchant).totals.net == paid - back - factory - ours - fees
    charged = sum(statement(party).totals.commission for party in (resale.factory, resale.merchant))
    assert (charged, statement(resale.merchant).totals.processing) == (ours, fees)
    report = verify_books()
    assert report.ok, report.as_text()
