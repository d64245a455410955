"""Whoever gets rid of an honest owner does not get rid of her cooling-off: she is told, and may say no."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from commission.payees.models import PayoutAccount
from kernel import notify
from kernel.db import session, transaction
from kernel.permissions import Role
from kernel.work import drain
from onboarding.accounts import operations as accounts
from onboarding.accounts import team
from onboarding.accounts.models import MembershipRow
from storefront.jobs import PLAN
from tests.cast import LIN, MEI, WEI, YU, Person
from tests.onboarding.people import clerk, factory, noon, post, proved, sign_in, user, wait
from tests.onboarding.purse.test_pages import FORM, PAGE, SECOND

CHANGE = {**FORM, "number": SECOND}


@pytest.fixture
def yu(app: Flask, client: FlaskClient) -> FlaskClient:
    """Yu, whom Wei's stolen phone made an owner of his factory."""
    factory(WEI)
    sign_in(client, WEI)
    post(client, PAGE, page=PAGE, **FORM)
    accounts.add_member(actor=user(WEI), organisation=house(), phone=YU.phone, role=Role.OWNER, now=noon())
    browser = app.test_client()
    sign_in(browser, YU)
    return browser


def house() -> str:
    return user(YU).memberships[0].organisation if user(YU).memberships else user(WEI).memberships[0].organisation


def part(by: Person, gone: Person) -> None:
    doing = {"actor": user(by), "sid": proved(user(by)), "organisation": house(), "now": noon()}
    team.remove_member(member=user(gone).user, **doing)


def states() -> list[str]:
    session().rollback()
    return list(session().scalars(select(PayoutAccount.state).order_by(PayoutAccount.id)))


def link_to_past_owner(app: Flask) -> str:
    """Where the newest text about an account sends whoever has left."""
    drain(PLAN, ports=app.extensions["ports"])
    [text] = [
        one.text for one in notify.latest() if "您刚离开的店铺" in one.text and one.recipient == f"+86{WEI.phone}"
    ]
    found = re.search(r"/payout-accounts/\S+", text)
    assert found
    return found[0]


def test_an_owner_who_was_removed_is_told_and_takes_the_change_back(
    app: Flask, client: FlaskClient, yu: FlaskClient
) -> None:
    part(YU, WEI)
    post(yu, PAGE, page=PAGE, **CHANGE)
    link = link_to_past_owner(app)
    shown = client.get(link)
    assert (shown.status_code, "**** 4000" in shown.text, "丹阳明视眼镜厂" in shown.text) == (200, True, True)
    assert post(client, f"{link}/withdrawal", page=link).location == link
    assert states() == ["active", "withdrawn"]
    assert "已撤回" in client.get(link).text
    assert post(client, f"{link}/withdrawal").status_code == 422


def test_whoever_left_long_ago_or_was_a_clerk_is_a_stranger(app: Flask, client: FlaskClient, yu: FlaskClient) -> None:
    clerk(MEI, WEI)
    part(YU, MEI)
    part(YU, WEI)
    wait(app, hours=72, minutes=5)
    sign_in(yu, YU)
    post(yu, PAGE, page=PAGE, **CHANGE)
    drain(PLAN, ports=app.extensions["ports"])
    assert not any("您刚离开的店铺" in one.text for one in notify.latest())
    mei = app.test_client()
    sign_in(mei, MEI)
    at = f"/payout-accounts/{session().scalars(select(PayoutAccount.public_id).filter_by(state='new')).one()}"
    for browser in (client, mei):
        assert browser.get(at).status_code == 404
        assert post(browser, f"{at}/withdrawal").status_code == 404
    assert states() == ["active", "new"]


@pytest.mark.parametrize("role", [None, Role.CLERK])
def test_a_change_goes_with_the_owner_who_asked_for_it(role: Role | None, yu: FlaskClient) -> None:
    post(yu, PAGE, page=PAGE, **CHANGE)
    doing = {"actor": user(WEI), "sid": proved(user(WEI)), "organisation": house(), "now": noon()}
    member = user(YU).user
    team.change_role(member=member, role=role, **doing) if role else team.remove_member(member=member, **doing)
    assert states() == ["active", "withdrawn"]


def test_a_change_stays_when_another_owner_goes(yu: FlaskClient) -> None:
    accounts.add_member(actor=user(WEI), organisation=house(), phone=LIN.phone, role=Role.OWNER, now=noon())
    post(yu, PAGE, page=PAGE, **CHANGE)
    part(WEI, LIN)
    assert states() == ["active", "new"]


def settle() -> None:
    """Whoever owns now has owned for 72 hours."""
    with transaction():
        long_ago = noon() - timedelta(hours=72)
        session().execute(update(MembershipRow).values(created_at=long_ago, owner_since=long_ago))


def change_by(browser: FlaskClient) -> str:
    """The page of a change that an owner asks for."""
    post(browser, PAGE, page=PAGE, **CHANGE)
    return f"/payout-accounts/{session().scalars(select(PayoutAccount.public_id).filter_by(state='new')).one()}"


def test_whoever_parted_with_her_is_stopped_again_and_again_for_a_while(
    app: Flask, client: FlaskClient, yu: FlaskClient
) -> None:
    settle()
    part(YU, WEI)
    for _ in range(2):
        at = change_by(yu)
        assert post(client, f"{at}/withdrawal", page=at).location == at
    wait(app, hours=72, minutes=5)
    sign_in(client, WEI)
    sign_in(yu, YU)
    at = change_by(yu)
    assert post(client, f"{at}/withdrawal").status_code == 404
    assert states() == ["active", "withdrawn", "withdrawn", "new"]


def test_an_owner_of_old_who_stays_is_not_stopped_out_of_spite(
    app: Flask, client: FlaskClient, yu: FlaskClient
) -> None:
    accounts.add_member(actor=user(WEI), organisation=house(), phone=LIN.phone, role=Role.OWNER, now=noon())
    settle()
    part(YU, WEI)
    lin = app.test_client()
    sign_in(lin, LIN)
    at = change_by(lin)
    drain(PLAN, ports=app.extensions["ports"])
    assert not any("您刚离开的店铺" in one.text for one in notify.latest())
    assert (client.get(at).status_code, post(client, f"{at}/withdrawal").status_code) == (404, 404)
    assert states() == ["active", "new"]


def test_a_friend_let_in_to_part_with_her_saves_no_thief(app: Flask, client: FlaskClient, yu: FlaskClient) -> None:
    settle()
    accounts.add_member(actor=user(YU), organisation=house(), phone=LIN.phone, role=Role.OWNER, now=noon())
    part(LIN, WEI)
    at = change_by(yu)
    assert link_to_past_owner(app) == at
    assert post(client, f"{at}/withdrawal", page=at).location == at
    assert states() == ["active", "withdrawn"]


def test_who_left_by_herself_leaves_the_others_in_peace(app: Flask, client: FlaskClient, yu: FlaskClient) -> None:
    settle()
    part(WEI, WEI)
    at = change_by(yu)
    assert (client.get(at).status_code, post(client, f"{at}/withdrawal").status_code) == (404, 404)


def test_a_friend_let_in_for_it_is_stopped(app: Flask, client: FlaskClient, yu: FlaskClient) -> None:
    settle()
    accounts.add_member(actor=user(YU), organisation=house(), phone=LIN.phone, role=Role.OWNER, now=noon())
    part(YU, WEI)
    lin = app.test_client()
    sign_in(lin, LIN)
    at = change_by(lin)
    assert post(client, f"{at}/withdrawal", page=at).location == at
    assert states() == ["active", "withdrawn"]
