"""A picture goes where its goods go: taken down it is nowhere for strangers, and in no cache for long."""

import pytest
from flask import Flask
from sqlalchemy import update

from kernel.db import session, transaction
from kernel.permissions import SYSTEM, Actor
from onboarding.listings.measures import hold, lift
from onboarding.listings.models import Listing
from onboarding.listings.operations import archive_listing
from onboarding.listings.takedowns import restore, take_down
from onboarding.pictures import operations
from tests.cast import NOW, TAN, YU
from tests.onboarding.people import operator
from tests.support.goods import make_factory, signed_in
from tests.support.pictures import jpeg, made

WHY = {"reason_code": "picture", "told": "图片是别人的", "internal": ""}


@pytest.fixture
def address(app: Flask, wei: Actor, sold: Listing) -> str:
    """A picture that everybody sees."""
    found = made(app, wei, sold.public_id, jpeg()).address
    operations.show_waiting(actor=SYSTEM, listing=sold.public_id, now=NOW)
    return found


def seen(app: Flask, address: str, who: Actor | None = None) -> int:
    browser = signed_in(app, who) if who else app.test_client()
    return browser.get(address).status_code


def test_strangers_find_nothing_and_its_factory_and_operators_do(
    app: Flask, wei: Actor, tan: Actor, sold: Listing, address: str
) -> None:
    tag = app.test_client().get(address).headers["ETag"]
    take_down(actor=tan, listing=sold.public_id, **WHY, now=NOW)
    assert [seen(app, address, who) for who in (None, make_factory(YU), wei, tan)] == [404, 404, 200, 200]
    again = app.test_client().get(address, headers={"If-None-Match": tag})
    assert (again.status_code, "public" in again.headers.get("Cache-Control", "")) == (404, False)
    assert "public" not in signed_in(app, wei).get(address).headers["Cache-Control"]
    restore(actor=tan, listing=sold.public_id, note="", now=NOW)
    assert seen(app, address) == 200


def test_a_notice_hides_it_too(app: Flask, tan: Actor, sold: Listing, address: str) -> None:
    with transaction():
        hold(actor=tan, listings=[sold.public_id], cause="ntc_any", now=NOW)
    assert seen(app, address) == 404
    with transaction():
        lift(cause="ntc_any", now=NOW)
    assert seen(app, address) == 200


@pytest.mark.parametrize("state", ["submitted", "refused", "archived"])
def test_goods_that_were_not_on_sale_since_stay_out_of_sight(
    app: Flask, wei: Actor, sold: Listing, address: str, state: str
) -> None:
    down = take_down(actor=operator(TAN), listing=sold.public_id, **WHY, now=NOW)
    with transaction():
        down = session().merge(down)
        down.ending, down.ended_at = "archived" if state == "archived" else "submitted", NOW
        reason = "不行" if state == "refused" else ""
        session().execute(update(Listing).where(Listing.id == sold.id).values(state=state, reason=reason))
    assert (seen(app, address), seen(app, address, wei)) == (404, 200)


def test_goods_that_their_factory_gave_up_are_still_seen_in_orders(
    app: Flask, wei: Actor, sold: Listing, address: str
) -> None:
    archive_listing(actor=wei, listing=sold.public_id, now=NOW)
    assert seen(app, address) == 200
