"""A factory of tea that hands a licence in, and the operator who looks at it."""

import pytest
from flask import Flask

from kernel.db import session, transaction
from kernel.permissions import Actor
from onboarding.certificates.models import Certificate
from onboarding.certificates.operations import hand_in
from onboarding.certificates.rules import Told
from onboarding.listings.models import Listing
from tests.cast import NOW, TAN
from tests.onboarding.people import operator
from tests.support.certificates import LICENCE
from tests.support.goods import make_factory, make_listing

PHOTO = "0" * 64


@pytest.fixture
def wei(app: Flask) -> Actor:
    """Wei, whose factory may trade."""
    return make_factory()


@pytest.fixture
def tan(app: Flask) -> Actor:
    """Tan, who operates the channel."""
    return operator(TAN)


@pytest.fixture
def tea(wei: Actor) -> Listing:
    """A draft that needs a licence."""
    return make_tea(wei, "draft")


def make_tea(owner: Actor, state: str) -> Listing:
    """Goods that need a food licence."""
    listing = make_listing(owner, title="铁观音", state="draft")
    with transaction():
        found = session().get_one(Listing, listing.id)
        found.category, found.state = "茶叶/乌龙茶", state
    return listing


def handed_in(owner: Actor, told: Told = LICENCE, **changes: object) -> Certificate:
    """A licence of a factory, waiting."""
    given = {"goods": None, "photo_key": PHOTO} | changes
    return hand_in(actor=owner, told=told, now=NOW, **given)
