"""Who may do what: one alphabetical list of permissions, roles as sets of them, the actor who carries roles."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from kernel.errors import ForbiddenError, NotFoundError

if TYPE_CHECKING:
    from datetime import datetime


class Permission(StrEnum):
    """`area:resource:action`, alphabetical."""

    ACCOUNT_PEOPLE_MANAGE = "account:people:manage"
    ACCOUNT_SELF_USE = "account:self:use"
    ASSIST_OWNERS_HELP = "assist:owners:help"
    DESK_FILTERS_KEEP = "desk:filters:keep"
    FACTORY_MERCHANTS_ADMIT = "factory:merchants:admit"
    FACTORY_MERCHANTS_VIEW = "factory:merchants:view"
    FACTORY_ORDERS_SHIP = "factory:orders:ship"
    FACTORY_ORDERS_VIEW = "factory:orders:view"
    FACTORY_STATEMENT_VIEW = "factory:statement:view"
    FINANCE_BOOKS_VIEW = "finance:books:view"
    FINANCE_PAYOUTS_RUN = "finance:payouts:run"
    JOINING_WAY_USE = "joining:way:use"
    LISTING_GOODS_EDIT = "listing:goods:edit"
    LISTING_GOODS_VIEW = "listing:goods:view"
    LISTING_SALE_CHANGE = "listing:sale:change"
    MERCHANT_GOODS_EDIT = "merchant:goods:edit"
    MERCHANT_GOODS_VIEW = "merchant:goods:view"
    MERCHANT_ORDERS_VIEW = "merchant:orders:view"
    MERCHANT_STATEMENT_VIEW = "merchant:statement:view"
    OPS_AUDIT_VIEW = "ops:audit:view"
    OPS_CASES_DECIDE = "ops:cases:decide"
    OPS_CASES_VIEW = "ops:cases:view"
    OPS_JOBS_RETRY = "ops:jobs:retry"
    OPS_JOBS_VIEW = "ops:jobs:view"
    OPS_SEARCHES_VIEW = "ops:searches:view"
    ORDER_OWN_BUY = "order:own:buy"
    SELLER_ORGANISATION_EDIT = "seller:organisation:edit"
    SELLER_PAPERS_EDIT = "seller:papers:edit"
    SELLER_REFUNDS_DECIDE = "seller:refunds:decide"
    SUPPLY_MARKET_VIEW = "supply:market:view"
    SYSTEM_WORK_RUN = "system:work:run"


class Role(StrEnum):
    """What a person is: in an organisation, on the staff, or as herself."""

    SHOPPER = "shopper"
    OWNER = "owner"
    CLERK = "clerk"
    HELPER = "helper"
    OPERATOR = "operator"
    FINANCE = "finance"
    SYSTEM = "system"


_FACTORY_CLERK = frozenset(
    {
        Permission.FACTORY_MERCHANTS_VIEW,
        Permission.FACTORY_ORDERS_SHIP,
        Permission.FACTORY_ORDERS_VIEW,
        Permission.LISTING_GOODS_EDIT,
        Permission.LISTING_GOODS_VIEW,
        Permission.LISTING_SALE_CHANGE,
        Permission.SELLER_REFUNDS_DECIDE,
    },
)
_MERCHANT_CLERK = frozenset(
    {
        Permission.MERCHANT_GOODS_EDIT,
        Permission.MERCHANT_GOODS_VIEW,
        Permission.MERCHANT_ORDERS_VIEW,
        Permission.SELLER_REFUNDS_DECIDE,
        Permission.SUPPLY_MARKET_VIEW,
    },
)
MEMBER_PERMISSIONS: dict[tuple[str, Role], frozenset[Permission]] = {
    ("factory", Role.CLERK): _FACTORY_CLERK,
    ("factory", Role.OWNER): _FACTORY_CLERK
    | {
        Permission.FACTORY_MERCHANTS_ADMIT,
        Permission.FACTORY_STATEMENT_VIEW,
        Permission.SELLER_ORGANISATION_EDIT,
        Permission.SELLER_PAPERS_EDIT,
    },
    # What a helper prepares is not yet on sale, and shows her neither money nor buyers nor people.
    ("factory", Role.HELPER): frozenset(
        {
            Permission.ASSIST_OWNERS_HELP,
            Permission.JOINING_WAY_USE,
            Permission.LISTING_GOODS_EDIT,
            Permission.LISTING_GOODS_VIEW,
            Permission.SELLER_PAPERS_EDIT,
        },
    ),
    ("merchant", Role.CLERK): _MERCHANT_CLERK,
    ("merchant", Role.OWNER): _MERCHANT_CLERK
    | {Permission.MERCHANT_STATEMENT_VIEW, Permission.SELLER_ORGANISATION_EDIT, Permission.SELLER_PAPERS_EDIT},
}
"""What a person may do in an organisation, by its kind and her role there."""
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.SHOPPER: frozenset({Permission.ACCOUNT_SELF_USE, Permission.JOINING_WAY_USE, Permission.ORDER_OWN_BUY}),
    Role.HELPER: frozenset({Permission.ASSIST_OWNERS_HELP}),
    Role.OPERATOR: frozenset(
        {
            Permission.DESK_FILTERS_KEEP,
            Permission.OPS_AUDIT_VIEW,
            Permission.OPS_CASES_DECIDE,
            Permission.OPS_CASES_VIEW,
            Permission.OPS_JOBS_RETRY,
            Permission.OPS_JOBS_VIEW,
            Permission.OPS_SEARCHES_VIEW,
        },
    ),
    Role.FINANCE: frozenset(
        {Permission.DESK_FILTERS_KEEP, Permission.FINANCE_BOOKS_VIEW, Permission.FINANCE_PAYOUTS_RUN},
    ),
    Role.SYSTEM: frozenset(Permission),
}


@dataclass(frozen=True, slots=True)
class Membership:
    """A person's role in one organisation; of one that is left only the records are hers to see."""

    organisation_id: int
    organisation: str
    name: str
    kind: str
    role: Role
    is_left: bool = False

    @property
    def permissions(self) -> frozenset[Permission]:
        """What she may do there; nothing for a kind and role that nobody has thought about."""
        return MEMBER_PERMISSIONS.get((self.kind, self.role), frozenset())


@dataclass(frozen=True, slots=True)
class Scope:
    """How far a staff role reaches: the `channel`, a `region` (province) or a `belt` (slug)."""

    kind: str = "channel"
    value: str = ""

    def covers(self, *, region: str = "", belt: str = "") -> bool:
        """Whether a thing of this region and belt lies within the scope."""
        return self.kind == "channel" or self.value == {"region": region, "belt": belt}[self.kind]


@dataclass(frozen=True, slots=True)
class StaffGrant:
    """A staff role within a scope."""

    role: Role
    scope: Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Helping:
    """Whose matters a helper has in hand, by which grant (public id): meanwhile she acts in that organisation alone.

    Once the grant is no longer `is_live` she acts nowhere, until she says that she has noticed.
    """

    grant: str
    helper_id: int
    helper: str
    sent_by: str
    owner_id: int
    owner: str
    owner_name: str
    organisation_id: int
    organisation: str
    name: str
    until: datetime
    is_live: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person with memberships and staff roles, a visitor, or the system itself."""

    user_id: int | None = None
    user: str = ""
    name: str = ""
    memberships: tuple[Membership, ...] = ()
    staff: tuple[StaffGrant, ...] = ()
    roles: frozenset[Role] = frozenset()
    held_back: tuple[StaffGrant, ...] = ()
    """Staff roles that rest until this browser gives the second factor: they grant nothing."""
    helping: Helping | None = None
    """For whom she acts, when it is not herself."""

    @property
    def is_signed_in(self) -> bool:
        """Whether this is a known person."""
        return self.user_id is not None

    def may(
        self,
        permission: Permission,
        *,
        organisation_id: int | None = None,
        region: str = "",
        belt: str = "",
    ) -> bool:
        """Whether a role grants this: memberships by organisation (any when none is named), staff by scope."""
        if any(permission in ROLE_PERMISSIONS[role] for role in self.roles):
            return True
        in_organisation = any(
            permission in membership.permissions
            for membership in self.memberships
            if organisation_id is None or membership.organisation_id == organisation_id
        )
        return in_organisation or any(
            permission in ROLE_PERMISSIONS[grant.role] and grant.scope.covers(region=region, belt=belt)
            for grant in self.staff
        )

    def holds(self, permission: Permission) -> bool:
        """Whether any role, whatever its scope or organisation, grants this: the question of a route."""
        granted = {*self.roles, *(grant.role for grant in self.staff)}
        in_organisation = any(permission in membership.permissions for membership in self.memberships)
        return in_organisation or any(permission in ROLE_PERMISSIONS[role] for role in granted)

    @property
    def stands_for(self) -> int | None:
        """Whose organisations are meant: those of the owner whom a helper has in hand, else her own (user id)."""
        return self.helping.owner_id if self.helping else self.user_id

    def herself(self) -> Actor:
        """The same person for what concerns nobody but her: her session, her language."""
        return replace(self, helping=None)

    def would_hold(self, permission: Permission) -> bool:
        """Whether a role that is held back grants this."""
        return any(permission in ROLE_PERMISSIONS[grant.role] for grant in self.held_back)

    def require(self, permission: Permission, **where: int | str) -> None:
        """Refuse with 403 what `may` does not allow."""
        if not self.may(permission, **where):  # type: ignore[arg-type]
            raise ForbiddenError(permission=permission)

    def membership(self, permission: Permission) -> Membership:
        """The organisation in which this person has a permission; NotFoundError.

        One that stands before one that is left, her own before another's.
        """
        allowing = [membership for membership in self.memberships if permission in membership.permissions]
        if not allowing:
            raise NotFoundError
        return min(allowing, key=lambda one: (one.is_left, one.role is not Role.OWNER))


ANONYMOUS = Actor()
SYSTEM = Actor(name="system", roles=frozenset({Role.SYSTEM}))
