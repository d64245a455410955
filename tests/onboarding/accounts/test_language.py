"""The language of a person: that of the page she signs in on, until she switches; every text to her is in it."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel import notify
from kernel.audit import AuditRow
from kernel.db import session
from kernel.permissions import Actor
from onboarding.accounts import operations
from onboarding.accounts.queries import contact_of
from onboarding.moderation import operations as moderation
from onboarding.moderation.models import Case
from tests.cast import LIN, TAN, WEI
from tests.onboarding.people import factory, noon, operator, sign_in, user, wait

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def of(actor: Actor) -> str:
    return contact_of(actor.user).language


def audited() -> list[str]:
    return list(session().scalars(select(AuditRow.operation).where(AuditRow.operation.startswith("account.use"))))


def test_the_code_is_in_the_language_of_the_page_that_asked(app: Flask, language: str) -> None:
    client = app.test_client()
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
    sign_in(client, LIN)
    told = notify.latest()[0]
    assert (told.language, bool(CHINESE.search(told.text))) == (language, language == "zh")
    assert of(user(LIN)) == language


def test_signing_in_elsewhere_changes_it(app: Flask, client: FlaskClient) -> None:
    sign_in(client, LIN)
    wait(app, minutes=2)
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    sign_in(client, LIN)
    assert of(user(LIN)) == "en"


def test_switching_changes_it_once(client: FlaskClient) -> None:
    sign_in(client, LIN)
    for chosen in ("en", "en", "fr"):
        client.post("/language", data={"lang": chosen})
    assert (of(user(LIN)), audited()) == ("en", ["account.use_language"])


def test_a_visitor_switches_for_herself_alone(client: FlaskClient) -> None:
    lin = user(LIN)
    assert client.post("/language", data={"lang": "en"}).status_code == 303
    assert (of(lin), audited()) == ("zh", [])


@pytest.mark.parametrize("told", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_a_form_of_another_site_takes_no_cookie_away(client: FlaskClient, told: dict[str, str]) -> None:
    answer = client.post("/language", data={"lang": "en"}, headers=told)
    assert (answer.status_code, answer.headers.get("Set-Cookie")) == (303, None)
    ours = client.post("/language", data={"lang": "en"}, headers={"Origin": "http://localhost"})
    assert "Set-Cookie" in ours.headers


def test_a_person_made_by_a_command_reads_chinese(app: Flask) -> None:
    assert of(user(LIN)) == "zh"


@pytest.mark.parametrize("deed", ["approve", "refuse"])
def test_an_owner_reads_her_language_whatever_the_operator_reads(app: Flask, language: str, deed: str) -> None:
    factory(WEI, name="Wei Textiles")
    operations.use_language(actor=user(WEI), language=language, now=noon())
    case = session().scalars(select(Case.public_id)).one()
    other = {"zh": "en", "en": "zh"}[language]
    with app.test_request_context(headers={"Accept-Language": other}):
        if deed == "approve":
            moderation.approve_case(actor=operator(TAN), case=case, now=noon())
        else:
            moderation.refuse_case(actor=operator(TAN), case=case, reason="The licence is blurred", now=noon())
    told = notify.latest()[0]
    assert (told.language, bool(CHINESE.search(told.text))) == (language, language == "zh")
