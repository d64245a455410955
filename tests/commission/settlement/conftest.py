"""Payouts over a rail that tests can make answer as they like."""

from dataclasses import dataclass, field

import pytest
from flask import Flask

from commission.payments.rail import Outcome, Rail, RailUnknownError
from commission.settlement.operations import begin_payouts
from commission.settlement.tasks import perform_payout
from kernel.money import Money
from kernel.permissions import SYSTEM
from kernel.ports import Ports
from tests.cast import NOW


@dataclass
class ScriptedRail:
    """A rail that pays each key once and says what it is told to; `lost` answers come after the effect."""

    answer: Outcome = field(default_factory=lambda: Outcome("ok", "r_1"))
    lost: int = 0
    paid: dict[str, Money] = field(default_factory=dict)

    def payout(self, *, key: str, amount: Money, payee: str) -> Outcome:  # noqa: ARG002  as every rail is called
        if self.answer.state == "ok":
            self.paid.setdefault(key, amount)
        if self.lost:
            self.lost -= 1
            raise RailUnknownError
        return self.answer

    def query(self, *, key: str) -> Outcome | None:
        return self.answer if key in self.paid else None


@pytest.fixture
def rail() -> ScriptedRail:
    return ScriptedRail()


@pytest.fixture
def pay_out(app: Flask, rail: ScriptedRail):  # noqa: ANN201  a function of no arguments that gives payout ids
    """Begin every payout and let the worker perform them."""

    def pay() -> list[str]:
        begun = begin_payouts(actor=SYSTEM, now=NOW)
        for payout in begun:
            perform_payout({"payout": payout}, ports=Ports({Rail: rail}), now=NOW)
        return begun

    return pay
