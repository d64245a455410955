"""What can be done between a merchant and a factory: ask to be supplied, admit, refuse, end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from kernel.audit import note, operation
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.outbox import Fact, publish
from kernel.permissions import Actor, Permission
from kernel.text import clean
from onboarding.admissions.models import Admission
from onboarding.admissions.queries import are_one_house, of_factories, pair_of
from onboarding.admissions.rules import ADMISSION, WORDS_MOST
from onboarding.departures.queries import leaving_of
from onboarding.verification.queries import application_state, are_approved
from onboarding.verification.queries import factory as factory_by_id
from onboarding.verification.rules import WAITING, reason_fault

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement


@dataclass(frozen=True, slots=True)
class AdmissionAsked(Fact):
    """A merchant would like to sell a factory's goods, for the first time or again; public ids throughout."""

    kind: ClassVar[str] = "admission.asked"
    admission: str
    factory: str
    merchant: str


@dataclass(frozen=True, slots=True)
class AdmissionGranted(Fact):
    """A factory supplies a merchant from now on."""

    kind: ClassVar[str] = "admission.granted"
    admission: str
    factory: str
    merchant: str


@dataclass(frozen=True, slots=True)
class AdmissionRefused(Fact):
    """A factory would rather not, for a reason."""

    kind: ClassVar[str] = "admission.refused"
    admission: str
    factory: str
    merchant: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AdmissionEnded(Fact):
    """A factory supplies a merchant no longer; what she has sold already is shipped."""

    kind: ClassVar[str] = "admission.ended"
    admission: str
    factory: str
    merchant: str
    reason: str = ""


@operation("admission.ask")
def ask(*, actor: Actor, factory: str, words: str, now: datetime) -> Admission:
    """Ask a factory (`fac_…`) to supply the actor's merchant, with a few words of her own.

    `admission.own_factory` when both are one company or share a person, `admission.state` when she asked already,
    `admission.not_handed_in` before she said who she is.
    """
    merchant = actor.membership(Permission.MERCHANT_GOODS_EDIT)
    if application_state(merchant.organisation_id) not in {*WAITING, "correction", "approved"}:
        raise DomainError("admission.not_handed_in")
    words = clean(words)
    if len(words) > WORDS_MOST:
        raise InvalidInputError({"words": ("field.words", {"most": WORDS_MOST})})
    found = factory_by_id(factory)
    if found is None or found.state != "approved" or leaving_of(found.organisation_id):
        raise NotFoundError
    _refuse_own(found.organisation_id, merchant.organisation_id)
    admission = _made(found.organisation_id, merchant.organisation_id, words, now=now)
    if admission is None:
        pair = (Admission.factory_id == found.organisation_id) & (Admission.merchant_id == merchant.organisation_id)
        admission = _locked(pair)
        _move(admission, "ask", reason="")
        admission.words, admission.asked_at, admission.decided_at = words, now, None
    publish(AdmissionAsked(**_sides(admission)), actor=actor, now=now)
    return admission


@operation("admission.admit")
def admit(*, actor: Actor, admission: str, now: datetime) -> Admission:
    """Supply a merchant that asked. `admission.not_checked` until the channel knows that she is who she says."""
    found = _locked_own(actor, admission)
    if not are_approved({found.merchant_id}):
        raise DomainError("admission.not_checked")
    _refuse_own(found.factory_id, found.merchant_id)
    _decide(found, "admit", reason="", now=now)
    publish(AdmissionGranted(**_sides(found)), actor=actor, now=now)
    return found


@operation("admission.refuse")
def refuse(*, actor: Actor, admission: str, reason: str, now: datetime) -> Admission:
    """Turn a merchant down; she reads the reason and may ask again."""
    reason = _judged(reason)
    found = _locked_own(actor, admission)
    _decide(found, "refuse", reason=reason, now=now)
    publish(AdmissionRefused(**_sides(found), reason=reason), actor=actor, now=now)
    return found


@operation("admission.end")
def end(*, actor: Actor, admission: str, reason: str, now: datetime) -> Admission:
    """Supply a merchant no longer; what she sold before is still shipped."""
    reason = _judged(reason)
    found = _locked_own(actor, admission)
    _decide(found, "end", reason=reason, now=now)
    publish(AdmissionEnded(**_sides(found), reason=reason), actor=actor, now=now)
    return found


def _refuse_own(factory_id: int, merchant_id: int) -> None:
    """Nobody supplies herself: that would make sales, and figures, out of nothing."""
    if are_one_house(factory_id, merchant_id):
        raise DomainError("admission.own_factory")


def _made(factory_id: int, merchant_id: int, words: str, *, now: datetime) -> Admission | None:
    """The first admission of a pair; None when there is one already, be it made by a rival just now."""
    row = {
        "public_id": public_id("adm"),
        "factory_id": factory_id,
        "merchant_id": merchant_id,
        "state": ADMISSION.start,
        "words": words,
        "reason": "",
        "asked_at": now,
    }
    dialect = sqlite if is_sqlite() else postgresql
    insert = dialect.insert(Admission).values(**row).on_conflict_do_nothing()
    made: Admission | None = session().scalar(insert.returning(Admission))
    if made is not None:
        note(f"admission:{made.public_id}", after={"state": made.state})
    return made


def _locked_own(actor: Actor, admission: str) -> Admission:
    mine = of_factories(actor, Permission.FACTORY_MERCHANTS_ADMIT)
    return _locked((Admission.public_id == admission) & mine)


def _locked(which: ColumnElement[bool]) -> Admission:
    """Held until the transaction ends, and read anew: a rival may have moved it while this one waited."""
    query = select(Admission).where(which).with_for_update().execution_options(populate_existing=True)
    found = session().scalar(query)
    if found is None:
        raise NotFoundError
    return found


def _judged(reason: str) -> str:
    reason = clean(reason, keep_lines=True)
    if wrong := reason_fault(reason):
        raise InvalidInputError({"reason": wrong})
    return reason


def _decide(admission: Admission, action: str, *, reason: str, now: datetime) -> None:
    _move(admission, action, reason=reason)
    admission.decided_at = now


def _move(admission: Admission, action: str, *, reason: str) -> None:
    before = {"state": admission.state}
    admission.state, admission.reason = ADMISSION.step(admission.state, action).to, reason
    note(f"admission:{admission.public_id}", before=before, after={"state": admission.state}, reason=reason)


def _sides(admission: Admission) -> dict[str, str]:
    """The public ids of an admission and of both organisations, as its facts carry them."""
    pair = pair_of(admission.public_id)
    return {"admission": admission.public_id, "factory": pair.factory, "merchant": pair.merchant}
