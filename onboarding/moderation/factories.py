"""Factories and merchants as operators look after them: a list of their desk, and the whole story of one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import String, and_, cast, func, or_, select

from commission.settlement.models import SaleRow
from kernel.audit import AuditRow
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.tables import Selected
from onboarding.accounts.consents import barred, grants_given
from onboarding.accounts.models import MembershipRow, Organisation, User
from onboarding.accounts.queries import people
from onboarding.belts.models import Belt
from onboarding.compliance.queries import acceptances_of
from onboarding.licences.models import Licence
from onboarding.listings.models import Listing
from onboarding.moderation.evidence import Paper, papers_of
from onboarding.moderation.models import Case
from onboarding.moderation.queries import CaseLine, lines_of, on_desk
from onboarding.offers.models import PickUp
from onboarding.standing.models import Check
from onboarding.standing.rules import OVERDUE
from onboarding.verification.models import Application
from onboarding.verification.queries import Seller, desk_region, seller

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select

    from kernel.audit import Change
    from kernel.permissions import Actor
    from onboarding.compliance.queries import Accepted

_PEOPLE: Final = people()
_GRANTS: Final = grants_given()
FACTORY_SORTS: Final = {
    "name": Organisation.name,
    "belt": Belt.slug,
    "submitted": Application.submitted_at,
    "checked": Application.checked_at,
}
HISTORY: Final = 100
_TOLD: Final = (
    *("help.", "factory.", "merchant.", "case.", "appeal.", "claim.", "check.", "licence.", "agreement."),
    "inspection.",
)
"""Operations that may be about a seller itself."""


@dataclass(frozen=True, slots=True)
class FactoryLine:
    """One factory or merchant in a list; `goods` are those on sale, of a merchant those she resells."""

    organisation: str
    kind: str
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
    """Something that was done about a factory; `sent_by` says who sends the helper that did it on an owner's behalf."""

    at: datetime
    who: str
    operation: str
    reason: str
    changes: list[Change]
    sent_by: str | None = None


@dataclass(frozen=True, slots=True)
class FactoryFile:
    """All that an operator knows of a factory or merchant, the newest first; `barred` says why she may not decide."""

    seller: Seller
    application: Application
    licence: Licence | None
    papers: list[Paper]
    members: list[tuple[str, str]]
    cases: list[CaseLine]
    events: list[Event]
    goods: Mapping[str, int]
    orders: int
    barred: str
    accepted: list[Accepted]


def factories(actor: Actor, asked: Mapping[str, str], *, now: datetime) -> Selected[FactoryLine]:
    """The factories and merchants of this operator's desk that an address asks for, the newest first."""
    made = (Listing.organisation_id == Organisation.id) & (Listing.state == "published")
    resold = (PickUp.organisation_id == Organisation.id) & (PickUp.state == "on")
    goods = (select(func.count(Listing.id)).where(made), select(func.count(PickUp.id)).where(resold))
    query = _on_desk(
        actor,
        Organisation.public_id,
        Application.kind,
        Organisation.name,
        Application.state,
        Application.reason,
        Application.uscc,
        desk_region(),
        func.coalesce(Belt.name_zh, ""),
        func.coalesce(Belt.name_en, ""),
        Application.submitted_at,
        Application.decided_at,
        Application.checked_at,
        sum((one.scalar_subquery() for one in goods[1:]), goods[0].scalar_subquery()),
    ).where(*_conditions(asked, now))
    return Selected(query, (Application.id.desc(),), lambda rows: [FactoryLine(*row) for row in rows])


def factory_file(actor: Actor, organisation: str) -> FactoryFile:
    """Everything about one factory or merchant of this operator's desk; NotFoundError."""
    reached = _on_desk(actor, Application).where(Organisation.public_id == organisation)
    application, found = session().scalar(reached), seller(organisation)
    if application is None or found is None:
        raise NotFoundError
    licence = session().get(Licence, application.licence_id) if application.licence_id else None
    return FactoryFile(
        seller=found,
        application=application,
        licence=licence,
        papers=papers_of(application, found.name, licence),
        members=_members(application.organisation_id),
        cases=_cases(actor, application.organisation_id),
        events=_events(f"{found.kind}:{organisation}"),
        goods=_goods(application),
        orders=session().scalar(select(func.count(SaleRow.id)).where(SaleRow.seller == organisation)) or 0,
        barred=barred(actor, application.organisation_id),
        accepted=acceptances_of(application.organisation_id),
    )


def factory_licence(actor: Actor, organisation: str) -> Licence:
    """The photo of the licence of a factory or merchant of this operator's desk; NotFoundError."""
    query = _on_desk(actor, Licence).join(Licence, Licence.id == Application.licence_id)
    found: Licence | None = session().scalar(query.where(Organisation.public_id == organisation))
    if found is None:
        raise NotFoundError
    return found


def _on_desk(actor: Actor, *columns: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401  whatever is asked for
    """Of the applications that were handed in, those of this operator's desk."""
    return (
        select(*columns)
        .select_from(Application)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .outerjoin(Belt, Belt.id == Application.belt_id)
        .where(Application.state != "draft", on_desk(actor, region=desk_region(), belt=Belt.slug))
    )


def _conditions(asked: Mapping[str, str], now: datetime) -> list[ColumnElement[bool]]:
    columns = {"kind": Application.kind, "state": Application.state, "region": desk_region(), "belt": Belt.slug}
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
    """What was decided about the seller itself; goods have a list of their own."""
    about = (Case.organisation_id == organisation_id) & (Case.subject_type != "listing")
    query = lines_of(actor).where(about).order_by(Case.id.desc()).limit(HISTORY)
    return [CaseLine(*row) for row in session().execute(query)]


def _events(subject: str) -> list[Event]:
    about = cast(AuditRow.changes, String).contains(f'"{subject}"', autoescape=True)
    kinds = or_(*(AuditRow.operation.startswith(kind, autoescape=True) for kind in _TOLD))
    query: Any = (
        select(AuditRow.at, func.coalesce(_PEOPLE.c.name, AuditRow.actor), AuditRow.operation)
        .add_columns(AuditRow.reason, AuditRow.changes)
        .add_columns(_GRANTS.c.sent_by)
        .outerjoin(_PEOPLE, _PEOPLE.c.id == AuditRow.actor_user_id)
        .outerjoin(_GRANTS, _GRANTS.c.grant == AuditRow.under)
        .where(kinds, about)
        .order_by(AuditRow.id.desc())
        .limit(HISTORY)
    )
    return [Event(*row) for row in session().execute(query)]


def _goods(application: Application) -> dict[str, int]:
    """How many goods a factory has in each state; what a merchant resells is on sale."""
    if application.kind == "merchant":
        picked = (PickUp.organisation_id == application.organisation_id) & (PickUp.state == "on")
        resold = session().scalar(select(func.count(PickUp.id)).where(picked)) or 0
        return {"published": resold} if resold else {}
    made = select(Listing.state, func.count()).where(Listing.organisation_id == application.organisation_id)
    return {state: int(count) for state, count in session().execute(made.group_by(Listing.state))}
