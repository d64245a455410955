"""A page that was opened before another one saved does not undo it without a word."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from kernel.permissions import Actor
from onboarding.listings.changes import waiting_edit
from onboarding.listings.models import Listing, Sku
from tests.support.goods import make_factory, make_listing, signed_in


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory()


@pytest.fixture
def listing(wei: Actor) -> Listing:
    return make_listing(wei)


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


def opened(browser: FlaskClient, place: str, action: str = "") -> dict[str, str]:
    """The fields of the form at a place, as a page shows them."""
    return fields(browser.get(place).text, action or place)


def fields(page: str, action: str) -> dict[str, str]:
    text = re.search(rf'<form[^>]*action="{action}"[^>]*>(.*?)</form>', page, re.DOTALL)
    assert text
    form = {}
    for tag in re.findall(r"<input[^>]*>", text[1]):
        said = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if said.get("type") not in {"radio", "checkbox"} or re.search(r"\schecked", tag):
            form[said["name"]] = unescape(said.get("value", ""))
    for name, inner in re.findall(r'<select[^>]*name="(\w+)"(.*?)</select>', text[1], re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)"\s+selected', inner)
        chosen += re.findall(r'<option value="([^"]*)"', inner)
        form[name] = unescape(next(iter(chosen), ""))
    for name, inner in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>(.*?)</textarea>', text[1], re.DOTALL):
        form[name] = unescape(inner)
    return form


def asked(listing: Listing) -> dict[str, object]:
    session().rollback()
    edit = waiting_edit(listing.id)
    return dict(edit.after) if edit else {}


def kept() -> tuple[int | None, int]:
    session().rollback()
    weight, least = session().execute(select(Listing.weight_grams, Listing.low_stock)).one()
    return weight, least


def test_terms_of_two_pages_are_both_kept(browser: FlaskClient, listing: Listing) -> None:
    place = f"/factory/listings/{listing.public_id}/terms"
    one, other = opened(browser, place), opened(browser, place)
    assert browser.post(place, data=one | {"weight_grams": "120"}).status_code == 303
    assert browser.post(place, data=other | {"low_stock": "9"}).status_code == 303
    assert kept() == (120, 9)


def test_terms_changed_on_both_pages_are_asked_about(browser: FlaskClient, listing: Listing) -> None:
    place = f"/factory/listings/{listing.public_id}/terms"
    one, other = opened(browser, place), opened(browser, place)
    browser.post(place, data=one | {"weight_grams": "120"})
    refused = browser.post(place, data=other | {"weight_grams": "90", "low_stock": "9"})
    assert refused.status_code == 422
    assert "刚刚在别的页面改成了“120”" in refused.text
    assert kept()[0] == 120
    shown = re.search(r'name="shown"\s+value="([^"]*)"', refused.text)
    assert shown
    assert browser.post(place, data=other | {"weight_grams": "90", "shown": shown[1]}).status_code == 303
    assert kept()[0] == 90


def test_what_waits_keeps_the_fields_that_another_page_left_alone(browser: FlaskClient, listing: Listing) -> None:
    place = f"/factory/listings/{listing.public_id}"
    one, other = opened(browser, place), opened(browser, place)
    assert browser.post(place, data=one | {"title": "羊绒围巾 新款"}).status_code == 303
    assert browser.post(place, data=other | {"description": "软"}).status_code == 303
    assert asked(listing) == {"title": "羊绒围巾 新款", "description": "软"}


def test_a_name_changed_on_both_pages_is_asked_about(browser: FlaskClient, listing: Listing) -> None:
    place = f"/factory/listings/{listing.public_id}"
    one, other = opened(browser, place), opened(browser, place)
    browser.post(place, data=one | {"title": "羊绒围巾 新款"})
    refused = browser.post(place, data=other | {"title": "羊绒围巾 宽款"})
    assert refused.status_code == 422
    assert "改成了“羊绒围巾 新款”" in refused.text
    assert "羊绒围巾 宽款" in refused.text
    assert asked(listing) == {"title": "羊绒围巾 新款"}


def values(listing: Listing) -> list[str]:
    session().rollback()
    found = session().scalars(select(Sku).where(Sku.listing_id == listing.id, ~Sku.off).order_by(Sku.id))
    return [one.options["颜色"] for one in found]


def test_variants_that_came_meanwhile_are_looked_at_before_they_go(browser: FlaskClient, listing: Listing) -> None:
    place = f"/factory/listings/{listing.public_id}"
    one, other = (opened(browser, f"{place}/variants", f"{place}/options") for _tab in range(2))
    assert browser.post(f"{place}/options", data=one | {"paste_0": "红"}).status_code == 303
    refused = browser.post(f"{place}/options", data=other | {"value_0_0": "浅灰", "agreed": "9"})
    assert refused.status_code == 422
    assert "又加了：红" in refused.text
    assert len(values(listing)) == 2
    again = fields(refused.text, f"{place}/options")
    assert [again[name] for name in ("value_0_0", "value_0_1", "agreed")] == ["浅灰", "红", "0"]
    assert browser.post(f"{place}/options", data=again).status_code == 303
    assert len(values(listing)) == 2
