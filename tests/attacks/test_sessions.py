"""Signing in, staying in, getting out: what a thief, a guesser and a phisher find."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel import notify
from kernel.audit import AuditRow
from kernel.db import session
from kernel.outbox import OutboxFact
from kernel.web import client_address, safe_path
from onboarding.accounts.queries import actor_for
from tests.attacks.town import Town
from tests.cast import LIN, YU
from tests.onboarding.people import last_code, post, sign_in

pytestmark = pytest.mark.usefixtures("stand_still")

EVIL = [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "\\\\evil",
    "/\t/evil",
    "javascript:alert(1)",
    "evil",
]


@pytest.fixture
def door(app: Flask) -> FlaskClient:
    """A browser before the real way in."""
    app.extensions["load_actor"] = actor_for
    app.config.update(WTF_CSRF_ENABLED=True, LIMITS_SCALE=50)
    return app.test_client()


@pytest.mark.parametrize("target", EVIL)
def test_nobody_is_led_away(door: FlaskClient, target: str) -> None:
    assert safe_path(target, "/account") == "/account"
    assert "evil" not in door.get("/sign-in", query_string={"next": target}).text
    assert sign_in(door, LIN, then=target).location in {"/account", "/%20/evil"}  # a tab came in as a space


@pytest.mark.parametrize("path", ["/assets/x/css/app.css", "/healthz", "/account"])
def test_what_only_reads_sends_no_cookie(door: FlaskClient, path: str) -> None:
    sign_in(door, LIN)
    door.get("/account")
    answer = door.get(path)
    assert (answer.status_code, answer.headers.get("Set-Cookie")) == (200, None)


def test_a_session_is_new_and_ends(door: FlaskClient, app: Flask) -> None:
    post(door, "/sign-in", recipient=LIN.phone)
    before = door.get_cookie("yuantou")
    post(door, "/sign-in/code", page="/sign-in/code", code=last_code())
    stolen = door.get_cookie("yuantou")
    assert before
    assert stolen
    assert before.value != stolen.value
    assert (stolen.http_only, stolen.same_site, stolen.path) == (True, "Lax", "/")
    thief = app.test_client()
    thief.set_cookie("yuantou", stolen.value)
    assert thief.get("/account").status_code == 200
    post(door, "/sign-out", page="/account")
    assert (thief.get("/account").location or "").startswith("/sign-in")


def test_a_code_works_once_and_for_its_phone(door: FlaskClient, app: Flask) -> None:
    post(door, "/sign-in", recipient=LIN.phone)
    code, other = last_code(), app.test_client()
    post(other, "/sign-in", recipient=YU.phone)
    if last_code() != code:
        assert post(other, "/sign-in/code", page="/sign-in/code", code=code).status_code == 422
    assert post(door, "/sign-in/code", page="/sign-in/code", code=code).status_code == 302
    again = app.test_client()
    with again.session_transaction() as kept:
        kept["sign_in"] = {"recipient": "+86" + LIN.phone, "next": "/account"}
    assert post(again, "/sign-in/code", page="/sign-in/code", code=code).status_code == 422


def test_a_guesser_gets_five_tries_even_if_the_sixth_is_right(door: FlaskClient) -> None:
    post(door, "/sign-in", recipient=LIN.phone)
    right = last_code()
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    said = [post(door, "/sign-in/code", page="/sign-in/code", code=wrong) for _ in range(5)]
    last = post(door, "/sign-in/code", page="/sign-in/code", code=right)
    assert {answer.status_code for answer in (*said, last)} == {422}


def test_known_and_unknown_phones_are_answered_alike(door: FlaskClient, app: Flask) -> None:
    sign_in(door, LIN)
    seen = []
    for person in (LIN, YU):
        browser = app.test_client()
        asked = post(browser, "/sign-in", recipient=person.phone)
        page = browser.get("/sign-in/code").text
        seen.append((asked.status_code, asked.location, _plain(page, person.phone)))
    assert seen[0] == seen[1]


def test_too_many_tries_say_when_to_come_back(door: FlaskClient, app: Flask) -> None:
    app.config["LIMITS_SCALE"] = 1
    post(door, "/sign-in", recipient=LIN.phone)
    refused = post(door, "/sign-in", recipient=LIN.phone)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 31


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize(
    ("sent", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2::5", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("x" * 5_000, "unknown"),
    ],
)
def test_an_address_is_counted_by_what_one_person_has(app: Flask, sent: str, counted: str) -> None:
    with app.test_request_context("/", environ_base={"REMOTE_ADDR": sent}):
        assert client_address() == counted
    with app.test_request_context("/", headers={"X-Forwarded-For": sent}):
        assert client_address() == "unknown"  # without a proxy nobody's word is taken


def test_a_phone_is_in_no_address_log_or_fact(door: FlaskClient, capsys: pytest.CaptureFixture[str]) -> None:
    code_page = sign_in(door, LIN).location
    assert LIN.phone not in code_page
    rows = session().execute(select(AuditRow.changes, AuditRow.actor, AuditRow.reason)).all()
    facts = session().execute(select(OutboxFact)).all()
    told = str(rows) + str([row[0].payload for row in facts]) + "".join(capsys.readouterr())
    assert LIN.phone not in told
    assert last_code() not in told
    stored = notify.Message.__table__.c.text.type
    assert type(stored).__name__ == "EncryptedText"


def test_what_is_mine_is_kept_in_no_cache(town: Town) -> None:
    browser = town.browser("lin")
    for path in ("/account", "/orders", town.path("/orders/<order>"), "/"):
        assert browser.get(path).headers["Cache-Control"] == "no-store", path
    stranger = town.browser("nobody")
    assert stranger.get("/rates").headers["Cache-Control"] == "private, no-cache"  # kept, and asked for again
    stranger.post("/cart/lines", data={"offer": town.objects["offer"], "quantity": "1"})
    assert "private" in stranger.get("/cart").headers["Cache-Control"]


def _plain(page: str, phone: str) -> str:
    masked = page.replace(phone[-4:], "####")
    return re.sub(r'(nonce|value|content|href|src)="[^"]*"', "", masked)


def test_old_sessions_end_by_themselves(door: FlaskClient) -> None:
    sign_in(door, LIN)
    assert timedelta(days=31) > door.application.permanent_session_lifetime
