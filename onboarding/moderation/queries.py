"""What an operator sees: the cases of her desk, and the evidence of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select, true

from kernel.audit import AuditRow
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import ROLE_PERMISSIONS, Actor, Permission, Role
from kernel.text import masked_phone
from onboarding.accounts.models import Organisation, User
from onboarding.accounts.queries import owners_of
from onboarding.belts.models import Belt
from onboarding.listings.models import Listing
from onboarding.moderation.models import Case
from onboarding.moderation.rules import SUBJECTS
from onboarding.verification.models import Application
from onboarding.verification.queries import Factory, factory
from onboarding.verification.rules import province_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select

    from kernel.audit import Change
    from onboarding.accounts.queries import Contact

PAGE = 50
AUDIT_PAGE = 100


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list."""

    id: int
    public_id: str
    subject_type: str
    subject: str
    title: str
    factory: str
    belt: str
    belt_en: str
    state: str
    reason: str
    opened_at: datetime
    decided_at: datetime | None
    decided_by: str | None


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose matter something is: its organisation, and the region and belt that staff scopes name."""

    organisation_id: int
    region: str
    belt: str


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One finished operation."""

    id: int
    at: datetime
    who: str
    operation: str
    reason: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an operator needs to decide a case, on one screen."""

    case: CaseLine
    factory: Factory | None
    registered_in: str
    owners: list[str]
    listing: Listing | None
    earlier: list[CaseLine]


def queue(actor: Actor, *, subject_type: str, state: str, after: int) -> list[CaseLine]:
    """A page of the cases of this operator's desk: open ones oldest first, decided ones newest first."""
    query = _lines(actor).where(Case.state == state).limit(PAGE)
    if subject_type:
        query = query.where(Case.subject_type == subject_type)
    if state == "open":
        query = query.where(Case.id > after).order_by(Case.id)
    else:
        query = query.where(Case.id < after if after else true()).order_by(Case.id.desc())
    return _read(query)


def open_counts(actor: Actor) -> dict[str, int]:
    """How many cases wait on this operator's desk, by subject type."""
    query = select(Case.subject_type, func.count()).where(Case.state == "open", on_desk(actor))
    found = {name: int(count) for name, count in session().execute(query.group_by(Case.subject_type))}
    return {subject_type: found.get(subject_type, 0) for subject_type in SUBJECTS}


def evidence(actor: Actor, case: str) -> Evidence:
    """All there is to see about a case; NotFoundError off this operator's desk."""
    lines = _read(_lines(actor).where(Case.public_id == case))
    if not lines:
        raise NotFoundError
    line = lines[0]
    seller = (
        session()
        .execute(
            select(Organisation.id, Organisation.public_id)
            .join(Case, Case.organisation_id == Organisation.id)
            .where(Case.id == line.id),
        )
        .one()
    )
    found = factory(seller.public_id)
    same = (Case.subject_type == line.subject_type) & (Case.subject == line.subject) & (Case.id != line.id)
    return Evidence(
        case=line,
        factory=found,
        registered_in=province_of(found.uscc) if found else "",
        owners=[_named(owner) for owner in owners_of(seller.id)],
        listing=session().scalar(select(Listing).where(Listing.public_id == line.subject)),
        earlier=_read(_lines(actor).where(same).order_by(Case.id.desc()).limit(10)),
    )


def audit(*, operation: str, before: int) -> list[AuditLine]:
    """A page of audit rows, the newest first: operations that start so, before a row."""
    query = (
        select(
            AuditRow.id,
            AuditRow.at,
            func.coalesce(User.name, AuditRow.actor),
            AuditRow.operation,
            AuditRow.reason,
            AuditRow.changes,
        )
        .outerjoin(User, User.id == AuditRow.actor_user_id)
        .where(AuditRow.operation.startswith(operation, autoescape=True))
        .where(AuditRow.id < before if before else true())
        .order_by(AuditRow.id.desc())
        .limit(AUDIT_PAGE)
    )
    return [AuditLine(*row) for row in session().execute(query)]


def desk_of(subject_type: str, subject: str) -> Desk:
    """Where a subject belongs: the organisation it is of, with that factory's province and belt."""
    query = select(Organisation.id, func.coalesce(Belt.province, ""), func.coalesce(Belt.slug, ""))
    query = query.outerjoin(Application, Application.organisation_id == Organisation.id)
    query = query.outerjoin(Belt, Belt.id == Application.belt_id)
    if subject_type == "listing":
        query = query.join(Listing, Listing.organisation_id == Organisation.id).where(Listing.public_id == subject)
    else:
        query = query.where(Organisation.public_id == subject)
    return Desk(*session().execute(query).one())


def title_of(case: Case) -> str:
    """What the subject of a case is called."""
    if case.subject_type == "listing":
        return session().scalars(select(Listing.title).where(Listing.public_id == case.subject)).one()
    return session().scalars(select(Organisation.name).where(Organisation.id == case.organisation_id)).one()


def on_desk(actor: Actor, permission: Permission = Permission.OPS_CASES_VIEW) -> ColumnElement[bool]:
    """The cases that lie within the scopes of an actor's staff roles."""
    if Role.SYSTEM in actor.roles:
        return true()
    scopes = [grant.scope for grant in actor.staff if permission in ROLE_PERMISSIONS[grant.role]]
    reach: dict[str, Any] = {"region": Case.region, "belt": Case.belt}
    return or_(false(), *(true() if scope.kind == "channel" else reach[scope.kind] == scope.value for scope in scopes))


def _named(owner: Contact) -> str:
    """A contact as shown: the number stays masked, and stands once when it is the name as well."""
    number = masked_phone(owner.phone)
    return number if owner.name == number else f"{owner.name} {number}"


def _lines(actor: Actor) -> Select[*tuple[Any, ...]]:
    is_listing = and_(Case.subject_type == "listing", Listing.public_id == Case.subject)
    return (
        select(
            Case.id,
            Case.public_id,
            Case.subject_type,
            Case.subject,
            func.coalesce(Listing.title, Organisation.name),
            Organisation.name,
            func.coalesce(Belt.name_zh, ""),
            func.coalesce(Belt.name_en, ""),
            Case.state,
            Case.reason,
            Case.opened_at,
            Case.decided_at,
            User.name,
        )
        .join(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Listing, is_listing)
        .outerjoin(Belt, Belt.slug == Case.belt)
        .outerjoin(User, User.id == Case.decided_by)
        .where(on_desk(actor))
    )


def _read(query: Select[*tuple[Any, ...]]) -> list[CaseLine]:
    return [CaseLine(*row) for row in session().execute(query)]
