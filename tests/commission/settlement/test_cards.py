"""A firm's money never goes to a person's card: its payout waits, the desk and the owner see why, the table refuses."""

from collections.abc import Callable
from datetime import date
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from commission.payees.models import PayoutAccount
from commission.payees.operations import give_account
from commission.payees.rules import Registered
from commission.settlement import paying
from commission.settlement.models import Payout
from commission.settlement.operations import begin_payouts, pay_parties, settle
from commission.settlement.rules import Sale
from commission.settlement.unsent import unsent
from kernel.db import session, transaction
from kernel.permissions import SYSTEM
from tests.cast import NOW
from tests.support.purses import details, give, know, owner_of

PARTY = "fac_card"
ALONE = Registered("清河县样绒制品店", "王芳", is_individual=True)
FIRM = Registered("清河样绒有限公司", "王芳", is_firm=True)


@pytest.fixture
def card(app: Flask, make_sale: Callable[..., Sale], release: date) -> int:
    """Money payable to a person's card, whose party has turned into a firm; the account's key."""
    know(PARTY, ALONE)
    told = details(number="4111 1111 1111 1111", holder="王芳", personal=True)
    give_account(party=PARTY, details=told, consent=True, actor=owner_of(PARTY), now=NOW)
    make_sale("599.00", seller=PARTY)
    settle(day=release, actor=SYSTEM, now=NOW)
    know(PARTY, FIRM)
    return session().scalars(select(PayoutAccount.id).where(PayoutAccount.party == PARTY)).one()


def test_the_money_waits_and_everybody_sees_why(card: int) -> None:
    assert begin_payouts(actor=SYSTEM, now=NOW) == []
    skipped = pay_parties(parties=[PARTY], actor=SYSTEM, now=NOW).skipped
    assert [why.code for why in skipped.values()] == ["payout.personal_account"]
    assert [(one.party, one.is_held) for one in unsent()] == [(PARTY, True)]


def test_one_person_is_paid_to_her_card(card: int) -> None:
    know(PARTY, ALONE)
    assert len(begin_payouts(actor=SYSTEM, now=NOW)) == 1


def test_what_the_tables_refuse_of_one_stops_nobody_else(
    card: int, make_sale: Callable[..., Sale], release: date, monkeypatch: pytest.MonkeyPatch
) -> None:
    give("fac_next", number="3200 0188 0091 7264 532")
    make_sale("599.00", seller="fac_next")
    settle(day=release, actor=SYSTEM, now=NOW)
    active = select(PayoutAccount).where(PayoutAccount.party == PARTY)
    held = partial(paying.account_to_pay)
    lax = {PARTY: lambda: session().scalar(active)}
    monkeypatch.setattr(paying, "account_to_pay", lambda **of: lax.get(of["party"], partial(held, **of))())
    paid = pay_parties(parties=[PARTY, "fac_next"], actor=SYSTEM, now=NOW)
    assert (paid.done, [why.code for why in paid.skipped.values()]) == (("fac_next",), ["busy"])
    make_sale("599.00", seller="fac_next")
    with transaction():
        session().execute(update(Payout).values(state="paid", rail_ref="x", finished_at=NOW))
    settle(day=release, actor=SYSTEM, now=NOW)
    assert len(begin_payouts(actor=SYSTEM, now=NOW)) == 1


@pytest.mark.parametrize("known", [FIRM, Registered("清河样绒有限公司", "王芳")])
def test_the_table_refuses_a_payout_to_it(known: Registered, card: int) -> None:
    know(PARTY, known)
    told = {"public_id": "po_x", "party": PARTY, "amount_fen": 1, "kept_fen": 0, "currency": "CNY", "state": "begun"}
    told |= {"intent": "x", "account_id": card, "sent_to": "icbc 1111", "rail_ref": "", "reason": "", "begun_at": NOW}
    with pytest.raises(DBAPIError, match="only an individual business"), transaction():
        session().add(Payout(**told))
    with transaction():
        session().add(Payout(**told | {"account_id": None, "sent_to": ""}))
    with pytest.raises(DBAPIError, match="only an individual business"), transaction():
        session().execute(update(Payout).where(Payout.party == PARTY).values(account_id=card, sent_to="icbc 1111"))
