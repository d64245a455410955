"""Grants of owners to helpers as they are kept: which of them live, and who a helper is while she acts under one."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import exists, literal, or_, select, union_all

from kernel.db import session
from kernel.errors import DomainError
from kernel.permissions import Helping, Membership, Role
from onboarding.accounts.models import HelpGrant, MembershipRow, Organisation, PastOwner, StaffRole, User

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, ScalarSelect, SQLColumnExpression, Subquery

    from kernel.permissions import Actor


def is_live(now: datetime) -> ColumnElement[bool]:
    """Whether a grant holds: neither ended nor run out, the helper still sent, the owner still one."""
    is_sent = exists().where(
        StaffRole.user_id == HelpGrant.helper_id,
        StaffRole.role == Role.HELPER,
        StaffRole.sent_by == HelpGrant.sent_by,
    )
    owns = exists().where(
        MembershipRow.user_id == HelpGrant.owner_id,
        MembershipRow.organisation_id == HelpGrant.organisation_id,
        MembershipRow.role == Role.OWNER,
    )
    return HelpGrant.ended_at.is_(None) & (HelpGrant.expires_at > now) & is_sent & owns


def acting_for(helper: Actor, grant_id: int, *, now: datetime) -> Actor:
    """A helper with an owner's matters in hand; one statement.

    All else that she is rests meanwhile, so that nothing of hers is taken for the owner's. When the grant no longer
    holds, or her own role is held back, she may do nothing at all: she does not fall back on herself unawares.
    """
    query = (
        select(HelpGrant, User.public_id, User.name, Organisation, is_live(now))
        .join(User, User.id == HelpGrant.owner_id)
        .join(Organisation, Organisation.id == HelpGrant.organisation_id)
        .where(HelpGrant.id == grant_id)
    )
    grant, owner, owner_name, house, lives = session().execute(query).one()
    staff = tuple(one for one in helper.staff if one.role is Role.HELPER)
    helping = Helping(
        grant=grant.public_id,
        helper_id=grant.helper_id,
        helper=helper.name,
        sent_by=grant.sent_by,
        owner_id=grant.owner_id,
        owner=owner,
        owner_name=owner_name,
        organisation_id=house.id,
        organisation=house.public_id,
        name=house.name,
        until=grant.expires_at,
        is_live=bool(lives and staff),
    )
    place = Membership(house.id, house.public_id, house.name, house.kind, Role.HELPER)
    return replace(
        helper,
        memberships=(place,) if helping.is_live else (),
        staff=staff,
        roles=frozenset(),
        helping=helping,
    )


def barred(actor: Actor, *organisations: int) -> str:
    """Why somebody may decide nothing about organisations (ids), as the code of a refusal; empty where she may.

    `case.own` for one of her own, `case.was_own` for one that she ever owned, `case.helped` for one that she helps, or
    ever did. Whatever is decided about sellers asks here, and so does every page before it offers to.
    """
    if {membership.organisation_id for membership in actor.memberships} & {*organisations}:
        return "case.own"
    return _had_part(actor, organisations) if actor.user_id else ""


def is_barred(actor: Actor, organisation_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """Whether `barred` names a reason, as a condition of a statement about organisations."""
    own = organisation_id.in_([membership.organisation_id for membership in actor.memberships])
    owned = exists().where(PastOwner.user_id == actor.user_id, PastOwner.organisation_id == organisation_id)
    helped = exists().where(HelpGrant.helper_id == actor.user_id, HelpGrant.organisation_id == organisation_id)
    return or_(own, owned, helped)


def require_impartial(actor: Actor, *organisations: int) -> None:
    """Refuse who is barred from deciding about organisations (ids), and say why."""
    if code := barred(actor, *organisations):
        raise DomainError(code)


def grants_given() -> Subquery:
    """(grant, sent_by, owner's name) of every grant, to join where something keeps under which one it was done."""
    query = select(HelpGrant.public_id.label("grant"), HelpGrant.sent_by, User.name.label("owner"))
    return query.join(User, User.id == HelpGrant.owner_id).subquery("grants")


def sent_by_at(
    helper_id: SQLColumnExpression[int | None],
    organisation_id: SQLColumnExpression[int],
    at: SQLColumnExpression[datetime],
) -> ScalarSelect[str]:
    """Who sent a helper of an organisation at a moment, as a column of a statement that has all three."""
    given = (HelpGrant.helper_id == helper_id) & (HelpGrant.organisation_id == organisation_id)
    newest = select(HelpGrant.sent_by).where(given, HelpGrant.granted_at <= at).order_by(HelpGrant.id.desc())
    return newest.limit(1).scalar_subquery()


def _had_part(actor: Actor, organisations: tuple[int, ...]) -> str:
    owned = (PastOwner.user_id == actor.user_id) & PastOwner.organisation_id.in_(organisations)
    helped = (HelpGrant.helper_id == actor.user_id) & HelpGrant.organisation_id.in_(organisations)
    found = union_all(select(literal("case.was_own")).where(owned), select(literal("case.helped")).where(helped))
    return max(session().scalars(found), default="")
