"""The category of goods as their factory chooses it, and what is asked of them."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from kernel.db import session, transaction
from kernel.permissions import Actor
from onboarding.listings.models import Listing
from tests.onboarding.listings.forms import listing_form
from tests.support.goods import make_factory, make_listing, signed_in


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory()


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


def test_only_what_matters_about_its_category_is_asked(browser: FlaskClient, wei: Actor) -> None:
    listing = make_listing(wei, state="draft")
    place = f"/factory/listings/{listing.public_id}"
    shown = browser.get(place).text
    assert 'name="attribute_season"' in shown
    assert 'name="attribute_wattage"' not in shown
    assert browser.post(place, data=listing_form(listing, category="灯具/台灯")).status_code == 303
    shown = browser.get(f"{place}?lang=en").text
    assert 'name="attribute_season"' not in shown
    assert re.search(r'<option value="灯具/台灯" selected[^>]*>Table lamps', shown)
    form = listing_form(listing, category="灯具/台灯", attribute_wattage="12", attribute_power_supply="USB")
    assert browser.post(place, data=form).status_code == 303
    session().expire_all()
    assert listing.attributes == {"材质": "羊绒", "功率": "12W", "供电方式": "USB"}
    assert "Power supply" in browser.get(f"{place}?lang=en").text


def test_a_category_is_of_the_tree_or_the_one_it_had(browser: FlaskClient, wei: Actor) -> None:
    listing = make_listing(wei, state="draft")
    place = f"/factory/listings/{listing.public_id}"
    shown = browser.post(place, data=listing_form(listing, category="大件"))
    assert (shown.status_code, "请从类目表里选一个" in shown.text) == (422, True)
    with transaction():
        session().execute(update(Listing).values(category="大件"))
    session().expire_all()
    assert browser.post(place, data=listing_form(listing, title="大围巾")).status_code == 303
