"""What can be done to trade here: a factory begins, hands in, is decided upon; a merchant registers."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.outbox import publish
from kernel.permissions import Actor, Permission
from kernel.text import clean
from onboarding.accounts.operations import found_organisation, lock_person, rename_organisation
from onboarding.belts.queries import belt_by_slug
from onboarding.compliance.operations import accept
from onboarding.licences import credit_code
from onboarding.licences.queries import newest_licence
from onboarding.verification.facts import FACTS
from onboarding.verification.models import Application, Profile, Registration
from onboarding.verification.queries import begun_by, factory_of, locked, owns_all_under, owns_merchant, told_by
from onboarding.verification.rules import (
    APPLICATION,
    FIELDS,
    SHOP_NAME,
    UNNAMED,
    Said,
    name_fault,
    organisation_name,
    reason_fault,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from kernel.states import Step
    from onboarding.accounts.models import Organisation
    from onboarding.verification.queries import Begun
    from onboarding.verification.rules import Told


@operation("factory.begin")
def begin(*, actor: Actor, now: datetime) -> Application:
    """Found a factory that has said nothing yet, so that its owner may prepare all; the second time is the first."""
    actor.require(Permission.ACCOUNT_SELF_USE)
    lock_person(actor)
    if (mine := begun_by(actor)) is not None:
        return mine.application
    organisation = found_organisation(actor=actor, kind="factory", name=UNNAMED, now=now)
    application = Application(
        public_id=public_id("app"),
        organisation_id=organisation.id,
        state=APPLICATION.start,
        begun_at=now,
        submitted_at=None,
        decided_at=None,
    )
    session().add(application)
    session().flush()
    note(f"factory:{organisation.public_id}", after={"state": application.state})
    return application


@operation("factory.keep")
def keep(*, actor: Actor, said: Said, now: datetime) -> None:
    """Remember what was filled in before it is handed in, right or wrong; what cannot be remembered is left out."""
    mine = begun_by(actor, lock=True)
    if mine is None:
        raise NotFoundError
    if mine.application.state != APPLICATION.start:
        return
    said = said.cleaned()
    application, belt_id = mine.application, _belt_id(said.belt)
    application.uscc = "" if credit_code.fault(said.uscc) else said.uscc
    application.belt_id, application.ways = belt_id or application.belt_id, said.ways
    licence = newest_licence(application.organisation_id)
    application.licence_id = licence.id if licence else None
    _write_papers(application, said)
    if name_fault(said.name) is None:
        rename_organisation(actor=actor, organisation=mine.organisation, name=said.name, now=now)
    note(f"factory:{mine.organisation}")


@operation("factory.hand_in")
def hand_in(*, actor: Actor, said: Said, now: datetime) -> Application:
    """Ask for a decision, the first time or again: what is missing or wrong is told all at once, by field.

    `factory.code_taken` when somebody else holds the credit code, `factory.state` out of turn.
    """
    mine, said, step = _to_hand_in(actor, said)
    application, licence, belt_id = (
        mine.application,
        newest_licence(mine.application.organisation_id),
        _belt_id(said.belt),
    )
    _refuse_foreign_code(said.uscc, actor, refusal="factory.code_taken")
    accept(actor=actor, organisation=mine.organisation, kind="factory", version=said.agreement, now=now)
    before = {"state": application.state, "reason": application.reason}
    is_first = application.state == APPLICATION.start
    application.uscc, application.belt_id, application.ways = said.uscc, belt_id, said.ways
    application.licence_id, application.state = licence.id if licence else None, step.to
    application.reason, application.asked = "", ""
    application.submitted_at, application.decided_at = now, None
    _write_papers(application, said)
    _claim_code("factory.code_taken")
    rename_organisation(actor=actor, organisation=mine.organisation, name=said.name, now=now, address_too=is_first)
    note(f"factory:{mine.organisation}", before=before, after={"state": application.state, "belt": said.belt})
    publish(FACTS[step.fact](organisation=mine.organisation), actor=actor, now=now)
    return application


@operation("factory.prepare")
def prepare(*, actor: Actor, said: Said, now: datetime) -> Begun:
    """Do all of handing in but that, for an owner who says that the code, which another holds, is hers.

    The code itself is not written: it is another's until somebody decides. `factory.code_free` when nobody holds it.
    """
    mine, said, _step = _to_hand_in(actor, said)
    application = mine.application
    _hold_code(said.uscc)
    if owns_all_under(said.uscc, actor):
        raise DomainError("factory.code_free")
    accept(actor=actor, organisation=mine.organisation, kind="factory", version=said.agreement, now=now)
    licence = newest_licence(application.organisation_id)
    application.belt_id, application.ways = _belt_id(said.belt), said.ways
    application.licence_id = licence.id if licence else None
    _write_papers(application, said)
    is_first = application.state == APPLICATION.start
    rename_organisation(actor=actor, organisation=mine.organisation, name=said.name, now=now, address_too=is_first)
    note(f"factory:{mine.organisation}", after={"belt": said.belt})
    return mine


@operation("factory.take")
def take(*, actor: Actor, organisation: str, now: datetime) -> Application:
    """Say that somebody looks at it."""
    return decide(actor, organisation, "take", now=now)


@operation("factory.approve")
def approve(*, actor: Actor, organisation: str, now: datetime) -> Application:
    """Let a factory trade."""
    return decide(actor, organisation, "approve", now=now)


@operation("factory.refuse")
def refuse(*, actor: Actor, organisation: str, reason: str, now: datetime) -> Application:
    """Send an application back with a reason its owner will read."""
    return decide(actor, organisation, "refuse", reason=reason_told(reason), now=now)


@operation("factory.ask")
def ask(*, actor: Actor, organisation: str, fields: Collection[str], reason: str, now: datetime) -> Application:
    """Have some fields corrected (of `FIELDS`, at least one), with words of what is wrong; the rest stands."""
    asked = [field for field in FIELDS if field in set(fields)]
    if not asked or set(fields) - set(FIELDS):
        raise InvalidInputError({"fields": ("field.asked", {})})
    application = decide(actor, organisation, "ask", reason=reason_told(reason), asked=" ".join(asked), now=now)
    note(f"factory:{organisation}", after={"asked": asked})
    return application


@operation("factory.suspend")
def suspend(*, actor: Actor, organisation: str, reason: str, now: datetime) -> Application:
    """Stop a factory's sales until further notice; orders that are paid go on."""
    return decide(actor, organisation, "suspend", reason=reason_told(reason), now=now)


@operation("factory.reinstate")
def reinstate(*, actor: Actor, organisation: str, now: datetime) -> Application:
    """Let a suspended factory trade again."""
    return decide(actor, organisation, "reinstate", now=now)


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


def _to_hand_in(actor: Actor, said: Said) -> tuple[Begun, Said, Step]:
    """The actor's factory, held, and what she says of it in one spelling; refused when it cannot be handed in."""
    mine = begun_by(actor, lock=True)
    if mine is None:
        raise NotFoundError
    said = said.cleaned()
    step = APPLICATION.step(mine.application.state, "hand_in")
    faults = said.faults()
    if newest_licence(mine.application.organisation_id) is None:
        faults["licence"] = ("field.licence", {})
    if _belt_id(said.belt) is None:
        faults["belt"] = ("field.belt", {})
    if faults:
        raise InvalidInputError(faults)
    return mine, said, step


def _belt_id(slug: str) -> int | None:
    try:
        return belt_by_slug(slug).id
    except NotFoundError:
        return None


def _refuse_foreign_code(uscc: str, actor: Actor, *, refusal: str) -> None:
    """One code is one company: who does not own the factory or merchant under it cannot become its other half.

    The two stand in two tables, so no UNIQUE sees both; the code itself is held until the transaction ends.
    """
    _hold_code(uscc)
    if not owns_all_under(uscc, actor):
        raise DomainError(refusal)


def _hold_code(uscc: str) -> None:
    if not is_sqlite():  # where one writer holds the whole database
        session().execute(select(func.pg_advisory_xact_lock(func.hashtext(f"uscc:{uscc}"))))


def _claim_code(refusal: str) -> None:
    """Let the UNIQUE of the credit code decide, so that of two rivals exactly one wins."""
    try:
        session().flush()
    except IntegrityError as error:
        raise DomainError(refusal) from error


def decide(
    actor: Actor, organisation: str, action: str, *, now: datetime, reason: str = "", asked: str = ""
) -> Application:
    """Take a step of the lifecycle that is an operator's; NotFoundError off her desk. Within an operation."""
    application, belt = locked(organisation)
    if not actor.may(Permission.OPS_CASES_DECIDE, region=belt.province, belt=belt.slug):
        raise NotFoundError
    step = APPLICATION.step(application.state, action)
    before = {"state": application.state, "reason": application.reason}
    application.state, application.reason, application.asked = step.to, reason, asked
    if action != "take":
        application.decided_at, application.decided_by = now, actor.user_id
    if step.to == "approved":
        application.checked_at = now
    note(f"factory:{organisation}", before=before, after={"state": application.state}, reason=reason)
    if step.fact:
        publish(FACTS[step.fact](organisation=organisation), actor=actor, now=now)
    return application


def reason_told(words: str) -> str:
    """The words of a reason in one spelling; InvalidInputError when they are too few or too many."""
    reason = clean(words, keep_lines=True)
    if wrong := reason_fault(reason):
        raise InvalidInputError({"reason": wrong})
    return reason


def _write_papers(application: Application, said: Said) -> None:
    """What is too long for its column is left out; handing in has refused it before."""
    for field in asdict(said.papers).keys() - said.papers.faults().keys():
        setattr(application, field, getattr(said.papers, field))
