"""Signing in by code, as a browser does it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from kernel import notify
from kernel.db import db, session
from kernel.errors import DomainError
from kernel.permissions import ANONYMOUS, SYSTEM, Actor, Role
from onboarding.accounts import operations
from onboarding.accounts.models import OneTimeCode, User, WebSession
from onboarding.accounts.queries import actor_for, user_by_phone
from tests.cast import LIN, TAN, WEI, YU
from tests.onboarding.people import factory, last_code, noon, operator, post, sign_in, token, user, wait


def test_a_phone_and_a_code_are_enough(client: FlaskClient) -> None:
    assert sign_in(client, LIN, then="/join").location == "/join"
    page = client.get("/account")
    assert page.status_code == 200
    assert "138****8001" in page.text
    assert LIN.phone not in page.text


def test_the_session_is_new_and_kept_as_a_fingerprint(client: FlaskClient) -> None:
    sign_in(client, LIN)
    with client.session_transaction() as cookie:
        before = cookie["sid"]
    sign_in(client, YU)
    with client.session_transaction() as cookie:
        after = cookie["sid"]
    assert before != after
    assert len(after) >= 43  # 256 bits
    assert actor_for(before, now=noon()) is ANONYMOUS
    assert after not in session().scalars(select(WebSession.token_fingerprint)).all()


def test_a_planted_session_does_not_survive_signing_in(client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        cookie["sid"] = "planted"
        cookie["evil"] = "kept?"
    sign_in(client, LIN)
    with client.session_transaction() as cookie:
        assert cookie["sid"] != "planted"
        assert "evil" not in cookie


def test_known_and_unknown_phones_get_the_same_answer(app: Flask) -> None:
    user(LIN)
    answers = []
    for person in (LIN, YU):
        client = app.test_client()
        sent = post(client, "/sign-in", recipient=person.phone)
        wrong = post(client, "/sign-in/code", page="/sign-in/code", code="12345x")
        shown = wrong.text.replace(person.phone[-4:], "····")
        answers.append((sent.status_code, sent.location, wrong.status_code, shown.split("<main")[1].split("<form")[0]))
    assert answers[0] == answers[1]


def test_signing_out_ends_the_session_in_the_database(client: FlaskClient) -> None:
    sign_in(client, LIN)
    with client.session_transaction() as cookie:
        stolen = cookie["sid"]
    assert post(client, "/sign-out", page="/account").location == "/"
    assert not actor_for(stolen, now=noon()).is_signed_in
    assert client.get("/account").location == "/sign-in?next=/account"


def test_who_was_signed_out_meanwhile_is_led_to_sign_in_and_back(client: FlaskClient) -> None:
    form = {"csrf_token": token(client, "/sign-in"), "name": "Lin"}
    for page, then in (("http://localhost/account?tab=2", "/account%3Ftab%3D2"), ("https://evil.example/x", "")):
        refused = client.post("/account/name", data=form, headers={"Referer": page})
        assert refused.status_code == 401
        assert f'href="/sign-in?next={then}"' in refused.text


def test_other_devices_can_be_signed_out(app: Flask) -> None:
    phone, laptop = app.test_client(), app.test_client()
    sign_in(phone, LIN)
    wait(app, minutes=1)
    sign_in(laptop, LIN)
    post(phone, "/account/other-sessions", page="/account")
    assert phone.get("/account").status_code == 200
    assert laptop.get("/account").status_code == 302


def test_a_session_ends_after_thirty_days(app: Flask, client: FlaskClient) -> None:
    sign_in(client, LIN)
    wait(app, days=29, hours=23)
    assert client.get("/account").status_code == 200
    wait(app, hours=2)
    assert client.get("/account").status_code == 302


@pytest.mark.parametrize(("role", "desk"), [("operator", "/ops"), ("finance", "/finance")])
def test_staff_land_on_their_desk(client: FlaskClient, role: Role, desk: str) -> None:
    operations.grant_staff_role(
        actor=SYSTEM, phone=TAN.phone, role=role, scope_kind="channel", scope_value="", now=noon()
    )
    assert sign_in(client, TAN).location == desk


@pytest.mark.parametrize(
    "target",
    ["//evil.example", "/\\evil.example", "https://evil.example", "\\\\evil", "javascript:alert(1)", "evil"],
)
def test_nobody_is_sent_off_this_site(client: FlaskClient, target: str) -> None:
    assert sign_in(client, LIN, then=target).location == "/account"
    assert client.get("/sign-in", query_string={"next": target}).location == "/account"


def test_a_form_without_its_token_is_refused(client: FlaskClient) -> None:
    assert client.post("/sign-in", data={"phone": LIN.phone}).status_code == 400
    assert not notify.latest()


def test_who_acts_is_known_in_two_statements(app: Flask, client: FlaskClient) -> None:
    factory(WEI)
    operator(WEI)
    sign_in(client, WEI)
    with client.session_transaction() as cookie:
        sid = cookie["sid"]
    said: list[str] = []
    event.listen(db.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    found = actor_for(sid, now=noon())
    assert len(said) == 2
    assert (found.name, found.memberships[0].kind, found.staff[0].scope.kind) == ("魏国强", "factory", "channel")


def test_a_code_is_void_for_all_but_its_use(app: Flask) -> None:
    _send(LIN.phone)
    code = last_code()
    _refused(YU.phone, code)
    assert operations.sign_in(recipient="138 0013 8001", code=code, actor=ANONYMOUS, now=noon())
    _refused(LIN.phone, code)


@pytest.mark.parametrize("purpose", ["bind", "confirm"])
def test_a_code_of_another_purpose_is_void(app: Flask, purpose: str) -> None:
    _send(LIN.phone, purpose=purpose)
    _refused(LIN.phone, last_code())


def test_a_newer_code_voids_the_older(app: Flask) -> None:
    _send(LIN.phone)
    older = last_code()
    _send(LIN.phone)
    newer = last_code()
    if older != newer:
        _refused(LIN.phone, older)
    assert operations.sign_in(recipient=LIN.phone, code=newer, actor=ANONYMOUS, now=noon())


def test_a_code_runs_out_after_ten_minutes(app: Flask) -> None:
    _send(LIN.phone)
    with pytest.raises(DomainError, match=r"code\.refused"):
        operations.sign_in(recipient=LIN.phone, code=last_code(), actor=ANONYMOUS, now=noon() + timedelta(minutes=10))


def test_five_wrong_tries_spend_a_code(app: Flask) -> None:
    _send(LIN.phone)
    code = last_code()
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5):
        _refused(LIN.phone, wrong)
    assert session().scalar(select(OneTimeCode.tries)) == 5
    _refused(LIN.phone, code)


def test_nothing_secret_is_kept_in_clear(app: Flask) -> None:
    _send(LIN.phone)
    code = last_code()
    operations.sign_in(recipient=LIN.phone, code=code, actor=ANONYMOUS, now=noon())
    raw = db.engine.raw_connection()
    rows = [str(row) for table in ("users", "one_time_codes", "messages", "audit_rows") for row in _rows(raw, table)]
    raw.close()
    assert rows
    assert not [row for row in rows if code in row.split("'") or LIN.phone in row]


def test_what_ran_out_is_forgotten(app: Flask, client: FlaskClient) -> None:
    sign_in(client, LIN)
    operations.forget_expired(actor=SYSTEM, now=noon() + timedelta(days=29))
    assert session().scalar(select(func.count(WebSession.id))) == 1
    operations.forget_expired(actor=SYSTEM, now=noon() + timedelta(days=31))
    left = [session().scalar(select(func.count(table.id))) for table in (WebSession, OneTimeCode)]
    assert left == [0, 0]


def test_two_sign_ins_make_one_person(app: Flask) -> None:
    for _ in range(2):
        _send(TAN.phone)
        operations.sign_in(recipient=TAN.phone, code=last_code(), actor=ANONYMOUS, now=noon())
    assert session().scalar(select(func.count(User.id))) == 1
    assert user_by_phone("+86 138 0013 8005") == user(TAN).user


def _send(phone: str, *, purpose: str = "sign_in", actor: Actor = ANONYMOUS) -> None:
    operations.request_code(recipient=phone, purpose=purpose, actor=actor, now=noon())


def test_a_spent_code_is_told_alike_to_known_and_unknown(app: Flask) -> None:
    told = []
    for person in (LIN, YU):
        user(LIN)
        browser = app.test_client()
        post(browser, "/sign-in", page="/sign-in", recipient=person.phone)
        tries = [post(browser, "/sign-in/code", page="/sign-in/code", code="12345x").text for _ in range(5)]
        told.append(["已经作废" in text for text in tries])
    assert told == [[False] * 4 + [True]] * 2


def _refused(phone: str, code: str) -> None:
    with pytest.raises(DomainError, match=r"code\.refused"):
        operations.sign_in(recipient=phone, code=code, actor=ANONYMOUS, now=noon())


def _rows(raw: object, table: str) -> list[tuple[object, ...]]:
    cursor = raw.cursor()  # type: ignore[attr-defined]
    cursor.execute(f"select * from {table}")  # noqa: S608  a table of ours
    found: list[tuple[object, ...]] = cursor.fetchall()
    return found
