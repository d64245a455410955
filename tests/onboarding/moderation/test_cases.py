"""The operators' desk: who sees which case, decides once, and what follows."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from kernel import notify
from kernel.audit import operation
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.outbox import publish
from kernel.permissions import SYSTEM, Actor
from kernel.tables import ask
from onboarding.moderation import bulk, operations, queries, tables
from onboarding.moderation.models import Case
from onboarding.moderation.rules import CASE, SUBJECTS
from onboarding.moderation.tables import CASES
from onboarding.verification.facts import FactoryApplied
from onboarding.verification.operations import hand_in
from onboarding.verification.queries import are_approved
from tests.cast import BO, HUA, TAN, WEI
from tests.onboarding.people import CODES, QINGHE, factory, noon, operator, said, user, waiting

SCOPES = [
    ("channel", "", {"丹阳厂", "清河厂"}),
    ("region", "江苏省", {"丹阳厂"}),
    ("region", "河北省", {"清河厂"}),
    ("region", "浙江省", set()),
    ("belt", "danyang-glasses", {"丹阳厂"}),
    ("belt", "qinghe-cashmere", {"清河厂"}),
]


@pytest.fixture
def two_factories(app: Flask) -> dict[str, str]:
    """The case of each factory by its name."""
    factory(WEI, name="丹阳厂")
    factory(BO, name="清河厂", uscc=CODES[1], belt=QINGHE)
    return {line.title: line.public_id for line in waiting(_SYSTEM)}


@pytest.mark.parametrize(("kind", "value", "seen"), SCOPES)
def test_a_scope_is_what_one_sees_and_decides(
    two_factories: dict[str, str], kind: str, value: str, seen: set[str]
) -> None:
    tan = operator(TAN, scope_kind=kind, scope_value=value)
    assert {line.title for line in waiting(tan)} == seen
    assert queries.open_counts(tan)["factory"] == len(seen)
    for title, case in two_factories.items():
        if title in seen:
            assert queries.evidence(tan, case).case.title == title
            operations.approve_case(actor=tan, case=case, now=noon())
        else:
            with pytest.raises(NotFoundError):
                queries.evidence(tan, case)
            with pytest.raises(NotFoundError):
                operations.approve_case(actor=tan, case=case, now=noon())


def test_approving_lets_the_factory_trade_and_tells_its_owner(two_factories: dict[str, str]) -> None:
    operations.approve_case(actor=operator(TAN), case=two_factories["丹阳厂"], now=noon())
    assert are_approved({user(WEI).memberships[0].organisation_id})
    told = notify.latest()[0]
    assert (told.recipient, "丹阳厂" in told.text, "已通过" in told.text) == ("+8613800138002", True, True)


def test_refusing_needs_a_reason_and_passes_it_on(two_factories: dict[str, str]) -> None:
    tan, case = operator(TAN), two_factories["丹阳厂"]
    for reason in ("", " x ", "因" * 501):
        with pytest.raises(InvalidInputError):
            operations.refuse_case(actor=tan, case=case, reason=reason, now=noon())
    operations.refuse_case(actor=tan, case=case, reason="名称和执照不一致", now=noon())
    assert "名称和执照不一致" in notify.latest()[0].text
    assert queries.evidence(tan, case).seller.reason == "名称和执照不一致"


@pytest.mark.parametrize("second", ["approve", "refuse"])
@pytest.mark.parametrize("first", ["approve", "refuse"])
def test_a_case_is_decided_once(two_factories: dict[str, str], first: str, second: str) -> None:
    case = two_factories["丹阳厂"]
    _decide(first, operator(TAN), case)
    with pytest.raises(DomainError, match=r"case\.state"):
        _decide(second, operator(HUA), case)
    assert session().scalars(select(Case.state).where(Case.public_id == case)).one() == CASE.step("open", first).to


def test_nobody_judges_in_her_own_matter(two_factories: dict[str, str]) -> None:
    with pytest.raises(DomainError, match=r"case\.own"):
        operations.approve_case(actor=operator(WEI), case=two_factories["丹阳厂"], now=noon())


def test_a_subject_has_one_open_case(two_factories: dict[str, str]) -> None:
    @operation("test.again")
    def again(*, actor: Actor, now: object) -> None:
        organisation = user(WEI).memberships[0].organisation
        publish(FactoryApplied(organisation=organisation), actor=actor, now=noon())

    again(actor=SYSTEM, now=noon())
    assert session().scalar(select(func.count(Case.id))) == 2


def test_who_joins_is_let_in_by_nobody_who_has_not_looked(two_factories: dict[str, str]) -> None:
    tan, cases = operator(TAN), list(two_factories.values())
    operations.refuse_case(actor=tan, case=cases[0], reason="名称和执照不一致", now=noon())
    result = bulk.approve_cases(actor=tan, cases=[*cases, cases[1], "cas_nothing"], now=noon())
    assert result.done == ()
    assert {case: refusal.code for case, refusal in result.skipped.items()} == {
        cases[0]: "case.state",
        cases[1]: "case.look_first",
        "cas_nothing": "not_found",
    }


def test_many_are_refused_for_one_reason_and_each_is_told(two_factories: dict[str, str]) -> None:
    tan, cases = operator(TAN), list(two_factories.values())
    with pytest.raises(InvalidInputError):
        bulk.refuse_cases(actor=tan, cases=cases, reason="x", now=noon())
    assert len(waiting(tan)) == 2
    operations.approve_case(actor=tan, case=cases[0], now=noon())
    result = bulk.refuse_cases(actor=tan, cases=cases, reason="请补上执照照片", now=noon())
    assert (result.done, [refusal.code for refusal in result.skipped.values()]) == ((cases[1],), ["case.state"])
    assert "请补上执照照片" in notify.latest()[0].text


def test_what_waits_is_counted_by_age(two_factories: dict[str, str]) -> None:
    tan = operator(TAN)
    assert queries.ages(tan, now=noon() + timedelta(hours=5)) == {"": 2, "hour": 2, "hours": 2, "day": 0, "days": 0}
    late = ask(CASES, {"age": "day"}).values
    assert queries.cases(tan, late, now=noon()).count(9) == 0
    assert queries.cases(tan, late, now=noon() + timedelta(days=2)).count(9) == 2


def test_the_next_case_is_that_of_the_list_one_works_off(two_factories: dict[str, str]) -> None:
    tan, (first, second) = operator(TAN), waiting(operator(TAN))
    listed = ask(CASES, {"belt": "qinghe-cashmere"}).values
    assert queries.following(tan, listed, after=first, now=noon()) == second.public_id
    assert queries.following(tan, listed, after=second, now=noon()) is None
    anywhere = {"after": second, "now": noon(), "anywhere": True}
    assert queries.following(tan, listed, **anywhere) == first.public_id
    operations.approve_case(actor=tan, case=first.public_id, now=noon())
    assert queries.following(tan, listed, **anywhere) is None


def test_a_corrected_factory_comes_back_with_its_history(two_factories: dict[str, str]) -> None:
    tan = operator(TAN)
    operations.refuse_case(actor=tan, case=two_factories["丹阳厂"], reason="名称和执照不一致", now=noon())
    hand_in(actor=user(WEI), said=said(), now=noon())
    again = next(line for line in waiting(tan) if line.title == "丹阳明视眼镜厂")
    assert [case.reason for case in queries.evidence(tan, again.public_id).earlier] == ["名称和执照不一致"]


def _decide(action: str, actor: Actor, case: str) -> None:
    if action == "approve":
        operations.approve_case(actor=actor, case=case, now=noon())
    else:
        operations.refuse_case(actor=actor, case=case, reason="名称和执照不一致", now=noon())


_SYSTEM = SYSTEM


def test_every_kind_of_case_has_a_name_on_the_queue() -> None:
    assert set(dict(tables.SUBJECTS)) == set(SUBJECTS)
