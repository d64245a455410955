"""What can be asked of tiers: which one a factory stands on, in the statement that asks for it; visits; wishes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from commission.payees.queries import has_account_in_name
from kernel.clock import start_of
from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.accounts.models import Organisation, User
from onboarding.belts.models import Belt
from onboarding.standing.models import Check
from onboarding.tiers.models import Inspection, InspectionRequest, InspectionWithdrawal
from onboarding.tiers.rules import FINDINGS, Known, licence_until, profile_mark, tier_of
from onboarding.verification.models import Application, Profile
from onboarding.verification.queries import may_decide
from onboarding.verification.rules import Told

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date, datetime

    from sqlalchemy import Row, ScalarSelect, Select, SQLColumnExpression

    from kernel.permissions import Actor, Permission
    from kernel.text import Message
    from onboarding.tiers.rules import Tier


@dataclass(frozen=True, slots=True)
class InspectionLine:
    """A visit on record; `found` is what was looked at and whether it was so, `pictures` how many there are."""

    inspection: str
    organisation_id: int
    visited_on: date
    recorded_at: datetime
    by: str
    is_passed: bool
    valid_until: date | None
    found: Mapping[Message, bool]
    note: str
    keys: tuple[str, ...]
    withdrawn_at: datetime | None
    withdrawn_reason: str


def with_tier(query: Select[*tuple[Any, ...]], *, now: datetime) -> Select[*tuple[Any, ...]]:
    """A query over Organisation, Application and (outer) Profile with what a tier follows from; see `known_in`."""
    return query.add_columns(
        Application.state.label("tier_state"),
        func.coalesce(Application.checked_at, Application.decided_at).label("tier_checked_at"),
        Application.expires_on.label("tier_expires_on"),
        _answered_at().label("tier_answered_at"),
        Profile.founded.label("tier_founded"),
        Profile.people.label("tier_people"),
        func.coalesce(Profile.capacity, "").label("tier_capacity"),
        func.coalesce(Profile.makes, "").label("tier_makes"),
        has_account_in_name(Organisation.public_id, now=now).label("tier_account"),
        Inspection.visited_on.label("tier_visited_on"),
        Inspection.valid_until.label("tier_valid_until"),
        Inspection.profile.label("tier_profile"),
    ).outerjoin(Inspection, Inspection.id == _newest(Organisation.id))


def inspected_until(organisation_id: SQLColumnExpression[int]) -> ScalarSelect[date | None]:
    """The last day on which a factory's newest visit counts, as a column; null where nobody was, or it failed."""
    newest = aliased(Inspection)
    return select(newest.valid_until).where(newest.id == _newest(organisation_id)).scalar_subquery()


def known_in(row: Row[*tuple[Any, ...]]) -> Known:
    """What such a row says."""
    told = Told(founded=row.tier_founded, people=row.tier_people, capacity=row.tier_capacity, makes=row.tier_makes)
    was_passed = row.tier_valid_until is not None
    fits = was_passed and row.tier_profile == profile_mark(told)
    return Known(
        state=row.tier_state,
        licence_until=licence_until(row.tier_checked_at, row.tier_expires_on, row.tier_answered_at),
        told=told,
        has_account=row.tier_account,
        visited_on=row.tier_visited_on,
        inspected_until=start_of(row.tier_valid_until) if fits else None,
        told_anew=was_passed and not fits,
    )


def known_of(organisation_id: int, *, now: datetime) -> Known:
    """What a factory's tier follows from; one statement."""
    row = session().execute(_facts(now).where(Organisation.id == organisation_id)).one_or_none()
    return known_in(row) if row else Known()


def tiers_of(organisations: Collection[int], *, now: datetime) -> dict[int, Tier | None]:
    """The tiers of many factories (ids); one statement, and one that is no factory has none."""
    rows = session().execute(_facts(now).where(Organisation.id.in_(organisations)))
    found = {row.tier_organisation: tier_of(known_in(row), now) for row in rows}
    return {one: found.get(one) for one in organisations}


def inspections_of(organisation_id: int) -> list[InspectionLine]:
    """Every visit to a factory on record, the newest first."""
    newest = (Inspection.visited_on.desc(), Inspection.id.desc())
    query = _lines().where(Inspection.organisation_id == organisation_id).order_by(*newest)
    return [_line(row) for row in session().execute(query)]


def open_request(organisation_id: int, *, lock: bool = False) -> InspectionRequest | None:
    """The wish of a factory that somebody come, while nobody has."""
    query = select(InspectionRequest).where(_asks(organisation_id))
    return session().scalar(query.with_for_update() if lock else query)


def is_told_of(organisation_id: int, *, by: int | None, visited_on: date) -> bool:
    """Whether somebody (id of a user) has told of a visit of that day already, and it stands."""
    mine = (Inspection.organisation_id == organisation_id, Inspection.inspected_by == by)
    withdrawn = select(InspectionWithdrawal.id).where(InspectionWithdrawal.inspection_id == Inspection.id)
    query = select(Inspection.id).where(*mine, Inspection.visited_on == visited_on, ~withdrawn.exists())
    return session().scalar(query.limit(1)) is not None


def inspection_named(inspection: str) -> tuple[Inspection, str]:
    """A visit by public id, with the public id of the factory; who may see it is for the caller to say."""
    query = select(Inspection, Organisation.public_id).join(Organisation, Organisation.id == Inspection.organisation_id)
    row = session().execute(query.where(Inspection.public_id == inspection)).one_or_none()
    if row is None:
        raise NotFoundError
    return row[0], row[1]


def inspection_for(actor: Actor, inspection: str, permission: Permission) -> InspectionLine:
    """A visit (public id) to a factory of this operator's desk; NotFoundError."""
    row = session().execute(_lines().where(Inspection.public_id == inspection)).one_or_none()
    if row is None:
        raise NotFoundError
    reach = (
        select(Application, Belt)
        .outerjoin(Belt, Belt.id == Application.belt_id)
        .where(Application.organisation_id == row.Inspection.organisation_id)
    )
    application, belt = session().execute(reach).one()
    if not may_decide(actor, permission, application, belt):
        raise NotFoundError
    return _line(row)


def _answered_at() -> ScalarSelect[datetime | None]:
    """When the owner did her part of the check that waits for an operator."""
    waits = (Check.organisation_id == Organisation.id) & (Check.state == "answered")
    return select(Check.answered_at).where(waits).correlate(Organisation).scalar_subquery()


def _newest(organisation_id: SQLColumnExpression[int]) -> ScalarSelect[int]:
    """The visit that counts: the latest day that was not withdrawn, of one day what was told last."""
    other = aliased(Inspection)
    withdrawn = select(InspectionWithdrawal.id).where(InspectionWithdrawal.inspection_id == other.id)
    return (
        select(other.id)
        .where(other.organisation_id == organisation_id, ~withdrawn.exists())
        .order_by(other.visited_on.desc(), other.id.desc())
        .limit(1)
        .correlate(Organisation)
        .scalar_subquery()
    )


def _facts(now: datetime) -> Select[*tuple[Any, ...]]:
    query = (
        select(Organisation.id.label("tier_organisation"))
        .join(Application, Application.organisation_id == Organisation.id)
        .outerjoin(Profile, Profile.organisation_id == Organisation.id)
        .where(Application.kind == "factory")
    )
    return with_tier(query, now=now)


def _asks(organisation_id: int) -> Any:  # noqa: ANN401  a condition
    return (InspectionRequest.organisation_id == organisation_id) & (InspectionRequest.state == "open")


def _lines() -> Select[*tuple[Any, ...]]:
    return (
        select(Inspection, User.name, InspectionWithdrawal.withdrawn_at, InspectionWithdrawal.reason)
        .join(User, User.id == Inspection.inspected_by)
        .outerjoin(InspectionWithdrawal, InspectionWithdrawal.inspection_id == Inspection.id)
    )


def _line(row: Row[*tuple[Any, ...]]) -> InspectionLine:
    found, by, withdrawn_at, reason = row
    return InspectionLine(
        inspection=found.public_id,
        organisation_id=found.organisation_id,
        visited_on=found.visited_on,
        recorded_at=found.recorded_at,
        by=by,
        is_passed=found.outcome == "passed",
        valid_until=found.valid_until,
        found={label: getattr(found, name) for name, label in FINDINGS.items()},
        note=found.note,
        keys=tuple(found.pictures.split()),
        withdrawn_at=withdrawn_at,
        withdrawn_reason=reason or "",
    )
