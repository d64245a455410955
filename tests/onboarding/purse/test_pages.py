"""The page of a payout account: masked, for owners alone, with a fresh proof and a consent of its own."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from commission.payees.models import PayoutAccount
from kernel import notify
from kernel.audit import AuditRow
from kernel.db import session, transaction
from kernel.errors import InvalidInputError
from kernel.permissions import Role
from kernel.work import drain
from onboarding.accounts import operations as accounts
from onboarding.accounts import team
from onboarding.accounts.models import MembershipRow, WebSession
from onboarding.moderation.operations import ask_case
from onboarding.verification import operations as verification
from storefront.jobs import PLAN
from tests.cast import BO, LIN, MEI, TAN, WEI, YU
from tests.onboarding.people import (
    CODES,
    begun,
    clerk,
    factory,
    merchant,
    noon,
    operator,
    post,
    proved,
    said,
    sign_in,
    user,
    waiting,
)
from tests.support.statements import statements

PAGE = "/factory/payout-account"
NUMBER, SECOND = "3200 0188 0091 7264 531", "1000 2000 3000 4000"
FORM = {"personal": "0", "holder": "丹阳明视眼镜厂", "bank": "icbc", "number": NUMBER, "consent": "1"}
ZH = {"Accept-Language": "zh"}


@pytest.fixture
def wei(app: Flask, client: FlaskClient) -> FlaskClient:
    """Wei at his factory, signed in a moment ago."""
    factory(WEI)
    sign_in(client, WEI)
    return client


def rows() -> list[PayoutAccount]:
    return list(session().scalars(select(PayoutAccount).order_by(PayoutAccount.id)))


def long_ago() -> datetime:
    """Just so long ago that an owner may confirm."""
    return noon() - timedelta(hours=72)


def told(app: Flask) -> list[str]:
    drain(PLAN, ports=app.extensions["ports"])
    return [one.text for one in notify.latest() if "收款账户" in one.text]


def test_an_owner_says_where_the_money_goes(app: Flask, wei: FlaskClient) -> None:
    empty = wei.get(PAGE, headers=ZH).text
    assert "丹阳明视眼镜厂" in empty
    assert " checked" not in empty.split('name="consent"')[1].split(">")[0]
    post(wei, PAGE, page=PAGE, **FORM)
    shown = wei.get(PAGE, headers=ZH).text
    assert "工商银行 **** 4531" in shown
    [message] = told(app)
    assert "尾号 4531" in message
    digits = NUMBER.replace(" ", "")
    audit = str([row.__dict__ for row in session().scalars(select(AuditRow))])
    assert all(kept not in text for kept in (digits, NUMBER) for text in (shown, message, audit))


def test_without_consent_or_with_a_wrong_number_nothing_is_kept(wei: FlaskClient) -> None:
    refused = post(wei, PAGE, page=PAGE, **{**FORM, "consent": "", "number": "12 34 56"})
    assert refused.status_code == 422
    assert "12 34 56" not in refused.text
    assert rows() == []


def test_a_firm_is_paid_to_an_account_of_a_firm(wei: FlaskClient) -> None:
    assert 'name="personal"' not in wei.get(PAGE).text
    refused = post(wei, PAGE, page=PAGE, **{**FORM, "personal": "1", "number": "4111 1111 1111 1111"})
    assert (refused.status_code, rows()) == (422, [])
    assert "对公账户" in refused.text


PERSONAL = {**FORM, "personal": "1", "number": "4111 1111 1111 1111", "holder": "魏国强"}


def test_a_card_waits_until_an_individual_business_is_known(client: FlaskClient) -> None:
    begun(WEI)
    sign_in(client, WEI)
    refused = post(client, PAGE, page=PAGE, **PERSONAL)
    assert (refused.status_code, "只有个体工商户能用" in refused.text, rows()) == (422, True, [])


def test_what_turns_out_a_firm_is_not_paid_to_a_card(client: FlaskClient) -> None:
    factory(WEI, uscc=CODES[2])
    sign_in(client, WEI)
    post(client, PAGE, page=PAGE, **PERSONAL)
    assert [row.personal for row in rows()] == [True]
    tan, case = operator(TAN), waiting(operator(TAN))[0].public_id
    ask_case(actor=tan, case=case, fields=["uscc"], reason="代码填错了，请改", now=noon())
    boss, firm = user(WEI), said(uscc=CODES[0])
    with pytest.raises(InvalidInputError) as refused:
        verification.hand_in(actor=boss, said=firm, now=noon())
    assert refused.value.fields["uscc"][0] == "field.personal_account"
    post(client, PAGE, page=PAGE, **FORM)
    with pytest.raises(InvalidInputError):
        verification.hand_in(actor=boss, said=firm, now=noon())
    verification.hand_in(actor=boss, said=firm, now=noon() + timedelta(hours=73))


def test_an_old_proof_is_asked_for_again(wei: FlaskClient) -> None:
    post(wei, PAGE, page=PAGE, **FORM)
    with transaction():
        session().execute(update(WebSession).values(proved_at=noon() - timedelta(minutes=16)))
    assert "/account/proof" in wei.get(PAGE).text
    assert 'name="number"' not in wei.get(PAGE).text
    answer = post(wei, PAGE, **{**FORM, "number": SECOND})
    assert answer.headers["Location"].startswith("/account/proof")
    assert len(rows()) == 1


def test_a_second_owner_confirms_a_change(app: Flask, wei: FlaskClient) -> None:
    post(wei, PAGE, page=PAGE, **FORM)
    post(wei, PAGE, page=PAGE, **{**FORM, "number": SECOND})
    change = rows()[1]
    house = user(WEI).memberships[0].organisation
    accounts.add_member(actor=user(WEI), organisation=house, phone=LIN.phone, role=Role.OWNER, now=noon())
    lin = app.test_client()
    sign_in(lin, LIN)
    assert "/confirmation" not in wei.get(PAGE).text
    at = f"/payout-accounts/{change.public_id}/confirmation"
    assert post(wei, at, page=PAGE).status_code == 422
    assert "/confirmation" not in lin.get(PAGE).text
    assert post(lin, at, page=PAGE).status_code == 422
    with transaction():
        session().execute(update(MembershipRow).values(created_at=long_ago(), owner_since=long_ago()))
    assert "/confirmation" in lin.get(PAGE).text
    post(lin, at, page=PAGE)
    assert "**** 4000" in lin.get(PAGE).text
    assert [row.state for row in rows()] == ["replaced", "active"]
    assert len(told(app)) >= 3


def test_a_clerk_made_an_owner_confirms_no_change_at_once(app: Flask, wei: FlaskClient) -> None:
    post(wei, PAGE, page=PAGE, **FORM)
    post(wei, PAGE, page=PAGE, **{**FORM, "number": SECOND})
    mei, house = clerk(MEI, WEI), user(WEI).memberships[0].organisation
    with transaction():
        session().execute(update(MembershipRow).values(created_at=long_ago()))
    boss = {"actor": user(WEI), "sid": proved(user(WEI)), "organisation": house}
    team.change_role(member=mei.user, role=Role.OWNER, **boss, now=noon())
    browser = app.test_client()
    sign_in(browser, MEI)
    assert "/confirmation" not in browser.get(PAGE).text
    at = f"/payout-accounts/{rows()[1].public_id}/confirmation"
    assert post(browser, at, page=PAGE).status_code == 422
    with transaction():
        session().execute(update(MembershipRow).values(owner_since=long_ago()))
    assert post(browser, at, page=PAGE).status_code == 303
    assert [row.state for row in rows()] == ["replaced", "active"]


def test_who_was_an_owner_before_starts_anew(wei: FlaskClient) -> None:
    lin, house = user(LIN), user(WEI).memberships[0].organisation
    boss, place = user(WEI), MembershipRow.user_id == lin.user_id
    accounts.add_member(actor=boss, organisation=house, phone=LIN.phone, role=Role.OWNER, now=long_ago())
    doing = {"actor": boss, "sid": proved(boss), "organisation": house, "member": lin.user, "now": noon()}
    team.change_role(role=Role.CLERK, **doing)
    assert session().scalar(select(MembershipRow.owner_since).where(place)) is None
    team.change_role(role=Role.OWNER, **doing)
    assert session().scalars(select(MembershipRow.owner_since).where(place)).one() > noon() - timedelta(hours=1)


@pytest.mark.parametrize(
    ("values", "guard"),
    [
        ({"owner_since": None}, "owner_since"),
        ({"role": "clerk"}, "owner_since"),
        ({"created_at": noon() + timedelta(days=1)}, "owner_after_joining"),
    ],
)
def test_the_table_knows_since_when_an_owner_is_one(
    values: dict[str, object],
    guard: str,
    wei: FlaskClient,
) -> None:
    with pytest.raises(IntegrityError, match=guard), transaction():
        session().execute(update(MembershipRow).values(**values))


@pytest.mark.parametrize("who", ["clerk", "stranger", "merchant"])
def test_nobody_else_finds_it(who: str, app: Flask, wei: FlaskClient) -> None:
    post(wei, PAGE, page=PAGE, **FORM)
    post(wei, PAGE, page=PAGE, **{**FORM, "number": SECOND})
    other = {"clerk": MEI, "stranger": YU, "merchant": BO}[who]
    {"clerk": lambda: clerk(MEI, WEI), "stranger": lambda: user(YU), "merchant": lambda: merchant(BO)}[who]()
    visitor = app.test_client()
    sign_in(visitor, other)
    assert visitor.get(PAGE).status_code == 404
    for deed in ("confirmation", "withdrawal"):
        assert post(visitor, f"/payout-accounts/{rows()[1].public_id}/{deed}").status_code == 404
    assert rows()[1].state == "new"


def test_a_merchant_has_one_of_her_own(app: Flask, client: FlaskClient) -> None:
    merchant(BO)
    sign_in(client, BO)
    page = "/merchant/payout-account"
    post(client, page, page=page, **{**FORM, "holder": "薄荷家居"})
    assert "**** 4531" in client.get(page).text


def test_its_page_asks_little(wei: FlaskClient) -> None:
    post(wei, PAGE, page=PAGE, **FORM)
    with statements() as known:
        wei.get(PAGE)
    post(wei, PAGE, page=PAGE, **{**FORM, "number": SECOND})
    with statements() as changing:
        wei.get(PAGE)
    assert max(len(known), len(changing)) <= 6
