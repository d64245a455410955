"""Whoever turns into a firm on the way is not let in while her money would go to a person's card."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from commission.payees.operations import give_account
from commission.payees.queries import accounts_of, is_held, registered
from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.permissions import Actor
from onboarding.moderation.operations import approve_case, ask_case, reinstate_factory
from onboarding.standing.operations import claim
from onboarding.verification.models import Application
from onboarding.verification.operations import approve, hand_in, keep
from onboarding.verification.rules import Papers
from tests.cast import BO, TAN, WEI
from tests.onboarding.people import CODES, begun, factory, noon, operator, said, user, waiting
from tests.support.purses import details

ALONE, FIRM = CODES[2], CODES[0]
PAPERS = Papers(legal_representative="薄亮")


def card(owner: Actor) -> str:
    """Her own card for her factory; the factory."""
    house = owner.memberships[0].organisation
    told = details(number="4111 1111 1111 1111", holder="薄亮", personal=True)
    give_account(party=house, details=told, consent=True, actor=owner, now=noon())
    return house


def bos(uscc: str, name: str = "清河样绒厂") -> dict[str, object]:
    return {"actor": user(BO), "said": said(name=name, uscc=uscc, papers=PAPERS), "now": noon()}


def test_a_claim_brings_no_card_into_a_firm(app: Flask) -> None:
    factory(WEI, uscc=FIRM)
    begun(BO)
    claim(**bos(FIRM), words="这是我厂 2015 年的执照")
    keep(**bos(ALONE))
    house = card(user(BO))
    case = waiting(operator(TAN), "claim")[0].public_id
    with pytest.raises(DomainError, match=r"factory\.personal_account"):
        approve_case(actor=operator(TAN), case=case, basis="两边的执照都对过", now=noon())
    session().rollback()
    states = select(Application.state, Application.uscc).order_by(Application.id)
    assert [tuple(row) for row in session().execute(states)] == [("submitted", FIRM), ("draft", ALONE)]
    assert registered(house).is_individual


def test_what_is_typed_anew_is_known_at_once(app: Flask) -> None:
    begun(BO)
    keep(**bos(ALONE))
    house = card(user(BO))
    line = accounts_of(house, now=noon()).current
    assert (line and line.fits, is_held(house)) == (True, False)
    keep(**bos(FIRM))
    assert (registered(house).is_firm, is_held(house)) == (True, True)
    keep(**bos(""))
    assert is_held(house)


def test_no_firm_with_a_card_is_let_in(app: Flask) -> None:
    begun(BO)
    hand_in(**bos(ALONE))
    house = card(user(BO))
    with transaction():
        session().execute(update(Application).values(uscc=FIRM))
    with pytest.raises(DomainError, match=r"factory\.personal_account"):
        approve(actor=operator(TAN), organisation=house, now=noon())


def test_the_account_of_a_draft_fits_the_name_that_was_approved(app: Flask) -> None:
    begun(BO)
    keep(**bos(FIRM, "清河样绒店"))
    house = user(BO).memberships[0].organisation
    give_account(party=house, details=details(holder="清河样绒厂"), consent=True, actor=user(BO), now=noon())
    line = accounts_of(house, now=noon()).current
    assert line
    assert not line.fits
    hand_in(**bos(FIRM))
    tan, case = operator(TAN), waiting(operator(TAN))[0].public_id
    ask_case(actor=tan, case=case, fields=["name"], reason="名称填错了，请改", now=noon())
    hand_in(**bos(FIRM, "清河绒绒厂"))
    assert not accounts_of(house, now=noon()).current.fits  # type: ignore[union-attr]
    assert registered(house).name == "清河绒绒厂"


def test_who_gives_a_code_up_is_no_individual_business(app: Flask) -> None:
    factory(WEI, uscc=ALONE)
    house = card(user(WEI))
    approve_case(actor=operator(TAN), case=waiting(operator(TAN), "factory")[0].public_id, now=noon())
    begun(BO)
    claim(**bos(ALONE), words="这是我店 2015 年的执照")
    approve_case(
        actor=operator(TAN), case=waiting(operator(TAN), "claim")[0].public_id, basis="两边的执照都对过", now=noon()
    )
    assert (registered(house).is_individual, is_held(house)) == (False, True)
    with pytest.raises(DomainError, match=r"factory\.code_gone"):
        reinstate_factory(actor=operator(TAN), organisation=house, now=noon())
