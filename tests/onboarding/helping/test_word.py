"""An operator reads who took the owner's word for the agreement: beside the application, and ever after."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from onboarding.moderation.models import Case
from tests.cast import BO, MEI, TAN, WEI
from tests.onboarding.helping.desk import ASSOCIATION, code_of, fill_in, show_photo, told, word
from tests.onboarding.people import CODES, factory, operator, sign_in, user

ZH = {"Accept-Language": "zh"}


def pages(app: Flask) -> list[str]:
    """What an operator reads of the newest application: of its case, and of the factory."""
    operator(TAN)
    sign_in(tan := app.test_client(), TAN)
    case, house = session().execute(select(Case.public_id, Case.subject).order_by(Case.id.desc())).first() or ("", "")
    return [tan.get(url, headers=ZH).text for url in (f"/ops/cases/{case}", f"/ops/factories/{house}")]


def test_a_word_given_through_a_helper_names_her_and_her_sender(app: Flask, helping: FlaskClient) -> None:
    show_photo(helping)
    fill_in(helping)
    word(helping, code_of(told(WEI.phone)))
    wei = user(WEI).name
    assert all(f"{wei}没有自己登录：{ASSOCIATION}的{MEI.name}代为提交" in page for page in pages(app))


def test_an_owner_who_was_there_agreed_herself(app: Flask) -> None:
    factory(BO, uscc=CODES[1])
    bo = user(BO).name
    for page in pages(app):
        assert f"{bo}自己登录后同意" in page
        assert "代为提交" not in page
