"""Operators lock goods and notices before their cases, as everybody does: nobody waits for another in a circle."""

from collections.abc import Callable
from threading import Event
from time import sleep

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from kernel.db import session, transaction
from kernel.errors import DomainError
from kernel.permissions import SYSTEM, Actor
from onboarding.listings import operations as listings
from onboarding.listings.models import ListingEdit
from onboarding.listings.queries import own_listing
from onboarding.listings.submissions import submit_all
from onboarding.moderation import bulk
from onboarding.moderation.models import Case
from onboarding.moderation.operations import approve_case
from onboarding.notices.operations import withdraw
from onboarding.notices.queries import sent_by
from tests.cast import LIN, NOW, TAN
from tests.onboarding.notices.rights import at_home, case_of, sent
from tests.onboarding.people import operator
from tests.storefront.shop import make_person
from tests.support.crowd import crowd
from tests.support.goods import make_factory, make_listing, signed_in

Deed = Callable[[], object]


def edited() -> tuple[str, Deed, Deed]:
    """The case of a new name that waits; how its factory locks the goods, and archives them."""
    wei = make_factory()
    goods = make_listing(wei, state="submitted").public_id
    listings.publish_listing(actor=SYSTEM, listing=goods, now=NOW)
    listings.edit_listing(actor=wei, listing=goods, words={"title": "羊绒披肩"}, prices={}, stock={}, now=NOW)
    case = case_of(session().scalars(select(ListingEdit.public_id)).one())
    return (
        case,
        lambda: own_listing(wei, goods, lock=True),
        lambda: listings.archive_listing(actor=wei, listing=goods, now=NOW),
    )


def noticed() -> tuple[str, Deed, Deed]:
    """The case of a notice; how its right holder locks it, and takes it back."""
    lin = at_home(make_person(LIN))
    notice = sent(lin, make_listing(at_home(make_factory())))[0].public_id
    case = case_of(notice)
    return case, lambda: sent_by(lin, notice, lock=True), lambda: withdraw(actor=lin, notice=notice, now=NOW)


def until_somebody_waits() -> None:
    waits = text("select count(*) from pg_locks where not granted")
    while not session().scalar(waits):
        sleep(0.02)


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("made", [edited, noticed])
def test_an_operator_and_whoever_takes_it_back_wait_in_a_row(
    app: Flask, made: Callable[[], tuple[str, Deed, Deed]]
) -> None:
    case, lock, take_back = made()
    tan, held = operator(TAN), Event()

    def back() -> str:
        with transaction():
            lock()
            held.set()
            until_somebody_waits()
            take_back()
        return "taken back"

    def decide() -> str:
        held.wait(timeout=30)
        try:
            approve_case(actor=tan, case=case, goods=[], now=NOW)
        except DomainError as refusal:
            return refusal.code
        return "decided"

    assert crowd(app, [back, decide]) == ["taken back", "case.state"]


def test_a_case_that_cannot_be_reached_is_told_with_what_was_done(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    cases, tan = waiting(make_factory()), operator(TAN)

    def decide(*, actor: Actor, case: str, **told: object) -> None:
        if case == cases[1]:
            raise OperationalError("update", {}, Exception("deadlock detected"))
        approve_case(actor=actor, case=case, **told)  # type: ignore[arg-type]

    monkeypatch.setattr(bulk, "approve_case", decide)
    answer = signed_in(app, tan).post("/ops/approvals", data={"case": cases, "sure": "yes"})
    assert answer.status_code == 200
    assert "已通过 1 件" in answer.text
    assert session().scalar(select(Case.state).where(Case.public_id == cases[0])) == "approved"


def waiting(wei: Actor) -> list[str]:
    """The cases of two goods."""
    for title in ("羊绒围巾", "羊绒披肩"):
        make_listing(wei, title=title, state="draft")
    submit_all(actor=wei, now=NOW)
    return [*session().scalars(select(Case.public_id).order_by(Case.id))]
