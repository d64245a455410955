"""What is decided about sellers besides: open at once, close, take a decision back, move a code to its owner, check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from kernel.audit import note, operation
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, NotFoundError
from kernel.outbox import publish
from kernel.permissions import Actor, Permission
from onboarding.accounts.consents import require_impartial
from onboarding.licences.queries import organisation_for
from onboarding.verification.facts import FACTS
from onboarding.verification.models import Application, Profile
from onboarding.verification.operations import decide, reason_told
from onboarding.verification.paying import refuse_card_of_firm, tell_payee
from onboarding.verification.queries import held_by_another, locked, may_decide
from onboarding.verification.rules import APPLICATION, LEFT, LIFECYCLES

if TYPE_CHECKING:
    from datetime import date, datetime


@operation("merchant.open")
def open_at_once(*, actor: Actor, organisation: str, now: datetime) -> Application:
    """Let a merchant trade without anybody's having looked: her licence, as it was read, says all that she said."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    return decide(actor, organisation, "open", now=now)


@operation("factory.close")
def close(*, actor: Actor, organisation: str, reason: str, now: datetime) -> Application:
    """Close a suspended seller for good; its code is free again."""
    return decide(actor, organisation, "close", reason=reason_told(reason), now=now)


@operation("factory.leave")
def leave(*, actor: Actor, organisation_id: int, organisation: str, now: datetime) -> None:
    """Close who has left (id, public id); its code is free again. That nothing is open is for the caller to know."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    query = select(Application).where(Application.organisation_id == organisation_id).with_for_update()
    application = session().scalars(query, execution_options={"populate_existing": True}).one()
    step, before = LIFECYCLES[application.kind].step(application.state, "leave"), application.state
    application.state, application.reason = step.to, str(LEFT)
    application.decided_at, application.decided_by = now, None
    session().flush()
    note(f"{application.kind}:{organisation}", before={"state": before}, after={"state": step.to}, reason=LEFT)
    publish(FACTS[step.fact](organisation=organisation), actor=actor, now=now)


@operation("factory.throw_away")
def throw_away(*, actor: Actor, organisation: str, now: datetime) -> None:  # noqa: ARG001  audited
    """Forget an application that was never handed in, and what was told of the factory. `factory.handed_in`."""
    home = organisation_for(actor, organisation)
    found = session().scalar(select(Application).where(Application.organisation_id == home).with_for_update())
    if found is None or found.state != APPLICATION.start or found.submitted_at is not None:
        raise DomainError("factory.handed_in")
    session().execute(delete(Profile).where(Profile.organisation_id == home))
    session().delete(found)
    session().flush()
    note(f"{found.kind}:{organisation}", before={"state": APPLICATION.start}, after={"state": "thrown away"})


@operation("factory.grant_appeal")
def grant_appeal(*, actor: Actor, organisation: str, now: datetime) -> Application:
    """Take a refusal or suspension back. `factory.code_gone` when its code is another's by now."""
    application, _belt = locked(organisation)
    _hold_code(application.uscc)
    if not application.uscc or held_by_another(application.uscc, application.organisation_id):
        raise DomainError("factory.code_gone")
    return decide(actor, organisation, "grant_appeal", now=now)


@operation("factory.give_up")
def give_up(*, actor: Actor, organisation: str, reason: str, now: datetime) -> Application:
    """Take a credit code from a seller that had no right to it: it sells nothing more, or is refused."""
    application = decide(actor, organisation, "give_up", reason=reason_told(reason), now=now)
    if application.state == "suspended":
        note(f"{application.kind}:{organisation}", before={"uscc": application.uscc}, after={"uscc": ""})
        application.uscc = ""
    session().flush()
    tell_payee(application, now=now)
    return application


@operation("factory.hand_over")
def hand_over(*, actor: Actor, organisation: str, uscc: str, now: datetime) -> Application:
    """Hand an application in under a code that was claimed for it: its owner did all but that.

    `factory.incomplete` when she took back what is needed meanwhile, `factory.code_gone` when a third holds the code,
    `factory.personal_account` when her money would go to a person's card and the code is a firm's.
    """
    application, _belt = locked(organisation)
    if not actor.holds(Permission.OPS_CASES_DECIDE):
        raise NotFoundError
    require_impartial(actor, application.organisation_id)
    step = LIFECYCLES[application.kind].step(application.state, "hand_in")
    if (application.kind == "factory" and not application.ways) or application.licence_id is None:
        raise DomainError("factory.incomplete")
    _hold_code(uscc)
    if held_by_another(uscc, application.organisation_id):
        raise DomainError("factory.code_gone")
    before = {"state": application.state}
    application.uscc, application.state, application.reason, application.asked = uscc, step.to, "", ""
    application.submitted_at, application.decided_at = now, None
    try:
        session().flush()
    except IntegrityError as error:
        raise DomainError("factory.code_gone") from error
    refuse_card_of_firm(application, now=now)
    note(f"{application.kind}:{organisation}", before=before, after={"state": application.state})
    publish(FACTS[step.fact](organisation=organisation), actor=actor, now=now)
    return application


@operation("factory.check")
def check(
    *, actor: Actor, organisation: str, licence: int | None, expires_on: date | None, now: datetime
) -> Application:
    """Say that a seller was held against its licence again: the newest photo (id) counts, and until when it runs.

    `expires_on` is its last day from now on, none for a licence without end.
    """
    application, belt = locked(organisation)
    if not may_decide(actor, Permission.OPS_CASES_DECIDE, application, belt):
        raise NotFoundError
    require_impartial(actor, application.organisation_id)
    application.checked_at = now
    application.licence_id = licence or application.licence_id
    application.expires_on = expires_on
    note(f"{application.kind}:{organisation}", after={"checked_at": now.isoformat()})
    return application


def _hold_code(uscc: str) -> None:
    """Let one transaction at a time decide about a code; SQLite has one writer anyway."""
    if not is_sqlite():
        session().execute(select(func.pg_advisory_xact_lock(func.hashtext(f"uscc:{uscc}"))))
