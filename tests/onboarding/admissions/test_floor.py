"""A factory hears whom a new floor pauses before it holds, and after."""

from flask import Flask

from tests.onboarding.listings.test_meanwhile import fields
from tests.onboarding.offers.resellers import Trade, resale
from tests.support.goods import signed_in


def test_a_floor_that_pauses_merchants_is_asked_about_first(app: Flask) -> None:
    trade = Trade()
    listing = trade.goods()
    trade.pick_up(listing)
    browser, place = signed_in(app, trade.wei), f"/factory/listings/{listing.public_id}/terms"
    asked = browser.post(place, data=fields(browser.get(place).text, place) | {"floor": "89"})
    assert (asked.status_code, "有 1 家商家卖得比这低" in asked.text) == (422, True)
    assert resale(listing)[0][2] == "on"
    done = browser.post(place, data=fields(asked.text, place), follow_redirects=True)
    assert "1 家商家卖得低于最低售价，已暂停" in done.text
    assert resale(listing)[0][2:] == ("held", "below_floor")


def test_another_floor_than_the_one_agreed_to_is_asked_about_again(app: Flask) -> None:
    trade = Trade()
    listing = trade.goods()
    trade.pick_up(listing)
    browser, place = signed_in(app, trade.wei), f"/factory/listings/{listing.public_id}/terms"
    asked = browser.post(place, data=fields(browser.get(place).text, place) | {"floor": "89"})
    again = fields(asked.text, place) | {"floor": "99"}
    assert browser.post(place, data=again).status_code == 422
    assert browser.post(place, data=fields(browser.get(place).text, place) | {"floor": "10"}).status_code == 303
