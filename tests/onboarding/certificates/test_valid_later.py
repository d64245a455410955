"""A certificate that begins to be valid on a day to come sells nothing before that day, and is said to do so."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask

from kernel.errors import DomainError
from kernel.permissions import SYSTEM, Actor
from onboarding.certificates.operations import confirm, revoke
from onboarding.certificates.queries import examined
from onboarding.listings import operations
from onboarding.listings.certified import needed, shown
from onboarding.listings.models import Listing
from onboarding.listings.tasks import let_begin
from tests.cast import NOW
from tests.onboarding.certificates.conftest import handed_in
from tests.onboarding.certificates.test_handing_in import case_of, publish, state_of, submit
from tests.support.certificates import LICENCE, confirmed_of
from tests.support.goods import signed_in

FIRST = date(2027, 1, 1)
LATER = replace(LICENCE, valid_from=FIRST)
THEN = NOW + timedelta(days=(FIRST - NOW.date()).days)


def test_goods_are_handed_in_and_wait_for_the_first_day(wei: Actor, tea: Listing) -> None:
    licence = handed_in(wei, LATER)
    submit(wei, tea)
    confirm(actor=SYSTEM, certificate=licence.public_id, now=NOW)
    with pytest.raises(DomainError, match="certificate_later"):
        publish(tea)
    [need] = needed(tea, today=NOW.date())
    assert (need.state, need.since, shown(tea, today=NOW.date())) == ("later", FIRST, [])
    operations.publish_listing(actor=SYSTEM, listing=tea.public_id, now=THEN)
    assert (state_of(tea), len(shown(tea, today=FIRST))) == ("published", 1)


def test_goods_off_sale_come_back_on_the_first_day(app: Flask, wei: Actor, tea: Listing) -> None:
    old, ports = confirmed_of(wei, replace(LICENCE, valid_until=date(2028, 1, 1))), app.extensions["ports"]
    submit(wei, tea)
    publish(tea)
    confirmed_of(wei, LATER)
    revoke(actor=SYSTEM, certificate=old.public_id, reason="编号查不到", now=NOW)
    for now, state in ((NOW, "lapsed"), (THEN, "published")):
        let_begin({}, ports=ports, now=now)
        assert state_of(tea) == state


def test_operator_and_owner_read_it(app: Flask, wei: Actor, tan: Actor) -> None:
    licence = handed_in(wei, LATER)
    assert "valid.later" in {one.code for one in examined(licence.public_id, today=NOW.date()).findings}
    desk = signed_in(app, tan)
    assert "有效期从 2027-01-01 才开始" in desk.get(f"/ops/cases/{case_of(licence)}").text
    assert "才开始，要用它的商品到那天才能卖" in signed_in(app, wei).get("/factory/certificates").text
