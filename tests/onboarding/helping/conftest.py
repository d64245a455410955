"""A helper of the Danyang glasses association, and belts to be sent to."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel.permissions import SYSTEM
from onboarding.belts.operations import load_belts
from tests.cast import MEI, WEI
from tests.onboarding.helping.desk import helps, send
from tests.onboarding.people import noon, sign_in, wait


@pytest.fixture(autouse=True)
def _belts(app: Flask) -> None:
    load_belts(actor=SYSTEM, now=noon())
    send(MEI)


@pytest.fixture
def mei(app: Flask) -> FlaskClient:
    """The helper's browser, before she helps anybody."""
    browser = app.test_client()
    sign_in(browser, MEI)
    return browser


@pytest.fixture
def helping(app: Flask, mei: FlaskClient) -> FlaskClient:
    """The helper's browser with Wei's matters in hand; the next code may be asked for."""
    helps(mei, WEI)
    wait(app, seconds=31)
    return mei
