"""What can be done about a factory's application: hand it in, correct it, approve or refuse it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy.exc import IntegrityError

from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.outbox import Fact, publish
from kernel.permissions import Actor, Permission
from kernel.text import clean
from onboarding.accounts.operations import found_organisation, lock_person, rename_organisation
from onboarding.belts.queries import belt_by_slug
from onboarding.verification import credit_code
from onboarding.verification.models import Application
from onboarding.verification.queries import factory_of, locked
from onboarding.verification.rules import APPLICATION, factory_name, name_fault, reason_fault

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, slots=True)
class FactoryApplied(Fact):
    """A factory waits for a decision, for the first time or again."""

    kind: ClassVar[str] = "factory.applied"
    organisation: str


@dataclass(frozen=True, slots=True)
class FactoryApproved(Fact):
    """A factory may trade from now on."""

    kind: ClassVar[str] = "factory.approved"
    organisation: str


@dataclass(frozen=True, slots=True)
class FactoryRefused(Fact):
    """A factory was sent back with a reason."""

    kind: ClassVar[str] = "factory.refused"
    organisation: str


@operation("factory.apply")
def apply(*, actor: Actor, name: str, uscc: str, belt: str, now: datetime) -> Application:
    """Found a factory and ask for its approval; `belt` is a slug. `factory.already_applied`, `factory.code_taken`."""
    actor.require(Permission.ACCOUNT_SELF_USE)
    said = _judge(name=name, uscc=uscc, belt=belt)
    lock_person(actor)
    if factory_of(actor) is not None:
        raise DomainError("factory.already_applied")
    organisation = found_organisation(actor=actor, kind="factory", name=said.name, now=now)
    application = Application(
        public_id=public_id("app"),
        organisation_id=organisation.id,
        uscc=said.uscc,
        belt_id=said.belt_id,
        state=APPLICATION.start,
        reason="",
        submitted_at=now,
        decided_at=None,
    )
    session().add(application)
    _claim_code()
    note(f"factory:{organisation.public_id}", after={"state": application.state, "belt": belt})
    publish(FactoryApplied(organisation=organisation.public_id), actor=actor, now=now)
    return application


@operation("factory.correct")
def correct(*, actor: Actor, name: str, uscc: str, belt: str, now: datetime) -> Application:
    """Hand a refused application in again."""
    mine = factory_of(actor)
    if mine is None or not actor.may(Permission.SELLER_ORGANISATION_EDIT, organisation_id=mine.organisation_id):
        raise NotFoundError
    said = _judge(name=name, uscc=uscc, belt=belt)
    application, _belt = locked(mine.organisation)
    _move(application, "correct", mine.organisation, reason="")
    application.uscc, application.belt_id = said.uscc, said.belt_id
    application.submitted_at, application.decided_at = now, None
    _claim_code()
    rename_organisation(actor=actor, organisation=mine.organisation, name=said.name, now=now)
    publish(FactoryApplied(organisation=mine.organisation), actor=actor, now=now)
    return application


@operation("factory.approve")
def approve(*, actor: Actor, organisation: str, now: datetime) -> Application:
    """Let a factory trade."""
    application = _load_to_decide(actor, organisation)
    _move(application, "approve", organisation, reason="")
    application.decided_at = now
    publish(FactoryApproved(organisation=organisation), actor=actor, now=now)
    return application


@operation("factory.refuse")
def refuse(*, actor: Actor, organisation: str, reason: str, now: datetime) -> Application:
    """Send an application back with a reason its owner will read."""
    reason = clean(reason, keep_lines=True)
    if wrong := reason_fault(reason):
        raise InvalidInputError({"reason": wrong})
    application = _load_to_decide(actor, organisation)
    _move(application, "refuse", organisation, reason=reason)
    application.decided_at = now
    publish(FactoryRefused(organisation=organisation), actor=actor, now=now)
    return application


@dataclass(frozen=True, slots=True)
class _Said:
    name: str
    uscc: str
    belt_id: int


def _judge(*, name: str, uscc: str, belt: str) -> _Said:
    """All three fields at once, so that a form comes back once."""
    name, uscc, belt_id = factory_name(name), credit_code.normalise(uscc), _belt_id(belt)
    wrong = {
        "name": name_fault(name),
        "uscc": credit_code.fault(uscc),
        "belt": None if belt_id else ("field.belt", {}),
    }
    faults = {field: fault for field, fault in wrong.items() if fault is not None}
    if faults or belt_id is None:
        raise InvalidInputError(faults)
    return _Said(name, uscc, belt_id)


def _belt_id(slug: str) -> int | None:
    try:
        return belt_by_slug(slug).id
    except NotFoundError:
        return None


def _claim_code() -> None:
    """Let the UNIQUE of the credit code decide, so that of two rivals exactly one wins."""
    try:
        session().flush()
    except IntegrityError as error:
        raise DomainError("factory.code_taken") from error


def _load_to_decide(actor: Actor, organisation: str) -> Application:
    application, belt = locked(organisation)
    if not actor.may(Permission.OPS_CASES_DECIDE, region=belt.province, belt=belt.slug):
        raise NotFoundError
    return application


def _move(application: Application, action: str, organisation: str, *, reason: str) -> None:
    before = {"state": application.state, "reason": application.reason}
    application.state = APPLICATION.step(application.state, action).to
    application.reason = reason
    note(f"factory:{organisation}", before=before, after={"state": application.state}, reason=reason)
