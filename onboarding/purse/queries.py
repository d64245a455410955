"""Whom a party's account may belong to, and who its owners are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from commission.payees.rules import Registered, was_of_late
from kernel.db import session
from onboarding.accounts.models import MembershipRow, Organisation, PastOwner, User
from onboarding.accounts.queries import Contact, owners_of
from onboarding.verification.models import Application
from onboarding.verification.names import is_individual_code

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor, Membership


@dataclass(frozen=True, slots=True)
class Past:
    """That somebody owned an organisation until then."""

    name: str
    until: datetime


def registered(organisation: str) -> Registered:
    """Whom the licence of an organisation (public id) names; the code alone says whether one person runs it."""
    said = (Application.legal_representative, Application.uscc)
    query = (
        select(Organisation.name, *said)
        .outerjoin(Application, Application.organisation_id == Organisation.id)
        .where(Organisation.public_id == organisation)
    )
    name, representative, code = session().execute(query).one()
    known = code or ""
    alone = is_individual_code(known)
    return Registered(name, representative or "", is_individual=alone, is_firm=bool(known) and not alone)


def owners_since(organisation_id: int) -> list[tuple[str, datetime]]:
    """(public id, since when she is one) of every owner of an organisation, whatever she was there before."""
    query = select(User.public_id, MembershipRow.owner_since).join(MembershipRow.user)
    owns = (MembershipRow.organisation_id == organisation_id) & MembershipRow.owner_since.is_not(None)
    return [(user, since) for user, since in session().execute(query.where(owns)) if since is not None]


def owns_since(home: Membership, actor: Actor) -> datetime | None:
    """Since when somebody owns her organisation; nothing for who owns it no more."""
    return dict(owners_since(home.organisation_id)).get(actor.user)


def owners(organisation: str) -> list[Contact]:
    """How the owners of an organisation (public id) are reached."""
    key = _key(organisation)
    return owners_of(key) if key is not None else []


def past_owners(organisation: str, *, asked: datetime) -> list[Contact]:
    """How those are reached who own an organisation (public id) no more, and still are told of what was asked then."""
    said = (User.name, User.phone, User.language, User.email)
    query = select(*said, func.max(PastOwner.owner_until)).join(PastOwner, PastOwner.user_id == User.id)
    gone = query.where(PastOwner.organisation_id == _key(organisation)).group_by(User.id, *said).order_by(User.id)
    found = [Contact(*row[:4]) for row in session().execute(gone) if was_of_late(row[4], asked=asked)]
    return [one for one in found if one not in owners(organisation)]


def past(organisation: str, actor: Actor) -> Past | None:
    """Until when somebody owned an organisation (public id), the last time; nothing for who never left it."""
    mine = (Organisation.public_id == organisation) & (PastOwner.user_id == actor.user_id)
    query = select(Organisation.name, PastOwner.owner_until).join(PastOwner)
    found = session().execute(query.where(mine).order_by(PastOwner.owner_until.desc()).limit(1)).one_or_none()
    return Past(found.name, found.owner_until) if found else None


def _key(organisation: str) -> int | None:
    return session().scalar(select(Organisation.id).where(Organisation.public_id == organisation))
