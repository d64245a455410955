"""A merchant reads the least that a factory lets her ask: in the market, on her shelf, in the text when goods stop."""

from dataclasses import replace

import pytest

from kernel import notify
from kernel.db import session
from kernel.work import drain
from onboarding.listings.models import Listing
from onboarding.listings.terms import set_terms, terms_as_they_are
from storefront.jobs import PLAN
from tests.cast import NOW
from tests.storefront.resale import Desk, flat
from tests.storefront.shop import Shop


@pytest.fixture
def desk(shop: Shop) -> Desk:
    """Wei's scarf at 50.00, resold by Bo with a markup of 30 %."""
    made = Desk(shop)
    made.picked()
    known = terms_as_they_are(session().get_one(Listing, made.scarf.id))
    told = replace(known, floor_price_fen=7_000)
    set_terms(actor=made.wei, listing=made.scarf.public_id, terms=told, now=NOW)
    return made


def test_the_floor_is_said_wherever_a_price_is_chosen(desk: Desk) -> None:
    browser = desk.browser()
    market = flat(browser.get(f"/supply/{desk.scarf.public_id}").text)
    assert "最低售价 ¥70.00" in market
    assert ("卖 ¥65" in market, "卖 ¥75" in market) == (False, True)
    assert "最低售价是 ¥70.00，这个价低于它" in flat(browser.get("/merchant/goods").text)
    drain(PLAN, ports=desk.shop.ports)
    assert any("（“代发羊绒围巾”是 ¥70.00）" in one.text for one in notify.latest())
