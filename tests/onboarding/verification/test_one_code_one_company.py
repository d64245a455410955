"""Rivals of one credit code, of either kind, at once; and what the table says itself of the two kinds."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from kernel.db import session, transaction
from kernel.errors import DomainError
from onboarding.verification import operations
from onboarding.verification.models import Application
from tests.cast import BO, WEI, YU
from tests.onboarding.people import CODES, begun, factory, merchant, noon, said, shop_begun, user
from tests.support.crowd import crowd

NAME, CODE = "薄荷家居", CODES[1]
FORM = {"kind": "merchant", "name": NAME, "uscc": CODE}


def rush(app: Flask, *deeds: Callable[[], object]) -> list[str]:
    """What each of the deeds begun together was told."""

    def told(deed: Callable[[], object]) -> str:
        try:
            deed()
        except DomainError as refusal:
            return refusal.code
        return "won"

    return sorted(crowd(app, [partial(told, deed) for deed in deeds]))


def test_of_two_rivals_one_gets_the_code(app: Flask) -> None:
    for who in (BO, YU):
        shop_begun(who)
    rivals = [partial(operations.hand_in, actor=user(who), said=said(**FORM), now=noon()) for who in (BO, YU)]
    assert rush(app, *rivals) == ["merchant.code_taken", "won"]
    states = sorted(session().scalars(select(Application.state)))
    assert states == ["approved", "draft"]


def test_a_photo_sent_twice_begins_one_shop(app: Flask) -> None:
    bo = user(BO)
    twice = [partial(operations.begin, actor=bo, kind="merchant", now=noon())] * 3
    assert rush(app, *twice) == ["won"] * 3
    assert session().scalar(select(func.count(Application.id))) == 1


def test_of_a_factory_and_a_merchant_one_gets_the_code(app: Flask) -> None:
    begun(WEI)
    shop_begun(BO)
    shop = partial(operations.hand_in, actor=user(BO), said=said(**FORM), now=noon())
    works = partial(operations.hand_in, actor=user(WEI), said=said(name=NAME, uscc=CODE), now=noon())
    assert rush(app, shop, works) in (["merchant.code_taken", "won"], ["factory.code_taken", "won"])


WRONG: list[dict[str, Any]] = [
    {"kind": "factory"},
    {"kind": "guild"},
    {"ways": "both"},
    {"belt_id": 1},
    {"uscc": ""},
    {"state": "submitted", "licence_id": None},
]


@pytest.mark.parametrize("wrong", WRONG)
def test_the_database_knows_what_each_kind_needs(app: Flask, wrong: dict[str, Any]) -> None:
    begun(WEI)  # so that there are belts
    made = merchant(BO)
    with pytest.raises(IntegrityError), transaction():
        session().execute(update(Application).where(Application.organisation_id == made.id).values(**wrong))
    session().rollback()


@pytest.mark.parametrize("wrong", [{"kind": "merchant"}, {"belt_id": None}, {"ways": ""}])
def test_the_database_knows_that_a_factory_needs_a_belt_and_a_way(app: Flask, wrong: dict[str, Any]) -> None:
    factory(WEI)
    with pytest.raises(IntegrityError), transaction():
        session().execute(update(Application).values(**wrong))
    session().rollback()


def test_the_database_holds_a_code_once_a_kind(app: Flask) -> None:
    merchant(BO)
    merchant(YU, uscc=CODES[2])
    with pytest.raises(IntegrityError), transaction():
        session().execute(update(Application).values(uscc=CODE))
    session().rollback()
