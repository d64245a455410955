"""E-mail beside phone: how it is read, and that whoever has the one or the other is reached."""

from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from kernel import notify
from kernel.db import session, transaction
from kernel.errors import InvalidInputError
from kernel.permissions import ANONYMOUS, SYSTEM
from kernel.wording import Words
from onboarding.accounts import operations
from onboarding.accounts.models import User
from onboarding.accounts.queries import actor_of, contact_of, user_by_phone
from onboarding.accounts.rules import Recipient, normalise_email, read_recipient
from onboarding.moderation import operations as moderation
from onboarding.moderation.models import Case
from onboarding.moderation.queries import evidence
from tests.cast import LIN, TAN, WEI
from tests.onboarding.people import factory, last_code, noon, operator, post, user

MAIL = "wei@example.com"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("wei@example.com", MAIL),
        (" Wei@Example.COM ", MAIL),
        ("ｗｅｉ＠ｅｘａｍｐｌｅ．ｃｏｍ", MAIL),
        ("wei@\u200bexample.com", MAIL),
        ("wei.guo+shop@mail.example.com", "wei.guo+shop@mail.example.com"),
        ("wei@丹阳眼镜.中国", "wei@xn--riqt31hb8tsya.xn--fiqs8s"),
    ],
)
def test_one_address_however_written(written: str, read: str) -> None:
    assert normalise_email(written) == read
    assert read_recipient(written) == Recipient("mail", read)


@pytest.mark.parametrize(
    "written",
    [
        "wei@",
        "@example.com",
        "wei@example",
        "wei@example..com",
        "wei@-example.com",
        "wei@127.0.0.1",
        "wei@[127.0.0.1]",
        ".wei@example.com",
        "w..ei@example.com",
        "Wei <wei@example.com>",
        "wei@example.com, bo@example.com",
        "wei@exa mple.com",
        "wei@example.com\r\nBcc: bo@example.com",
        '"wei"@example.com',
        "魏@example.com",
        f"{'w' * 65}@example.com",
        f"wei@{'a.' * 130}com",
    ],
)
def test_what_is_no_bare_address_is_refused(written: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_recipient(written)
    assert refused.value.fields == {"recipient": ("field.email", {})}


def test_an_e_mail_and_a_code_are_enough(client: FlaskClient) -> None:
    assert post(client, "/sign-in", recipient=" Wei@Example.com").location == "/sign-in/code"
    [sent] = notify.latest()
    assert (sent.channel, sent.recipient) == ("mail", MAIL)
    assert "w***@example.com" in client.get("/sign-in/code").text
    assert post(client, "/sign-in/code", page="/sign-in/code", code=last_code()).location == "/account"
    page = client.get("/account").text
    assert "w***@example.com" in page
    assert MAIL not in page


def test_the_keyboard_follows_what_is_typed(client: FlaskClient) -> None:
    assert 'inputmode="tel"' in client.get("/sign-in").text
    assert 'inputmode="email"' in client.get("/sign-in?by=mail").text
    assert 'inputmode="email"' in client.get("/join?by=mail").text
    refused = post(client, "/sign-in", recipient="wei@example")
    assert refused.status_code == 422
    assert 'inputmode="email"' in refused.text


def test_a_text_goes_to_the_phone_else_to_the_mailbox(app: Flask) -> None:
    mei = operations.ensure_user(phone=MAIL, name="梅芳", actor=SYSTEM, now=noon())
    lin = user(LIN)
    with transaction():
        both = [contact_of(mei.public_id), contact_of(lin.user)]
        operations.tell(both, Words("货到了"), actor=SYSTEM, now=noon())
    told = {(one.channel, one.recipient) for one in notify.latest()}
    assert told == {("mail", MAIL), ("sms", f"+86{LIN.phone}")}
    assert user_by_phone("WEI@example.com") == mei.public_id
    assert actor_of(mei.public_id).name == "梅芳"


def test_an_owner_of_a_mailbox_alone_is_told_there(app: Flask) -> None:
    factory(replace(WEI, phone=MAIL), name="样绒厂")
    case = session().scalars(select(Case.public_id)).one()
    assert evidence(operator(TAN), case).owners == ["魏国强 w***@example.com"]
    moderation.approve_case(actor=operator(TAN), case=case, now=noon())
    assert (notify.latest()[0].channel, notify.latest()[0].recipient) == ("mail", MAIL)


def test_a_phone_and_a_mailbox_are_two_people_until_they_are_bound(app: Flask) -> None:
    for recipient in (MAIL, LIN.phone, MAIL):
        operations.request_code(recipient=recipient, purpose="sign_in", actor=ANONYMOUS, now=noon())
        operations.sign_in(recipient=recipient, code=last_code(), actor=ANONYMOUS, now=noon())
    names = session().scalars(select(User.name).order_by(User.id)).all()
    assert names == ["w***@example.com", "138****8001"]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"phone": "x"},
        {"email": "x", "phone": "y", "phone_fingerprint": "z"},
        {"email_fingerprint": "x"},
    ],
)
def test_the_database_keeps_nobody_who_cannot_be_reached(app: Flask, row: dict[str, str]) -> None:
    person = {"public_id": "usr_x", "name": "谁", "language": "zh", "created_at": noon(), **row}
    with pytest.raises(IntegrityError), transaction():
        session().execute(insert(User).values(person))


def test_the_database_gives_a_mailbox_to_one_person(app: Flask) -> None:
    operations.ensure_user(phone=MAIL, name="梅芳", actor=SYSTEM, now=noon())
    kept = session().scalars(select(User.email_fingerprint)).one()
    person = {"public_id": "usr_x", "name": "谁", "created_at": noon(), "email": MAIL, "email_fingerprint": kept}
    with pytest.raises(IntegrityError), transaction():
        session().execute(insert(User).values(language="zh", **person))
