"""What stands in the console's navigation: of the desk one is at, what one may open."""

import pytest

from kernel.permissions import ANONYMOUS, Actor, Membership, Role, Scope, StaffGrant
from storefront.navigation import console_nav

FACTORY = ["/factory", "/factory/orders", "/factory/sheets", "/factory/listings"]
FACTORY += ["/factory/refunds", "/factory/merchants"]
MERCHANT = ["/merchant", "/merchant/orders", "/supply", "/merchant/goods", "/merchant/refunds"]
STATEMENTS = {"factory": "/factory/statement", "merchant": "/merchant/statement"}


def member(*places: tuple[str, Role]) -> Actor:
    houses = (Membership(key, f"org_{key}", "家", kind, role) for key, (kind, role) in enumerate(places))
    return Actor(user_id=1, memberships=tuple(houses))


def shown(actor: Actor, path: str) -> list[str]:
    return [url for url, _label, _key, _count in console_nav(actor, path)]


@pytest.mark.parametrize(
    ("kind", "path", "places"),
    [("factory", "/factory/orders", FACTORY), ("merchant", "/merchant", MERCHANT), ("merchant", "/supply/x", MERCHANT)],
)
def test_an_owner_sees_the_statement_and_a_clerk_does_not(kind: str, path: str, places: list[str]) -> None:
    assert shown(member((kind, Role.OWNER)), path) == [*places, STATEMENTS[kind]]
    assert shown(member((kind, Role.CLERK)), path) == places


def test_who_is_both_sees_the_desk_she_is_at() -> None:
    wei = member(("factory", Role.OWNER), ("merchant", Role.CLERK))
    assert shown(wei, "/factory") == [*FACTORY, STATEMENTS["factory"]]
    assert shown(wei, "/merchant/goods") == MERCHANT


@pytest.mark.parametrize("path", ["/factory", "/merchant", "/supply", "/ops", "/finance", "/"])
@pytest.mark.parametrize("actor", [ANONYMOUS, Actor(user_id=1, roles=frozenset({Role.SHOPPER}))])
def test_who_works_nowhere_sees_nothing(actor: Actor, path: str) -> None:
    assert shown(actor, path) == []


def test_of_another_desk_nothing_is_shown() -> None:
    assert shown(member(("merchant", Role.OWNER)), "/factory/orders") == []
    assert shown(member(("factory", Role.OWNER)), "/supply") == []


@pytest.mark.parametrize(
    ("role", "urls"),
    [(Role.OPERATOR, ["/ops", "/ops/work", "/ops/audit"]), (Role.FINANCE, ["/finance"])],
)
def test_staff_see_their_desks(role: Role, urls: list[str]) -> None:
    assert shown(Actor(user_id=1, staff=(StaffGrant(role, Scope()),)), urls[0]) == urls
