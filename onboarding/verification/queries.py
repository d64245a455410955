"""What can be asked about sellers: may a factory trade, what did it say, what was decided; which merchant is this."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select, union

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Role
from onboarding.accounts.models import MembershipRow, Organisation
from onboarding.belts.models import Belt
from onboarding.verification.models import Application, Profile, Registration
from onboarding.verification.rules import APPLICATION, HOLDING, UNNAMED, WAYS, Told

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import CompoundSelect, Select

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


@dataclass(frozen=True, slots=True)
class Begun:
    """A factory of one's own from its first moment on, with the public id and the name of its organisation."""

    application: Application
    organisation: str
    name: str

    @property
    def is_named(self) -> bool:
        """Whether the owner gave it its name already."""
        return self.name != UNNAMED


@dataclass(frozen=True, slots=True)
class MerchantFace:
    """A merchant as everybody may see her, with the key of her organisation."""

    organisation_id: int
    organisation: str
    name: str
    slug: str
    uscc: str
    registered_at: datetime


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


def begun_by(actor: Actor, *, lock: bool = False) -> Begun | None:
    """The factory this person owns, if only begun; `lock` holds it until the transaction ends."""
    query = (
        select(Application, Organisation.public_id, Organisation.name)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.organisation_id.in_(_owned(actor)))
        .order_by(Application.id)
        .limit(1)
    )
    if lock:
        query = query.with_for_update(of=Application).execution_options(populate_existing=True)
    row = session().execute(query).one_or_none()
    return Begun(*row) if row else None


def ways_of(organisation_id: int) -> str:
    """How a factory wants to sell, one of `WAYS`; both while it has not said."""
    found = select(Application.ways).where(Application.organisation_id == organisation_id)
    return session().scalar(found) or WAYS[0]


def factory_of(actor: Actor) -> Factory | None:
    """The factory this person works for, her own before another's, once it was handed in."""
    works = MembershipRow.organisation_id == Application.organisation_id
    return _one(_first_of(actor, _factories().join(MembershipRow, works)))


def factory(organisation: str) -> Factory | None:
    """A factory by the public id of its organisation; who may see it is for the caller to say."""
    return _one(_factories().where(Organisation.public_id == organisation))


def told_by(organisation_id: int) -> Told:
    """What a factory tells of itself; nothing, if it never did."""
    found = session().scalar(select(Profile).where(Profile.organisation_id == organisation_id))
    return told_in(found) if found else Told()


def told_in(row: Profile) -> Told:
    """The same of a row that a query brought along."""
    return Told(founded=row.founded, people=row.people, capacity=row.capacity, makes=row.makes)


def merchant_of(actor: Actor) -> MerchantFace | None:
    """The merchant this person works for, her own before another's."""
    works = MembershipRow.organisation_id == Registration.organisation_id
    return _face(_first_of(actor, _merchants().join(MembershipRow, works)))


def merchant_by_slug(slug: str) -> MerchantFace:
    """A merchant by the address of her shop; NotFoundError."""
    found = _face(_merchants().where(Organisation.slug == slug))
    if found is None:
        raise NotFoundError
    return found


def owns_merchant(actor: Actor) -> bool:
    """Whether this person has a merchant of her own, apart from those she works for."""
    owned = _owned(actor).join(Registration, Registration.organisation_id == MembershipRow.organisation_id)
    return session().scalar(owned.limit(1)) is not None


def owns_all_under(uscc: str, actor: Actor) -> bool:
    """Whether whatever trades under a credit code, factory or merchant, is this person's own; so is nothing at all."""
    return set(session().scalars(_holders(uscc))) <= set(session().scalars(_owned(actor)))


def held_by_another(uscc: str, organisation_id: int) -> bool:
    """Whether a code is held by a factory, or used by a merchant, that does not belong to the owner of this one."""
    return bool(strangers_under(uscc, organisation_id))


def strangers_under(uscc: str, organisation_id: int) -> list[int]:
    """The organisations under a code that are not of the owner of this one."""
    owns = MembershipRow.role == Role.OWNER
    owners = select(MembershipRow.user_id).where(MembershipRow.organisation_id == organisation_id, owns)
    own = select(MembershipRow.organisation_id).where(MembershipRow.user_id.in_(owners), owns)
    return sorted(set(session().scalars(_holders(uscc))) - set(session().scalars(own)))


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


def _holders(uscc: str) -> CompoundSelect[*tuple[Any, ...]]:
    return union(
        select(Application.organisation_id).where(Application.uscc == uscc, Application.state.in_(HOLDING)),
        select(Registration.organisation_id).where(Registration.uscc == uscc),
    )


def _factories() -> Select[*tuple[Any, ...]]:
    return (
        select(Application, Organisation, Belt)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Belt, Belt.id == Application.belt_id)
        .where(Application.state != APPLICATION.start)
    )


def _merchants() -> Select[*tuple[Any, ...]]:
    return select(
        Organisation.id,
        Organisation.public_id,
        Organisation.name,
        Organisation.slug,
        Registration.uscc,
        Registration.registered_at,
    ).join(Registration, Registration.organisation_id == Organisation.id)


def _owned(actor: Actor) -> Select[int]:
    owns = (MembershipRow.user_id == actor.user_id) & (MembershipRow.role == Role.OWNER)
    return select(MembershipRow.organisation_id).where(owns)


def _first_of(actor: Actor, query: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """The one organisation of a person's several that her pages are about; as `Actor.membership` chooses."""
    mine = query.where(MembershipRow.user_id == actor.user_id)
    return mine.order_by(MembershipRow.role != Role.OWNER, MembershipRow.id).limit(1)


def _face(query: Select[*tuple[Any, ...]]) -> MerchantFace | None:
    row = session().execute(query).one_or_none()
    return MerchantFace(*row) if row else None


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
