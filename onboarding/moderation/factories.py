"""Factories as operators look after them: a list of their desk, and the whole story of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import String, and_, cast, func, or_, select

from commission.settlement.models import SaleRow
from kernel.audit import AuditRow
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.tables import Selected
from onboarding.accounts.models import MembershipRow, Organisation, User
from onboarding.accounts.queries import people
from onboarding.belts.models import Belt
from onboarding.licences.models import Licence
from onboarding.listings.models import Listing
from onboarding.moderation.evidence import Paper, papers_of
from onboarding.moderation.models import Case
from onboarding.moderation.queries import CaseLine, lines_of, on_desk
from onboarding.standing.models import Check
from onboarding.standing.rules import OVERDUE
from onboarding.verification.models import Application
from onboarding.verification.queries import Factory, factory

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from kernel.audit import Change
    from kernel.permissions import Actor

_PEOPLE: Final = people()
FACTORY_SORTS: Final = {
    "name": Organisation.name,
    "belt": Belt.slug,
    "submitted": Application.submitted_at,
    "checked": Application.checked_at,
}
HISTORY: Final = 100
_TOLD: Final = ("factory.", "case.", "appeal.", "claim.", "check.", "licence.", "agreement.")
"""Operations that may be about a factory itself."""


@dataclass(frozen=True, slots=True)
class FactoryLine:
    """One factory in a list; `goods` are those on sale."""

    organisation: str
    name: str
    state: str
    reason: str
    uscc: str
    region: str
    belt: str
    belt_en: str
    submitted_at: datetime
    decided_at: datetime | None
    checked_at: datetime | None
    goods: int


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was done about a factory."""

    at: datetime
    who: str
    operation: str
    reason: str
    changes: list[Change]


@dataclass(frozen=True, slots=True)
class FactoryFile:
    """All that an operator knows of a factory, the newest first."""

    factory: Factory
    application: Application
    licence: Licence | None
    papers: list[Paper]
    members: list[tuple[str, str]]
    cases: list[CaseLine]
    events: list[Event]
    goods: Mapping[str, int]
    orders: int


def factories(actor: Actor, asked: Mapping[str, str], *, now: datetime) -> Selected[FactoryLine]:
    """The factories of this operator's desk that an address asks for, the newest first."""
    goods = select(func.count(Listing.id)).where(
        Listing.organisation_id == Organisation.id, Listing.state == "published"
    )
    query = (
        select(
            Organisation.public_id,
            Organisation.name,
            Application.state,
            Application.reason,
            Application.uscc,
            Belt.province,
            Belt.name_zh,
            Belt.name_en,
            Application.submitted_at,
            Application.decided_at,
            Application.checked_at,
            goods.scalar_subquery(),
        )
        .join(Application, Application.organisation_id == Organisation.id)
        .join(Belt, Belt.id == Application.belt_id)
        .where(Application.state != "draft", _reach(actor), *_conditions(asked, now))
    )
    return Selected(query, (Application.id.desc(),), lambda rows: [FactoryLine(*row) for row in rows])


def factory_file(actor: Actor, organisation: str) -> FactoryFile:
    """Everything about one factory of this operator's desk; NotFoundError."""
    reached = (
        select(Application)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Belt, Belt.id == Application.belt_id)
        .where(Organisation.public_id == organisation, Application.state != "draft", _reach(actor))
    )
    application, found = session().scalar(reached), factory(organisation)
    if application is None or found is None:
        raise NotFoundError
    licence = session().get(Licence, application.licence_id) if application.licence_id else None
    return FactoryFile(
        factory=found,
        application=application,
        licence=licence,
        papers=papers_of(application, found.name, licence),
        members=_members(application.organisation_id),
        cases=_cases(actor, application.organisation_id),
        events=_events(organisation),
        goods=_goods(application.organisation_id),
        orders=session().scalar(select(func.count(SaleRow.id)).where(SaleRow.seller == organisation)) or 0,
    )


def factory_licence(actor: Actor, organisation: str) -> Licence:
    """The photo of the licence of a factory of this operator's desk; NotFoundError."""
    query = (
        select(Licence)
        .join(Application, Application.licence_id == Licence.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .join(Belt, Belt.id == Application.belt_id)
        .where(Organisation.public_id == organisation, Application.state != "draft", _reach(actor))
    )
    found = session().scalar(query)
    if found is None:
        raise NotFoundError
    return found


def _reach(actor: Actor) -> ColumnElement[bool]:
    return on_desk(actor, region=Belt.province, belt=Belt.slug)


def _conditions(asked: Mapping[str, str], now: datetime) -> list[ColumnElement[bool]]:
    columns = {"state": Application.state, "region": Belt.province, "belt": Belt.slug}
    wanted: list[ColumnElement[bool]] = [column == asked[name] for name, column in columns.items() if asked[name]]
    if asked["check"]:
        waits = and_(Check.organisation_id == Organisation.id, Check.state != "confirmed")
        late = Check.opened_at <= now - OVERDUE if asked["check"] == "late" else waits
        wanted.append(select(Check.id).where(waits, late).exists())
    if said := asked["q"]:
        named = Organisation.name.icontains(said, autoescape=True)
        wanted.append(or_(named, Application.uscc == said.upper(), Organisation.public_id == said))
    return wanted


def _members(organisation_id: int) -> list[tuple[str, str]]:
    query = select(User.name, MembershipRow.role).join(MembershipRow, MembershipRow.user_id == User.id)
    rows = session().execute(query.where(MembershipRow.organisation_id == organisation_id).order_by(MembershipRow.id))
    return [(name, role) for name, role in rows]


def _cases(actor: Actor, organisation_id: int) -> list[CaseLine]:
    """What was decided about the factory itself; its goods have a list of their own."""
    about = (Case.organisation_id == organisation_id) & (Case.subject_type != "listing")
    query = lines_of(actor).where(about).order_by(Case.id.desc()).limit(HISTORY)
    return [CaseLine(*row) for row in session().execute(query)]


def _events(organisation: str) -> list[Event]:
    about = cast(AuditRow.changes, String).contains(f'"factory:{organisation}"', autoescape=True)
    kinds = or_(*(AuditRow.operation.startswith(kind, autoescape=True) for kind in _TOLD))
    query: Any = (
        select(AuditRow.at, func.coalesce(_PEOPLE.c.name, AuditRow.actor), AuditRow.operation)
        .add_columns(AuditRow.reason, AuditRow.changes)
        .outerjoin(_PEOPLE, _PEOPLE.c.id == AuditRow.actor_user_id)
        .where(kinds, about)
        .order_by(AuditRow.id.desc())
        .limit(HISTORY)
    )
    return [Event(*row) for row in session().execute(query)]


def _goods(organisation_id: int) -> dict[str, int]:
    query = select(Listing.state, func.count()).where(Listing.organisation_id == organisation_id)
    return {state: int(count) for state, count in session().execute(query.group_by(Listing.state))}
