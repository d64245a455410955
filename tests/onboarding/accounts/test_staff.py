"""Staff and the second factor: where it is required, nothing of theirs opens without it; and who lost it."""

import json
from functools import partial

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel import notify
from kernel.audit import AuditRow
from kernel.db import session
from kernel.errors import ForbiddenError, NotFoundError
from kernel.permissions import SYSTEM, Permission, Role
from onboarding.accounts import operations, security
from onboarding.accounts.models import SecondFactor
from onboarding.accounts.queries import actor_for
from storefront import cli
from storefront.config import Config, ConfigurationError
from tests.cast import FANG, LIN, TAN, WEI, Person
from tests.onboarding.accounts.test_second_factor import PAGE, STEP, enrol, shown
from tests.onboarding.people import factory, noon, post, sign_in, user, wait


@pytest.fixture(autouse=True)
def _required(app: Flask) -> None:
    app.extensions["load_actor"] = partial(actor_for, staff_needs_second_factor=True)
    for person, role in ((TAN, Role.OPERATOR), (FANG, Role.FINANCE), (WEI, Role.OPERATOR)):
        grant = {"phone": person.phone, "role": role, "scope_kind": "channel", "scope_value": ""}
        operations.grant_staff_role(actor=SYSTEM, now=noon(), **grant)


@pytest.mark.parametrize(("person", "desk"), [(TAN, "/ops"), (FANG, "/finance")])
def test_staff_are_led_to_it_first(app: Flask, client: FlaskClient, person: Person, desk: str) -> None:
    assert sign_in(client, person).location == PAGE
    assert client.get(f"{desk}?state=open").location == f"{PAGE}?next={desk}%3Fstate%3Dopen"
    assert "就差这一步" in client.get(PAGE).text
    assert client.get("/account").status_code == 200  # all that is not of staff is open
    assert enrol(app, client)
    assert client.get(desk).status_code == 200


def test_without_it_a_role_grants_nothing_anywhere(client: FlaskClient) -> None:
    sign_in(client, TAN)
    with client.session_transaction() as cookie:
        tan = actor_for(cookie["sid"], now=noon(), staff_needs_second_factor=True)
    assert not any(tan.may(one) for one in Permission if one.startswith("ops:"))
    assert tan.would_hold(Permission.OPS_CASES_VIEW)
    assert post(client, "/ops/approvals").location == PAGE


def test_other_pages_of_staff_stay_hidden(client: FlaskClient) -> None:
    sign_in(client, TAN)
    assert client.get("/finance").status_code == 404
    assert client.get("/factory").status_code == 404


def test_whoever_is_more_than_staff_goes_on_with_the_rest(client: FlaskClient) -> None:
    factory(WEI)
    sign_in(client, WEI)
    assert (client.get("/factory").status_code, client.get("/ops").status_code) == (200, 302)


def test_a_session_of_before_the_factor_holds_them_back_too(app: Flask, client: FlaskClient) -> None:
    sign_in(client, TAN)
    enrol(app, client)
    code = "removal"
    wait(app, minutes=2)
    assert post(client, f"{PAGE}/{code}", page=PAGE, code=shown(app)).status_code == 302
    assert client.get("/ops").location == f"{PAGE}?next=/ops"


def test_whoever_lost_it_is_reset_from_the_shell(app: Flask, client: FlaskClient) -> None:
    sign_in(client, TAN)
    enrol(app, client)
    reset = security.reset_second_factor(actor=SYSTEM, recipient=TAN.phone, now=noon())
    assert reset.public_id == user(TAN).user
    assert client.get("/account").status_code == 302
    assert session().scalars(select(SecondFactor)).all() == []
    assert "动态验证码已关闭" in notify.latest()[0].text
    row = session().scalars(select(AuditRow).where(AuditRow.operation == "account.reset_second_factor")).one()
    assert row.changes[0]["before"] == {"second_factor": "on"}
    session().rollback()
    wait(app, minutes=1)
    assert sign_in(client, TAN).location == PAGE != STEP


def test_nobody_else_resets_it(app: Flask) -> None:
    with pytest.raises(ForbiddenError):
        security.reset_second_factor(actor=user(LIN), recipient=TAN.phone, now=noon())
    with pytest.raises(NotFoundError):
        security.reset_second_factor(actor=SYSTEM, recipient="13800138099", now=noon())


def test_the_command_says_what_it_did(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "create_app", lambda: app)
    done = CliRunner().invoke(cli.main, ["staff", "reset-second-factor", TAN.phone, "--json"])
    assert (done.exit_code, json.loads(done.output)["second_factor"]) == (0, "off")
    unknown = CliRunner().invoke(cli.main, ["staff", "reset-second-factor", "13800138099", "--json"])
    assert (unknown.exit_code, json.loads(unknown.output)["error"]["code"]) == (1, "person.unknown")


@pytest.mark.parametrize(
    ("environment", "said", "needs"),
    [
        ("production", "", True),
        ("production", "offered", False),
        ("development", "", False),
        ("development", "required", True),
    ],
)
def test_production_requires_it_unless_told_otherwise(environment: str, said: str, needs: bool) -> None:  # noqa: FBT001
    config = Config(environment=environment, staff_second_factor=said)
    assert config.staff_needs_second_factor == needs


def test_a_setting_of_no_meaning_does_not_start() -> None:
    with pytest.raises(ConfigurationError, match="STAFF_SECOND_FACTOR"):
        Config.from_environment({"STAFF_SECOND_FACTOR": "yes"})
