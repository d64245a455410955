"""What can be done to trade here: a factory applies, corrects, is decided upon; a merchant registers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.outbox import Fact, publish
from kernel.permissions import Actor, Permission
from kernel.text import clean
from onboarding.accounts.operations import found_organisation, lock_person, rename_organisation
from onboarding.belts.queries import belt_by_slug
from onboarding.licences import credit_code
from onboarding.verification.models import Application, Profile, Registration
from onboarding.verification.queries import factory_of, locked, owns_all_under, owns_merchant, told_by
from onboarding.verification.rules import APPLICATION, SHOP_NAME, name_fault, organisation_name, reason_fault

if TYPE_CHECKING:
    from datetime import datetime

    from onboarding.accounts.models import Organisation
    from onboarding.verification.rules import Told


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
    _refuse_foreign_code(said.uscc, actor, refusal="factory.code_taken")
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
    _claim_code("factory.code_taken")
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
    _refuse_foreign_code(said.uscc, actor, refusal="factory.code_taken")
    _move(application, "correct", mine.organisation, reason="")
    application.uscc, application.belt_id = said.uscc, said.belt_id
    application.submitted_at, application.decided_at = now, None
    _claim_code("factory.code_taken")
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


@operation("factory.describe")
def describe(*, actor: Actor, told: Told, now: datetime) -> None:
    """Tell shoppers of one's factory: all of it anew, what is empty is told no longer. Only its owner may."""
    mine = factory_of(actor)
    if mine is None or not actor.may(Permission.SELLER_ORGANISATION_EDIT, organisation_id=mine.organisation_id):
        raise NotFoundError
    told = told.cleaned()
    if faults := told.faults(year=business_date(now).year):
        raise InvalidInputError(faults)
    locked(mine.organisation)  # two who write the first profile at once would both make it
    before = told_by(mine.organisation_id)
    found = session().scalar(select(Profile).where(Profile.organisation_id == mine.organisation_id))
    profile = found or Profile(organisation_id=mine.organisation_id)
    profile.founded, profile.people = told.founded, told.people
    profile.capacity, profile.makes, profile.told_at = told.capacity, told.makes, now
    session().add(profile)
    note(f"factory:{mine.organisation}", before=asdict(before), after=asdict(told))


@operation("merchant.register")
def register_merchant(*, actor: Actor, name: str, uscc: str, now: datetime) -> Organisation:
    """Open a merchant's shop, at once: nobody decides. `merchant.already_registered`, `merchant.code_taken`.

    The code may be that of a factory the actor owns, as a factory can be a merchant too; nobody else's.
    """
    actor.require(Permission.ACCOUNT_SELF_USE)
    name, uscc = organisation_name(name), credit_code.normalise(uscc)
    wrong = {"name": name_fault(name, SHOP_NAME), "uscc": credit_code.fault(uscc)}
    if faults := {field: fault for field, fault in wrong.items() if fault is not None}:
        raise InvalidInputError(faults)
    lock_person(actor)
    if owns_merchant(actor):
        raise DomainError("merchant.already_registered")
    _refuse_foreign_code(uscc, actor, refusal="merchant.code_taken")
    organisation = found_organisation(actor=actor, kind="merchant", name=name, now=now)
    session().add(Registration(organisation_id=organisation.id, uscc=uscc, registered_at=now))
    _claim_code("merchant.code_taken")
    note(f"merchant:{organisation.public_id}", after={"name": name})
    return organisation


@dataclass(frozen=True, slots=True)
class _Said:
    name: str
    uscc: str
    belt_id: int


def _judge(*, name: str, uscc: str, belt: str) -> _Said:
    """All three fields at once, so that a form comes back once."""
    name, uscc, belt_id = organisation_name(name), credit_code.normalise(uscc), _belt_id(belt)
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


def _refuse_foreign_code(uscc: str, actor: Actor, *, refusal: str) -> None:
    """One code is one company: who does not own the factory or merchant under it cannot become its other half.

    The two stand in two tables, so no UNIQUE sees both; the code itself is held until the transaction ends.
    """
    if not is_sqlite():  # where one writer holds the whole database
        session().execute(select(func.pg_advisory_xact_lock(func.hashtext(f"uscc:{uscc}"))))
    if not owns_all_under(uscc, actor):
        raise DomainError(refusal)


def _claim_code(refusal: str) -> None:
    """Let the UNIQUE of the credit code decide, so that of two rivals exactly one wins."""
    try:
        session().flush()
    except IntegrityError as error:
        raise DomainError(refusal) from error


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
