"""What can be asked about sellers: may a factory or merchant trade, what did it say, what was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import case, func, or_, select, true
from sqlalchemy.orm import aliased

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Role
from onboarding.accounts.models import MembershipRow, Organisation
from onboarding.belts.models import Belt
from onboarding.belts.rules import PROVINCES
from onboarding.departures.queries import stays
from onboarding.verification.models import Application, Profile
from onboarding.verification.rules import APPLICATION, HOLDING, TAKEN_BACK, UNNAMED, WAYS, Told, province_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select, SQLColumnExpression

    from kernel.permissions import Actor, Permission
    from onboarding.licences.credit_code import Fault
    from onboarding.verification.rules import Said


@dataclass(frozen=True, slots=True)
class Seller:
    """A factory or merchant as it says it is, and where its application stands; a merchant is of no belt."""

    organisation_id: int
    organisation: str
    kind: str
    name: str
    slug: str
    uscc: str
    belt: Belt | None
    state: str
    reason: str
    submitted_at: datetime
    decided_at: datetime | None
    has_left: bool

    @property
    def desk(self) -> tuple[str, str]:
        """The province and the belt by which it lies on an operator's desk."""
        return _desk(self.belt, self.uscc)


@dataclass(frozen=True, slots=True)
class Begun:
    """A seller of one's own from its first moment on, with the public id and the name of its organisation."""

    application: Application
    organisation: str
    name: str

    @property
    def is_named(self) -> bool:
        """Whether the owner gave it its name already."""
        return self.name != UNNAMED[self.application.kind]


@dataclass(frozen=True, slots=True)
class MerchantFace:
    """A merchant as everybody may see her, with the key of her organisation."""

    organisation_id: int
    organisation: str
    name: str
    slug: str
    uscc: str
    joined_at: datetime


def application_of(organisation_id: int) -> Application | None:
    """The application of an organisation."""
    return session().scalar(select(Application).where(Application.organisation_id == organisation_id))


def house_named(application: Application) -> tuple[str, str]:
    """The public id and the name of the organisation that an application is of."""
    query = select(Organisation.public_id, Organisation.name).where(Organisation.id == application.organisation_id)
    house, name = session().execute(query).one()
    return house, name


def application_state(organisation_id: int) -> str:
    """How far an organisation's application is; empty without one."""
    return session().scalar(select(Application.state).where(Application.organisation_id == organisation_id)) or ""


def may_trade() -> ColumnElement[bool]:
    """That the factory of a joined application is shown and sells: approved, and not about to leave.

    One that rests (`closings`) is shown as well.
    """
    return (Application.state == "approved") & stays(Application.organisation_id)


def seller_trades(organisation_id: SQLColumnExpression[int]) -> ColumnElement[bool]:
    """The same of whoever sells, factory or merchant, by the column that names her."""
    own = aliased(Application)
    approved = select(own.id).where(own.organisation_id == organisation_id, own.state == "approved")
    return approved.exists() & stays(organisation_id)


def are_approved(organisations: set[int]) -> bool:
    """Whether sellers may go on with what was ordered: one that leaves does, one that is suspended does not."""
    approved = Application.organisation_id.in_(organisations) & (Application.state == "approved")
    return session().scalar(select(func.count()).where(approved)) == len(organisations)


def begun_by(actor: Actor, kind: str = "factory", *, lock: bool = False) -> Begun | None:
    """The factory (or merchant) this person owns, if only begun; `lock` holds it until the transaction ends.

    One that she left is none: its record stays, and she may begin another.
    """
    query = (
        select(Application, Organisation.public_id, Organisation.name)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.organisation_id.in_(_owned(actor)), Application.kind == kind, _in_hand(actor))
        .where(Organisation.left_at.is_(None))
        .order_by(Application.id)
        .limit(1)
    )
    if lock:
        query = query.with_for_update(of=Application).execution_options(populate_existing=True)
    row = session().execute(query).one_or_none()
    return Begun(*row) if row else None


def unmended(mine: Begun, said: Said, photo: int | None) -> dict[str, Fault]:
    """What she was asked to correct and left as it was; a new photo (id of the newest) answers for all of it."""
    application = mine.application
    if not application.asked or photo != application.licence_id:
        return {}
    belt = session().scalar(select(Belt.slug).where(Belt.id == application.belt_id))
    kept = {field: getattr(application, field) for field in ("uscc", "legal_representative", "address")}
    return said.unmended(application.asked.split(), {**kept, "name": mine.name, "belt": belt or ""})


def ways_of(organisation_id: int) -> str:
    """How a factory wants to sell, one of `WAYS`; both while it has not said."""
    return session().scalar(select(Application.ways).where(Application.organisation_id == organisation_id)) or WAYS[0]


def factory_of(actor: Actor) -> Seller | None:
    """The factory this person works for, her own before another's, once it was handed in."""
    return seller_of(actor, "factory")


def seller_of(actor: Actor, kind: str) -> Seller | None:
    """The factory or the merchant this person works for, her own before another's, once it was handed in.

    One that was left is hers while there is no other.
    """
    works = MembershipRow.organisation_id == Application.organisation_id
    mine = [MembershipRow.user_id == actor.stands_for, _in_hand(actor), Application.kind == kind]
    if any(one.kind == kind and not one.is_left for one in actor.memberships):
        mine.append(Organisation.left_at.is_(None))
    query = _sellers().join(MembershipRow, works).where(*mine)
    # The one of a person's several that her pages are about; as `Actor.membership` chooses.
    return _one(query.order_by(MembershipRow.role != Role.OWNER, MembershipRow.id).limit(1))


def factory(organisation: str) -> Seller | None:
    """A factory by the public id of its organisation; who may see it is for the caller to say."""
    found = seller(organisation)
    return found if found and found.kind == "factory" else None


def seller(organisation: str) -> Seller | None:
    """A factory or merchant by the public id of its organisation; who may see it is for the caller to say."""
    return _one(_sellers().where(Organisation.public_id == organisation))


def told_by(organisation_id: int) -> Told:
    """What a factory tells of itself; nothing, if it never did."""
    found = session().scalar(select(Profile).where(Profile.organisation_id == organisation_id))
    return told_in(found) if found else Told()


def told_in(row: Profile) -> Told:
    """The same of a row that a query brought along."""
    return Told(founded=row.founded, people=row.people, capacity=row.capacity, makes=row.makes)


def merchant_by_slug(slug: str) -> MerchantFace:
    """A merchant who trades, or is about to leave, by the address of her shop; NotFoundError."""
    columns = (Organisation.id, Organisation.public_id, Organisation.name, Organisation.slug)
    query = (
        select(*columns, Application.uscc, Application.begun_at)
        .join(Application, Application.organisation_id == Organisation.id)
        .where(Organisation.slug == slug, Application.kind == "merchant", Application.state == "approved")
    )
    row = session().execute(query).one_or_none()
    if row is None:
        raise NotFoundError("merchant.gone")
    return MerchantFace(*tuple[Any, ...](row))


def held_by_another(uscc: str, organisation_id: int) -> bool:
    """Whether a code is held by a factory or merchant that does not belong to the owner of this one."""
    return bool(strangers_under(uscc, organisation_id))


def strangers_under(uscc: str, organisation_id: int) -> list[int]:
    """The organisations under a code that are not of the owner of this one."""
    owns = MembershipRow.role == Role.OWNER
    owners = select(MembershipRow.user_id).where(MembershipRow.organisation_id == organisation_id, owns)
    own = select(MembershipRow.organisation_id).where(MembershipRow.user_id.in_(owners), owns)
    return sorted(set(session().scalars(_holders(uscc))) - set(session().scalars(own)))


def locked(organisation: str) -> tuple[Application, Belt | None]:
    """An application and its belt, held until the transaction ends, by the organisation's public id; NotFoundError.

    A factory that has not said where it belongs is nobody's matter yet.
    """
    query = (
        select(Application, Belt)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(Belt, Belt.id == Application.belt_id)
        .where(Organisation.public_id == organisation)
        .where(or_(Application.belt_id.is_not(None), Application.kind == "merchant"))
        .with_for_update(of=Application)
    )
    row = session().execute(query).one_or_none()
    if row is None:
        raise NotFoundError
    return row[0], row[1]


def may_decide(actor: Actor, permission: Permission, application: Application, belt: Belt | None) -> bool:
    """Whether an application lies on this operator's desk: by its belt, a merchant's by the province of her code."""
    region, slug = _desk(belt, application.uscc)
    return actor.may(permission, region=region, belt=slug)


def desk_region() -> ColumnElement[str]:
    """The province on whose operators' desk an application lies, as a column; its belt is joined from outside."""
    of_code = case(PROVINCES, value=func.substr(Application.uscc, 3, 2), else_="")
    return func.coalesce(Belt.province, of_code)


def _desk(belt: Belt | None, uscc: str) -> tuple[str, str]:
    return (belt.province, belt.slug) if belt else (province_of(uscc), "")


def _holders(uscc: str) -> Select[int]:
    return select(Application.organisation_id).where(Application.uscc == uscc, Application.state.in_(HOLDING))


def _sellers() -> Select[*tuple[Any, ...]]:
    return (
        select(Application, Organisation, Belt)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(Belt, Belt.id == Application.belt_id)
        .where(Application.state != APPLICATION.start)
    )


def _owned(actor: Actor) -> Select[int]:
    owns = (MembershipRow.user_id == actor.stands_for) & (MembershipRow.role == Role.OWNER)
    return select(MembershipRow.organisation_id).where(owns)


def _in_hand(actor: Actor) -> ColumnElement[bool]:
    """Of the owner's organisations a helper sees the one that she has in hand."""
    places = [one.organisation_id for one in actor.memberships]
    return Organisation.id.in_(places) if actor.helping else true()


def _one(query: Select[*tuple[Any, ...]]) -> Seller | None:
    row = session().execute(query).one_or_none()
    if row is None:
        return None
    application, organisation, belt = row
    return Seller(
        organisation_id=organisation.id,
        organisation=organisation.public_id,
        kind=application.kind,
        name=organisation.name,
        slug=organisation.slug,
        uscc=application.uscc,
        belt=belt,
        state=application.state,
        reason=TAKEN_BACK if application.reason == TAKEN_BACK else application.reason,
        submitted_at=application.submitted_at,
        decided_at=application.decided_at,
        has_left=organisation.left_at is not None,
    )
