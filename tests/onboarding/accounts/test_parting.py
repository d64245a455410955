"""What ends with an owner who is parted with, and who is told of it."""

import pytest
from flask import Flask
from sqlalchemy import delete, select

from kernel.db import session, transaction
from kernel.errors import NotFoundError
from kernel.permissions import Actor, Role
from onboarding.accounts import operations as accounts
from onboarding.accounts import team
from onboarding.accounts.models import MembershipRow, PastOwner
from onboarding.accounts.queries import invitations_of
from tests.cast import BO, LIN, MEI, WEI
from tests.onboarding.accounts.house import change_role, house, invite, texts_to
from tests.onboarding.people import clerk, factory, noon, proved, user


@pytest.fixture
def wei(app: Flask) -> Actor:
    factory(WEI)
    return user(WEI)


def second_owner(boss: Actor) -> Actor:
    accounts.add_member(actor=boss, organisation=house(boss), phone=LIN.phone, role=Role.OWNER, now=noon())
    return user(LIN)


@pytest.mark.parametrize("role", [None, Role.CLERK])
def test_an_invitation_ends_with_the_owner_who_made_it(role: Role | None, wei: Actor) -> None:
    lin = second_owner(wei)
    hers, his, mei = invite(lin), invite(wei, BO.phone), user(MEI)
    if role:
        change_role(wei, lin, role)
    else:
        team.remove_member(actor=wei, sid=proved(wei), organisation=house(wei), member=lin.user, now=noon())
    assert len(invitations_of(wei.memberships[0].organisation_id, now=noon())) == 1
    with pytest.raises(NotFoundError, match=r"invitation\.gone"):
        team.accept_invitation(actor=mei, token=hers, now=noon())
    team.accept_invitation(actor=user(BO), token=his, now=noon())


def test_an_invitation_of_who_owns_no_more_is_worth_nothing(wei: Actor) -> None:
    token, mei = invite(second_owner(wei)), user(MEI)
    with transaction():
        session().execute(delete(MembershipRow).where(MembershipRow.user_id == user(LIN).user_id))
    with pytest.raises(NotFoundError, match=r"invitation\.gone"):
        team.accept_invitation(actor=mei, token=token, now=noon())
    session().rollback()
    assert user(MEI).memberships == ()


def test_every_owner_hears_who_parted_with_whom(wei: Actor) -> None:
    second_owner(wei)
    mei = clerk(MEI, WEI)
    team.remove_member(actor=wei, organisation=house(wei), member=mei.user, now=noon())
    for owner in (WEI, LIN):
        assert f"{wei.name}把{mei.name}（店员）移出了“丹阳明视眼镜厂”" in texts_to(owner.phone)[0]
    assert "已不在" in texts_to(MEI.phone)[0]


def test_who_parted_with_an_owner_is_kept(wei: Actor) -> None:
    lin = second_owner(wei)
    team.remove_member(actor=lin, sid=proved(lin), organisation=house(wei), member=wei.user, now=noon())
    assert session().scalars(select(PastOwner.parted_by)).all() == [lin.user_id]
