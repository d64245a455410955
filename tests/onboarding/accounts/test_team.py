"""Who works with an owner: invited by a link, as what she says, parted with at once; never without an owner."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from kernel import notify
from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import Actor, Role
from onboarding.accounts import operations as accounts
from onboarding.accounts import team
from onboarding.accounts.models import Invitation, MembershipRow, PastOwner
from onboarding.accounts.queries import invitations_of
from tests.cast import BO, LIN, MEI, WEI, YU
from tests.onboarding.accounts.house import SITE, change_role, house, invite, texts_to
from tests.onboarding.people import CODES, clerk, factory, merchant, noon, post, proved, sign_in, user, wait
from tests.support.crowd import crowd
from tests.support.statements import statements

pytestmark = pytest.mark.usefixtures("stand_still")


@pytest.fixture
def wei(app: Flask) -> Actor:
    factory(WEI)
    return user(WEI)


def test_from_the_invitation_to_the_desk(app: Flask, client: FlaskClient, wei: Actor) -> None:
    sign_in(client, WEI)
    assert ">团队<" in re.sub(r"\s", "", client.get("/factory").text)
    sent = post(client, f"/team/{house(wei)}/invitations", recipient="138 0013 8003", role="clerk")
    assert sent.location == "/factory/team"
    assert "138****8003" in client.get("/factory/team").text
    [link] = re.findall(r"(/invitations/\S+)", texts_to(MEI.phone)[0])
    mei = app.test_client()
    assert mei.get(link).location == f"/sign-in?next={link}"
    assert sign_in(mei, MEI, then=link).location == link
    assert "加入" in mei.get(link).text
    assert post(mei, link, page=link).location == "/factory"
    assert (mei.get("/factory").status_code, mei.get("/factory/team").status_code) == (200, 404)
    assert "接受了邀请" in texts_to(WEI.phone)[0]
    assert post(mei, link, page="/account").status_code == 404  # once


def test_a_link_leads_whoever_came_in_by_it_in_again(app: Flask, client: FlaskClient, wei: Actor) -> None:
    link = f"/invitations/{invite(wei)}"
    assert "收到这份邀请的那个手机号或邮箱" in client.get(link, follow_redirects=True).text
    sign_in(client, MEI)
    post(client, link, page=link)
    assert client.get(link).location == "/factory"
    yu = app.test_client()
    sign_in(yu, YU)
    assert yu.get(link).status_code == 404


def test_an_e_mail_is_invited_by_mail(app: Flask, client: FlaskClient, wei: Actor) -> None:
    token = invite(wei, "mei@example.com", Role.OWNER)
    assert notify.latest()[0].channel == "mail"
    post(client, "/sign-in", recipient="Mei@Example.com")
    code = re.findall(r"\d{6}", notify.latest()[0].text)[0]
    post(client, "/sign-in/code", page="/sign-in/code", code=code)
    assert post(client, f"/invitations/{token}", page="/account").location == "/factory"
    assert client.get("/factory/team").status_code == 200


def test_a_link_is_for_whom_it_was_sent_to(client: FlaskClient, wei: Actor) -> None:
    link = f"/invitations/{invite(wei)}"
    sign_in(client, YU)
    assert "这份邀请发给了 138****8003" in client.get(link).text
    assert post(client, link, page="/account").status_code == 422
    assert client.get("/factory").status_code == 404
    assert session().scalars(select(Invitation.accepted_at)).all() == [None]


@pytest.mark.parametrize("end", ["revoked", "expired", "replaced"])
def test_an_invitation_ends(app: Flask, wei: Actor, end: str) -> None:
    token, mei, later = invite(wei), user(MEI), noon()
    if end == "revoked":
        [waiting] = invitations_of(wei.memberships[0].organisation_id, now=noon())
        team.revoke_invitation(actor=wei, organisation=house(wei), invitation=waiting.public_id, now=noon())
    elif end == "expired":
        later += timedelta(days=7)
    else:
        invite(wei)
    with pytest.raises(NotFoundError, match=r"invitation\.gone"):
        team.accept_invitation(actor=mei, token=token, now=later)
    assert session().scalar(select(func.count(MembershipRow.id))) == 1


def test_whoever_parts_is_out_at_once_and_keeps_her_session(app: Flask, client: FlaskClient, wei: Actor) -> None:
    clerk(MEI, WEI)
    mei = app.test_client()
    sign_in(mei, MEI)
    assert mei.get("/factory").status_code == 200
    sign_in(client, WEI)
    gone = post(client, f"/team/{house(wei)}/members/{user(MEI).user}/removal")
    assert gone.location == "/factory/team"
    assert (mei.get("/factory").status_code, mei.get("/account").status_code) == (404, 200)
    assert "已不在" in texts_to(MEI.phone)[0]


def test_a_role_changes_and_is_told(app: Flask, wei: Actor) -> None:
    mei = clerk(MEI, WEI)
    change_role(wei, mei, Role.OWNER)
    assert user(MEI).memberships[0].role is Role.OWNER
    assert "现在是老板了" in texts_to(MEI.phone)[0]
    assert f"魏国强改了{mei.name}在“丹阳明视眼镜厂”的角色，现在是老板" in texts_to(WEI.phone)[0]
    change_role(user(MEI), wei, Role.CLERK)
    assert user(WEI).memberships[0].role is Role.CLERK
    assert "不再是" in texts_to(WEI.phone)[0]


def test_who_owns_is_changed_with_a_fresh_proof_only(client: FlaskClient, wei: Actor) -> None:
    mei = clerk(MEI, WEI)
    clerk(LIN, WEI)
    change_role(wei, user(LIN), Role.OWNER)
    sign_in(client, WEI)
    wait(client.application, minutes=16)
    at = f"/team/{house(wei)}"
    owner = {"recipient": YU.phone, "role": "owner"}
    asked = [
        post(client, f"{at}/invitations", **owner),
        post(client, f"{at}/members/{mei.user}/role", role="owner"),
        post(client, f"{at}/members/{user(LIN).user}/role", role="clerk"),
        post(client, f"{at}/members/{user(LIN).user}/removal"),
    ]
    assert {one.location for one in asked} == {"/account/proof?next=/factory/team"}
    assert [user(one).memberships[0].role for one in (MEI, LIN)] == [Role.CLERK, Role.OWNER]
    assert session().scalar(select(func.count(Invitation.id))) == 0
    assert post(client, f"{at}/invitations", recipient=YU.phone, role="clerk").location == "/factory/team"
    assert post(client, f"{at}/members/{mei.user}/removal").location == "/factory/team"


def test_until_when_somebody_owned_is_kept_for_ever(wei: Actor) -> None:
    clerk(LIN, WEI)
    change_role(wei, user(LIN), Role.OWNER)
    change_role(wei, user(LIN), Role.CLERK)
    kept = session().scalars(select(PastOwner)).one()
    assert (kept.user_id, kept.owner_until >= kept.owner_since) == (user(LIN).user_id, True)
    row = {"user_id": wei.user_id, "organisation_id": kept.organisation_id, "owner_since": noon()}
    early = insert(PastOwner).values(**row, owner_until=noon() - timedelta(days=1))
    for deed in (update(PastOwner).values(owner_until=noon()), delete(PastOwner), early):
        with pytest.raises(IntegrityError), transaction():
            session().execute(deed)


def test_the_last_owner_cannot_go(client: FlaskClient, wei: Actor) -> None:
    clerk(MEI, WEI)
    sign_in(client, WEI)
    at = f"/team/{house(wei)}/members/{wei.user}"
    answers = [post(client, f"{at}/removal"), post(client, f"{at}/role", role="clerk")]
    assert [(one.status_code, "至少要留一位老板" in one.text) for one in answers] == [(422, True)] * 2
    assert user(WEI).memberships[0].role is Role.OWNER


def test_two_owners_cannot_leave_each_other_alone(app: Flask, wei: Actor) -> None:
    change_role(wei, clerk(MEI, WEI), Role.OWNER)
    pairs = [(wei, user(MEI)), (user(MEI), wei)]
    sids = {one: proved(one) for one, _other in pairs}

    def leave(actor: Actor, other: Actor) -> str:
        doing = {"actor": actor, "sid": sids[actor], "organisation": house(actor), "now": noon()}
        try:
            team.remove_member(member=other.user, **doing)
        except DomainError as error:
            return error.code
        return "gone"

    said = crowd(app, [lambda pair=pair: leave(*pair) for pair in pairs])
    assert sorted(said) == ["gone", "member.last_owner"]


def test_a_team_is_nobody_elses_business(app: Flask, wei: Actor) -> None:
    mei = clerk(MEI, WEI)
    invite(wei, LIN.phone)
    [waiting] = invitations_of(wei.memberships[0].organisation_id, now=noon())
    merchant(BO, uscc=CODES[1])
    for stranger in (user(BO), user(YU), mei):
        for deed in (
            lambda one: team.invite(recipient="13800138021", role=Role.OWNER, site=SITE, **one),
            lambda one: team.change_role(member=mei.user, role=Role.OWNER, **one),
            lambda one: team.remove_member(member=wei.user, **one),
            lambda one: team.revoke_invitation(invitation=waiting.public_id, **one),
        ):
            with pytest.raises(NotFoundError):
                deed({"actor": stranger, "organisation": house(wei), "now": noon()})


def test_whoever_is_in_is_not_invited_again(app: Flask, wei: Actor) -> None:
    clerk(MEI, WEI)
    with pytest.raises(DomainError, match=r"member\.exists"):
        invite(wei)


def test_a_team_of_many_takes_no_more_statements(client: FlaskClient, wei: Actor) -> None:
    sign_in(client, WEI)
    counts = []
    for more in (0, 5):
        for number in range(more):
            phone = f"1370013{number:04d}"
            accounts.add_member(actor=wei, organisation=house(wei), phone=phone, role=Role.CLERK, now=noon())
            invite(wei, f"m{number}@example.com")
        with statements() as said:
            assert client.get("/factory/team").status_code == 200
        counts.append(len(said))
    assert counts[0] == counts[1] <= 6


def test_an_owner_cannot_flood_phones(app: Flask, client: FlaskClient, wei: Actor) -> None:
    sign_in(client, WEI)
    wait(app, seconds=3602 - noon().timestamp() % 3600)
    phones = [f"1390013{number:04d}" for number in range(21)]
    at = f"/team/{house(wei)}/invitations"
    said = [post(client, at, recipient=phone, role="clerk").status_code for phone in phones]
    assert said == [302] * 20 + [429]


def test_the_database_keeps_one_open_invitation_and_one_end(app: Flask, wei: Actor) -> None:
    invite(wei)
    row = session().execute(select(*Invitation.__table__.columns)).mappings().one()
    twin = {**row, "id": None, "public_id": "inv_x", "token_fingerprint": "x"}
    both = {
        **twin,
        "recipient_fingerprint": "y",
        "revoked_at": noon(),
        "accepted_at": noon(),
        "accepted_by": wei.user_id,
    }
    for wrong in (twin, both, {**twin, "recipient_fingerprint": "y", "accepted_at": noon()}):
        wrong.pop("id")
        with pytest.raises(IntegrityError), transaction():
            session().execute(insert(Invitation).values(wrong))


def test_a_link_is_kept_as_a_fingerprint(app: Flask, wei: Actor) -> None:
    token = invite(wei)
    assert token not in str(session().execute(select(*Invitation.__table__.columns)).all())
