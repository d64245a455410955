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
from onboarding.accounts.models import Organisation, User
from onboarding.accounts.queries import owners_of
from onboarding.belts.models import Belt
from onboarding.listings.changes import edit_named
from onboarding.listings.models import Listing, ListingEdit, Takedown
from onboarding.listings.sharing import taken_down_by
from onboarding.moderation.models import Case
from onboarding.moderation.people import accuses, part_in
from onboarding.moderation.rules import HOLD, SUBJECTS
from onboarding.moderation.subjects import GOODS, goods_of_case
from onboarding.standing.queries import decided_first
from onboarding.verification.queries import Seller, seller
from onboarding.verification.rules import province_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Select, SQLColumnExpression

    from onboarding.accounts.queries import Contact

EARLIER = 10
TAKER = aliased(User)
TAKEN = aliased(Listing)
FACTORY_NAME = Organisation.name  # what a list of cases is sorted by
AGES = {"hour": timedelta(hours=1), "hours": timedelta(hours=4), "day": timedelta(days=1), "days": timedelta(days=3)}


@dataclass(frozen=True, slots=True)
class Glance:
    """Goods in a list: their picture, the range of retail prices in fen, how much was found by weight."""

    image: str
    lowest_fen: int
    highest_fen: int
    bad: int
    warn: int
    info: int


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
    internal: str
    opened_at: datetime
    decided_at: datetime | None
    decided_by: str | None
    taken_at: datetime | None
    taken_by: str | None
    holder: int | None
    weight: int = 0
    minutes: int = 0
    glance: Glance | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an operator needs to decide a case, on one screen; `barred` says why this one may not, as `barred` does."""

    case: CaseLine
    seller: Seller | None
    registered_in: str
    owners: list[str]
    listing: Listing | None
    edit: ListingEdit | None
    earlier: list[CaseLine]
    barred: str


def cases(actor: Actor, asked: Mapping[str, str], *, now: datetime) -> Selected[CaseLine]:
    """The cases of this operator's desk that an address asks for: decided ones newest first.

    Of the open ones what most people wait for is first, then the oldest.
    """
    query = lines_of(actor).where(*_conditions(actor, asked, now))
    order = (Case.weight.desc(), Case.id) if asked["state"] == "open" else (Case.id.desc(),)
    return Selected(query, order, lambda rows: [_waiting(CaseLine(*row), now) for row in rows])


def following(
    actor: Actor, asked: Mapping[str, str], *, after: CaseLine, now: datetime, anywhere: bool = False
) -> str | None:
    """The public id of the open case that comes next: in the same list after this one, or its first; or `anywhere`."""
    here, everywhere = {**asked, "state": "open"}, dict.fromkeys(asked, "") | {"state": "open"}
    later = or_(Case.weight < after.weight, (Case.weight == after.weight) & (Case.id > after.id))
    for wanted, place in ((here, later), (here, true()), *([(everywhere, true())] if anywhere else [])):
        query = cases(actor, wanted, now=now).query.where(place, Case.id != after.id)
        first = query.with_only_columns(Case.public_id).order_by(Case.weight.desc(), Case.id).limit(1)
        found = session().scalar(first)
        if found is not None:
            return found
    return None


def preceding(actor: Actor, asked: Mapping[str, str], *, before: CaseLine, now: datetime) -> str | None:
    """The public id of the open case that comes before this one in the same list."""
    earlier = or_(Case.weight > before.weight, (Case.weight == before.weight) & (Case.id < before.id))
    query = cases(actor, {**asked, "state": "open"}, now=now).query.where(earlier)
    last = query.with_only_columns(Case.public_id).order_by(Case.weight, Case.id.desc()).limit(1)
    return session().scalar(last)


def titles_of(actor: Actor, cases: Sequence[str]) -> dict[str, str]:
    """What the cases of this operator's desk among these are called, by public id."""
    query = lines_of(actor).where(Case.public_id.in_(cases))
    return {row.public_id: row.title for row in _read(query)}


def ages(actor: Actor, *, now: datetime) -> dict[str, int]:
    """How many open cases wait longer than each age of `AGES`; under "" all of them."""
    longer = [func.sum(case((Case.opened_at <= now - age, 1), else_=0)) for age in AGES.values()]
    counts = session().execute(select(func.count(), *longer).where(Case.state == "open", before(actor))).one()
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
    query = select(Case.subject_type, func.count()).where(Case.state == "open", before(actor))
    found = {name: int(count) for name, count in session().execute(query.group_by(Case.subject_type))}
    return {subject_type: found.get(subject_type, 0) for subject_type in SUBJECTS}


def kind_of(case: str) -> str:
    """What a case (public id) is about, as `SUBJECTS` names it; empty for none."""
    return session().scalar(select(Case.subject_type).where(Case.public_id == case)) or ""


def evidence(actor: Actor, case: str) -> Evidence:
    """All there is to see about a case; NotFoundError off this operator's desk."""
    lines = _read(lines_of(actor).where(Case.public_id == case))
    if not lines:
        raise NotFoundError
    line = lines[0]
    found = seller(line.organisation)
    same = (Case.subject_type == line.subject_type) & (Case.subject == line.subject) & (Case.id != line.id)
    return Evidence(
        case=line,
        seller=found,
        registered_in=province_of(found.uscc) if found else "",
        owners=[_named(owner) for owner in owners_of(line.organisation_id)],
        listing=goods_of_case(line.subject_type, line.subject),
        edit=edit_named(line.subject) if line.subject_type == "edit" else None,
        earlier=_read(lines_of(actor).where(same).order_by(Case.id.desc()).limit(EARLIER)),
        barred=part_in(actor, line) or _own(actor, line),
    )


def _own(actor: Actor, line: CaseLine) -> str:
    """Why the one whose decision is appealed does not judge it, as the code of a refusal."""
    first = {"appeal": decided_first, "takedown": taken_down_by}.get(line.subject_type)
    return "case.own_decision" if first and first(actor, line.subject) else ""


def lines_of(actor: Actor) -> Select[*tuple[Any, ...]]:
    """The cases of this operator's desk, each row what a CaseLine is made of."""
    of_edit = and_(Case.subject_type == "edit", ListingEdit.public_id == Case.subject)
    is_listing = and_(Case.subject_type.in_(GOODS), Listing.public_id == Case.subject)
    is_appeal = and_(Case.subject_type == "takedown", Takedown.public_id == Case.subject)
    return (
        select(
            Case.id,
            Case.public_id,
            Organisation.id,
            Organisation.public_id,
            Case.subject_type,
            Case.subject,
            func.coalesce(Listing.title, TAKEN.title, Organisation.name),
            Organisation.name,
            Case.region,
            func.coalesce(Belt.name_zh, ""),
            func.coalesce(Belt.name_en, ""),
            Case.state,
            Case.reason,
            Case.asked,
            Case.internal,
            Case.opened_at,
            Case.decided_at,
            User.name,
            Case.taken_at,
            TAKER.name,
            Case.taken_by,
            Case.weight,
        )
        .join(Organisation, Organisation.id == Case.organisation_id)
        .outerjoin(ListingEdit, of_edit)
        .outerjoin(Takedown, is_appeal)
        .outerjoin(Listing, or_(is_listing, Listing.id == ListingEdit.listing_id))
        .outerjoin(TAKEN, TAKEN.id == Takedown.listing_id)
        .outerjoin(Belt, Belt.slug == Case.belt)
        .outerjoin(User, User.id == Case.decided_by)
        .outerjoin(TAKER, TAKER.id == Case.taken_by)
        .where(before(actor))
    )


def taker_of(case: Case) -> str:
    """The name of whoever took a case last."""
    return session().scalars(select(User.name).where(User.id == case.taken_by)).one()


def before(actor: Actor) -> ColumnElement[bool]:
    """The cases of this operator's desk that she may read: not those against a house of hers."""
    return on_desk(actor) & ~accuses(actor)


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
        names = (Listing.title, TAKEN.title, Organisation.name)
        named = (name.icontains(said, autoescape=True) for name in names)
        wanted.append(or_(*named, Case.public_id == said, Case.subject == said))
    return wanted


def _named(owner: Contact) -> str:
    """A contact as shown: the number stays masked, and stands once when it is the name as well."""
    reached = owner.recipient.masked
    return reached if owner.name == reached else f"{owner.name} {reached}"


def _read(query: Select[*tuple[Any, ...]]) -> list[CaseLine]:
    return [CaseLine(*row) for row in session().execute(query)]
