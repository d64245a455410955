"""What can be asked about people: who acts, their sessions, whom to tell about an organisation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from kernel.crypto import cipher
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import ANONYMOUS, Actor, Membership, Role, Scope, StaffGrant
from onboarding.accounts.models import MembershipRow, Organisation, StaffRole, User, WebSession, phone_fingerprint
from onboarding.accounts.rules import normalise_phone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row, Select, Subquery


@dataclass(frozen=True, slots=True)
class SignedInBrowser:
    """One session as its owner sees it."""

    since: datetime
    until: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """A person whom the channel may call or text, and the language she reads."""

    name: str
    phone: str
    language: str


def actor_for(sid: str, *, now: datetime) -> Actor:
    """Who a session token belongs to, with memberships and staff roles; two statements, nobody when it ran out."""
    alive = (WebSession.token_fingerprint == token_fingerprint(sid)) & (WebSession.expires_at > now)
    rows = session().execute(_people().join(WebSession, WebSession.user_id == User.id).where(alive)).all()
    return _actor(rows) if rows else ANONYMOUS


def actor_of(user: str) -> Actor:
    """A person as an actor by public id, for commands and demos; NotFoundError."""
    rows = session().execute(_people().where(User.public_id == user)).all()
    if not rows:
        raise NotFoundError
    return _actor(rows)


def people() -> Subquery:
    """(id, name) of everybody, to join where something keeps who did it."""
    return select(User.id, User.name).subquery("people")


def user_by_phone(phone: str) -> str:
    """The public id of the person of a phone, however it is written; NotFoundError."""
    known = User.phone_fingerprint == phone_fingerprint(normalise_phone(phone))
    found = session().scalar(select(User.public_id).where(known))
    if found is None:
        raise NotFoundError
    return found


def browsers_of(actor: Actor, *, sid: str, now: datetime) -> list[SignedInBrowser]:
    """The sessions of a person, the newest first; `sid` is the one that asks."""
    mine = (WebSession.user_id == actor.user_id) & (WebSession.expires_at > now)
    rows = session().scalars(select(WebSession).where(mine).order_by(WebSession.id.desc()))
    this = token_fingerprint(sid)
    return [SignedInBrowser(row.created_at, row.expires_at, row.token_fingerprint == this) for row in rows]


def phone_of(actor: Actor) -> str:
    """A person's own number, in E.164."""
    return session().scalars(select(User.phone).where(User.id == actor.user_id)).one()


def owners_of(organisation_id: int) -> list[Contact]:
    """The owners of an organisation, the first one first."""
    query = _contacts().join(MembershipRow, MembershipRow.user_id == User.id)
    owns = (MembershipRow.organisation_id == organisation_id) & (MembershipRow.role == Role.OWNER)
    return [Contact(*tuple(row)) for row in session().execute(query.where(owns).order_by(MembershipRow.id))]


def contact_of(user: str) -> Contact:
    """How to reach a person, by public id."""
    return Contact(*tuple(session().execute(_contacts().where(User.public_id == user)).one()))


def token_fingerprint(sid: str) -> str:
    """What is kept of a session token."""
    return cipher().fingerprint(f"session:{sid}")


def _contacts() -> Select[str, str, str]:
    return select(User.name, User.phone, User.language)


def _people() -> Select[*tuple[Any, ...]]:
    return (
        select(
            User.id,
            User.public_id,
            User.name,
            MembershipRow.organisation_id,
            Organisation.public_id,
            Organisation.name,
            Organisation.kind,
            MembershipRow.role,
        )
        .outerjoin(MembershipRow, MembershipRow.user_id == User.id)
        .outerjoin(Organisation, Organisation.id == MembershipRow.organisation_id)
        .order_by(MembershipRow.id)
    )


def _actor(rows: Sequence[Row[*tuple[Any, ...]]]) -> Actor:
    user_id, public_id, name = tuple(rows[0])[:3]
    return Actor(
        user_id=user_id,
        user=public_id,
        name=name,
        memberships=tuple(_membership(*tuple(row)[3:]) for row in rows if row[3] is not None),
        staff=_grants(user_id),
        roles=frozenset({Role.SHOPPER}),
    )


def _membership(organisation_id: int, organisation: str, name: str, kind: str, role: str) -> Membership:
    return Membership(organisation_id, organisation, name, kind, Role(role))


def _grants(user_id: int) -> tuple[StaffGrant, ...]:
    query = select(StaffRole.role, StaffRole.scope_kind, StaffRole.scope_value).where(StaffRole.user_id == user_id)
    rows = session().execute(query.order_by(StaffRole.id))
    return tuple(StaffGrant(Role(role), Scope(kind, value)) for role, kind, value in rows)
