"""Payments: one charge whatever happens between us and the rail."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from commission.payments import operations as payments
from commission.payments import tasks
from commission.payments.models import Payment, RailIntent
from commission.payments.queries import open_charges, payment_of
from commission.payments.rail import UNKNOWN, Outcome
from commission.payments.rules import DECLINES, INTENT, PAYMENT, PAYS
from commission.payments.sandbox import FaultPlan, SandboxRail
from kernel.audit import operation
from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.money import Money
from kernel.outbox import OutboxFact
from kernel.permissions import SYSTEM, Actor, Role
from tests.cast import NOW

LATER = NOW + timedelta(seconds=30)
YU = Actor(user_id=9, user="usr_yu", roles=frozenset({Role.SHOPPER}))


@pytest.fixture
def payment(app: Flask, lin: Actor) -> str:
    return payments.open_payment(reference="grp_1", amount=Money(10_000), actor=lin, now=NOW)


def begin(payment: str, actor: Actor, method: str = PAYS) -> str:
    return payments.begin_charge(payment=payment, method=method, actor=actor, now=NOW)


def pay(payment: str, actor: Actor, rail: SandboxRail, method: str = PAYS) -> str:
    intent = begin(payment, actor, method)
    outcome = payments.perform(intent, rail=rail)
    return payments.record_outcome(intent=intent, outcome=outcome, actor=actor, now=NOW)


def state_of(payment: str) -> str:
    return session().scalars(select(Payment.state).where(Payment.public_id == payment)).one()


def facts() -> list[str]:
    of_payments = OutboxFact.kind.startswith("payment.")
    return list(session().scalars(select(OutboxFact.kind).where(of_payments).order_by(OutboxFact.id)))


def test_a_paid_payment_knows_its_fee_and_says_so_once(payment: str, lin: Actor, rail: SandboxRail) -> None:
    assert pay(payment, lin, rail) == "ok"
    row = session().scalars(select(Payment)).one()
    assert (row.state, row.fee_fen, row.paid_at) == ("paid", 60, NOW)
    assert facts() == ["payment.charge.succeeded"]


def test_recording_again_changes_and_says_nothing(payment: str, lin: Actor, rail: SandboxRail) -> None:
    intent = begin(payment, lin)
    outcome = payments.perform(intent, rail=rail)
    answers = [outcome, outcome, UNKNOWN, Outcome("failed", reason="declined"), outcome]
    for answer in answers:
        assert payments.record_outcome(intent=intent, outcome=answer, actor=SYSTEM, now=NOW) == "ok"
    assert facts() == ["payment.charge.succeeded"]


def test_a_second_click_finds_the_charge_under_way(payment: str, lin: Actor) -> None:
    assert begin(payment, lin) == begin(payment, lin)
    assert open_charges(reference="grp_1") == [begin(payment, lin)]


def test_a_declined_charge_may_be_tried_again(payment: str, lin: Actor, rail: SandboxRail) -> None:
    assert pay(payment, lin, rail, DECLINES) == "failed"
    assert state_of(payment) == "pending"
    assert pay(payment, lin, rail) == "ok"
    assert [row.state for row in rail.charges()] == ["failed", "ok"]


def test_a_paid_payment_is_not_charged_again(payment: str, lin: Actor, rail: SandboxRail) -> None:
    pay(payment, lin, rail)
    with pytest.raises(DomainError, match=r"payment\.state"):
        begin(payment, lin)


@pytest.mark.parametrize("fault", ["before", "after_commit_drop"])
def test_a_lost_call_or_answer_ends_as_exactly_one_charge(
    payment: str, lin: Actor, rail: SandboxRail, app: Flask, fault: str
) -> None:
    rail.faults = FaultPlan({"charge": [fault], "query": ["before"]})
    assert pay(payment, lin, rail) == "unknown"
    assert state_of(payment) == "pending"
    for _ in range(3):
        tasks.resolve_unknown({}, ports=app.extensions["ports"], now=LATER)
    assert state_of(payment) == "paid"
    assert [row.state for row in rail.charges()] == ["ok"]
    assert facts() == ["payment.charge.succeeded"]


def test_an_intent_whose_process_died_before_the_call_is_sent(
    payment: str, lin: Actor, rail: SandboxRail, app: Flask
) -> None:
    begin(payment, lin)
    tasks.resolve_unknown({}, ports=app.extensions["ports"], now=NOW)
    assert state_of(payment) == "pending"  # too fresh: the page may still be at it
    tasks.resolve_unknown({}, ports=app.extensions["ports"], now=LATER)
    assert state_of(payment) == "paid"


def test_the_rail_is_never_called_inside_a_transaction(payment: str, lin: Actor, rail: SandboxRail) -> None:
    intent = begin(payment, lin)
    with transaction(), pytest.raises(RuntimeError):
        payments.perform(intent, rail=rail)


def test_a_payment_under_way_is_not_closed(payment: str, lin: Actor, rail: SandboxRail) -> None:
    intent = begin(payment, lin)
    with pytest.raises(DomainError, match=r"payment\.in_flight"):
        payments.close_payment(reference="grp_1", actor=lin, now=NOW)
    payments.record_outcome(intent=intent, outcome=Outcome("failed", reason="declined"), actor=SYSTEM, now=NOW)
    payments.close_payment(reference="grp_1", actor=lin, now=NOW)
    with pytest.raises(DomainError, match=r"payment\.state"):
        begin(payment, lin)


def test_a_stranger_finds_no_payment(payment: str, lin: Actor) -> None:
    with pytest.raises(NotFoundError):
        begin(payment, YU)
    with pytest.raises(NotFoundError):
        payments.close_payment(reference="grp_1", actor=YU, now=NOW)
    assert payment_of(payer=YU.user, payment=payment) is None
    assert payment_of(payer=lin.user, payment=payment) is not None


def test_two_equal_refunds_both_happen_and_a_third_is_refused(
    payment: str, lin: Actor, rail: SandboxRail, app: Flask
) -> None:
    pay(payment, lin, rail)
    half = {"payment": payment, "amount": Money(5_000), "actor": SYSTEM, "now": NOW}
    intents = [payments.begin_refund(subject=f"ref_{n}", **half) for n in (1, 1, 2)]
    assert intents[0] == intents[1] != intents[2]
    with pytest.raises(DomainError, match=r"payment\.refund_exceeds"):
        payments.begin_refund(subject="ref_3", **half)
    for intent in intents:
        tasks.send_refund({"intent": intent}, ports=app.extensions["ports"], now=NOW)
    assert state_of(payment) == "refunded"
    assert [row.amount for row in rail.refunds()] == [5_000, 5_000]
    assert facts().count("payment.refund.succeeded") == 2


def test_a_payout_with_a_lost_answer_is_paid_once(payment: str, lin: Actor, rail: SandboxRail, app: Flask) -> None:
    pay(payment, lin, rail)
    rail.faults = FaultPlan({"payout": ["after_commit_drop"]})
    order = {"payout": "out_1", "payee": "fac_1", "amount": Money(9_000), "actor": SYSTEM, "now": NOW}
    intent, again = payments.begin_payout(**order), payments.begin_payout(**order)
    assert intent == again
    tasks.send_refund({"intent": intent}, ports=app.extensions["ports"], now=NOW)
    tasks.resolve_unknown({}, ports=app.extensions["ports"], now=LATER)
    assert [row.amount for row in rail.payouts()] == [9_000]
    assert facts()[-1] == "payment.payout.succeeded"


@pytest.mark.parametrize(("model", "life"), [(Payment, PAYMENT), (RailIntent, INTENT)])
def test_the_table_knows_every_state_of_the_lifecycle(model: type, life: object) -> None:
    check = next(c for c in model.__table__.constraints if c.name == f"ck_{model.__tablename__}_state")
    assert all(f"'{state}'" in str(check.sqltext) for state in life.states)
    assert str(check.sqltext).count("'") == 2 * len(life.states)


def test_the_database_refuses_a_second_standing_charge(payment: str, lin: Actor) -> None:
    begin(payment, lin)

    @operation("test.rival")
    def insert_rival(*, now: object) -> None:
        first = session().scalars(select(RailIntent)).one()
        row = {c.name: getattr(first, c.name) for c in RailIntent.__table__.columns}
        session().execute(RailIntent.__table__.insert().values({**row, "id": 99, "public_id": "int_x", "attempt": 2}))

    with pytest.raises(IntegrityError):
        insert_rival(now=NOW)
