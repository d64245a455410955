"""What can be asked about factories: may it trade, what did it say, what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.accounts.models import MembershipRow, Organisation
from onboarding.belts.models import Belt
from onboarding.verification.models import Application

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select

    from kernel.permissions import Actor


@dataclass(frozen=True, slots=True)
class Factory:
    """A factory as it says it is, and where its application stands."""

    organisation_id: int
    organisation: str
    name: str
    slug: str
    uscc: str
    belt: Belt
    state: str
    reason: str
    submitted_at: datetime
    decided_at: datetime | None


def application_of(organisation_id: int) -> Application | None:
    """The application of an organisation."""
    return session().scalar(select(Application).where(Application.organisation_id == organisation_id))


def is_approved(organisation_id: int) -> bool:
    """Whether a factory may trade."""
    found = select(Application.id).where(
        Application.organisation_id == organisation_id,
        Application.state == "approved",
    )
    return session().scalar(found) is not None


def factory_of(actor: Actor) -> Factory | None:
    """The factory this person works for, whatever its state."""
    works = select(MembershipRow.organisation_id).where(MembershipRow.user_id == actor.user_id)
    return _one(_factories().where(Application.organisation_id.in_(works)).order_by(Application.id).limit(1))


def factory(organisation: str) -> Factory | None:
    """A factory by the public id of its organisation; who may see it is for the caller to say."""
    return _one(_factories().where(Organisation.public_id == organisation))


def locked(organisation: str) -> tuple[Application, Belt]:
    """An application and its belt, held until the transaction ends, by the organisation's public id; NotFoundError."""
    query = (
        select(Application, Belt)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Belt, Belt.id == Application.belt_id)
        .where(Organisation.public_id == organisation)
        .with_for_update(of=Application)
    )
    row = session().execute(query).one_or_none()
    if row is None:
        raise NotFoundError
    return row[0], row[1]


def _factories() -> Select[*tuple[Any, ...]]:
    return (
        select(Application, Organisation, Belt)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Belt, Belt.id == Application.belt_id)
    )


def _one(query: Select[*tuple[Any, ...]]) -> Factory | None:
    row = session().execute(query).one_or_none()
    if row is None:
        return None
    application, organisation, belt = row
    return Factory(
        organisation_id=organisation.id,
        organisation=organisation.public_id,
        name=organisation.name,
        slug=organisation.slug,
        uscc=application.uscc,
        belt=belt,
        state=application.state,
        reason=application.reason,
        submitted_at=application.submitted_at,
        decided_at=application.decided_at,
    )
