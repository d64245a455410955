"""Who the owners of a party are, and who was one of late."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from commission.payees.rules import COOLING_OFF, Left, may_object
from kernel.db import session
from onboarding.accounts.models import MembershipRow, Organisation, PastOwner, User
from onboarding.accounts.queries import Contact, owners_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy import Row

    from commission.payees.queries import AccountLine
    from kernel.permissions import Actor, Membership


@dataclass(frozen=True, slots=True)
class Past:
    """That somebody who may object to a change owned an organisation of this name, and how she left it."""

    name: str
    left: Left


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


def past_owners(change: AccountLine) -> list[Contact]:
    """How those are reached who own an organisation no more, and still may object to what is asked for it."""
    said = (User.name, User.phone, User.language, User.email)
    found = [Contact(*row[:4]) for row in _past(change, *said) if _may_object(change, row)]
    return [one for one in found if one not in owners(change.party)]


def past(change: AccountLine, actor: Actor) -> Past | None:
    """How somebody left an organisation, the last time, who may object to a change of its account; else nothing."""
    row = next((row for row in _past(change, Organisation.name) if row.user_id == actor.user_id), None)
    return Past(row.name, _left(change, row)) if row and _may_object(change, row) else None


def _past(change: AccountLine, *columns: Any) -> Sequence[Row[*tuple[Any, ...]]]:  # noqa: ANN401  of User and Organisation
    """Who owned the organisation of an account once, each as she left it the last time."""
    parted_by = aliased(User)
    newest = select(func.max(PastOwner.id)).group_by(PastOwner.organisation_id, PastOwner.user_id)
    query = (
        select(*columns, PastOwner.user_id, PastOwner.owner_until, parted_by.public_id.label("parted_by"))
        .add_columns((PastOwner.parted_by == PastOwner.user_id).label("by_herself"))
        .join(Organisation, Organisation.id == PastOwner.organisation_id)
        .join(User, User.id == PastOwner.user_id)
        .outerjoin(parted_by, parted_by.id == PastOwner.parted_by)
        .where(Organisation.public_id == change.party, PastOwner.id.in_(newest))
        .order_by(PastOwner.user_id)
    )
    return session().execute(query).all()


def _may_object(change: AccountLine, row: Row[*tuple[Any, ...]]) -> bool:
    return may_object(_left(change, row), asked_by=change.created_by, asked=change.created_at)


def _left(change: AccountLine, row: Row[*tuple[Any, ...]]) -> Left:
    key = _key(change.party)
    since = dict(owners_since(key)) if key is not None else {}
    parter_since = row.owner_until - COOLING_OFF if row.by_herself else since.get(row.parted_by)
    return Left(row.owner_until, row.parted_by or "", since.get(change.created_by), parter_since)


def _key(organisation: str) -> int | None:
    return session().scalar(select(Organisation.id).where(Organisation.public_id == organisation))
