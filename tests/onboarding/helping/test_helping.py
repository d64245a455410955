"""A helper sets a factory up for its owner, by her consent: from the first code to the application handed in."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.audit import AuditRow
from kernel.db import session, transaction
from onboarding.accounts.models import User
from onboarding.accounts.queries import user_by_phone
from onboarding.accounts.rules import GRANT_LIFE
from onboarding.compliance.models import AgreementAcceptance
from onboarding.verification.models import Application, Profile
from onboarding.verification.queries import begun_by
from tests.cast import BO, MEI, WEI, YU
from tests.onboarding.helping.desk import ASSOCIATION, code_of, fill_in, grant, helps, show_photo, told, word
from tests.onboarding.people import CODES, factory, post, sign_in, user, wait

pytestmark = pytest.mark.usefixtures("stand_still")


def application() -> Application:
    session().expire_all()
    return session().scalars(select(Application)).one()


def test_an_owner_is_asked_with_all_that_she_consents_to(mei: FlaskClient) -> None:
    post(mei, "/assist", page="/assist", recipient=WEI.phone)
    text = told(WEI.phone)
    assert all(part in text for part in (ASSOCIATION, MEI.name, "执照", "提交审核", "30 天", "看不到您的钱"))
    assert timedelta(days=30) == GRANT_LIFE


def test_her_code_makes_her_an_owner_whose_matters_are_in_hand(mei: FlaskClient) -> None:
    answer = helps(mei, WEI)
    assert answer.location == "/assist/steps"
    page = mei.get("/assist/steps").text
    assert all(part in page for part in ("拍营业执照", "正在替 138****8002 办", "结束代办"))
    wei = user(WEI)
    begun = begun_by(wei)
    assert begun
    assert (grant().owner_id, grant().organisation_id) == (wei.user_id, begun.application.organisation_id)
    assert "到" in told(WEI.phone)
    assert "/factory/helpers" in told(WEI.phone)


def test_whoever_has_a_factory_is_helped_with_that(mei: FlaskClient) -> None:
    mine = factory(WEI).organisation_id
    helps(mei, WEI)
    assert grant().organisation_id == mine


def test_a_helper_hands_in_with_the_owners_own_word(helping: FlaskClient) -> None:
    show_photo(helping)
    waits = fill_in(helping).location
    assert waits == "/join/factory/word"
    assert all(part in helping.get(waits).text for part in ("请厂主同意协议", CODES[0], 'href="/join/factory"'))
    assert application().state == "draft"
    text = told(WEI.phone)
    assert all(part in text for part in ("工厂协议", "/agreements/factory/", ASSOCIATION, MEI.name))
    done = word(helping, code_of(text))
    assert done.location == "/assist/steps"
    assert application().state == "submitted"
    accepted = session().scalars(select(AgreementAcceptance)).one()
    assert (accepted.user_id, accepted.through_id) == (user(WEI).user_id, user(MEI).user_id)


def test_coming_back_to_the_code_sends_nothing(helping: FlaskClient) -> None:
    show_photo(helping)
    assert helping.get("/join/factory/word").location == "/join/factory"
    fill_in(helping)
    sent = told(WEI.phone)
    helping.get("/join/factory/word")
    again = fill_in(helping)
    assert again.status_code == 429
    assert "请厂主同意协议" in again.text
    assert told(WEI.phone) == sent
    assert word(helping, code_of(sent)).location == "/assist/steps"


def test_the_code_of_one_owner_is_not_waited_for_from_another(helping: FlaskClient) -> None:
    show_photo(helping)
    fill_in(helping)
    helps(helping, BO)
    show_photo(helping)
    assert helping.get("/join/factory/word").location == "/join/factory"


def test_the_word_is_asked_for_once_a_version(helping: FlaskClient) -> None:
    show_photo(helping)
    fill_in(helping)
    word(helping, code_of(told(WEI.phone)))
    with transaction():
        changed = session().scalars(select(Application)).one()
        changed.state, changed.reason, changed.asked = "correction", "名称不清", "name"
    assert fill_in(helping, name="丹阳市明视眼镜二厂").location == "/assist/steps"
    assert application().state == "submitted"


def test_the_owner_may_hand_in_herself_what_was_filled_in(app: Flask, helping: FlaskClient) -> None:
    show_photo(helping)
    fill_in(helping)
    wait(app, seconds=31)
    wei = app.test_client()
    sign_in(wei, WEI)
    page = wei.get("/join/factory").text
    assert "丹阳市明视眼镜厂" in page
    assert "我看过并同意" in page
    assert 'checked name="agreement"' not in page


def test_what_is_wrong_is_told_before_the_owner_is_asked(helping: FlaskClient) -> None:
    show_photo(helping)
    before = told(WEI.phone)
    refused = fill_in(helping, uscc="91")
    assert refused.status_code == 422
    assert told(WEI.phone) == before


def test_a_helper_describes_the_factory_and_sees_what_is_left(helping: FlaskClient) -> None:
    show_photo(helping)
    fill_in(helping)
    word(helping, code_of(told(WEI.phone)))
    post(helping, "/factory/profile", page="/assist", founded="2015", people="30", capacity="", makes="")
    assert session().scalars(select(Profile.founded)).one() == 2015
    assert "排队等审核" in helping.get("/assist/steps").text


def test_every_step_says_who_and_on_whose_behalf(helping: FlaskClient) -> None:
    show_photo(helping)
    row = session().scalars(select(AuditRow).where(AuditRow.operation == "licence.upload")).one()
    assert (row.actor, row.on_behalf_of) == (user_by_phone(MEI.phone), user_by_phone(WEI.phone))
    assert row.under == grant().public_id
    own = session().scalars(select(AuditRow).where(AuditRow.operation == "help.turn")).one()
    assert (own.under, own.on_behalf_of) == ("", "")


def test_the_owner_sees_who_and_what_and_ends_it(app: Flask, helping: FlaskClient) -> None:
    show_photo(helping)
    wei = app.test_client()
    sign_in(wei, WEI)
    page = wei.get("/factory/helpers").text
    assert all(part in page for part in (ASSOCIATION, MEI.name, "上传营业执照", f"由{ASSOCIATION} {MEI.name}代办"))
    assert f"{ASSOCIATION} {MEI.name}，授权到" in wei.get("/factory").text
    post(wei, f"/factory/helpers/{grant().public_id}/end", page="/factory/helpers")
    assert helping.get("/factory/listings").status_code == 404
    late = show_photo(helping)
    assert late.status_code == 404
    assert "授权已经结束" in late.text
    assert 'href="/assist"' in late.text
    assert "现在没有人替您办" in wei.get("/factory/helpers").text
    assert "不再帮" in told(WEI.phone)
    assert "授权结束了" in told(MEI.phone)


def test_she_goes_from_one_owner_to_another_and_back_to_herself(app: Flask, helping: FlaskClient) -> None:
    first = grant()
    helps(helping, YU)
    assert f"正在替 {session().scalars(select(User.name).where(User.id == grant().owner_id)).one()} 办" in (
        helping.get("/assist").text
    )
    post(helping, f"/assist/{first.public_id}/turn", page="/assist")
    show_photo(helping)
    rows = session().scalars(select(AuditRow.under).where(AuditRow.operation == "licence.upload")).all()
    assert rows == [first.public_id]
    post(helping, "/assist/rest", page="/assist")
    assert "正在替" not in helping.get("/assist").text
    assert helping.get("/account").status_code == 200


def test_her_own_matters_rest_meanwhile(helping: FlaskClient) -> None:
    for path in ("/account", "/orders", "/join/merchant"):
        assert helping.get(path).location == "/assist"
    assert post(helping, "/account/name", page="/assist", name="别人").location == "/assist"
    assert session().scalars(select(User.name).where(User.id == user(MEI).user_id)).one() == MEI.name
