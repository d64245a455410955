"""What can be done about visits: an owner asks for one, somebody of the channel tells of it, it is withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.outbox import publish
from kernel.permissions import Permission
from kernel.text import clause, lazy
from kernel.wording import Words
from onboarding.accounts.consents import require_impartial
from onboarding.accounts.operations import tell
from onboarding.accounts.queries import owners_of
from onboarding.standing.queries import organisation_named
from onboarding.tiers.facts import InspectionRecorded, InspectionWithdrawn, VisitAsked
from onboarding.tiers.models import Inspection, InspectionRequest, InspectionWithdrawal
from onboarding.tiers.queries import inspection_named, is_told_of, known_of, open_request
from onboarding.tiers.rules import FINDINGS, VISIT, may_ask, own_decision, own_part, profile_mark, valid_until
from onboarding.verification.operations import reason_told
from onboarding.verification.queries import factory_of, locked, may_decide, told_by

if TYPE_CHECKING:
    from datetime import date, datetime

    from kernel.permissions import Actor
    from onboarding.tiers.rules import Seen
    from onboarding.verification.models import Application
    from onboarding.verification.queries import Seller

_PASSED = lazy("“%(name)s”验厂通过，有效期 12 个月。登录后在“核验等级”看记录。")
_FAILED = lazy("“%(name)s”这次验厂没有通过，哪里不符写在“核验等级”里。改好了可以再请人来。")
_WITHDRAWN = lazy("“%(name)s”%(day)s的验厂记录已撤销：%(reason)s。登录后在“核验等级”看记录。")


@operation("inspection.ask")
def ask_visit(*, actor: Actor, now: datetime) -> InspectionRequest:
    """Ask for somebody to come and look. `visit.asked` while one waits, `visit.not_yet` before all else is done."""
    mine = _owned(actor)
    locked(mine.organisation)
    if not may_ask(known_of(mine.organisation_id, now=now), now):
        raise DomainError("visit.not_yet")
    made = InspectionRequest(
        public_id=public_id("vis"),
        organisation_id=mine.organisation_id,
        asked_by=actor.user_id,
        asked_at=now,
        state=VISIT.start,
        ended_at=None,
    )
    session().add(made)
    try:
        session().flush()
    except IntegrityError as error:
        raise DomainError("visit.asked") from error
    note(f"factory:{mine.organisation}", after={"visit": made.state})
    publish(VisitAsked(organisation=mine.organisation), actor=actor, now=now)
    return made


@operation("inspection.take_back")
def take_back(*, actor: Actor, now: datetime) -> None:
    """Ask no longer; where nothing was asked nothing happens."""
    mine = _owned(actor)
    _end_request(mine.organisation_id, mine.organisation, "take_back", now=now)


@operation("inspection.record")
def record_inspection(*, actor: Actor, organisation: str, seen: Seen, now: datetime) -> Inspection:
    """Put a visit on record as whoever was there; an open wish for one is met by it.

    NotFoundError off her desk, `case.own`, `case.was_own` or `case.helped` for who is no stranger there,
    `inspection.own_decision` for who let it in, `inspection.not_listed` for a factory that may not trade,
    `inspection.recorded` for the same day again, `inspection.told_anew` when the factory tells something else of itself
    than she held it against, InvalidInputError by field.
    """
    application = _factory_on_desk(actor, organisation)
    visited_on = _refuse(actor, application, seen, now=now)
    seen, today = seen.cleaned(), business_date(now)
    made = Inspection(
        public_id=public_id("ins"),
        organisation_id=application.organisation_id,
        inspected_by=actor.user_id,
        visited_on=visited_on,
        recorded_on=today,
        recorded_at=now,
        outcome="passed" if seen.is_passed else "failed",
        note=seen.note,
        pictures=" ".join(seen.pictures),
        profile=seen.profile,
        valid_until=valid_until(visited_on) if seen.is_passed else None,
        **{name: seen.found[name] for name in FINDINGS},
    )
    session().add(made)
    session().flush()
    _end_request(application.organisation_id, organisation, "go", now=now)
    note(f"factory:{organisation}", after={"inspection": made.public_id, "outcome": made.outcome})
    fact = InspectionRecorded(inspection=made.public_id, organisation=organisation, outcome=made.outcome)
    publish(fact, actor=actor, now=now)
    _tell_owner(application.organisation_id, _PASSED if seen.is_passed else _FAILED, {}, actor=actor, now=now)
    return made


@operation("inspection.withdraw")
def withdraw_inspection(*, actor: Actor, inspection: str, reason: str, now: datetime) -> None:
    """Say that a visit on record counts no longer, with a reason its owner reads. `inspection.withdrawn` twice.

    What one person put on record another takes away, a slip as well: `inspection.own_record`. A failed one is not
    taken away by who let the factory in: `inspection.own_failure`.
    """
    found, organisation = inspection_named(inspection)
    application = _factory_on_desk(actor, organisation)
    require_impartial(actor, application.organisation_id)
    if code := own_part(found.inspected_by, found.outcome, application.approved_by, actor.user_id):
        raise DomainError(code)
    reason = reason_told(reason)
    session().add(
        InspectionWithdrawal(inspection_id=found.id, withdrawn_by=actor.user_id, withdrawn_at=now, reason=reason)
    )
    try:
        session().flush()
    except IntegrityError as error:
        raise DomainError("inspection.withdrawn") from error
    note(f"factory:{organisation}", before={"inspection": inspection}, after={"inspection": "withdrawn"}, reason=reason)
    publish(InspectionWithdrawn(inspection=inspection, organisation=organisation), actor=actor, now=now)
    params = {"day": found.visited_on.isoformat(), "reason": clause(reason)}
    _tell_owner(found.organisation_id, _WITHDRAWN, params, actor=actor, now=now)


def _owned(actor: Actor) -> Seller:
    mine = factory_of(actor)
    may = Permission.SELLER_ORGANISATION_EDIT
    if mine is None or not actor.may(may, organisation_id=mine.organisation_id):
        raise NotFoundError
    return mine


def _factory_on_desk(actor: Actor, organisation: str) -> Application:
    """A factory of this operator's desk, held until the transaction ends."""
    application, belt = locked(organisation)
    if application.kind != "factory" or not may_decide(actor, Permission.OPS_CASES_DECIDE, application, belt):
        raise NotFoundError
    return application


def _refuse(actor: Actor, application: Application, seen: Seen, *, now: datetime) -> date:
    """Refuse what cannot be put on record, and who cannot do it; else the day of the visit."""
    require_impartial(actor, application.organisation_id)
    if code := own_decision(application.approved_by, actor.user_id):
        raise DomainError(code)
    if application.state != "approved" or application.submitted_at is None:
        raise DomainError("inspection.not_listed")
    wrong = seen.cleaned().faults(business_date(now), application.submitted_at)
    if wrong or seen.visited_on is None:
        raise InvalidInputError(wrong)
    if is_told_of(application.organisation_id, by=actor.user_id, visited_on=seen.visited_on):
        raise DomainError("inspection.recorded", day=seen.visited_on.isoformat())
    if seen.profile != profile_mark(told_by(application.organisation_id)):
        raise DomainError("inspection.told_anew")
    return seen.visited_on


def _end_request(organisation_id: int, organisation: str, action: str, *, now: datetime) -> None:
    found = open_request(organisation_id, lock=True)
    if found is None:
        return
    found.state, found.ended_at = VISIT.step(found.state, action).to, now
    note(f"factory:{organisation}", before={"visit": VISIT.start}, after={"visit": found.state})


def _tell_owner(organisation_id: int, message: str, params: dict[str, str], *, actor: Actor, now: datetime) -> None:
    name = organisation_named(organisation_id)[1]
    tell(owners_of(organisation_id), Words(message, {"name": name, **params}), actor=actor, now=now)
