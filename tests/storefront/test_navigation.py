"""What stands in the console's navigation: of the desk one is at, what one may open."""

import pytest

from kernel.db import session, transaction
from kernel.permissions import ANONYMOUS, Actor, Membership, Role, Scope, StaffGrant
from onboarding.admissions.operations import ask as ask_admission
from onboarding.tiers.models import InspectionRequest
from storefront.after_sales.operations import ask_refund
from storefront.navigation import console_nav, console_places
from storefront.orders.queries import order_of
from tests.cast import NOW
from tests.storefront.shop import Shop
from tests.support.goods import make_listing
from tests.support.statements import statements

HERE, ELSEWHERE = Scope("belt", "qinghe-cashmere"), Scope("belt", "danyang-glasses")
FACTORY = ["/factory", "/factory/orders", "/factory/sheets", "/factory/listings"]
FACTORY += ["/factory/refunds", "/factory/merchants"]
MERCHANT = ["/merchant", "/merchant/orders", "/supply", "/merchant/goods", "/merchant/refunds"]
OWNERS = {
    kind: [f"/{kind}/{place}" for place in ("statement", "payout-account", "team")] for kind in ("factory", "merchant")
}


def member(*places: tuple[str, Role]) -> Actor:
    houses = (Membership(key, f"org_{key}", "家", kind, role) for key, (kind, role) in enumerate(places))
    return Actor(user_id=1, memberships=tuple(houses))


def shown(actor: Actor, path: str) -> list[str]:
    return [url for _permission, url, _label, _key in console_places(actor, path)]


@pytest.mark.parametrize(
    ("kind", "path", "places"),
    [("factory", "/factory/orders", FACTORY), ("merchant", "/merchant", MERCHANT), ("merchant", "/supply/x", MERCHANT)],
)
def test_an_owner_sees_the_statement_and_a_clerk_does_not(kind: str, path: str, places: list[str]) -> None:
    assert shown(member((kind, Role.OWNER)), path) == [*places, *OWNERS[kind]]
    assert shown(member((kind, Role.CLERK)), path) == places


def test_who_is_both_sees_the_desk_she_is_at() -> None:
    wei = member(("factory", Role.OWNER), ("merchant", Role.CLERK))
    assert shown(wei, "/factory") == [*FACTORY, *OWNERS["factory"]]
    assert shown(wei, "/merchant/goods") == MERCHANT


@pytest.mark.parametrize("path", ["/assist", "/factory", "/merchant", "/supply", "/ops", "/finance", "/"])
@pytest.mark.parametrize("actor", [ANONYMOUS, Actor(user_id=1, roles=frozenset({Role.SHOPPER}))])
def test_who_works_nowhere_sees_nothing(actor: Actor, path: str) -> None:
    assert shown(actor, path) == []


def test_of_another_desk_nothing_is_shown() -> None:
    assert shown(member(("merchant", Role.OWNER)), "/factory/orders") == []
    assert shown(member(("factory", Role.OWNER)), "/supply") == []


@pytest.mark.parametrize(
    ("role", "urls"),
    [
        (Role.OPERATOR, ["/ops", "/ops/goods", "/ops/factories", "/ops/searches", "/ops/work", "/ops/audit"]),
        (Role.HELPER, ["/assist"]),
        (Role.FINANCE, ["/finance", "/finance/parties", "/finance/payouts", "/finance/entries"]),
    ],
)
def test_staff_see_their_desks(role: Role, urls: list[str]) -> None:
    assert shown(Actor(user_id=1, staff=(StaffGrant(role, Scope()),)), urls[0]) == urls


def waits(actor: Actor, path: str) -> dict[str, int]:
    with statements() as asked:
        places = console_nav(actor, path)
    assert len(asked) == 1, asked
    return {key: count for _url, _label, key, count in places if count}


def test_what_waits_is_counted_beside_its_place(shop: Shop) -> None:
    assert waits(shop.wei, "/factory") == {}
    bo = shop.merchant()
    ask_admission(actor=bo, factory=shop.wei.memberships[0].organisation, words="", now=NOW)
    make_listing(shop.wei, state="refused")
    [order, *_] = [order for _ in range(3) for order in shop.bought({shop.offers[0]: 1})]
    [line] = order_of(shop.buyer, order).lines
    ask_refund(actor=shop.buyer, order=order, pieces={line.id: 1}, why="unwanted", words="", now=NOW)
    assert waits(shop.wei, "/factory/orders") == {"orders": 3, "listings": 1, "after-sales": 1, "merchants": 1}
    assert waits(bo, "/merchant") == {}


def test_an_operator_is_reminded_of_visits_on_her_desk(shop: Shop) -> None:
    place = shop.wei.memberships[0].organisation_id
    wish = {"public_id": "vis_1", "organisation_id": place, "asked_by": shop.wei.user_id, "asked_at": NOW}
    with transaction():
        session().add(InspectionRequest(**wish, state="open", ended_at=None))
    desks = {scope: Actor(user_id=1, staff=(StaffGrant(Role.OPERATOR, scope),)) for scope in (Scope(), HERE, ELSEWHERE)}
    assert [waits(actor, "/ops") for actor in desks.values()] == [{"factories": 1}, {"factories": 1}, {}]


def test_a_merchant_is_reminded_of_her_own_alone(shop: Shop) -> None:
    bo = shop.merchant()
    [order] = shop.bought({shop.resell(bo, shop.listing)[0]: 1})
    [line] = order_of(shop.buyer, order).lines
    ask_refund(actor=shop.buyer, order=order, pieces={line.id: 1}, why="unwanted", words="", now=NOW)
    assert waits(bo, "/supply") == {"after-sales": 1}
    assert waits(shop.wei, "/factory") == {"orders": 1}
