"""Whoever helped a factory decides nothing about it, ever: by the operations or by the pages."""

from collections.abc import Callable
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from kernel.errors import DomainError
from onboarding.moderation import operations as moderation
from onboarding.moderation.models import Case
from onboarding.standing.operations import appeal, claim
from onboarding.verification import decisions
from onboarding.verification.models import Application
from tests.cast import BO, HUA, MEI, TAN, WEI
from tests.onboarding.helping.desk import code_of, fill_in, show_photo, told, word
from tests.onboarding.people import CODES, QINGHE, begun, noon, operator, said, sign_in, user

REASON = "有人投诉"


@pytest.fixture
def house(helping: FlaskClient) -> str:
    """Wei's factory, handed in with Mei's help, who is an operator by now; its public id."""
    show_photo(helping)
    fill_in(helping)
    word(helping, code_of(told(WEI.phone)))
    operator(MEI)
    return user(WEI).memberships[0].organisation


def case(kind: str) -> str:
    """The open case of a kind."""
    open_ = select(Case.public_id).where(Case.subject_type == kind, Case.state == "open")
    return session().scalars(open_).one()


def let_in() -> None:
    moderation.approve_case(actor=operator(TAN), case=case("factory"), now=noon())


def stop(house: str) -> None:
    moderation.suspend_factory(actor=operator(TAN), organisation=house, reason=REASON, now=noon())


def refused(deed: Callable[..., object]) -> None:
    with pytest.raises(DomainError, match=r"case\.helped"):
        deed(actor=operator(MEI), now=noon())


def test_she_judges_no_application(house: str) -> None:
    assert house
    this = {"case": case("factory")}
    refused(partial(moderation.take_case, **this))
    refused(partial(moderation.approve_case, **this))
    refused(partial(moderation.refuse_case, reason=REASON, **this))
    refused(partial(moderation.ask_case, reason=REASON, fields=["name"], **this))


def test_she_stops_and_lets_go_on_nothing(house: str) -> None:
    let_in()
    refused(partial(moderation.suspend_factory, organisation=house, reason=REASON))
    stop(house)
    refused(partial(moderation.reinstate_factory, organisation=house))
    refused(partial(moderation.close_factory, organisation=house, reason=REASON))
    refused(partial(decisions.give_up, organisation=house, reason=REASON))
    refused(partial(decisions.check, organisation=house, licence=None, expires_on=None))
    assert session().scalars(select(Application.state)).one() == "suspended"


def test_she_judges_no_appeal(house: str) -> None:
    let_in()
    stop(house)
    appeal(actor=user(WEI), words="照片是新的，请再看一眼", now=noon())
    refused(partial(moderation.approve_case, case=case("appeal")))
    refused(partial(moderation.refuse_case, case=case("appeal"), reason=REASON))
    moderation.approve_case(actor=operator(HUA), case=case("appeal"), now=noon())


def test_she_judges_no_claim_to_its_code(house: str) -> None:
    assert house
    begun(BO)
    claim(actor=user(BO), said=said(name="清河样绒厂", uscc=CODES[0], belt=QINGHE), words="这是我厂的执照", now=noon())
    refused(partial(moderation.approve_case, case=case("claim")))
    refused(partial(moderation.refuse_case, case=case("claim"), reason=REASON))


def test_the_pages_say_why(app: Flask, house: str) -> None:
    sign_in(browser := app.test_client(), MEI)
    for deed in ("approval", "refusal"):
        assert f"/{deed}" not in browser.get(f"/ops/cases/{case('factory')}").text
    assert "帮这家办过入驻" in browser.get(f"/ops/cases/{case('factory')}").text
    let_in()
    page = browser.get(f"/ops/factories/{house}").text
    assert "帮这家办过入驻" in page
    assert "/suspension" not in page
