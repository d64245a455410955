"""The owner sees what of her goods waits, and the operator what changes; who has no business there sees nothing."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from kernel.permissions import SYSTEM, Actor
from onboarding.listings.changes import waiting_edit
from onboarding.listings.models import Listing
from onboarding.listings.operations import publish_listing
from onboarding.moderation.models import Case
from tests.cast import NOW, TAN, WEI, YU
from tests.onboarding.listings.forms import listing_form
from tests.onboarding.people import operator
from tests.support.goods import make_factory, make_listing, signed_in


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory(WEI)


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


@pytest.fixture
def scarf(wei: Actor, browser: FlaskClient) -> Listing:
    """On sale, renamed, and the new name waits."""
    listing = make_listing(wei, title="羊绒围巾", state="submitted")
    publish_listing(actor=SYSTEM, listing=listing.public_id, now=NOW)
    told = browser.post(place(listing), data=listing_form(listing, title="羊绒披肩"), follow_redirects=True)
    assert "期间照原来的样子卖" in told.text
    return listing


def place(listing: Listing) -> str:
    return f"/factory/listings/{listing.public_id}"


def test_her_form_goes_on_from_what_waits(browser: FlaskClient, scarf: Listing) -> None:
    shown = browser.get(place(scarf)).text
    assert 'value="羊绒披肩"' in shown
    assert "<del>围巾</del><ins>披肩</ins>" in shown


def test_saving_stock_leaves_what_waits(browser: FlaskClient, scarf: Listing) -> None:
    sku = scarf.skus[0].public_id
    browser.post(place(scarf), data=listing_form(scarf, title="羊绒披肩") | {f"stock_{sku}": "7"})
    assert waiting_edit(scarf.id).after == {"title": "羊绒披肩"}


def test_she_takes_it_back(browser: FlaskClient, scarf: Listing) -> None:
    shown = browser.post(f"{place(scarf)}/edit-withdrawal", follow_redirects=True).text
    assert "改动已撤回" in shown
    assert 'value="羊绒围巾"' in shown


def test_a_stranger_takes_nothing_back(app: Flask, scarf: Listing) -> None:
    assert signed_in(app, make_factory(YU)).post(f"{place(scarf)}/edit-withdrawal").status_code == 404
    assert waiting_edit(scarf.id) is not None


def test_an_operator_sees_what_changes_and_agrees(app: Flask, scarf: Listing) -> None:
    case = session().scalars(select(Case.public_id).where(Case.subject_type == "edit")).one()
    desk = signed_in(app, operator(TAN))
    shown = desk.get(f"/ops/cases/{case}").text
    assert ("<del>围巾</del><ins>披肩</ins>" in shown, "工厂还没有入驻" in shown) == (True, False)
    desk.post(f"/ops/cases/{case}/approval")
    session().expire_all()
    assert (scarf.title, scarf.state) == ("羊绒披肩", "published")


def test_what_was_refused_is_told_with_its_reason(app: Flask, browser: FlaskClient, scarf: Listing) -> None:
    case = session().scalars(select(Case.public_id).where(Case.subject_type == "edit")).one()
    signed_in(app, operator(TAN)).post(f"/ops/cases/{case}/refusal", data={"reason": "图片是围巾，不是披肩"})
    shown = browser.get(place(scarf)).text
    assert "图片是围巾，不是披肩" in shown
    assert 'value="羊绒围巾"' in shown


def test_what_waits_is_checked_as_it_is_to_be(app: Flask, browser: FlaskClient, scarf: Listing) -> None:
    browser.post(place(scarf), data=listing_form(scarf, title="耐克羊绒披肩"))
    case = session().scalars(select(Case.public_id).where(Case.subject_type == "edit", Case.state == "open")).one()
    assert "的商标" in signed_in(app, operator(TAN)).get(f"/ops/cases/{case}").text
