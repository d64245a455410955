"""Goods that lost their certificate are not paid for, however that came about and whatever became of them since."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from commission.ledger.queries import verify
from commission.payments.sandbox import FaultPlan
from commission.payments.tasks import resolve_unknown
from kernel.db import session, transaction
from kernel.permissions import SYSTEM
from onboarding.certificates.models import Certificate
from onboarding.certificates.operations import revoke, run_out
from onboarding.listings.models import Listing
from onboarding.listings.operations import archive_listing
from onboarding.moderation.operations import suspend_factory
from tests.cast import NOW, TAN
from tests.onboarding.people import operator
from tests.storefront.orders.test_taken_down import PAYS, booked, reasons
from tests.storefront.shop import Shop, later
from tests.support.certificates import LICENCE, confirmed_of
from tests.support.goods import stock_of
from tests.support.statements import statements

DAY = timedelta(days=1)


@pytest.fixture
def licence(shop: Shop) -> Certificate:
    """The food licence without which the shop's goods are not sold."""
    held = confirmed_of(shop.wei)
    with transaction():
        session().execute(update(Listing).where(Listing.id == shop.listing.id).values(needs="sc"))
    return held


def revoked(licence: Certificate) -> None:
    revoke(actor=operator(TAN), certificate=licence.public_id, reason="编号查不到", now=NOW)


def test_paying_after_a_revocation_charges_nothing_and_cancels(
    shop: Shop, browser: FlaskClient, licence: Certificate
) -> None:
    payment = shop.order({shop.offers[0]: 3})
    assert "sandbox_pays" in browser.get(f"/pay/{payment}").text
    revoked(licence)
    shown = browser.get(f"/pay/{payment}").text
    assert ("停售了，这一单不能付款" in shown, "sandbox_pays" in shown) == (True, False)
    assert "刚被平台下架或停售" in browser.post(f"/pay/{payment}", data=PAYS, follow_redirects=True).text
    assert (shop.rail.charges(), reasons(), stock_of(shop.skus[0])) == ([], ["taken_down"], (10, 0))


def ran_out(licence: Certificate, shop: Shop) -> None:
    with transaction():
        session().execute(update(Certificate).values(valid_until=NOW.date() - DAY))


def given_up(licence: Certificate, shop: Shop) -> None:
    revoked(licence)
    archive_listing(actor=shop.wei, listing=shop.listing.public_id, now=NOW)


def cleared(licence: Certificate, shop: Shop) -> None:
    ran_out(licence, shop)
    run_out(actor=SYSTEM, now=NOW)


@pytest.mark.parametrize("end", [ran_out, given_up, cleared])
def test_neither_the_hour_of_the_clock_nor_its_factory_helps(
    shop: Shop, browser: FlaskClient, licence: Certificate, end: Callable[[Certificate, Shop], None]
) -> None:
    payment = shop.order({shop.offers[0]: 1})
    end(licence, shop)
    browser.post(f"/pay/{payment}", data=PAYS)
    assert (shop.rail.charges(), reasons()) == ([], ["taken_down"])


def test_another_licence_serves_as_well(shop: Shop, browser: FlaskClient, licence: Certificate) -> None:
    payment = shop.order({shop.offers[0]: 1})
    confirmed_of(shop.wei, replace(LICENCE, valid_until=date(2030, 1, 1)))
    revoked(licence)
    browser.post(f"/pay/{payment}", data=PAYS)
    assert (shop.states(payment), verify().ok) == (["paid"], True)


@pytest.mark.parametrize("why", ["revoked", "suspended"])
def test_money_on_its_way_comes_back(shop: Shop, licence: Certificate, why: str) -> None:
    payment = shop.order({shop.offers[0]: 10})
    shop.rail.faults = FaultPlan({"charge": ["after_commit_drop"], "query": ["before"] * 3})
    assert shop.pay(payment) == "unknown"
    if why == "revoked":
        revoked(licence)
    else:
        factory = shop.wei.memberships[0].organisation
        suspend_factory(actor=operator(TAN), organisation=factory, reason="执照被吊销", now=NOW)
    shop.rail.faults = FaultPlan()
    resolve_unknown({}, ports=shop.ports, now=later(minutes=1))
    assert (reasons(), stock_of(shop.skus[0]), booked()) == (["returned"], (10, 0), (["payment.unallocated"], []))


def test_paying_asks_no_more_questions_of_certified_goods(
    shop: Shop, browser: FlaskClient, licence: Certificate
) -> None:
    payment = shop.order({shop.offers[0]: 1})
    with statements() as asked:
        browser.post(f"/pay/{payment}", data=PAYS)
    assert (shop.states(payment), licence.state) == (["paid"], "confirmed")
    assert len(asked) <= 41, asked
