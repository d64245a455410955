"""A merchant who hands in while her photo is still being read: opened by itself once it was, or on a desk; once."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from kernel import notify
from kernel.db import session
from kernel.outbox import OutboxFact
from kernel.permissions import SYSTEM
from onboarding.licences.models import Licence
from onboarding.licences.operations import record_reading, upload_licence
from onboarding.moderation import operations as moderation
from onboarding.verification import operations
from onboarding.verification.models import Application
from tests.cast import BO, TAN
from tests.faults.killing import killed_at
from tests.onboarding.people import CODES, noon, operator, reading, said, shop_begun, user, waiting
from tests.support.crowd import crowd

NAME, CODE = "薄荷家居", CODES[1]
OPENED = "已通过核验"


def hand_in() -> None:
    operations.hand_in(actor=user(BO), said=said(kind="merchant", name=NAME, uscc=CODE), now=noon())


def photo() -> str:
    return session().scalars(select(Licence.public_id)).one()


def read(licence: str, **says: Any) -> None:  # noqa: ANN401  what it says
    found = None if says.get("unreadable") else reading(**{"uscc": CODE, "name": NAME, **says})
    record_reading(actor=SYSTEM, licence=licence, reading=found, now=noon())


def state() -> str:
    session().rollback()
    return session().scalars(select(Application.state)).one()


def told() -> int:
    return sum(OPENED in one.text for one in notify.latest())


@pytest.fixture
def early(app: Flask) -> str:
    """Bo handed in before her photo (public id) was read."""
    assert app
    shop_begun(BO, read=False)
    hand_in()
    return photo()


def test_nobody_looks_before_it_was_read(early: str) -> None:
    assert (state(), told(), waiting(operator(TAN))) == ("submitted", 0, [])
    assert early


def test_a_clean_reading_opens_the_shop_once(early: str) -> None:
    for _twice in range(2):
        read(early)
        assert (state(), told(), waiting(operator(TAN))) == ("approved", 1, [])
    opened = select(func.count(OutboxFact.id)).where(OutboxFact.kind == "merchant.approved")
    assert session().scalar(opened) == 1


@pytest.mark.parametrize(
    "says", [{"unreadable": True}, {"name": "薄荷家具"}, {"is_licence": False}, {"confidence": 0.85}]
)
def test_any_other_puts_it_on_a_desk_once(early: str, says: dict[str, Any]) -> None:
    for _twice in range(2):
        read(early, **says)
        assert (state(), told()) == ("submitted", 0)
        assert [line.subject_type for line in waiting(operator(TAN))] == ["merchant"]


def test_a_photo_that_was_not_handed_in_changes_nothing(app: Flask) -> None:
    shop_begun(BO, read=False)
    read(photo())
    assert (state(), told(), waiting(operator(TAN))) == ("draft", 0, [])
    assert app


def test_who_was_judged_before_is_looked_at_again_by_somebody(early: str) -> None:
    read(early, unreadable=True)
    case = waiting(operator(TAN))[0].public_id
    moderation.ask_case(actor=operator(TAN), case=case, fields=["licence"], reason="照片看不清", now=noon())
    house = user(BO).memberships[0].organisation
    another = upload_licence(actor=user(BO), organisation=house, photo_key="1" * 64, now=noon())
    hand_in()
    read(another.public_id)
    assert (state(), len(waiting(operator(TAN)))) == ("submitted", 1)


def test_a_worker_killed_anywhere_loses_nothing_and_doubles_nothing(app: Flask, early: str) -> None:
    moment = 0
    while killed_at(app, moment := moment + 1, lambda: read(early)):
        assert (state(), told()) in {("submitted", 0), ("approved", 1)}
    assert moment > 10
    assert (state(), told(), waiting(operator(TAN))) == ("approved", 1, [])


def test_read_and_handed_in_at_once_it_is_opened_whoever_is_first(app: Flask) -> None:
    shop_begun(BO, read=False)
    licence, bo, whole = photo(), user(BO), said(kind="merchant", name=NAME, uscc=CODE)
    handing_in = lambda: operations.hand_in(actor=bo, said=whole, now=noon()).state  # noqa: E731
    crowd(app, [handing_in, lambda: read(licence)])
    assert (state(), told(), waiting(operator(TAN))) == ("approved", 1, [])
