"""A factory that has done all but let somebody come, and the people about it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from commission.payees.operations import give_account
from commission.payees.queries import registered
from kernel.db import session, transaction
from kernel.permissions import Actor
from onboarding.verification.models import Application
from onboarding.verification.operations import describe
from onboarding.verification.rules import Told
from tests.cast import HUA, TAN, WEI
from tests.onboarding.people import factory, noon, operator, user
from tests.support.purses import details

TOLD = Told(founded=2009, people=86, capacity="1.2 万件", makes="镜架")


def move(**values: object) -> None:
    """Write something of the only application there is."""
    with transaction():
        session().execute(update(Application).values(**values))


@pytest.fixture
def wei(app: Flask) -> Actor:
    """Wei, whose factory in Danyang is listed."""
    factory(WEI)
    move(state="approved", submitted_at=noon() - timedelta(days=25), decided_at=noon(), checked_at=noon())
    return user(WEI)


@pytest.fixture
def ready(wei: Actor) -> Actor:
    """Wei, whose factory is verified as well."""
    describe(actor=wei, told=TOLD, now=noon())
    house = wei.memberships[0].organisation
    account = details(holder=registered(house).name)
    give_account(party=house, details=account, consent=True, actor=wei, now=noon())
    return wei


@pytest.fixture
def tan(app: Flask) -> Actor:
    """Tan, who operates the whole channel."""
    return operator(TAN)


@pytest.fixture
def hua(app: Flask) -> Actor:
    """Hua, who operates it as well."""
    return operator(HUA)
