"""What an operator sees: the cases of her desk, and the evidence of one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true
from sqlalchemy.orm import aliased

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import ROLE_PERMISSIONS, Actor, Permission, Role
from kernel.tables import Selected
from onboarding.accounts.consents import barred
from onboarding.accounts.models import Organisation, User
from onboarding.accounts.queries import owners_of
from onboarding.belts.models import Belt
from onboarding.listings.models import Listing
from onboarding.moderation.models import Case
from onboarding.moderation.rules import HOLD, SUBJECTS
from onboarding.standing.queries import claim_named, decided_first
from onboarding.verification.models import Application
from onboarding.verification.queries import Seller, desk_region, seller
from onboarding.verification.rules import province_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select, SQLColumnExpression

    from onboarding.accounts.queries import Contact

EARLIER = 10
TAKER = aliased(User)
FACTORY_NAME = Organisation.name  # what a list of cases is sorted by
AGES = {"hour": timedelta(hours=1), "hours": timedelta(hours=4), "day": timedelta(days=1), "days": timedelta(days=3)}


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case in a list."""

    id: int
    public_id: str
    organisation_id: int
    organisation: str
    subject_type: str
    subject: str
    title: str
    factory: str
    region: str
    belt: str
    belt_en: str
    state: str
    reason: str
    asked: str
    opened_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    taken_at: datetime | None
    taken_by: str | None
    holder: int | None
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose matter something is: its organisation, and the region and belt that staff scopes name."""

    organisation_id: int
    region: str
    belt: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an operator needs to decide a case, on one screen; `barred` says why this one may not, as `barred` does."""

    case: CaseLine
    seller: Seller | None
    registered_in: str
    owners: list[str]
    listing: Listing | None
    earlier: list[CaseLine]
    barred: str


def cases(actor: Actor, asked: Mapping[str, str], *, now: datetime) -> Selected[CaseLine]:
    """The cases of this operator's desk that an address asks for: open ones oldest first, decided ones newest first."""
    query = lines_of(actor).where(*_conditions(actor, asked, now))
    order = Case.id if asked["state"] == "open" else Case.id.desc()
    return Selected(query, (order,), lambda rows: [_waiting(CaseLine(*row), now) for row in rows])


def following(
    actor: Actor, asked: Mapping[str, str], *, after: int, now: datetime, anywhere: bool = False
) -> str | None:
    """The public id of the open case that comes next: in the same list after this one, or its first; or `anywhere`."""
    here, everywhere = {**asked, "state": "open"}, dict.fromkeys(asked, "") | {"state": "open"}
    for wanted, least in ((here, after), (here, 0), *([(everywhere, 0)] if anywhere else [])):
        query = cases(actor, wanted, now=now).query.where(Case.id > least, Case.id != after)
        found = session().scalar(query.with_only_columns(Case.public_id).order_by(Case.id).limit(1))
        if found is not None:
            return found
    return None


def preceding(actor: Actor, asked: Mapping[str, str], *, before: int, now: datetime) -> str | None:
    """The public id of the open case that comes before this one in the same list."""
    query = cases(actor, {**asked, "state": "open"}, now=now).query.where(Case.id < before)
    return session().scalar(query.with_only_columns(Case.public_id).order_by(Case.id.desc()).limit(1))


def titles_of(actor: Actor, cases: Sequence[str]) -> dict[str, str]:
    """What the cases of this operator's desk among these are called, by public id."""
    query = lines_of(actor).where(Case.public_id.in_(cases))
    return {row.public_id: row.title for row in _read(query)}


def ages(actor: Actor, *, now: datetime) -> dict[str, int]:
    """How many open cases wait longer than each age of `AGES`; under "" all of them."""
    longer = [func.sum(case((Case.opened_at <= now - age, 1), else_=0)) for age in AGES.values()]
    counts = session().execute(select(func.count(), *longer).where(Case.state == "open", on_desk(actor))).one()
    return dict(zip(("", *AGES), (int(count or 0) for count in counts), strict=True))


def places_on_desk(actor: Actor, language: str) -> dict[str, list[tuple[str, str]]]:
    """The regions and belts that the lists of this operator's desk can be narrowed to, as a filter offers them."""
    reach = on_desk(actor, region=Belt.province, belt=Belt.slug)
    belts = session().scalars(select(Belt).where(reach).order_by(Belt.province, Belt.slug)).all()
    return {
        "region": [(name, name) for name in dict.fromkeys(belt.province for belt in belts)],
        "belt": [(belt.slug, belt.name_zh if language == "zh" else belt.name_en) for belt in belts],
    }


def open_counts(actor: Actor) -> dict[str, int]:
    """How many cases wait on this operator's desk, by subject type."""
    query = select(Case.subject_type, func.count()).where(Case.state == "open", on_desk(actor))
    found = {name: int(count) for name, count in session().execute(query.group_by(Case.subject_type))}
    return {subject_type: found.get(subject_type, 0) for subject_type in SUBJECTS}


def evidence(actor: Actor, case: str) -> Evidence:
    """All there is to see about a case; NotFoundError off this operator's desk."""
    lines = _read(lines_of(actor).where(Case.public_id == case))
    if not lines:
        raise NotFoundError
    line = lines[0]
    found, is_listing = seller(line.organisation), line.subject_type == "listing"
    same = (Case.subject_type == line.subject_type) & (Case.subject == line.subject) & (Case.id != line.id)
    return Evidence(
        case=line,
        seller=found,
        registered_in=province_of(found.uscc) if found else "",
        owners=[_named(owner) for owner in owners_of(line.organisation_id)],
        listing=session().scalar(select(Listing).where(Listing.public_id == line.subject)) if is_listing else None,
        earlier=_read(lines_of(actor).where(same).order_by(Case.id.desc()).limit(EARLIER)),
        barred=barred(actor, *parties_of(line.subject_type, line.subject, line.organisation_id)) or _own(actor, line),
    )


def _own(actor: Actor, line: CaseLine) -> str:
    """Why the one whose decision is appealed does not judge it, as the code of a refusal."""
    return "case.own_decision" if line.subject_type == "appeal" and decided_first(actor, line.subject) else ""


def lines_of(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The cases of this operator's desk, each row what a CaseLine is made of."""
    is_listing = and_(Case.subject_type == "listing", Listing.public_id == Case.subject)
    return (
        select(
            Case.id,
            Case.public_id,
            Organisation.id,
            Organisation.public_id,
            Case.subject_type,
            Case.subject,
            func.coalesce(Listing.title, Organisation.name),
            Organisation.name,
            Case.region,
            func.coalesce(Belt.name_zh, ""),
            func.coalesce(Belt.name_en, ""),
            Case.state,
            Case.reason,
            Case.asked,
            Case.opened_at,
            Case.decided_at,
            User.name,
            Case.taken_at,
            TAKER.name,
            Case.taken_by,
        )
        .join(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(Listing, is_listing)
        .outerjoin(Belt, Belt.slug == Case.belt)
        .outerjoin(User, User.id == Case.decided_by)
        .outerjoin(TAKER, TAKER.id == Case.taken_by)
        .where(on_desk(actor))
    )


def desk_of(subject_type: str, subject: str) -> Desk:
    """Where a subject belongs: the organisation it is of, with its belt and province, a merchant's by her code."""
    query = select(Organisation.id, func.coalesce(desk_region(), ""), func.coalesce(Belt.slug, ""))
    query = query.outerjoin(Application, Application.organisation_id == Organisation.id)
    query = query.outerjoin(Belt, Belt.id == Application.belt_id)
    if subject_type == "listing":
        query = query.join(Listing, Listing.organisation_id == Organisation.id).where(Listing.public_id == subject)
    else:
        query = query.where(Organisation.public_id == subject)
    return Desk(*session().execute(query).one())


def parties_of(subject_type: str, subject: str, organisation_id: int) -> list[int]:
    """The organisations (ids) that a case is about: its own, and of a claim whoever stands to lose the code."""
    return [organisation_id] + ([claim_named(subject).holder_id] if subject_type == "claim" else [])


def title_of(case: Case) -> str:
    """What the subject of a case is called."""
    if case.subject_type == "listing":
        return session().scalars(select(Listing.title).where(Listing.public_id == case.subject)).one()
    return session().scalars(select(Organisation.name).where(Organisation.id == case.organisation_id)).one()


def taker_of(case: Case) -> str:
    """The name of whoever took a case last."""
    return session().scalars(select(User.name).where(User.id == case.taken_by)).one()


def on_desk(
    actor: Actor,
    permission: Permission = Permission.OPS_CASES_VIEW,
    *,
    region: SQLColumnExpression[str] = Case.region,
    belt: SQLColumnExpression[str] = Case.belt,
) -> ColumnElement[bool]:
    """The cases (or what else has a region and a belt) that lie within the scopes of an actor's staff roles."""
    if Role.SYSTEM in actor.roles:
        return true()
    scopes = [grant.scope for grant in actor.staff if permission in ROLE_PERMISSIONS[grant.role]]
    reach: dict[str, Any] = {"region": region, "belt": belt}
    return or_(false(), *(true() if scope.kind == "channel" else reach[scope.kind] == scope.value for scope in scopes))


def _waiting(line: CaseLine, now: datetime) -> CaseLine:
    """With how long it waited, or waits."""
    return replace(line, minutes=int(((line.decided_at or now) - line.opened_at).total_seconds()) // 60)


def _conditions(actor: Actor, asked: Mapping[str, str], now: datetime) -> list[ColumnElement[bool]]:
    columns = {"type": Case.subject_type, "state": Case.state, "region": Case.region, "belt": Case.belt}
    wanted: list[ColumnElement[bool]] = [column == asked[name] for name, column in columns.items() if asked[name]]
    if asked["age"]:
        wanted.append(Case.opened_at <= now - AGES[asked["age"]])
    if asked["taken"]:
        held = Case.taken_at > now - HOLD
        free = or_(Case.taken_at.is_(None), ~held)
        wanted.append(free if asked["taken"] == "nobody" else held & (Case.taken_by == actor.user_id))
    if said := asked["q"]:
        names = (Listing.title.icontains(said, autoescape=True), Organisation.name.icontains(said, autoescape=True))
        wanted.append(or_(*names, Case.public_id == said, Case.subject == said))
    return wanted


def _named(owner: Contact) -> str:
    """A contact as shown: the number stays masked, and stands once when it is the name as well."""
    reached = owner.recipient.masked
    return reached if owner.name == reached else f"{owner.name} {reached}"


def _read(query: Select[*tuple[Any, ...]]) -> list[CaseLine]:
    return [CaseLine(*row) for row in session().execute(query)]
