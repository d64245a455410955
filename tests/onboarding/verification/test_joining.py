"""A factory joins: the pages, the refusals, the race for a credit code."""

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from kernel.audit import AuditRow
from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import SYSTEM
from onboarding.accounts.models import Organisation
from onboarding.belts.operations import load_belts
from onboarding.moderation.models import Case
from onboarding.verification import operations
from onboarding.verification.models import Application
from onboarding.verification.queries import application_of, are_approved, factory_of
from tests.cast import BO, MEI, TAN, WEI, YU
from tests.onboarding.people import CODES, DANYANG, QINGHE, begun, factory, noon, operator, post, said, sign_in, user

BY_HAND = "/join/factory?by-hand=1"
FORM = {"name": "丹阳市明视眼镜厂", "uscc": CODES[0], "belt": DANYANG}


def form(**told: str) -> dict[str, str]:
    """What the form sends when nothing is missing."""
    return {**FORM, "ways": "both", "agreement": said().agreement, **told}


@pytest.fixture(autouse=True)
def _belts(app: Flask) -> None:
    load_belts(actor=SYSTEM, now=noon())


def test_the_way_in_is_public_and_says_what_it_costs(client: FlaskClient) -> None:
    page = client.get("/join")
    assert page.status_code == 200
    assert "0.5%" in page.text
    assert page.text.count("<input") - page.text.count('type="hidden"') == 1


def test_a_factory_joins_from_a_phone(client: FlaskClient) -> None:
    begun(WEI)
    assert sign_in(client, WEI, then="/join/factory").location == "/join/factory"
    assert '<optgroup label="江苏省">' in client.get(BY_HAND).text
    assert post(client, "/join/factory", page=BY_HAND, **form()).location == "/factory"
    mine = factory_of(user(WEI))
    assert mine
    assert (mine.name, mine.uscc, mine.state, mine.belt.slug) == (FORM["name"], CODES[0], "submitted", DANYANG)
    assert mine.slug.startswith("dan-yang-shi-ming-shi-yan-jing-chang-")
    assert session().scalar(select(Case.subject)) == mine.organisation
    assert client.get("/join/factory").location == "/factory"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"uscc": "9131O115MA1K35J59M"}, "第 5 位的字母 O"),
        ({"uscc": "91310115MA1K35J59"}, "现在填了 17 位"),
        ({"uscc": "91310115MA1K35J95M"}, "校验没有通过"),
        ({"name": "Ηuawei"}, "“Η”不能用"),
        ({"belt": "nowhere"}, "选一个产业带"),
        ({"state": "approved"}, "几处填写需要修改"),
    ],
)
def test_what_is_wrong_stands_beside_what_was_typed(client: FlaskClient, wrong: dict[str, str], said: str) -> None:
    begun(WEI)
    sign_in(client, WEI)
    answer = post(client, "/join/factory", page=BY_HAND, **form(**wrong))
    assert answer.status_code == 422
    assert said in answer.text or "state" in wrong
    assert wrong.get("name", FORM["name"]) in answer.text
    assert session().scalar(select(Application.state)) == "draft"


def test_a_taken_code_is_refused_kindly_and_names_nobody(client: FlaskClient) -> None:
    factory(WEI, name="魏氏眼镜厂")
    begun(YU)
    sign_in(client, YU)
    answer = post(client, "/join/factory", page=BY_HAND, **form())
    assert "已经有人用了" in answer.text
    assert "魏" not in answer.text
    assert [one.state for one in session().scalars(select(Application).order_by(Application.id))] == [
        "submitted",
        "draft",
    ]


def test_one_person_founds_one_factory(app: Flask) -> None:
    first = begun(WEI)
    assert operations.begin(actor=user(WEI), now=noon()).public_id == first.public_id
    assert session().scalar(select(func.count(Organisation.id))) == 1


def test_of_two_rivals_one_gets_the_code(app: Flask) -> None:
    for rival in (WEI, YU):
        begun(rival)
    rivals = [user(WEI), user(YU)]
    session().rollback()
    start, told = threading.Barrier(2), []

    def run(place: int) -> None:
        with app.app_context():
            start.wait()
            try:
                operations.hand_in(actor=rivals[place], said=said(), now=noon())
                told.append("won")
            except DomainError as refusal:
                told.append(refusal.code)
            session().close()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["factory.code_taken", "won"]
    assert sorted(session().scalars(select(Application.state))) == ["draft", "submitted"]


def test_a_refused_owner_reads_why_corrects_and_is_approved(app: Flask, client: FlaskClient) -> None:
    application, tan = factory(WEI), operator(TAN)
    owner = user(WEI)
    organisation = owner.memberships[0].organisation
    operations.refuse(actor=tan, organisation=organisation, reason="名称和执照不一致", now=noon())
    assert application_of(application.organisation_id).reason == "名称和执照不一致"
    sign_in(client, WEI)
    page = client.get("/join/factory").text
    assert "名称和执照不一致" in page
    assert CODES[0] in page
    assert post(client, "/join/factory", page="/join/factory", **form(belt=QINGHE)).status_code == 303
    operations.approve(actor=tan, organisation=organisation, now=noon())
    assert are_approved({application.organisation_id})


def test_nothing_is_decided_twice_or_out_of_turn(app: Flask) -> None:
    factory(WEI)
    tan, organisation = operator(TAN), user(WEI).memberships[0].organisation
    with pytest.raises(DomainError, match=r"factory\.state"):
        operations.hand_in(actor=user(WEI), said=said(), now=noon())
    operations.approve(actor=tan, organisation=organisation, now=noon())
    with pytest.raises(DomainError, match=r"factory\.state"):
        operations.refuse(actor=tan, organisation=organisation, reason="再想想", now=noon())


@pytest.mark.parametrize("person", [YU, BO, MEI])
def test_a_stranger_decides_and_corrects_nothing(app: Flask, person: object) -> None:
    factory(WEI)
    stranger, organisation = user(person), user(WEI).memberships[0].organisation
    with pytest.raises(NotFoundError):
        operations.approve(actor=stranger, organisation=organisation, now=noon())
    with pytest.raises(NotFoundError):
        operations.hand_in(actor=stranger, said=said(), now=noon())


def test_every_step_leaves_an_audit_row(app: Flask) -> None:
    factory(WEI)
    operations.approve(actor=operator(TAN), organisation=user(WEI).memberships[0].organisation, now=noon())
    row = session().scalars(select(AuditRow).where(AuditRow.operation == "factory.approve")).one()
    assert row.changes[0]["before"]["state"] == "submitted"
    assert row.changes[0]["after"] == {"state": "approved"}
