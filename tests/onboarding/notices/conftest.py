"""A right holder, a factory whose goods she names, a merchant who sells copies, an operator."""

from dataclasses import replace

import pytest
from flask import Flask

from commission.rates.operations import publish_first_card
from kernel.permissions import SYSTEM, Actor, Role, Scope, StaffGrant
from onboarding.listings.models import Listing
from tests.cast import LIN, NOW, TAN
from tests.onboarding.notices.rights import at_home
from tests.storefront.shop import make_person
from tests.support.goods import make_factory, make_listing


@pytest.fixture
def wei(app: Flask) -> Actor:
    """Wei, whose goods are named."""
    publish_first_card(actor=SYSTEM, now=NOW)
    return at_home(make_factory())


@pytest.fixture
def lin(app: Flask) -> Actor:
    """Lin, whose right it is."""
    return make_person(LIN)


@pytest.fixture
def tan(app: Flask) -> Actor:
    """Tan, who operates the channel."""
    return replace(make_person(TAN), staff=(StaffGrant(Role.OPERATOR, Scope()),))


@pytest.fixture
def scarf(wei: Actor) -> Listing:
    """Goods on sale."""
    return make_listing(wei)
