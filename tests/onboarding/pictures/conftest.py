"""Wei's factory with a draft and goods on sale, and Tan, who operates the channel."""

import pytest
from flask import Flask

from kernel.permissions import Actor
from onboarding.listings.models import Listing
from tests.cast import TAN
from tests.onboarding.people import operator
from tests.support.goods import make_factory, make_listing


@pytest.fixture
def wei(app: Flask) -> Actor:
    """Wei, whose factory may trade."""
    return make_factory()


@pytest.fixture
def tan(app: Flask) -> Actor:
    """Tan, who operates the channel."""
    return operator(TAN)


@pytest.fixture
def draft(wei: Actor) -> Listing:
    """Goods that nobody but Wei has seen."""
    return make_listing(wei, title="羊绒围巾", state="draft")


@pytest.fixture
def sold(wei: Actor) -> Listing:
    """Goods on sale."""
    return make_listing(wei, title="羊绒帽子")
