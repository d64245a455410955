"""A merchant asks, a factory answers: what is kept, what is told, what is refused, who wins a race."""

from functools import partial

import pytest
from flask import Flask
from sqlalchemy import func, select

from kernel import notify
from kernel.audit import AuditRow
from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.outbox import OutboxFact
from kernel.permissions import Actor, Role
from onboarding.accounts.operations import add_member
from onboarding.admissions import operations, tasks
from onboarding.admissions.models import Admission
from onboarding.admissions.queries import admission_between, counts_of, is_admitted, merchants_of, standing
from onboarding.admissions.rules import ADMISSION
from onboarding.verification.operations import approve as approve_merchant
from onboarding.verification.operations import refuse
from tests.cast import BO, LIN, MEI, TAN, WEI, YU, Person
from tests.onboarding.admissions.conftest import Trade
from tests.onboarding.people import CODES, QINGHE, clerk, factory, merchant, noon, operator, shop_begun, user
from tests.support.crowd import crowd


def act(action: str, actor: Actor, admission: str, trade: Trade) -> None:
    if action == "ask":
        operations.ask(actor=actor, factory=trade.factory, words="再问一次", now=noon())
    elif action == "admit":
        operations.admit(actor=actor, admission=admission, now=noon())
    else:
        getattr(operations, action)(actor=actor, admission=admission, reason="因为所以", now=noon())


def facts() -> list[tuple[str, dict[str, str]]]:
    query = select(OutboxFact.kind, OutboxFact.payload).where(OutboxFact.kind.startswith("admission."))
    return [(kind, payload) for kind, payload in session().execute(query.order_by(OutboxFact.id))]


@pytest.mark.parametrize("action", ["ask", "admit", "refuse", "end"])
@pytest.mark.parametrize("state", ADMISSION.states)
def test_every_pair_of_state_and_action_in_the_database(trade: Trade, state: str, action: str) -> None:
    admission = trade.bring(state)
    before, actor = len(facts()), trade.bo if action == "ask" else trade.wei
    step = ADMISSION.steps.get((state, action))
    if step is None:
        with pytest.raises(DomainError, match=r"admission\.state"):
            act(action, actor, admission, trade)
        assert standing(trade.keys[1], [trade.keys[0]]) == {trade.keys[0]: state}
        assert len(facts()) == before
        return
    act(action, actor, admission, trade)
    kind, told = facts()[-1]
    assert (kind, len(facts())) == (step.fact, before + 1)
    assert {**told, "reason": ""} == {
        "admission": admission,
        "factory": trade.factory,
        "merchant": trade.merchant,
        "reason": "",
    }
    assert is_admitted(*trade.keys) is (step.to == "admitted")


def test_what_she_asks_is_kept_and_nothing_of_before(trade: Trade) -> None:
    admission = trade.bring("ended")
    operations.ask(actor=trade.bo, factory=trade.factory, words=" 换了\u202e团队 ", now=noon())
    found = admission_between(*trade.keys)
    assert found
    assert (found.public_id, found.state, found.words, found.reason) == (admission, "asked", "换了团队", "")
    assert found.decided_at is None
    line = merchants_of(trade.keys[0])[0]
    assert (line.public_id, line.name, line.uscc, line.words) == (admission, "薄荷家居", CODES[1], "换了团队")
    assert counts_of(trade.keys[0]) == {"asked": 1}


def test_a_merchants_clerk_asks_for_the_merchant(trade: Trade) -> None:
    mei = clerk(MEI, BO)
    operations.ask(actor=mei, factory=trade.factory, words="", now=noon())
    assert standing(trade.keys[1], [trade.keys[0]]) == {trade.keys[0]: "asked"}


@pytest.mark.parametrize("person", [LIN, YU, MEI, TAN])
def test_who_is_no_merchant_asks_nothing(trade: Trade, person: Person) -> None:
    if person is YU:
        factory(YU, uscc=CODES[2], belt=QINGHE)
    if person is MEI:
        clerk(MEI, WEI)
    with pytest.raises(NotFoundError):
        operations.ask(actor=user(person), factory=trade.factory, words="", now=noon())


@pytest.mark.parametrize("state", ["submitted", "refused"])
def test_a_factory_that_may_not_trade_is_not_there_to_be_asked(trade: Trade, state: str) -> None:
    factory(YU, uscc=CODES[2], belt=QINGHE)
    house = user(YU).memberships[0].organisation
    if state == "refused":
        refuse(actor=operator(TAN), organisation=house, reason="执照不清楚", now=noon())
    for wanted in (house, trade.merchant, "fac_nothing", ""):
        with pytest.raises(NotFoundError):
            operations.ask(actor=trade.bo, factory=wanted, words="", now=noon())


def test_too_many_words_are_refused(trade: Trade) -> None:
    trade.ask("字" * 200)
    with pytest.raises(InvalidInputError) as refusal:
        trade.ask("字" * 201)
    assert refusal.value.fields == {"words": ("field.words", {"most": 200})}


@pytest.mark.parametrize("action", ["admit", "refuse", "end"])
@pytest.mark.parametrize("who", ["bo", "lin", "yu", "mei"])
def test_nobody_but_the_factorys_owner_decides(trade: Trade, who: str, action: str) -> None:
    admission = trade.bring("admitted" if action == "end" else "asked")
    factory(YU, uscc=CODES[2], belt=QINGHE)
    strangers = {"bo": trade.bo, "lin": user(LIN), "yu": user(YU), "mei": clerk(MEI, WEI)}
    with pytest.raises(NotFoundError):
        act(action, strangers[who], admission, trade)


@pytest.mark.parametrize("reason", ["", " ", "否", "字" * 501])
@pytest.mark.parametrize(("action", "state"), [("refuse", "asked"), ("end", "admitted")])
def test_no_without_a_reason_is_refused(trade: Trade, action: str, state: str, reason: str) -> None:
    admission = trade.bring(state)
    with pytest.raises(InvalidInputError):
        getattr(operations, action)(actor=trade.wei, admission=admission, reason=reason, now=noon())


def test_nobody_supplies_her_own_shop_under_the_same_code(trade: Trade) -> None:
    merchant(WEI, uscc=CODES[0], name="明视直营店")
    with pytest.raises(DomainError, match=r"admission\.own_factory"):
        operations.ask(actor=user(WEI), factory=trade.factory, words="", now=noon())


def test_nor_does_a_person_of_both_under_two_codes(trade: Trade) -> None:
    clerk(BO, WEI)
    with pytest.raises(DomainError, match=r"admission\.own_factory"):
        trade.ask()
    clerk(MEI, WEI)
    merchant(MEI, uscc=CODES[2], name="梅家小店")
    with pytest.raises(DomainError, match=r"admission\.own_factory"):
        operations.ask(actor=user(MEI), factory=trade.factory, words="", now=noon())


def test_who_became_one_house_meanwhile_is_not_admitted(trade: Trade) -> None:
    admission = trade.ask()
    clerk(BO, WEI)
    with pytest.raises(DomainError, match=r"admission\.own_factory"):
        operations.admit(actor=trade.wei, admission=admission, now=noon())
    operations.refuse(actor=trade.wei, admission=admission, reason="自己人", now=noon())


def outcome(deed: partial[object]) -> str:
    try:
        deed()
    except DomainError as refusal:
        return refusal.code
    return "won"


def test_two_asks_at_once_are_one_row(app: Flask, trade: Trade) -> None:
    asks = [partial(outcome, partial(trade.ask, words=str(number))) for number in range(4)]
    assert sorted(crowd(app, asks)) == ["admission.state"] * 3 + ["won"]
    assert session().scalar(select(func.count(Admission.id))) == len(facts()) == 1


def test_of_two_answers_at_once_one_counts(app: Flask, trade: Trade) -> None:
    admission = trade.ask()
    answers = [partial(outcome, partial(act, action, trade.wei, admission, trade)) for action in ("admit", "refuse")]
    assert sorted(crowd(app, answers)) == ["admission.state", "won"]
    assert len(facts()) == 2


def texts_of(run: object, admission: str, **payload: str) -> list[tuple[str, str]]:
    known = {message.public_id for message in notify.latest()}
    with transaction():
        run({"admission": admission, **payload}, ports=None, now=noon())
    return [(one.recipient, one.text) for one in notify.latest() if one.public_id not in known]


def test_the_factorys_owners_are_told_who_asks(trade: Trade) -> None:
    add_member(actor=trade.wei, organisation=trade.factory, phone=LIN.phone, role=Role.OWNER, now=noon())
    clerk(MEI, WEI)
    told = texts_of(tasks.tell_factory_asked, trade.ask())
    assert {phone for phone, _text in told} == {f"+86{WEI.phone}", f"+86{LIN.phone}"}
    assert {text for _phone, text in told} == {
        "商家“薄荷家居”申请铺您的货，留言：“抖音店，月销三千单”。请到“合作商家”里答复。"
    }


@pytest.mark.parametrize(
    ("run", "said"),
    [
        (tasks.tell_merchant_granted, "同意给您的店铺“薄荷家居”供货了"),
        (tasks.tell_merchant_refused, "没有同意给您的店铺“薄荷家居”供货，原因：产能不够"),
        (tasks.tell_merchant_ended, "不再给您的店铺“薄荷家居”供货，原因：产能不够"),
    ],
)
def test_the_merchants_owners_are_told_the_answer(trade: Trade, run: object, said: str) -> None:
    clerk(MEI, BO)
    told = texts_of(run, trade.ask(), reason="产能不够")
    assert [phone for phone, _text in told] == [f"+86{BO.phone}"]
    assert said in told[0][1]
    assert "丹阳明视眼镜厂" in told[0][1]


def test_every_step_leaves_an_audit_row(trade: Trade) -> None:
    admission = trade.bring("ended")
    rows = session().scalars(select(AuditRow).where(AuditRow.operation.startswith("admission.")).order_by(AuditRow.id))
    steps = [(row.operation, row.changes[0]["before"].get("state"), row.changes[0]["after"]["state"]) for row in rows]
    assert steps == [
        ("admission.ask", None, "asked"),
        ("admission.admit", "asked", "admitted"),
        ("admission.end", "admitted", "ended"),
    ]
    assert admission.startswith("adm_")


def test_who_has_not_said_who_she_is_is_not_heard(trade: Trade) -> None:
    shop_begun(YU, uscc=CODES[2], name="余家小店")
    with pytest.raises(DomainError, match=r"admission\.not_handed_in"):
        operations.ask(actor=user(YU), factory=trade.factory, words="想卖", now=noon())


def test_who_is_not_checked_yet_asks_and_is_admitted_once_she_is(trade: Trade) -> None:
    merchant(YU, uscc=CODES[2], name="余家小店", read=False)
    asked = operations.ask(actor=user(YU), factory=trade.factory, words="想卖", now=noon()).public_id
    with pytest.raises(DomainError, match=r"admission\.not_checked"):
        operations.admit(actor=trade.wei, admission=asked, now=noon())
    approve_merchant(actor=operator(TAN), organisation=user(YU).memberships[0].organisation, now=noon())
    assert operations.admit(actor=trade.wei, admission=asked, now=noon()).state == "admitted"
