"""The shop of the storefront's tests, in a town with people who mean no good."""

import pytest
from flask import Flask

from tests.attacks.town import Town
from tests.storefront.conftest import app

__all__ = ["app"]


@pytest.fixture
def town(app: Flask) -> Town:
    return Town(app)
