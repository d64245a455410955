"""The sandbox rail: a payment company that keeps its word across processes and lost answers."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from commission.payments.rail import KeyReusedError, RailUnknownError
from commission.payments.rules import DECLINES, PAYS
from commission.payments.sandbox import FaultPlan, SandboxRail
from kernel.money import Money

TEN = Money(1000)


@pytest.fixture
def rail(tmp_path: Path) -> SandboxRail:
    return SandboxRail(tmp_path / "rail.sqlite3")


def charge(rail: SandboxRail, key: str = "k1", amount: Money = TEN, method: str = PAYS) -> str:
    return rail.charge(key=key, amount=amount, reference="pay_1", method=method).rail_ref


@pytest.mark.parametrize(("amount", "fee"), [(1, 0), (83, 0), (84, 1), (1000, 6), (9999, 60), (10_000_000, 60_000)])
def test_a_charge_costs_sixty_basis_points_half_up(rail: SandboxRail, amount: int, fee: int) -> None:
    outcome = rail.charge(key="k", amount=Money(amount), reference="pay_1")
    assert (outcome.state, outcome.fee_fen) == ("ok", fee)


def test_the_same_key_is_one_charge(rail: SandboxRail) -> None:
    assert charge(rail) == charge(rail)
    assert len(rail.charges()) == 1


def test_the_same_key_with_other_parameters_is_refused(rail: SandboxRail) -> None:
    charge(rail)
    with pytest.raises(KeyReusedError):
        charge(rail, amount=Money(1001))
    with pytest.raises(KeyReusedError):
        rail.payout(key="k1", amount=TEN, payee="fac_1")
    assert [row.amount for row in rail.charges()] == [1000]


def test_many_at_once_with_one_key_are_one_charge(tmp_path: Path) -> None:
    path = tmp_path / "rail.sqlite3"
    with ThreadPoolExecutor(8) as pool:
        refs = set(pool.map(lambda _: charge(SandboxRail(path)), range(16)))
    assert len(refs) == len(SandboxRail(path).charges()) == 1


def test_a_declined_charge_stays_declined_under_its_key(rail: SandboxRail) -> None:
    outcomes = {rail.charge(key="k", amount=TEN, reference="p", method=DECLINES) for _ in range(2)}
    assert [(outcome.state, outcome.reason, outcome.fee_fen) for outcome in outcomes] == [("failed", "declined", 0)]
    assert rail.balance() == Money(0)


def test_the_balance_is_charges_less_fees_refunds_and_payouts(rail: SandboxRail) -> None:
    ref = charge(rail, amount=Money(10_000))
    rail.refund(key="r", charge_ref=ref, amount=Money(2_500))
    rail.payout(key="p", amount=Money(7_000), payee="fac_1")
    assert rail.balance() == Money(10_000 - 60 - 2_500 - 7_000)


def test_a_payout_never_exceeds_the_balance(rail: SandboxRail) -> None:
    charge(rail)
    assert rail.payout(key="p", amount=Money(995), payee="fac_1").reason == "balance_too_low"
    assert rail.payout(key="q", amount=Money(994), payee="fac_1").state == "ok"


def test_refunds_together_never_exceed_the_charge(rail: SandboxRail) -> None:
    ref = charge(rail)
    states = [rail.refund(key=f"r{n}", charge_ref=ref, amount=Money(500)).state for n in range(3)]
    assert states == ["ok", "ok", "failed"]


def test_a_call_lost_on_the_way_leaves_nothing(rail: SandboxRail) -> None:
    rail.faults = FaultPlan({"charge": ["before"]})
    with pytest.raises(RailUnknownError):
        charge(rail)
    assert rail.query(key="k1") is None
    assert rail.charges() == []


def test_an_answer_lost_on_the_way_back_is_found_by_its_key(rail: SandboxRail) -> None:
    rail.faults = FaultPlan({"charge": ["after_commit_drop"]})
    with pytest.raises(RailUnknownError):
        charge(rail)
    found = rail.query(key="k1")
    assert found is not None
    assert found.rail_ref == charge(rail)
    assert len(rail.charges()) == 1


def test_what_it_said_survives_its_process(tmp_path: Path) -> None:
    ref = charge(SandboxRail(tmp_path / "rail.sqlite3"))
    assert charge(SandboxRail(tmp_path / "rail.sqlite3")) == ref
