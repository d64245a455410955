"""Whose account fits is asked when it matters, of the licence as it is then; a firm is paid to no person's card."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import literal, select, text
from sqlalchemy.exc import DBAPIError

from commission.payees.models import Payee, PayoutAccount
from commission.payees.operations import account_to_pay, end_accounts, give_account
from commission.payees.queries import (
    accounts_of,
    doubtful,
    has_account_in_name,
    is_held,
    parties_sharing_account,
    registered,
    with_account,
)
from commission.payees.rules import Registered
from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError
from kernel.permissions import Actor, Membership, Role
from tests.cast import NOW
from tests.support.purses import details, give, know, owner_of

PARTY, OTHER, CARD = "fac_one", "fac_two", "4111 1111 1111 1111"
FIRM = Registered("义乌市（明光）制品厂", "王芳", is_firm=True)
ALONE = Registered("清河县样绒制品店", "王 芳", is_individual=True)


def card(holder: str = "王芳") -> str:
    """A person's card for a party of one person."""
    know(PARTY, ALONE)
    told = details(number=CARD, holder=holder, personal=True)
    return give_account(party=PARTY, details=told, consent=True, actor=owner_of(PARTY), now=NOW)


def fits() -> tuple[bool, bool, bool]:
    """What the page, the tier and the finance desk say."""
    line = accounts_of(PARTY, now=NOW).current
    assert line
    in_name = session().scalar(select(has_account_in_name(literal(PARTY), now=NOW)))
    return line.fits, bool(in_name), PARTY not in {one.party for one in doubtful()}


@pytest.mark.parametrize(
    ("known", "holder", "fit"),
    [
        (FIRM, "义乌市(明光)制品厂", True),
        (FIRM, "义乌市 （明光） 制品厂", True),
        (FIRM, "义乌市明光贸易行", False),
        (Registered(""), "王芳", False),
        (ALONE, "清河县样绒制品店", True),
    ],
)
def test_an_account_is_of_whom_the_licence_names(known: Registered, holder: str, fit: bool, app: Flask) -> None:  # noqa: FBT001
    know(PARTY, known)
    give_account(party=PARTY, details=details(holder=holder), consent=True, actor=owner_of(PARTY), now=NOW)
    assert fits() == (fit, fit, fit)


@pytest.mark.parametrize(("holder", "fit"), [("王芳", True), (" 王芳", True), ("王方", False)])
def test_a_card_is_of_whom_the_licence_names(holder: str, fit: bool, app: Flask) -> None:  # noqa: FBT001
    card(holder)
    assert fits() == (fit, fit, fit)


def test_a_name_that_changes_changes_what_fits_both_ways(app: Flask) -> None:
    give(PARTY)
    know(PARTY, Registered("丹阳市别家眼镜厂"))
    assert fits() == (False, False, False)
    know(PARTY, Registered("丹阳市视界眼镜厂"))
    assert fits() == (True, True, True)


def test_nobody_whose_licence_is_not_known_fits(app: Flask) -> None:
    give(PARTY)
    with transaction():
        session().execute(text("delete from payees"))
    assert fits() == (False, False, False)


@pytest.mark.parametrize("known", [FIRM, Registered("清河县样绒制品店", "王芳")])
def test_what_turns_into_a_firm_is_not_paid_to_a_card(known: Registered, app: Flask) -> None:
    card()
    with transaction():
        assert account_to_pay(party=PARTY, now=NOW)
    assert (with_account([PARTY]), is_held(PARTY)) == ({PARTY}, False)
    know(PARTY, known)
    with transaction():
        assert account_to_pay(party=PARTY, now=NOW) is None
    line = accounts_of(PARTY, now=NOW).current
    assert (with_account([PARTY]), is_held(PARTY), line and line.is_held) == (set(), True, True)


def test_a_card_is_judged_by_what_was_told_last(app: Flask) -> None:
    know(PARTY, ALONE)
    know(PARTY, FIRM)
    with pytest.raises(InvalidInputError) as refused:
        give_account(
            party=PARTY,
            details=details(number=CARD, personal=True),
            consent=True,
            actor=owner_of(PARTY),
            now=NOW,
        )
    assert refused.value.fields["personal"][0] == "field.firm_account"


def test_the_table_keeps_a_party_of_one_kind(app: Flask) -> None:
    with pytest.raises(DBAPIError, match="one_kind"):
        know(PARTY, Registered("x", is_individual=True, is_firm=True))


def test_accounts_end_with_what_is_thrown_away(app: Flask) -> None:
    give(PARTY)
    give(PARTY, number="1000 2000 3000 4000")
    give(OTHER)
    with transaction():
        end_accounts(party=PARTY, now=NOW)
    states = session().scalars(select(PayoutAccount.state).where(PayoutAccount.party == PARTY)).all()
    assert (sorted(states), registered(PARTY)) == (["ended", "withdrawn"], Registered(""))
    assert (parties_sharing_account(OTHER), doubtful()) == (set(), [])
    assert session().scalars(select(Payee.party).where(Payee.party.in_((PARTY, OTHER)))).all() == [OTHER]
    with pytest.raises(DBAPIError), transaction():
        session().execute(text("update payout_accounts set state = 'active', ended_at = null where state = 'ended'"))


def test_who_has_left_gives_no_account(app: Flask) -> None:
    know(PARTY, FIRM)
    house = Membership(0, PARTY, PARTY, "factory", Role.OWNER, is_left=True)
    gone = Actor(None, "usr_owner", "老板", (house,))
    with pytest.raises(DomainError, match=r"payee\.left"):
        give_account(party=PARTY, details=details(), consent=True, actor=gone, now=NOW)


def test_the_change_of_one_party_counts_against_no_other(app: Flask) -> None:
    for party in (PARTY, OTHER):
        give(party)
    give(OTHER, number="1000 2000 3000 4000")
    later = NOW + timedelta(days=90)  # its waiting time is over
    parties = select(Payee.party, has_account_in_name(Payee.party, now=later))
    parties = parties.where(Payee.party.in_([PARTY, OTHER])).order_by(Payee.party)
    assert [tuple(row) for row in session().execute(parties)] == [(PARTY, True), (OTHER, True)]
