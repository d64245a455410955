"""Who keeps a case for herself, for how long, and that many hands decide each case once."""

from collections.abc import Callable
from functools import partial
from random import Random
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError, OperationalError

from kernel.audit import AuditRow
from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.permissions import Actor
from onboarding.listings.models import Listing
from onboarding.listings.submissions import submit_all
from onboarding.moderation import ddl, operations
from onboarding.moderation.models import Case
from onboarding.moderation.rules import HOLD
from tests.cast import FANG, GUO, HUA, LIN, TAN, WEI
from tests.onboarding.people import factory, noon, operator, post, sign_in, user, waiting
from tests.support.crowd import crowd
from tests.support.goods import make_listing

DEEDS: dict[str, Callable[..., object]] = {
    "approve": operations.approve_case,
    "refuse": partial(operations.refuse_case, reason="图片不清楚"),
    "take": operations.take_case,
    "release": operations.release_case,
}
DESK = (TAN, HUA, FANG, GUO, LIN)
GOODS = 200


def one_case(tan: Actor) -> str:
    factory(WEI)
    [line] = waiting(tan)
    return line.public_id


@pytest.mark.parametrize("deed", DEEDS)
def test_what_a_colleague_looks_at_is_left_to_her_for_a_while(app: Flask, deed: str) -> None:
    tan, hua = operator(TAN), operator(HUA)
    case, then = one_case(tan), noon()
    operations.take_case(actor=tan, case=case, now=then)
    with pytest.raises(DomainError, match=r"case\.taken") as told:
        DEEDS[deed](actor=hua, case=case, now=then + HOLD / 2)
    assert told.value.params == {"name": TAN.name}
    DEEDS[deed](actor=hua, case=case, now=then + HOLD)


def test_who_has_a_case_decides_it_and_a_case_given_back_is_anybodys(app: Flask) -> None:
    tan, hua = operator(TAN), operator(HUA)
    case = one_case(tan)
    for who in (tan, hua):
        operations.take_case(actor=who, case=case, now=noon())
        operations.release_case(actor=who, case=case, now=noon())
        operations.release_case(actor=who, case=case, now=noon())
    operations.take_case(actor=tan, case=case, now=noon())
    operations.approve_case(actor=tan, case=case, now=noon())
    with pytest.raises(DomainError, match=r"case\.state"):
        operations.release_case(actor=tan, case=case, now=noon())


def test_the_page_says_who_has_it_and_offers_nothing_else(app: Flask, client: FlaskClient) -> None:
    tan = operator(TAN)
    operator(HUA)
    here = f"/ops/cases/{one_case(tan)}"
    operations.take_case(actor=tan, case=here.rsplit("/", maxsplit=1)[1], now=noon())
    sign_in(client, HUA)
    shown = client.get(here).text
    assert (f"{TAN.name}在看" in shown, "分钟后还没处理，您可以接手" in shown, "/approval" in shown) == (
        True,
        True,
        False,
    )
    assert "没人在看" in client.get("/ops?taken=nobody").text
    sign_in(client, TAN)
    assert "放回去" in client.get(here).text
    assert post(client, f"{here}/release", page=here).status_code == 303
    assert "我来看" in client.get(here).text


@pytest.mark.parametrize("change", ["update cases set state = 'open', decided_at = null", "delete from cases"])
def test_what_is_decided_stays(app: Flask, change: str) -> None:
    tan = operator(TAN)
    operations.approve_case(actor=tan, case=one_case(tan), now=noon())
    with pytest.raises(IntegrityError, match="decided once"), transaction():
        session().execute(text(change))


def goods_waiting() -> list[str]:
    """Cases of as many goods of an approved factory."""
    factory(WEI)
    operations.approve_case(actor=operator(TAN), case=waiting(operator(TAN))[0].public_id, now=noon())
    for number in range(GOODS):
        make_listing(user(WEI), title=f"围巾{number}", state="draft", stock=(1,))
    assert submit_all(actor=user(WEI), now=noon()).count == GOODS
    return [*session().scalars(select(Case.public_id).where(Case.state == "open"))]


def decide_all(who: Actor, cases: list[str], seed: int) -> dict[str, str]:
    """Go through all cases in an order of one's own, approve or refuse as one thinks; what one decided."""
    chance, decided = Random(seed), dict[str, str]()  # noqa: S311
    for case in chance.sample(cases, len(cases)):
        verdict = chance.choice(("approve", "refuse"))
        if told(partial(DEEDS[verdict], actor=who, case=case, now=noon())) == "done":
            decided[case] = {"approve": "approved", "refuse": "refused"}[verdict]
    return decided


def told(deed: Callable[[], object]) -> str:
    """Whether it is done, or was by another; a writer who found no room in time tries again, as its page says."""
    try:
        deed()
    except OperationalError:
        session().rollback()
        return told(deed)
    except DomainError as refusal:
        assert refusal.code == "case.state"  # noqa: PT017  every other refusal is a fault
        return refusal.code
    return "done"


@pytest.mark.storm
@pytest.mark.slow
def test_five_operators_decide_two_hundred_cases_each_once(app: Flask) -> None:
    cases, desk = goods_waiting(), [operator(one) for one in DESK]
    done = crowd(app, [partial(decide_all, who, cases, seed) for seed, who in enumerate(desk)])
    assert sum(map(len, done)) == GOODS
    decided = {case: state for one in done for case, state in one.items()}
    assert decided == dict(session().execute(select(Case.public_id, Case.state).where(Case.public_id.in_(cases))).all())
    told = select(func.count()).where(AuditRow.operation.in_(["case.approve", "case.refuse"]))
    assert session().scalar(told) == GOODS + 1
    goods = dict(session().execute(select(Listing.state, func.count()).group_by(Listing.state)).all())
    verdicts = [*decided.values()]
    assert goods == {"published": verdicts.count("approved"), "refused": verdicts.count("refused")}


def state_of(case: str) -> str:
    """As it is outside of any transaction that goes on."""
    state = session().scalars(select(Case.state).where(Case.public_id == case)).one()
    session().rollback()
    return state


@pytest.mark.parametrize("guarded", [True, False])
def test_of_two_who_saw_it_open_the_table_lets_one_decide(app: Flask, *, guarded: bool) -> None:
    case, both = one_case(operator(TAN)), Barrier(2)
    if not guarded:
        with transaction():
            ddl.drop_triggers(session().connection())

    def careless(who: int) -> bool:
        assert state_of(case) == "open"
        both.wait(timeout=30)
        try:
            with transaction():
                decided = {"state": "approved", "decided_at": noon(), "decided_by": who}
                session().execute(update(Case).where(Case.public_id == case).values(**decided))
        except IntegrityError:
            return False
        return True

    try:
        assert sum(crowd(app, [partial(careless, operator(one).user_id) for one in (TAN, HUA)])) == (
            1 if guarded else 2
        )
    finally:
        if not guarded:
            with transaction():
                ddl.create_triggers(session().connection())
