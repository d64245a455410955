"""The second factor: set up, asked for, used once, lost, and what staff may not do without it."""

import re
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from kernel import notify
from kernel.clock import Clock
from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.permissions import ANONYMOUS
from onboarding.accounts import operations
from onboarding.accounts.models import RecoveryCode, SecondFactor, SecondFactorStep, User
from onboarding.accounts.second_factor import code_at, fitting_step, new_secret
from tests.cast import LIN, YU
from tests.onboarding.people import post, sign_in, wait
from tests.support.crowd import crowd

pytestmark = pytest.mark.usefixtures("stand_still")

PAGE, STEP = "/account/second-factor", "/sign-in/second-factor"


def shown(app: Flask, *, ahead: float = 0) -> str:
    """What Lin's authenticator shows."""
    now: datetime = app.extensions["ports"].get(Clock).now()
    secret = session().scalars(select(SecondFactor.secret)).one()
    session().rollback()
    return code_at(secret, now=now + timedelta(seconds=ahead))


def enrol(app: Flask, client: FlaskClient) -> list[str]:
    """Set it up; returns the recovery codes."""
    assert post(client, PAGE, page=PAGE).location == PAGE
    answer = post(client, f"{PAGE}/confirmation", page=PAGE, code=shown(app))
    assert answer.status_code == 200
    return re.findall(r"<li>([0-9a-z]{5}-[0-9a-z]{5})</li>", answer.text)


def second(client: FlaskClient, code: str) -> TestResponse:
    return post(client, STEP, page=STEP, code=code)


@pytest.fixture
def codes(app: Flask, client: FlaskClient) -> list[str]:
    """Lin has it; her ten recovery codes."""
    sign_in(client, LIN)
    found = enrol(app, client)
    wait(app, minutes=2)
    return found


@pytest.mark.parametrize(("late", "fits"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_clock_may_be_one_step_off(late: int, fits: bool) -> None:  # noqa: FBT001
    secret, now = new_secret(), datetime.fromtimestamp(1_800_000_010).astimezone()
    code = code_at(secret, now=now + timedelta(seconds=late))
    assert (fitting_step(secret, code, now=now) is not None) == fits
    assert fitting_step(secret, "", now=now) is None
    assert fitting_step(secret, "½三", now=now) is None


def test_it_is_set_up_by_a_picture_and_a_first_code(app: Flask, client: FlaskClient) -> None:
    sign_in(client, LIN)
    post(client, PAGE, page=PAGE)
    page = client.get(PAGE).text
    assert "<svg" in page
    secret = session().scalars(select(SecondFactor.secret)).one()
    assert " ".join(secret[at : at + 4] for at in range(0, 32, 4)) in page
    assert post(client, f"{PAGE}/confirmation", page=PAGE, code="000000x").status_code == 422
    assert post(client, f"{PAGE}/confirmation", page=PAGE, code=shown(app)).status_code == 200
    assert secret.encode() not in client.get(PAGE).data


def test_from_then_on_it_is_asked_for(app: Flask, codes: list[str]) -> None:
    browser = app.test_client()
    assert sign_in(browser, LIN, then="/orders").location == STEP
    assert browser.get("/account").location == "/sign-in?next=/account"  # half a session is nobody's
    with browser.session_transaction() as cookie:
        half = cookie["sid"]
    assert second(browser, "123456x").status_code == 422
    assert second(browser, shown(app)).location == "/orders"
    with browser.session_transaction() as cookie:
        assert cookie["sid"] != half
    assert browser.get("/account").status_code == 200


def test_a_password_is_no_way_around_it(app: Flask, client: FlaskClient, codes: list[str]) -> None:
    wait(app, minutes=1)
    post(client, "/account/password", page="/account/password", password="correct horse")
    browser, page = app.test_client(), "/sign-in/password"
    entered = post(browser, page, page=page, recipient=LIN.phone, password="correct horse")
    assert (entered.location, browser.get("/account").status_code) == (STEP, 302)


def test_a_step_counts_once(app: Flask, codes: list[str]) -> None:
    first, thief = app.test_client(), app.test_client()
    sign_in(first, LIN)
    wait(app, seconds=31)
    sign_in(thief, LIN)
    seen, before = shown(app), shown(app, ahead=-30)
    assert second(first, seen).status_code == 302
    assert second(thief, seen).status_code == 422
    assert second(thief, before).status_code == 422  # nor one from before it
    wait(app, seconds=31)
    assert second(thief, shown(app)).status_code == 302


def test_of_two_at_once_one_comes_in(app: Flask, codes: list[str]) -> None:
    sids = []
    for _ in range(2):
        browser = app.test_client()
        sign_in(browser, LIN)
        wait(app, seconds=31)
        with browser.session_transaction() as cookie:
            sids.append(cookie["sid"])
    code, now = shown(app), app.extensions["ports"].get(Clock).now()

    def give(sid: str) -> bool:
        with suppress(DomainError):
            return bool(operations.give_second_factor(sid=sid, code=code, actor=ANONYMOUS, now=now))
        return False

    assert sorted(crowd(app, [lambda sid=sid: give(sid) for sid in sids])) == [False, True]


def test_the_database_keeps_a_step_once(app: Flask, codes: list[str]) -> None:
    used = session().execute(select(SecondFactorStep.user_id, SecondFactorStep.step)).one()
    row = {"user_id": used.user_id, "step": used.step, "used_at": datetime.now().astimezone()}
    with pytest.raises(IntegrityError), transaction():
        session().execute(insert(SecondFactorStep).values(row))


def test_a_recovery_code_works_once(app: Flask, codes: list[str]) -> None:
    assert len(set(codes)) == 10
    kept = session().scalars(select(RecoveryCode.code_fingerprint)).all()
    assert not {one for one in kept if any(code.replace("-", "") in one for code in codes)}
    session().rollback()
    answers = []
    for written in (codes[0].upper().replace("-", " "), codes[0]):
        browser = app.test_client()
        sign_in(browser, LIN)
        answers.append(second(browser, written).status_code)
        wait(app, seconds=31)
    assert answers == [302, 422]


def test_a_guesser_gets_five_tries(app: Flask, codes: list[str]) -> None:
    browser, now = app.test_client(), app.extensions["ports"].get(Clock).now()
    wait(app, seconds=302 - now.timestamp() % 300)  # windows are cut by the clock
    sign_in(browser, LIN)
    said = [second(browser, f"{number:06d}x").status_code for number in range(6)]
    assert said == [422] * 5 + [429]
    assert second(browser, shown(app)).status_code == 429


def test_half_a_session_waits_ten_minutes(app: Flask, codes: list[str]) -> None:
    browser = app.test_client()
    sign_in(browser, LIN)
    wait(app, minutes=10)
    assert browser.get(STEP).location == "/sign-in"
    assert browser.post(STEP, data={"code": "1"}).status_code in {302, 400}


def test_turning_it_on_ends_other_sessions(app: Flask, client: FlaskClient) -> None:
    laptop = app.test_client()
    sign_in(laptop, LIN)
    wait(app, minutes=1)
    sign_in(client, LIN)
    enrol(app, client)
    assert (client.get("/account").status_code, laptop.get("/account").status_code) == (200, 302)
    assert "开启了动态验证码" in notify.latest()[0].text


def test_it_goes_by_one_of_its_codes(app: Flask, client: FlaskClient, codes: list[str]) -> None:
    assert post(client, f"{PAGE}/removal", page=PAGE, code="000000x").status_code == 422
    assert post(client, f"{PAGE}/removal", page=PAGE, code=codes[3]).location == "/account"
    assert sign_in(app.test_client(), LIN).location == "/account"
    assert session().scalars(select(RecoveryCode)).all() == []


def test_a_strangers_code_is_none(app: Flask, client: FlaskClient, codes: list[str]) -> None:
    yu = app.test_client()
    sign_in(yu, YU)
    assert post(yu, f"{PAGE}/removal", page=PAGE, code=codes[0]).status_code == 422
    assert session().scalars(select(User.id).join(SecondFactor)).one()
