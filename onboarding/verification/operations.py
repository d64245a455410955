"""What can be done to trade here: a factory or a merchant begins, hands in, is decided upon."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Literal

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from commission.payees.queries import is_paid_in_person
from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.outbox import publish
from kernel.permissions import Actor, Permission
from kernel.text import clean
from onboarding.accounts.consents import require_impartial
from onboarding.accounts.grants import end_out_of_reach
from onboarding.accounts.operations import found_organisation, lock_person, rename_organisation
from onboarding.belts.queries import belt_by_slug
from onboarding.compliance.operations import accept
from onboarding.licences import credit_code
from onboarding.licences.queries import newest_licence
from onboarding.verification.facts import FACTS
from onboarding.verification.models import Application, Profile
from onboarding.verification.names import is_individual_code
from onboarding.verification.paying import CARD_OF_FIRM, refuse_card_of_firm, tell_payee
from onboarding.verification.queries import begun_by, factory_of, held_by_another, locked, may_decide, told_by, unmended
from onboarding.verification.rules import (
    APPLICATION,
    FIELDS,
    LIFECYCLES,
    TAKEN,
    UNNAMED,
    Said,
    name_fault,
    reason_fault,
)

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from kernel.states import Step
    from onboarding.verification.queries import Begun
    from onboarding.verification.rules import Told

    Kind = Literal["factory", "merchant"]


@operation("factory.begin")
def begin(*, actor: Actor, kind: Kind = "factory", now: datetime) -> Application:
    """Found a seller that has said nothing yet, so that its owner may prepare all; the second time is the first."""
    actor.require(Permission.ACCOUNT_SELF_USE)
    lock_person(actor)
    if (mine := begun_by(actor, kind)) is not None:
        return mine.application
    organisation = found_organisation(actor=actor, kind=kind, name=UNNAMED[kind], now=now)
    application = Application(
        public_id=public_id("app"),
        organisation_id=organisation.id,
        kind=kind,
        state=APPLICATION.start,
        begun_at=now,
        submitted_at=None,
        decided_at=None,
    )
    session().add(application)
    session().flush()
    note(f"{kind}:{organisation.public_id}", after={"state": application.state})
    return application


@operation("factory.keep")
def keep(*, actor: Actor, said: Said, now: datetime) -> None:
    """Remember what was filled in before it is handed in, right or wrong; what cannot be remembered is left out."""
    mine = begun_by(actor, said.kind, lock=True)
    if mine is None:
        raise NotFoundError
    if mine.application.state != APPLICATION.start:
        return
    said = said.cleaned()
    application, belt_id = mine.application, _belt_id(said.belt)
    application.uscc = said.uscc if len(said.uscc) in {0, credit_code.LENGTH} else ""
    application.belt_id, application.ways = belt_id or application.belt_id, said.ways
    licence = newest_licence(application.organisation_id)
    application.licence_id = licence.id if licence else None
    _write_papers(application, said)
    if name_fault(said.name) is None:
        rename_organisation(actor=actor, organisation=mine.organisation, name=said.name, now=now)
    tell_payee(application, now=now)
    note(f"{said.kind}:{mine.organisation}")


@operation("factory.hand_in")
def hand_in(*, actor: Actor, said: Said, now: datetime) -> Application:
    """Ask for a decision, the first time or again: what is missing or wrong is told all at once, by field.

    `factory.code_taken` or `merchant.code_taken` when somebody else holds the credit code, `….state` out of turn. A
    merchant whose licence speaks for itself is approved by the time this returns.
    """
    mine, said, step = to_hand_in(actor, said, now=now)
    application = mine.application
    _refuse_foreign_code(said, application.organisation_id)
    before = {"state": application.state, "reason": application.reason}
    is_first = application.state == APPLICATION.start
    _take_over(mine, said, actor=actor, now=now)
    application.uscc, application.state, application.reason, application.asked = said.uscc, step.to, "", ""
    application.submitted_at, application.decided_at = now, None
    _claim_code(said)
    rename_organisation(actor=actor, organisation=mine.organisation, name=said.name, now=now, address_too=is_first)
    if not tell_payee(application, now=now):
        raise InvalidInputError({"uscc": CARD_OF_FIRM})
    after = {"state": application.state} | ({"belt": said.belt} if said.belt else {})
    note(f"{said.kind}:{mine.organisation}", before=before, after=after)
    publish(FACTS[step.fact](organisation=mine.organisation), actor=actor, now=now)
    return application


@operation("factory.prepare")
def prepare(*, actor: Actor, said: Said, now: datetime) -> Begun:
    """Do all of handing in but that, for an owner who says that the code, which another holds, is hers.

    The code itself is not written: it is another's until somebody decides. `factory.code_free` when nobody holds it.
    """
    mine, said, _step = to_hand_in(actor, said, now=now)
    _hold_code(said.uscc)
    if not held_by_another(said.uscc, mine.application.organisation_id):
        raise DomainError("factory.code_free")
    _take_over(mine, said, actor=actor, now=now)
    is_first = mine.application.state == APPLICATION.start
    rename_organisation(actor=actor, organisation=mine.organisation, name=said.name, now=now, address_too=is_first)
    tell_payee(mine.application, now=now)
    note(f"{said.kind}:{mine.organisation}", after={"belt": said.belt} if said.belt else {})
    return mine


@operation("factory.take")
def take(*, actor: Actor, organisation: str, now: datetime) -> Application:
    """Say that somebody looks at it."""
    return decide(actor, organisation, "take", now=now)


@operation("factory.approve")
def approve(*, actor: Actor, organisation: str, now: datetime) -> Application:
    """Let a factory or merchant trade."""
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
    note(f"{application.kind}:{organisation}", after={"asked": asked})
    return application


@operation("factory.suspend")
def suspend(*, actor: Actor, organisation: str, reason: str, now: datetime) -> Application:
    """Stop a seller's sales until further notice; orders that are paid go on."""
    return decide(actor, organisation, "suspend", reason=reason_told(reason), now=now)


@operation("factory.reinstate")
def reinstate(*, actor: Actor, organisation: str, now: datetime) -> Application:
    """Let a suspended seller trade again."""
    return decide(actor, organisation, "reinstate", now=now)


@operation("factory.describe")
def describe(*, actor: Actor, told: Told, now: datetime) -> None:
    """Tell shoppers of one's factory: all of it anew, what is empty is told no longer. A clerk may not."""
    mine = factory_of(actor)
    if mine is None or not actor.may(Permission.SELLER_PAPERS_EDIT, organisation_id=mine.organisation_id):
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


def to_hand_in(actor: Actor, said: Said, *, now: datetime) -> tuple[Begun, Said, Step]:
    """The actor's factory or shop, held, and what she says of it in one spelling, unless it cannot be handed in."""
    mine = begun_by(actor, said.kind, lock=True)
    if mine is None:
        raise NotFoundError
    said = said.cleaned()
    step = LIFECYCLES[said.kind].step(mine.application.state, "hand_in")
    licence = newest_licence(mine.application.organisation_id)
    faults = unmended(mine, said, licence.id if licence else None) | said.faults()
    if licence is None:
        faults["licence"] = ("field.licence", {})
    if said.kind == "factory" and _belt_id(said.belt) is None:
        faults["belt"] = ("field.belt", {})
    if not is_individual_code(said.uscc) and is_paid_in_person(mine.organisation, now=now):
        faults.setdefault("uscc", CARD_OF_FIRM)
    if faults:
        raise InvalidInputError(faults)
    return mine, said, step


def _take_over(mine: Begun, said: Said, *, actor: Actor, now: datetime) -> None:
    """Accept the agreement, and write down all that was said but the code and the name."""
    accept(actor=actor, organisation=mine.organisation, kind=said.kind, version=said.agreement, now=now)
    application, licence = mine.application, newest_licence(mine.application.organisation_id)
    application.belt_id, application.ways = _belt_id(said.belt), said.ways
    application.licence_id = licence.id if licence else None
    _write_papers(application, said)
    if said.belt:
        where = {"region": belt_by_slug(said.belt).province, "belt": said.belt}
        end_out_of_reach(actor=actor, organisation_id=application.organisation_id, **where, now=now)


def _belt_id(slug: str) -> int | None:
    try:
        return belt_by_slug(slug).id if slug else None
    except NotFoundError:
        return None


def _refuse_foreign_code(said: Said, organisation_id: int) -> None:
    """One code is one company: what none of its owners holds cannot be handed in under it.

    The UNIQUE sees one kind at a time, so the code itself is held until the transaction ends.
    """
    _hold_code(said.uscc)
    if held_by_another(said.uscc, organisation_id):
        raise DomainError(TAKEN[said.kind])


def _hold_code(uscc: str) -> None:
    if not is_sqlite():  # where one writer holds the whole database
        session().execute(select(func.pg_advisory_xact_lock(func.hashtext(f"uscc:{uscc}"))))


def _claim_code(said: Said) -> None:
    """Let the UNIQUE of the credit code decide, so that of two rivals exactly one wins."""
    try:
        session().flush()
    except IntegrityError as error:
        raise DomainError(TAKEN[said.kind]) from error


def decide(
    actor: Actor, organisation: str, action: str, *, now: datetime, reason: str = "", asked: str = ""
) -> Application:
    """Take a step of the lifecycle that is an operator's, within an operation; NotFoundError off her desk.

    `case.own`, `case.helped` for who has a part in the seller, `factory.code_gone` to let in who gave its code up.
    """
    application, belt = locked(organisation)
    if not may_decide(actor, Permission.OPS_CASES_DECIDE, application, belt):
        raise NotFoundError
    require_impartial(actor, application.organisation_id)
    step = LIFECYCLES[application.kind].step(application.state, action)
    if step.to == "approved":
        refuse_card_of_firm(application, now=now)
    before = {"state": application.state, "reason": application.reason}
    application.state, application.reason, application.asked = step.to, reason, asked
    if action != "take":
        application.decided_at, application.decided_by = now, actor.user_id
    if step.to == "approved" and before["state"] != "suspended":  # going on again is no look at the licence
        application.checked_at, application.approved_by = now, actor.user_id
    note(f"{application.kind}:{organisation}", before=before, after={"state": application.state}, reason=reason)
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
