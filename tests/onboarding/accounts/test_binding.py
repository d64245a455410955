"""A further phone or e-mail of one's own, by a code that came there; nobody else's is ever told."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel import notify
from kernel.db import session
from kernel.errors import DomainError
from kernel.permissions import ANONYMOUS
from onboarding.accounts import operations, security
from onboarding.accounts.models import User
from onboarding.accounts.queries import user_by_phone
from tests.cast import LIN, MEI, YU
from tests.onboarding.people import last_code, noon, post, sign_in, user, wait

MAIL = "lin@example.com"


def bind(client: FlaskClient, recipient: str) -> int:
    """Ask for the code and enter it; returns the status of the answer."""
    assert post(client, "/account/contact", page="/account/contact", recipient=recipient).status_code == 302
    answer = post(client, "/account/contact/code", page="/account/contact/code", code=last_code())
    return answer.status_code


def told(recipient: str) -> list[str]:
    return [one.text for one in notify.latest() if one.recipient == recipient]


def test_an_e_mail_is_added_and_opens_the_same_account(app: Flask, client: FlaskClient) -> None:
    sign_in(client, LIN)
    assert bind(client, MAIL) == 302
    assert "l***@example.com" in client.get("/account").text
    assert "l***@example.com" in told(f"+86{LIN.phone}")[0]  # whoever had the account knows
    assert user_by_phone(MAIL) == user_by_phone(LIN.phone)
    other = app.test_client()
    wait(app, minutes=1)
    post(other, "/sign-in", recipient=MAIL)
    post(other, "/sign-in/code", page="/sign-in/code", code=last_code())
    assert "138****8001" in other.get("/account").text


def test_a_new_phone_replaces_the_old_and_ends_other_sessions(app: Flask, client: FlaskClient) -> None:
    laptop = app.test_client()
    sign_in(laptop, LIN)
    wait(app, minutes=1)
    sign_in(client, LIN)
    assert bind(client, YU.phone) == 302
    assert client.get("/account").status_code == 200
    assert laptop.get("/account").status_code == 302
    assert "138****8009" in told(f"+86{LIN.phone}")[0]
    assert session().scalars(select(User.name)).all() == ["138****8009"]  # she had no other name


def test_somebody_elses_is_refused_only_by_its_code(app: Flask, client: FlaskClient) -> None:
    user(MEI)
    sign_in(client, LIN)
    answers = [
        post(client, "/account/contact", page="/account/contact", recipient=phone) for phone in (MEI.phone, YU.phone)
    ]
    assert [(one.status_code, one.location, len(one.text)) for one in answers] == [
        (302, "/account/contact/code", len(answers[0].text))
    ] * 2
    wait(app, minutes=1)
    post(client, "/account/contact", page="/account/contact", recipient=MEI.phone)
    refused = post(client, "/account/contact/code", page="/account/contact/code", code=last_code())
    assert (refused.status_code, "先用它登录那个账号" in refused.text) == (422, True)
    assert user_by_phone(MEI.phone) == user(MEI).user


def test_a_code_to_come_in_binds_nothing(app: Flask, client: FlaskClient) -> None:
    sign_in(client, LIN)
    post(client, "/account/contact", page="/account/contact", recipient=MAIL)
    operations.request_code(recipient=MAIL, purpose="sign_in", actor=ANONYMOUS, now=noon())
    answer = post(client, "/account/contact/code", page="/account/contact/code", code=last_code())
    assert (answer.status_code, "验证码不对" in answer.text) == (422, True)
    with pytest.raises(DomainError, match="not_found"):
        user_by_phone(MAIL)


def test_ones_own_needs_no_code(app: Flask, client: FlaskClient) -> None:
    sign_in(client, LIN)
    wait(app, minutes=1)
    answer = post(client, "/account/contact", page="/account/contact", recipient=LIN.phone)
    assert (answer.status_code, "这就是您现在用的" in answer.text) == (422, True)


@pytest.mark.parametrize("page", ["/account/contact", "/account/password"])
def test_what_proves_her_is_changed_with_a_fresh_proof_only(app: Flask, client: FlaskClient, page: str) -> None:
    sign_in(client, LIN)
    assert client.get(page).status_code == 200
    wait(app, minutes=16)
    assert client.get(page).location == f"/account/proof?next={page}"
    assert post(client, page, recipient=MAIL, password="correct horse").location == f"/account/proof?next={page}"
    assert post(client, "/account/proof/code", next=page).location == f"/account/proof?next={page}"
    wrong = post(client, "/account/proof", code="abcdef", next=page)
    assert (wrong.status_code, client.get(page).status_code) == (422, 302)
    assert post(client, "/account/proof", code=last_code(), next=page).location == page
    assert client.get(page).status_code == 200


def test_an_operation_asks_for_the_proof_itself(app: Flask) -> None:
    lin = user(LIN)
    operations.request_code(recipient=LIN.phone, purpose="sign_in", actor=ANONYMOUS, now=noon())
    sid = operations.sign_in(recipient=LIN.phone, code=last_code(), actor=ANONYMOUS, now=noon()).token
    later = noon() + timedelta(minutes=15)
    for deed in (
        lambda: security.set_password(actor=lin, sid=sid, password="correct horse", now=later),
        lambda: security.begin_second_factor(actor=lin, sid=sid, now=later),
        lambda: security.bind(actor=lin, sid=sid, recipient=MAIL, code="123456", now=later),
        lambda: security.set_password(actor=user(YU), sid=sid, password="correct horse", now=noon()),
    ):
        with pytest.raises(DomainError, match=r"proof\.needed"):
            deed()
