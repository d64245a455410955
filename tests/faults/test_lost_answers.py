"""Answers of the rail get lost, on the way there or on the way back: each payment and payout happens once."""

from itertools import product

import pytest

from commission.payments.sandbox import FaultPlan
from commission.payments.tasks import resolve_unknown
from commission.settlement.operations import begin_payouts
from kernel.permissions import SYSTEM
from storefront.checks import self_check
from tests.faults.books import differences
from tests.faults.deeds import Scene, do_pay, do_payout, verify_pay, verify_payout
from tests.storefront.shop import Shop

LOSSES = ("before", "after_commit_drop")
PLANS = [(first, *more) for first in LOSSES for more in [(), *product(LOSSES), *product(LOSSES, LOSSES)]]


def look_up_later(scene: Scene, times: int = 7) -> None:
    for _time in range(times):
        scene.let_pass(minutes=1)
        resolve_unknown({}, ports=scene.shop.ports, now=scene.clock.now())
        scene.work()


def assert_all_tie(scene: Scene) -> None:
    assert self_check() == []
    assert differences(scene.shop.rail) == []


@pytest.mark.parametrize("call", ["charge", "query"])
def test_a_charge_whose_answers_are_lost_is_taken_once(shop: Shop, call: str) -> None:
    scene = Scene(shop)
    for plan in PLANS:
        payment = scene.placed()
        lost = {"charge": list(plan)} if call == "charge" else {"charge": ["after_commit_drop"], "query": list(plan)}
        shop.rail.faults = FaultPlan(lost)
        do_pay(scene, payment)
        assert shop.states(payment) == ["placed"]
        do_pay(scene, payment)  # she presses the button again while the answer is out
        look_up_later(scene)
        verify_pay(scene, payment)
        assert_all_tie(scene)


def test_a_payout_whose_answers_are_lost_is_sent_once(shop: Shop) -> None:
    scene = Scene(shop)
    for plan in PLANS:
        scene.payable()
        shop.rail.faults = FaultPlan({"payout": list(plan), "query": list(plan[1:])})
        do_payout(scene, "")
        assert begin_payouts(actor=SYSTEM, now=scene.clock.now()) == []  # not while one is out
        look_up_later(scene)
        verify_payout(scene, "")
        assert_all_tie(scene)


def test_one_broken_intent_does_not_keep_the_others_waiting(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(shop)
    broken, lost = scene.placed(), scene.placed()
    for payment in (broken, lost):
        shop.rail.faults = FaultPlan({"charge": ["after_commit_drop"]})
        do_pay(scene, payment)
    answer = shop.rail.query
    seen: list[str] = []

    def query(*, key: str) -> object:
        seen.append(key)
        if key == seen[0]:
            raise ValueError(key)
        return answer(key=key)

    monkeypatch.setattr(shop.rail, "query", query)
    scene.let_pass(minutes=1)
    with pytest.raises(ExceptionGroup):
        resolve_unknown({}, ports=shop.ports, now=scene.clock.now())
    assert [shop.states(broken), shop.states(lost)] == [["placed"], ["paid"]]
