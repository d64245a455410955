"""What can be done about cases: open with the fact, take, approve, refuse, ask for corrections, decide many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from kernel.audit import note, operation
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.permissions import Actor, Permission
from kernel.text import clause, clean
from kernel.wording import Words
from onboarding.accounts.operations import tell
from onboarding.accounts.queries import owners_of
from onboarding.listings.operations import publish_listing, refuse_listing
from onboarding.moderation.models import Case
from onboarding.moderation.queries import desk_of, on_desk, title_of
from onboarding.moderation.rules import BULK, CASE
from onboarding.verification import operations as verification
from onboarding.verification.rules import reason_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from onboarding.listings.facts import ListingSubmitted
    from onboarding.verification.facts import FactoryApplied


@dataclass(frozen=True, slots=True)
class Decided:
    """What became of deciding many, by public id: those done, and the refusal of each one skipped."""

    done: tuple[str, ...]
    skipped: dict[str, DomainError]


def open_case_for_factory(fact: FactoryApplied, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `factory.applied`: put the factory on the desk of its belt; once while one is open."""
    _open("factory", fact.organisation, now=now)


def open_case_for_listing(fact: ListingSubmitted, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `listing.submitted`: put the goods on the desk of their factory's belt; once while one is open."""
    _open("listing", fact.listing, now=now)


@operation("case.take")
def take_case(*, actor: Actor, case: str, now: datetime) -> None:
    """Say that one looks at it, so that its owner and the colleagues know; the last who says so has it."""
    found = _on_desk(case, actor)
    if found.state != CASE.start:
        raise DomainError("case.state", state=found.state, action="take")
    if found.subject_type == "factory" and found.taken_at is None:
        verification.take(actor=actor, organisation=found.subject, now=now)
    found.taken_at, found.taken_by = now, actor.user_id
    note(f"case:{case}", after={"taken_by": actor.user})


@operation("case.approve")
def approve_case(*, actor: Actor, case: str, now: datetime) -> None:
    """Decide for the subject. `case.state` when decided already, `case.own` for the actor's own organisation.

    A sheet brings a hundred goods at once: their owner is told when the last of them is through, not a hundred times.
    """
    found = _decide(case, "approve", reason="", actor=actor, now=now)
    if found.subject_type == "factory":
        verification.approve(actor=actor, organisation=found.subject, now=now)
        words = Words("您的工厂“%(name)s”已通过审核，现在可以上传价目表、上架商品了。", {"name": title_of(found)})
        tell(owners_of(found.organisation_id), words, actor=actor, now=now)
    else:
        publish_listing(actor=actor, listing=found.subject, now=now)
        if not _awaits(found.organisation_id):
            words = Words("商品“%(name)s”已通过审核并上架，您提交的商品都审完了。", {"name": title_of(found)})
            tell(owners_of(found.organisation_id), words, actor=actor, now=now)


@operation("case.refuse")
def refuse_case(*, actor: Actor, case: str, reason: str, now: datetime) -> None:
    """Send the subject back; its owner reads the reason on the page and in a message."""
    reason = clean(reason, keep_lines=True)
    if wrong := reason_fault(reason):
        raise InvalidInputError({"reason": wrong})
    found = _decide(case, "refuse", reason=reason, actor=actor, now=now)
    told = {"name": title_of(found), "reason": clause(reason)}
    if found.subject_type == "factory":
        verification.refuse(actor=actor, organisation=found.subject, reason=reason, now=now)
        words = Words("您的工厂“%(name)s”的入驻申请被退回：%(reason)s。请登录后改好再提交。", told)
    else:
        refuse_listing(actor=actor, listing=found.subject, reason=reason, now=now)
        words = Words("商品“%(name)s”未通过审核：%(reason)s。请登录后改好再提交。", told)
    tell(owners_of(found.organisation_id), words, actor=actor, now=now)


@operation("case.ask")
def ask_case(*, actor: Actor, case: str, fields: Collection[str], reason: str, now: datetime) -> None:
    """Have the owner of a factory correct some fields; the rest of what she said stands. `case.not_factory`."""
    reason = clean(reason, keep_lines=True)
    if wrong := reason_fault(reason):
        raise InvalidInputError({"reason": wrong})
    found = _decide(case, "ask", reason=reason, actor=actor, now=now)
    if found.subject_type != "factory":
        raise DomainError("case.not_factory")
    verification.ask(actor=actor, organisation=found.subject, fields=fields, reason=reason, now=now)
    words = Words(
        "您的工厂“%(name)s”还差几处要补正：%(reason)s。请登录后改好再提交，其他内容不用重填。",
        {"name": title_of(found), "reason": clause(reason)},
    )
    tell(owners_of(found.organisation_id), words, actor=actor, now=now)


def approve_cases(*, actor: Actor, cases: Sequence[str], now: datetime) -> Decided:
    """Approve many; `case.too_many` beyond a hundred at once."""
    return _each(cases, lambda case: approve_case(actor=actor, case=case, now=now))


def refuse_cases(*, actor: Actor, cases: Sequence[str], reason: str, now: datetime) -> Decided:
    """Send many back for one reason, which is judged before any of them; `case.too_many` beyond a hundred at once."""
    if wrong := reason_fault(clean(reason, keep_lines=True)):
        raise InvalidInputError({"reason": wrong})
    return _each(cases, lambda case: refuse_case(actor=actor, case=case, reason=reason, now=now))


def _each(cases: Sequence[str], decide: Callable[[str], None]) -> Decided:
    """Decide each in a transaction of its own: one that cannot be decided does not hold up the rest."""
    if len(cases) > BULK:
        raise DomainError("case.too_many", most=BULK)
    skipped: dict[str, DomainError] = {}
    for case in dict.fromkeys(cases):
        try:
            decide(case)
        except DomainError as refusal:
            skipped[case] = refusal
    return Decided(tuple(case for case in dict.fromkeys(cases) if case not in skipped), skipped)


def _open(subject_type: str, subject: str, *, now: datetime) -> None:
    desk = desk_of(subject_type, subject)
    row = {
        "public_id": public_id("cas"),
        "subject_type": subject_type,
        "subject": subject,
        "organisation_id": desk.organisation_id,
        "region": desk.region,
        "belt": desk.belt,
        "state": CASE.start,
        "reason": "",
        "opened_at": now,
    }
    dialect = sqlite if is_sqlite() else postgresql
    session().execute(dialect.insert(Case).values(**row).on_conflict_do_nothing())


def _awaits(organisation_id: int) -> bool:
    """Whether goods of this factory still wait for a decision."""
    waiting = select(Case.id).where(
        Case.organisation_id == organisation_id, Case.subject_type == "listing", Case.state == CASE.start
    )
    return session().scalar(select(waiting.exists())) is True


def _decide(case: str, action: str, *, reason: str, actor: Actor, now: datetime) -> Case:
    found = _on_desk(case, actor)
    found.state = CASE.step(found.state, action).to
    found.reason, found.decided_at, found.decided_by = reason, now, actor.user_id
    note(f"case:{case}", before={"state": CASE.start}, after={"state": found.state}, reason=reason)
    return found


def _on_desk(case: str, actor: Actor) -> Case:
    """A case of this operator's desk, held until the transaction ends; her own organisation's is for a colleague."""
    desk = on_desk(actor, Permission.OPS_CASES_DECIDE)
    found = session().scalar(select(Case).where(Case.public_id == case, desk).with_for_update())
    if found is None:
        raise NotFoundError
    if found.organisation_id in {membership.organisation_id for membership in actor.memberships}:
        raise DomainError("case.own")
    return found
