"""A shopper sees how far a factory was checked, on its goods, its shop and its belt; of a reseller's maker nothing."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from kernel.clock import business_date
from kernel.db import session, transaction
from kernel.permissions import Actor, Role, Scope, StaffGrant
from onboarding.tiers.operations import record_inspection, withdraw_inspection
from onboarding.tiers.rules import FINDINGS, Seen, profile_mark
from onboarding.verification.models import Application
from onboarding.verification.operations import describe
from onboarding.verification.queries import told_by
from onboarding.verification.rules import Told
from tests.cast import HUA, NOW, TAN, Person
from tests.storefront.shop import Shop, make_person
from tests.support.statements import statements

TOLD = Told(founded=2009, people=86, capacity="1.2 万件", makes="羊绒衫")
LABELS = {"listed": "执照已核验", "verified": "资料已核验", "inspected": "已验厂"}
BADGE = re.compile(r'href="/tiers#(\w+)"')


def operator(person: Person) -> Actor:
    """Somebody who operates the whole channel."""
    return replace(make_person(person), staff=(StaffGrant(Role.OPERATOR, Scope()),))


def inspected(shop: Shop, *, back: int = 0) -> str:
    """Tan was at Wei's factory some days ago."""
    tan = operator(TAN)
    day = business_date(NOW) - timedelta(days=back)
    home = shop.wei.memberships[0]
    profile = profile_mark(told_by(home.organisation_id))
    seen = Seen(visited_on=day, found=dict.fromkeys(FINDINGS, True), pictures=("0" * 64,), profile=profile)
    return record_inspection(actor=tan, organisation=home.organisation, seen=seen, now=NOW).public_id


def badges(browser: FlaskClient, shop: Shop) -> set[str]:
    """The tiers that the pages of Wei's factory show."""
    goods = browser.get(f"/goods/{shop.listing.public_id}", follow_redirects=True).text
    home = re.findall(r'href="(/f/[^"/]+)"', goods)[0]
    found, belt = set(BADGE.findall(goods)), browser.get("/belts/qinghe-cashmere").text
    assert found == set(BADGE.findall(browser.get(home).text))
    [shown] = re.findall(r'data-tone="verified">.*?</svg>\s*(\w+)', belt, re.DOTALL)
    assert found == {tier for tier, label in LABELS.items() if label == shown}
    return found


def test_the_badge_climbs_and_falls_with_the_factory(browser: FlaskClient, shop: Shop) -> None:
    assert badges(browser, shop) == {"listed"}
    describe(actor=shop.wei, told=TOLD, now=NOW)
    assert badges(browser, shop) == {"verified"}
    visit = inspected(shop)
    assert badges(browser, shop) == {"inspected"}
    assert "验厂于" in browser.get("/belts/qinghe-cashmere").text
    withdraw_inspection(actor=operator(HUA), inspection=visit, reason="去错了厂", now=NOW)
    assert badges(browser, shop) == {"verified"}
    with transaction():
        session().execute(update(Application).values(checked_at=NOW - timedelta(days=183)))
    assert badges(browser, shop) == {"listed"}


def test_a_suspended_factory_shows_none(browser: FlaskClient, shop: Shop) -> None:
    with transaction():
        session().execute(update(Application).values(state="suspended", reason="有人投诉"))
    page = browser.get("/belts/qinghe-cashmere").text
    assert not any(label in page for label in LABELS.values())


def test_a_merchants_shop_says_nothing_of_it(browser: FlaskClient, shop: Shop, bo: Actor, resale: list[str]) -> None:
    describe(actor=shop.wei, told=TOLD, now=NOW)
    inspected(shop)
    home = re.findall(r'href="(/m/[^"/]+)"', browser.get("/factory-goods").text)
    for page in home:
        assert "/tiers#" not in browser.get(page).text


@pytest.mark.parametrize(("path", "most"), [("GOODS", 4), ("/belts/qinghe-cashmere", 4), ("/tiers", 0)])
def test_the_badge_costs_no_question(browser: FlaskClient, shop: Shop, path: str, most: int) -> None:
    inspected(shop)
    address = path.replace("GOODS", f"/goods/{shop.listing.public_id}")
    address = browser.get(address).headers.get("Location", address)
    browser.get(address)
    with statements() as asked:
        assert browser.get(address).status_code == 200
    assert len(asked) <= most, asked
