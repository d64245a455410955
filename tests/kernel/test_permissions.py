"""What a person may do in an organisation: complete, in order, each permission asked for somewhere."""

import ast
import re
from itertools import pairwise

import pytest

from kernel.errors import NotFoundError
from kernel.permissions import MEMBER_PERMISSIONS, ROLE_PERMISSIONS, Actor, Membership, Permission, Role
from tests.support.laws.places import ROOT, files

KINDS, ROLES = ("factory", "merchant"), (Role.CLERK, Role.OWNER)
SHARED = {"seller:organisation:edit", "seller:papers:edit", "seller:refunds:decide"}
HELPER = MEMBER_PERMISSIONS["factory", Role.HELPER]
SPOKEN = re.compile(r"\bPermission\.([A-Z_]+)")


def spoken() -> set[str]:
    """Permissions that code outside the list itself asks for."""
    here = ROOT / "kernel" / "permissions.py"
    return {name for path in files(ROOT, ".py") if path != here for name in SPOKEN.findall(path.read_text("utf-8"))}


def test_every_kind_and_role_is_thought_about_and_an_owner_may_what_a_clerk_may() -> None:
    assert set(MEMBER_PERMISSIONS) == {(kind, role) for kind in KINDS for role in ROLES} | {("factory", Role.HELPER)}
    for kind in KINDS:
        assert MEMBER_PERMISSIONS[kind, Role.CLERK] < MEMBER_PERMISSIONS[kind, Role.OWNER]


def test_factory_and_merchant_share_no_desk() -> None:
    factory, merchant = (MEMBER_PERMISSIONS[kind, Role.OWNER] for kind in KINDS)
    assert factory & merchant == SHARED
    assert {permission.split(":")[0] for permission in factory - merchant} == {"factory", "listing"}
    assert {permission.split(":")[0] for permission in merchant - factory} == {"merchant", "supply"}


def test_a_helper_prepares_what_an_owner_may_and_sees_neither_money_nor_people() -> None:
    own = {"assist:owners:help", "joining:way:use"}
    assert HELPER - own < MEMBER_PERMISSIONS["factory", Role.OWNER]
    assert own | {"listing:goods:edit", "listing:goods:view", "seller:papers:edit"} == HELPER
    assert ROLE_PERMISSIONS[Role.HELPER] == {"assist:owners:help"}


def test_every_permission_is_asked_for_somewhere() -> None:
    assert set(Permission.__members__) <= spoken()


def test_only_the_system_may_what_no_role_is_granted() -> None:
    roles = [granted for role, granted in ROLE_PERMISSIONS.items() if role is not Role.SYSTEM]
    granted = set().union(*MEMBER_PERMISSIONS.values(), *roles)
    assert set(Permission) - granted == {Permission.ACCOUNT_PEOPLE_MANAGE, Permission.SYSTEM_WORK_RUN}


def test_every_set_of_permissions_is_in_order() -> None:
    tree = ast.parse((ROOT / "kernel" / "permissions.py").read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Set) and all(isinstance(element, ast.Attribute) for element in node.elts):
            names = [ast.unparse(element) for element in node.elts]
            assert all(one < other for one, other in pairwise(names)), names


def test_somebody_elses_organisation_comes_after_ones_own() -> None:
    clerk = Membership(1, "mer_a", "甲店", "merchant", Role.CLERK)
    factory = Membership(2, "fac_b", "乙厂", "factory", Role.OWNER)
    own = Membership(3, "mer_c", "丙店", "merchant", Role.OWNER)
    actor = Actor(user_id=1, memberships=(clerk, factory, own))
    assert actor.membership(Permission.MERCHANT_GOODS_VIEW) is own
    assert actor.membership(Permission.FACTORY_STATEMENT_VIEW) is factory
    assert Actor(user_id=1, memberships=(clerk, factory)).membership(Permission.MERCHANT_GOODS_VIEW) is clerk


def test_a_kind_or_role_nobody_thought_about_may_nothing() -> None:
    strange = Membership(1, "org_x", "新", "carrier", Role.OWNER)
    actor = Actor(user_id=1, memberships=(strange,))
    assert strange.permissions == frozenset()
    assert not any(actor.holds(permission) for permission in Permission)
    with pytest.raises(NotFoundError):
        actor.membership(Permission.SELLER_ORGANISATION_EDIT)
