"""A merchant in the market."""

import pytest
from flask.testing import FlaskClient

from tests.storefront.resale import Desk
from tests.storefront.shop import Shop


@pytest.fixture
def desk(shop: Shop) -> Desk:
    """Bo, whom Wei supplies."""
    return Desk(shop)


@pytest.fixture
def market(desk: Desk) -> FlaskClient:
    """Bo's browser."""
    return desk.browser()
