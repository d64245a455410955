"""Every six months a factory is held against its licence again: once per period, answered, confirmed."""

import re
from datetime import date, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from kernel import notify
from kernel.clock import business_date
from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.permissions import SYSTEM, Actor
from onboarding.licences.models import Licence
from onboarding.licences.operations import upload_licence
from onboarding.moderation.matters import photo_to_see
from onboarding.moderation.operations import approve_case, refuse_case, suspend_factory
from onboarding.standing.models import Check
from onboarding.standing.operations import open_due_checks
from onboarding.verification.models import Application
from tests.cast import TAN, WEI
from tests.onboarding.people import factory, noon, operator, sign_in, token, user, waiting

HALF_A_YEAR = timedelta(days=184)


@pytest.fixture
def wei(app: Flask) -> Actor:
    """Wei, whose factory was approved half a year ago."""
    factory(WEI)
    approve_case(actor=operator(TAN), case=waiting(operator(TAN), "factory")[0].public_id, now=noon())
    _written(checked_at=noon() - HALF_A_YEAR)
    return user(WEI)


def _written(**values: date | datetime) -> None:
    with transaction():
        session().execute(update(Application).values(**values))


def opened(**later: int) -> int:
    return open_due_checks(actor=SYSTEM, now=noon() + timedelta(**later))


def only() -> Check:
    session().rollback()
    return session().scalars(select(Check)).one()


def case() -> str:
    return waiting(operator(TAN), "recheck")[0].public_id


def test_a_check_is_due_after_six_months_and_opened_once(wei: Actor) -> None:
    _written(checked_at=noon() - timedelta(days=151))
    assert opened(days=-1) == 0
    assert [opened(), opened(), opened(days=40)] == [1, 0, 0]
    assert (only().state, only().cause) == ("open", "due")
    assert "该复核营业执照了" in notify.latest()[0].text
    approve_case(actor=operator(TAN), case=case(), now=noon())
    assert [opened(days=150), opened(days=152)] == [0, 1]


@pytest.mark.parametrize(("days", "due"), [(31, 0), (30, 1), (0, 1), (-5, 1)])
def test_a_licence_that_runs_out_is_due_once(wei: Actor, days: int, due: int) -> None:
    _written(checked_at=noon(), expires_on=business_date(noon()) + timedelta(days=days))
    assert opened() == due
    if due:
        approve_case(actor=operator(TAN), case=case(), now=noon())
        assert opened() == 0


def test_who_does_not_trade_is_not_checked(wei: Actor) -> None:
    suspend_factory(actor=operator(TAN), organisation=wei.memberships[0].organisation, reason="有人投诉", now=noon())
    assert opened() == 0


def test_two_schedules_at_once_open_one(wei: Actor) -> None:
    opened()
    row = only()
    copied = {column.key: getattr(row, column.key) for column in Check.__table__.columns if column.key != "id"}
    session().rollback()
    for other in ({"cause": "expiry"}, {"state": "confirmed", "confirmed_at": noon()}):
        with pytest.raises(IntegrityError), transaction():
            session().execute(insert(Check).values(**{**copied, "public_id": "chk_other", **other}))
    assert session().scalar(select(func.count(Check.id))) == 1


def test_the_owner_says_that_nothing_changed(client: FlaskClient, wei: Actor) -> None:
    opened()
    sign_in(client, WEI)
    assert "复核营业执照" in client.get("/factory").text
    assert "请确认执照有没有变化" in client.get("/factory/licence").text
    client.post("/factory/licence/same", data={"csrf_token": token(client, "/factory/licence")})
    assert (only().state, only().answer) == ("answered", "same")
    assert "等审核员确认" in client.get("/factory/licence").text
    approve_case(actor=operator(TAN), case=case(), now=noon())
    assert only().state == "confirmed"
    assert session().scalars(select(Application.checked_at)).one() > noon() - timedelta(hours=1)


def test_a_new_photo_is_an_answer_and_becomes_the_licence(client: FlaskClient, wei: Actor) -> None:
    opened()
    sign_in(client, WEI)
    photo = BytesIO()
    Image.new("RGB", (800, 600), "white").save(photo, "JPEG")
    form = {"csrf_token": token(client, "/factory/licence"), "licence": (BytesIO(photo.getvalue()), "a.jpg")}
    assert client.post("/factory/licence", data=form).status_code == 303
    assert only().answer == "photo"
    waits = client.get("/factory/licence")
    assert (waits.headers["Refresh"], "正在识别" in waits.text) == ("3", True)
    licence = was_read({"expires_on": {"value": "2049-01-02", "confidence": 1, "box": None}})
    shown = f"/licences/{session().get_one(Licence, licence).public_id}/photo"
    read = client.get("/factory/licence")
    assert ("Refresh" in read.headers, "看着不像营业执照" in read.text, shown in read.text) == (False, True, True)
    approve_case(actor=operator(TAN), case=case(), seen=photo_to_see(only().organisation_id), now=noon())
    application = session().scalars(select(Application)).one()
    assert (application.licence_id, str(application.expires_on)) == (licence, "2049-01-02")


def was_read(fields: dict[str, object]) -> int:
    """The newest photo was read to say this; its key."""
    with transaction():
        newest = session().scalars(select(Licence).order_by(Licence.id.desc()).limit(1)).one()
        newest.state, newest.reading, newest.read_at = "read", {"fields": fields}, noon()
        return newest.id


@pytest.mark.parametrize(
    ("read", "ends"),
    [({"expires_on": {"value": "", "confidence": 1, "box": None}}, None), ({}, date(2001, 1, 1))],
)
def test_an_end_that_the_new_licence_does_not_have_counts_no_longer(
    client: FlaskClient, wei: Actor, read: dict[str, object], ends: date | None
) -> None:
    _written(expires_on=date(2001, 1, 1))
    opened()
    upload_licence(actor=wei, organisation=wei.memberships[0].organisation, photo_key="1" * 64, now=noon())
    was_read(read)
    sign_in(client, TAN)
    assert ("长期" in client.get(f"/ops/cases/{case()}").text) is (ends is None)
    assert session().scalars(select(Application.expires_on)).one() == date(2001, 1, 1)
    approve_case(actor=operator(TAN), case=case(), seen=photo_to_see(only().organisation_id), now=noon())
    session().rollback()
    assert session().scalars(select(Application.expires_on)).one() == ends


def test_what_nobody_looked_at_is_not_confirmed(client: FlaskClient, wei: Actor) -> None:
    opened()
    sign_in(client, TAN)
    operator(TAN)
    looked_at = client.get(f"/ops/cases/{case()}").text
    upload_licence(actor=user(WEI), organisation=wei.memberships[0].organisation, photo_key="1" * 64, now=noon())
    was_read({"expires_on": {"value": "", "confidence": 1, "box": None}})
    before = session().scalars(select(Application.licence_id)).one()
    form = dict(re.findall(r'name="(csrf_token|seen)"\s+value="([^"]*)"', looked_at))
    answer = client.post(f"/ops/cases/{case()}/approval", data=form)
    assert (answer.status_code, "再看一遍" in answer.text) == (422, True)
    assert session().scalars(select(Application.licence_id)).one() == before
    with pytest.raises(DomainError, match=r"case\.singly"):
        approve_case(actor=operator(TAN), case=case(), now=noon())
    again = dict(re.findall(r'name="(csrf_token|seen)"\s+value="([^"]*)"', client.get(f"/ops/cases/{case()}").text))
    assert client.post(f"/ops/cases/{case()}/approval", data=again).status_code == 302
    assert session().scalars(select(Application.licence_id)).one() != before


def test_an_answer_that_will_not_do_is_asked_for_again(client: FlaskClient, wei: Actor) -> None:
    opened()
    refuse_case(actor=operator(TAN), case=case(), reason="执照照片不清楚", now=noon())
    assert "执照照片不清楚" in notify.latest()[0].text
    assert waiting(operator(TAN), "recheck") == []
    sign_in(client, WEI)
    client.post("/factory/licence/same", data={"csrf_token": token(client, "/factory/licence")})
    assert len(waiting(operator(TAN), "recheck")) == 1


def test_an_operator_is_warned_of_who_does_not_answer(client: FlaskClient, wei: Actor) -> None:
    opened()
    with transaction():
        session().execute(update(Check).values(opened_at=noon() - timedelta(days=31)))
    found = case()
    sign_in(client, TAN)
    assert "逾期 30 天没有答复" in client.get(f"/ops/cases/{found}").text
    assert "丹阳明视眼镜厂" in client.get("/ops/factories?check=late").text
    assert session().scalars(select(Application.state)).one() == "approved"
