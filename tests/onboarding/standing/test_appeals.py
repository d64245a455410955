"""One word against one decision: made by its owner, judged by somebody else, once."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from kernel import notify
from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.permissions import Actor
from onboarding.moderation.operations import approve_case, refuse_case, reinstate_factory, suspend_factory
from onboarding.standing.models import Appeal
from onboarding.standing.operations import appeal
from onboarding.verification.models import Application
from onboarding.verification.operations import hand_in
from tests.cast import BO, HUA, MEI, TAN, WEI, YU, Person
from tests.onboarding.people import CODES, clerk, factory, noon, operator, post, said, sign_in, user, waiting

WHY = "执照是我厂的，照片重新拍过了"


@pytest.fixture
def refused(app: Flask) -> Actor:
    """Wei, whose factory Tan has refused."""
    factory(WEI)
    tan = operator(TAN)
    refuse_case(actor=tan, case=waiting(tan, "factory")[0].public_id, reason="名称和执照不一致", now=noon())
    return user(WEI)


def suspended() -> str:
    """The factory is approved after all, and suspended by Tan; its public id."""
    hand_in(actor=user(WEI), said=said(), now=noon())
    approve_case(actor=operator(HUA), case=waiting(operator(HUA), "factory")[0].public_id, now=noon())
    house = user(WEI).memberships[0].organisation
    suspend_factory(actor=operator(TAN), organisation=house, reason="有人投诉", now=noon())
    return house


def appealed(now: timedelta = timedelta()) -> str:
    appeal(actor=user(WEI), words=WHY, now=noon() + now)
    return waiting(operator(HUA), "appeal")[0].public_id


def state() -> str:
    session().rollback()
    return session().scalars(select(Application.state)).one()


@pytest.mark.parametrize("decision", ["refused", "suspended"])
def test_a_second_operator_grants_it(refused: Actor, decision: str) -> None:
    if decision == "suspended":
        suspended()
    approve_case(actor=operator(HUA), case=appealed(), now=noon())
    assert state() == "approved"
    assert "您的申诉成立" in notify.latest()[0].text


def test_a_second_operator_dismisses_it_with_a_reason(refused: Actor) -> None:
    refuse_case(actor=operator(HUA), case=appealed(), reason="执照照片和名称仍不一致", now=noon())
    assert state() == "refused"
    assert "申诉不成立：执照照片和名称仍不一致。" in notify.latest()[0].text
    with pytest.raises(DomainError, match=r"appeal\.made"):
        appealed()


def test_whoever_decided_does_not_judge_it(refused: Actor) -> None:
    case = appealed()
    for decide in (approve_case, lambda **told: refuse_case(reason="因为所以", **told)):
        with pytest.raises(DomainError, match=r"case\.own_decision"):
            decide(actor=operator(TAN), case=case, now=noon())
    granted = update(Appeal).values(state="granted", answered_at=noon(), answered_by=user(TAN).user_id)
    with pytest.raises(IntegrityError), transaction():
        session().execute(granted)


def test_whoever_decided_reads_why_she_cannot_judge_and_is_offered_nothing(client: FlaskClient, refused: Actor) -> None:
    case = appealed()
    sign_in(client, TAN)
    page = client.get(f"/ops/cases/{case}").text
    assert "这个决定是您自己做的" in page
    assert "/refusal" not in page


def test_one_decision_is_appealed_once_and_the_next_again(refused: Actor) -> None:
    appealed()
    with pytest.raises(DomainError, match=r"appeal\.made"):
        appealed()
    refuse_case(
        actor=operator(HUA), case=waiting(operator(HUA), "appeal")[0].public_id, reason="还是不一致", now=noon()
    )
    suspended()
    appealed()
    assert session().scalar(select(func.count(Appeal.id))) == 2


def test_nothing_is_appealed_that_was_not_decided(refused: Actor) -> None:
    house = suspended()
    reinstate_factory(actor=operator(TAN), organisation=house, now=noon())
    with pytest.raises(DomainError, match=r"appeal\.nothing"):
        appealed()
    with pytest.raises(InvalidInputError):
        appeal(actor=user(WEI), words="x", now=noon())


def test_an_appeal_overtaken_by_a_new_application_is_only_dismissed(refused: Actor) -> None:
    case = appealed()
    hand_in(actor=user(WEI), said=said(), now=noon())
    with pytest.raises(DomainError, match=r"appeal\.stale"):
        approve_case(actor=operator(HUA), case=case, now=noon())
    refuse_case(actor=operator(HUA), case=case, reason="已重新提交", now=noon())
    assert state() == "submitted"


def test_a_code_that_is_anothers_by_now_stays_hers(refused: Actor) -> None:
    case = appealed()
    factory(BO, uscc=CODES[0], name="清河样绒厂")
    with pytest.raises(DomainError, match=r"factory\.code_gone"):
        approve_case(actor=operator(HUA), case=case, now=noon())


@pytest.mark.parametrize("person", [MEI, YU])
def test_a_clerk_and_a_stranger_appeal_nothing(client: FlaskClient, refused: Actor, person: Person) -> None:
    who = clerk(MEI, WEI) if person is MEI else user(YU)
    with pytest.raises(NotFoundError):
        appeal(actor=who, words=WHY, now=noon())
    sign_in(client, person)
    assert client.get("/factory/appeal").status_code == 404
    assert "/factory/appeal" not in client.get("/factory").text


def test_the_owner_finds_the_way_and_reads_the_answer(app: Flask, client: FlaskClient, refused: Actor) -> None:
    sign_in(client, WEI)
    assert 'href="/factory/appeal"' in client.get("/factory").text
    assert post(client, "/factory/appeal", page="/factory/appeal", words="x").status_code == 422
    assert post(client, "/factory/appeal", page="/factory/appeal", words=WHY).status_code == 303
    assert all(part in client.get("/factory/appeal").text for part in ("等待复核", "您的申诉"))
    assert "看申诉进度" in client.get("/factory").text
    case = waiting(operator(HUA), "appeal")[0].public_id
    desk = app.test_client()
    sign_in(desk, HUA)
    page = desk.get(f"/ops/cases/{case}").text
    for part in (WHY, "名称和执照不一致", "谭敏", "申诉成立，恢复营业"):
        assert part in page
    post(desk, f"/ops/cases/{case}/refusal", page=f"/ops/cases/{case}", reason="还是不一致")
    assert "还是不一致" in client.get("/factory/appeal").text
    assert "看申诉结果" in client.get("/factory").text
