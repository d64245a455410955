"""What can be done about a seller that was decided upon: appeal, claim a code, check again and answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.outbox import publish
from kernel.permissions import Actor, Permission
from kernel.text import clean
from kernel.wording import Words
from onboarding.accounts.operations import tell
from onboarding.accounts.queries import owners_of
from onboarding.licences.queries import newest_licence
from onboarding.standing.facts import AppealMade, CheckAnswered, CheckConfirmed, CheckDue, ClaimMade
from onboarding.standing.models import Appeal, Check, Claim, ShownLicence
from onboarding.standing.queries import (
    appeal_named,
    check_named,
    claim_named,
    due_for_check,
    organisation_named,
    recourse,
)
from onboarding.standing.rules import APPEAL, CHECK, CLAIM, words_fault
from onboarding.verification import decisions
from onboarding.verification.operations import prepare
from onboarding.verification.queries import application_of, locked, seller_of, strangers_under

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from onboarding.verification.queries import Seller
    from onboarding.verification.rules import Said

_AT_ONCE = 200
"""How many checks one run of the schedule opens; the next run goes on."""


@operation("appeal.make")
def appeal(*, actor: Actor, words: str, kind: str = "factory", now: datetime) -> Appeal:
    """Ask for the last decision to be looked at again, once. `appeal.made`, `appeal.nothing`."""
    mine, words = _owned(actor, kind), _words(words)
    application, _belt = locked(mine.organisation)
    if not recourse(mine).may_appeal or application.decided_at is None:
        raise DomainError("appeal.nothing" if application.state not in {"refused", "suspended"} else "appeal.made")
    made = Appeal(
        public_id=public_id("apl"),
        organisation_id=mine.organisation_id,
        against=application.state,
        reason=application.reason,
        decision_at=application.decided_at,
        first_by=application.decided_by,
        words=words,
        state=APPEAL.start,
        made_at=now,
        answered_at=None,
    )
    _add(made, "appeal.made")
    note(f"appeal:{made.public_id}", after={"organisation": mine.organisation, "against": made.against})
    publish(AppealMade(appeal=made.public_id, organisation=mine.organisation), actor=actor, now=now)
    return made


@operation("appeal.grant")
def grant_appeal(*, actor: Actor, appeal: str, now: datetime) -> None:
    """Take the decision back: the seller trades. `case.own_decision` for whoever took it, `appeal.stale`."""
    found = _appeal_before(actor, appeal)
    organisation, _name = organisation_named(found.organisation_id)
    application, _belt = locked(organisation)
    if application.decided_at != found.decision_at or application.state != found.against:
        raise DomainError("appeal.stale")
    found.state = APPEAL.step(found.state, "grant").to
    found.answered_at, found.answered_by = now, actor.user_id
    decisions.grant_appeal(actor=actor, organisation=organisation, now=now)
    note(f"appeal:{appeal}", before={"state": APPEAL.start}, after={"state": found.state})


@operation("appeal.dismiss")
def dismiss_appeal(*, actor: Actor, appeal: str, reason: str, now: datetime) -> None:
    """Let the decision stand, with a reason the owner will read."""
    found = _appeal_before(actor, appeal)
    found.state, found.answer = APPEAL.step(found.state, "dismiss").to, reason
    found.answered_at, found.answered_by = now, actor.user_id
    note(f"appeal:{appeal}", before={"state": APPEAL.start}, after={"state": found.state}, reason=reason)


@operation("claim.make")
def claim(*, actor: Actor, said: Said, words: str, now: datetime) -> Claim:
    """Say that a credit code which another holds is one's own; an operator holds both licences side by side.

    All else is said as in handing in. `factory.code_free` when nobody holds it, `claim.open` while one waits.
    """
    words = _words(words)
    mine = prepare(actor=actor, said=said, now=now)
    uscc = said.cleaned().uscc
    holders = strangers_under(uscc, mine.application.organisation_id)
    made = Claim(
        public_id=public_id("clm"),
        organisation_id=mine.application.organisation_id,
        holder_id=_first(holders),
        uscc=uscc,
        words=words,
        state=CLAIM.start,
        made_at=now,
        answered_at=None,
    )
    _add(made, "claim.open")
    note(f"claim:{made.public_id}", after={"organisation": mine.organisation})
    holder, _name = organisation_named(made.holder_id)
    publish(ClaimMade(claim=made.public_id, organisation=mine.organisation, holder=holder), actor=actor, now=now)
    return made


@operation("claim.grant")
def grant_claim(*, actor: Actor, claim: str, reason: str, now: datetime) -> Sequence[int]:
    """Move the code to the claimant, whose application is handed in by that. `claim.stale`.

    Whoever holds it by now is suspended, or refused when she was still waiting; the ids of these organisations.
    """
    found = claim_named(claim, lock=True)
    found.state = CLAIM.step(found.state, "grant").to
    found.answer, found.answered_at, found.answered_by = reason, now, actor.user_id
    holders = strangers_under(found.uscc, found.organisation_id)
    for holder_id in holders:
        holder, _name = organisation_named(holder_id)
        decisions.give_up(actor=actor, organisation=holder, reason=reason, now=now)
    claimant, _name = organisation_named(found.organisation_id)
    decisions.hand_over(actor=actor, organisation=claimant, uscc=found.uscc, now=now)
    note(f"claim:{claim}", before={"state": CLAIM.start}, after={"state": found.state}, reason=reason)
    return holders


@operation("claim.dismiss")
def dismiss_claim(*, actor: Actor, claim: str, reason: str, now: datetime) -> Claim:
    """Leave the code where it is, with a reason the claimant will read."""
    found = claim_named(claim, lock=True)
    found.state = CLAIM.step(found.state, "dismiss").to
    found.answer, found.answered_at, found.answered_by = reason, now, actor.user_id
    note(f"claim:{claim}", before={"state": CLAIM.start}, after={"state": found.state}, reason=reason)
    return found


@operation("check.open_due", quiet=True)
def open_due_checks(*, actor: Actor, now: datetime) -> int:
    """Open a check of every seller whose last is six months old soon or whose licence runs out; once per period."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    due = due_for_check(today=business_date(now), now=now, limit=_AT_ONCE)
    return sum(_open_check(*one, actor=actor, now=now) for one in due)


@operation("check.answer")
def answer_check(*, actor: Actor, answer: str, kind: str = "factory", now: datetime) -> Check | None:
    """Say that all is the `same`, or that a new `photo` was handed in; nothing when no check waits.

    `check.no_photo` when nobody has ever seen the licence that is the same.
    """
    mine = _owned(actor, kind)
    if answer == "same" and kind == "merchant" and newest_licence(mine.organisation_id) is None:
        raise DomainError("check.no_photo")
    query = select(Check).where(Check.organisation_id == mine.organisation_id, Check.state != "confirmed")
    found = session().scalar(query.with_for_update())
    if found is None:
        return None
    if found.state == CHECK.start:  # who answered in time has done so, though she adds a better photo later
        found.answered_at = now
    found.state, found.answer = CHECK.step(found.state, "answer").to, answer
    note(f"check:{found.public_id}", after={"state": found.state, "answer": answer})
    publish(CheckAnswered(check=found.public_id, organisation=mine.organisation), actor=actor, now=now)
    return found


@operation("check.confirm")
def confirm_check(*, actor: Actor, check: str, expires_on: date | None, now: datetime) -> None:
    """Say that a seller is as its newest licence has it; `expires_on` is its last day from now on, none without end."""
    found = check_named(check, lock=True)
    found.state = CHECK.step(found.state, "confirm").to
    found.confirmed_at = now
    organisation, _name = organisation_named(found.organisation_id)
    newest = newest_licence(found.organisation_id)
    licence = newest.id if newest and newest.state != "waiting" else None
    decisions.check(actor=actor, organisation=organisation, licence=licence, expires_on=expires_on, now=now)
    note(f"check:{check}", after={"state": found.state})
    publish(CheckConfirmed(organisation=organisation), actor=actor, now=now)


@operation("check.ask_again")
def ask_again(*, actor: Actor, check: str, reason: str, now: datetime) -> None:  # noqa: ARG001  audited
    """Have the owner answer once more, with what is wrong with her answer."""
    found = check_named(check, lock=True)
    found.state, found.answer = CHECK.step(found.state, "ask_again").to, ""
    found.answered_at = None
    note(f"check:{check}", after={"state": found.state}, reason=reason)


@operation("licence.show", quiet=True)
def show_licence(*, actor: Actor, organisation: str, licence: int, picture_key: str, now: datetime) -> None:
    """Keep the marked copy of a seller's licence (id of the photo, key of the copy) for everybody to see."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    application, _belt = locked(organisation)
    query = select(ShownLicence).where(ShownLicence.organisation_id == application.organisation_id)
    shown = session().scalar(query) or ShownLicence(organisation_id=application.organisation_id)
    shown.licence_id, shown.picture_key, shown.drawn_at = licence, picture_key, now
    session().add(shown)
    note(f"{application.kind}:{organisation}", after={"shown": picture_key})


def _open_check(
    organisation_id: int, organisation: str, cause: str, period: date, *, actor: Actor, now: datetime
) -> bool:
    row = {
        "public_id": public_id("chk"),
        "organisation_id": organisation_id,
        "cause": cause,
        "period": period,
        "state": CHECK.start,
        "answer": "",
        "opened_at": now,
    }
    dialect = sqlite if is_sqlite() else postgresql
    made = dialect.insert(Check).values(**row).on_conflict_do_nothing().returning(Check.id)
    if session().scalar(made) is None:
        return False
    note(f"check:{row['public_id']}", after={"organisation": organisation, "cause": cause})
    publish(CheckDue(check=str(row["public_id"]), organisation=organisation), actor=actor, now=now)
    words = Words("该复核营业执照了：请登录后到“营业执照”确认没有变化，或者重新拍一张。30 天内办好，不影响接单。")
    tell(owners_of(organisation_id), words, actor=actor, now=now)
    return True


def _appeal_before(actor: Actor, appeal: str) -> Appeal:
    """An appeal to be judged by this operator: not by whoever took the decision."""
    found = appeal_named(appeal, lock=True)
    if found.first_by is not None and found.first_by == actor.user_id:
        raise DomainError("case.own_decision")
    return found


def _first(holders: list[int]) -> int:
    """Who is shown to the operator as the holder: a factory before a merchant's shop under the same code."""
    found = [one for holder in holders if (one := application_of(holder)) is not None]
    return min(found, key=lambda one: (one.kind != "factory", one.id)).organisation_id


def _add(row: Appeal | Claim, refusal: str) -> None:
    """Let the UNIQUE decide between two that come at once."""
    session().add(row)
    try:
        session().flush()
    except IntegrityError as error:
        raise DomainError(refusal) from error


def _owned(actor: Actor, kind: str) -> Seller:
    mine = seller_of(actor, kind)
    if mine is None or not actor.may(Permission.SELLER_ORGANISATION_EDIT, organisation_id=mine.organisation_id):
        raise NotFoundError
    return mine


def _words(words: str) -> str:
    words = clean(words, keep_lines=True)
    if wrong := words_fault(words):
        raise InvalidInputError({"words": wrong})
    return words
