"""Who is known here is told to nobody: the same body, status, headers and work for known and unknown recipients."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kernel.errors import DomainError
from kernel.permissions import ANONYMOUS
from onboarding.accounts import operations
from tests.cast import LIN, TAN, YU, Person
from tests.onboarding.people import last_code, noon, post, user
from tests.support.statements import statements

REQUEST = 5  # statements: the code, the message, the fact that it waits, its job, what the audit keeps
KNOWN_OR_NOT = (LIN, YU)  # of whom only Lin was here before


@pytest.fixture(autouse=True)
def _lin_is_known(app: Flask) -> None:
    user(LIN)


def told(answer: TestResponse, person: Person) -> tuple[int, str, list[tuple[str, str]]]:
    """All that an answer tells: nonces and tokens are new every time, and she knows her own number."""
    hidden = re.compile(r'nonce-[\w-]+|nonce="[^"]*"|csrf_token" value="[^"]*"|\d\d:\d\d:\d\d GMT')
    heads = [(name, hidden.sub("", value)) for name, value in answer.headers if name not in {"Set-Cookie", "ETag"}]
    text = hidden.sub("", answer.text).replace(person.phone, "her number").replace(f"****{person.phone[-4:]}", "hers")
    return answer.status_code, text, heads


@pytest.mark.usefixtures("stand_still")
def test_asking_for_a_code_tells_nothing(app: Flask) -> None:
    answers = []
    for person in KNOWN_OR_NOT:
        client = app.test_client()
        sent = post(client, "/sign-in", recipient=person.phone)
        answers.append((told(sent, person), told(client.get("/sign-in/code"), person)))
    assert answers[0] == answers[1]


def test_asking_for_a_code_is_the_same_work(app: Flask) -> None:
    counts = []
    for person in KNOWN_OR_NOT:
        ask = {"recipient": person.phone, "purpose": "sign_in", "actor": ANONYMOUS, "now": noon()}
        with statements() as said:
            operations.request_code(**ask)
        counts.append(len(said))
    assert counts == [counts[0]] * 2
    assert counts[0] <= REQUEST


@pytest.mark.parametrize("how", ["wrong", "expired", "used", "of another purpose", "never sent", "spent"])
def test_every_refused_code_gets_one_answer_for_one_work(app: Flask, how: str) -> None:
    answers, counts = [], []
    for person in (*KNOWN_OR_NOT, TAN):
        client = app.test_client()
        code = _code(client, person, "wrong" if person is TAN else how)
        with statements() as said:
            answer = post(client, "/sign-in/code", page="/sign-in/code", code=code)
        counts.append(len(said))
        answers.append(told(answer, person))
    assert answers[0][0] == 422
    assert answers == [answers[0]] * 3  # and the same as that to a plain wrong code
    assert counts == [counts[0]] * 3


def test_a_wrong_password_tells_nothing_for_the_same_work(app: Flask) -> None:
    answers, counts = [], []
    for person in KNOWN_OR_NOT:
        client = app.test_client()
        with statements() as said:
            page, fields = "/sign-in/password", {"recipient": person.phone, "password": "correct horse"}
            answer = post(client, page, page=page, **fields)
        counts.append(len(said))
        answers.append(told(answer, person))
    assert answers[0] == answers[1]
    assert (answers[0][0], counts[0]) == (422, counts[1])


def _code(client: FlaskClient, person: Person, how: str) -> str:
    """A browser that waits for a code, and what is typed into it."""
    purpose = "confirm" if how == "of another purpose" else "sign_in"
    ask = {"recipient": person.phone, "actor": ANONYMOUS}
    if how != "never sent":
        ago = timedelta(minutes=10) if how == "expired" else timedelta(0)
        operations.request_code(**ask, purpose=purpose, now=noon() - ago)
    code = last_code() if how != "never sent" else "123456"
    with client.session_transaction() as kept:
        kept["sign_in"] = {"recipient": f"+86{person.phone}", "next": "", "sent": int(noon().timestamp()) - 60}
    if how == "used":
        operations.sign_in(**ask, code=code, now=noon())
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(5 if how == "spent" else 0):
        with pytest.raises(DomainError, match=r"code\.refused"):
            operations.sign_in(**ask, code=wrong, now=noon())
    return wrong if how == "wrong" else code
