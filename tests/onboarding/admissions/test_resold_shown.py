"""A factory says, listing by listing, whether what merchants resell may show in the channel."""

from flask import Flask
from sqlalchemy import select

from kernel.db import session
from onboarding.listings.models import WayOfSelling
from tests.onboarding.listings.test_meanwhile import fields
from tests.onboarding.offers.resellers import Trade
from tests.support.goods import signed_in


def shown(listing: int) -> bool:
    ways = select(WayOfSelling.resold_shown).where(WayOfSelling.listing_id == listing, WayOfSelling.way == "supply")
    return session().scalars(ways).one()


def test_copies_show_unless_the_factory_says_no(app: Flask) -> None:
    trade = Trade()
    listing = trade.goods()
    browser, place = signed_in(app, trade.wei), f"/factory/listings/{listing.public_id}/terms"
    told = fields(browser.get(place).text, place)
    assert (told["resold_shown"], shown(listing.id)) == ("yes", True)
    assert browser.post(place, data=told | {"resold_shown": "no"}).status_code == 303
    assert not shown(listing.id)
    assert fields(browser.get(place).text, place)["resold_shown"] == "no"


def test_what_is_no_answer_changes_nothing(app: Flask) -> None:
    trade = Trade()
    listing = trade.goods()
    browser, place = signed_in(app, trade.wei), f"/factory/listings/{listing.public_id}/terms"
    told = fields(browser.get(place).text, place)
    assert browser.post(place, data=told | {"resold_shown": "perhaps"}).status_code == 422
    assert browser.post(place, data=told | {"resold_shown": "no"}).status_code == 303
    silent = {name: value for name, value in fields(browser.get(place).text, place).items() if name != "resold_shown"}
    assert browser.post(place, data=silent).status_code == 303
    assert not shown(listing.id)
