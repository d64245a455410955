"""What can be done about cases: open with the fact, take, approve, refuse, ask for corrections."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.permissions import SYSTEM, Actor, Permission
from kernel.text import clause, clean, lazy
from kernel.wording import Words
from onboarding.accounts.operations import tell
from onboarding.accounts.queries import owners_of
from onboarding.listings.asked import GOODS_FIELDS
from onboarding.moderation import verdicts
from onboarding.moderation.evidence import dossier, is_being_read, waits_for_reading
from onboarding.moderation.models import Case
from onboarding.moderation.people import part_in
from onboarding.moderation.queries import on_desk, taker_of
from onboarding.moderation.rules import CASE, INTERNAL_CAP, SELLERS, WEIGHED, is_held
from onboarding.moderation.seen import to_see
from onboarding.moderation.subjects import desk_of, hold_subject
from onboarding.standing.queries import organisation_named
from onboarding.verification import decisions
from onboarding.verification import operations as verification
from onboarding.verification.queries import locked, seller
from onboarding.verification.rules import FIELDS, reason_fault

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from onboarding.certificates.facts import CertificateHandedIn, CertificateWithdrawn
    from onboarding.licences.facts import LicenceRead
    from onboarding.listings.facts import EditAsked, EditWithdrawn, ListingSubmitted, ListingWithdrawn, TakedownAppealed
    from onboarding.moderation.subjects import Desk
    from onboarding.standing.facts import AppealMade, CheckAnswered, CheckDue, ClaimMade
    from onboarding.verification.facts import FactoryApplied, MerchantApplied
    from onboarding.verification.models import Application


def open_case_for_factory(fact: FactoryApplied, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `factory.applied`: put the factory on the desk of its belt; once while one is open."""
    open_case("factory", fact.organisation, desk_of("factory", fact.organisation), now=now)


def look_at_merchant(fact: MerchantApplied, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `merchant.applied`: open the shop if its licence speaks for itself, else put it on the province's desk.

    A photo that is still being read is looked at when it was, by `look_once_read`.
    """
    if not is_being_read(fact.organisation):
        _look_at_merchant(fact.organisation, now=now)


def look_once_read(fact: LicenceRead, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `licence.read`, so that it happens once: look at the merchant who handed that photo in before."""
    organisation = waits_for_reading(fact.licence)
    if organisation and locked(organisation)[0].state == "submitted":
        _look_at_merchant(organisation, now=now)


def open_case_for_listing(fact: ListingSubmitted, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `listing.submitted`: put the goods on the desk of their factory's belt; once while one is open."""
    open_case("listing", fact.listing, desk_of("listing", fact.listing), now=now)


def open_case_for_edit(fact: EditAsked, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `edit.asked`: put the change on the desk of its factory's belt; the goods sell on meanwhile."""
    open_case("edit", fact.edit, desk_of("edit", fact.edit), now=now)


def drop_case(fact: CertificateWithdrawn | EditWithdrawn | ListingWithdrawn, *, actor: Actor, now: datetime) -> None:
    """Within `certificate.withdrawn`, `edit.withdrawn` and `listing.withdrawn`: nobody need decide it any more."""
    [subject] = asdict(fact).values()
    found = session().scalar(select(Case).where(Case.subject == subject, Case.state == CASE.start).with_for_update())
    if found is not None:
        found.state, found.decided_at, found.decided_by = CASE.step(found.state, "drop").to, now, actor.user_id


def open_case_for_appeal(fact: AppealMade, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `appeal.made`: put it on the desk of the factory's belt."""
    open_case("appeal", fact.appeal, desk_of("factory", fact.organisation), now=now)


def open_case_for_claim(fact: ClaimMade, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `claim.made`: it is the claimant's case, on the desk of whoever stands to lose the code."""
    desk = replace(
        desk_of("factory", fact.holder), organisation_id=desk_of("factory", fact.organisation).organisation_id
    )
    open_case("claim", fact.claim, desk, now=now)


def open_case_for_check(fact: CheckDue | CheckAnswered, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `check.due` and `check.answered`: put it on the desk of the factory's belt; once while one is open."""
    open_case("recheck", fact.check, desk_of("factory", fact.organisation), now=now)


def open_case_for_certificate(fact: CertificateHandedIn, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `certificate.handed_in`: put it on the desk of the factory's belt; once while one is open."""
    open_case("certificate", fact.certificate, desk_of("factory", fact.organisation), now=now)


def open_case_for_takedown(fact: TakedownAppealed, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `takedown.appealed`: put it on the desk of the factory's belt."""
    open_case("takedown", fact.takedown, desk_of("listing", fact.listing), now=now)


@operation("case.take")
def take_case(*, actor: Actor, case: str, now: datetime) -> None:
    """Keep a case for oneself for a while (`HOLD`), and let its owner know that somebody looks at it.

    Taken again it is kept anew. `case.taken` while a colleague has it, `case.state` when it is decided.
    """
    found = _on_desk(case, actor)
    if found.state != CASE.start:
        raise DomainError("case.state", state=found.state, action="take")
    _leave_to_its_taker(found, actor, now)
    if found.subject_type in SELLERS and locked(found.subject)[0].state == "submitted":
        verification.take(actor=actor, organisation=found.subject, now=now)
    found.taken_at, found.taken_by = now, actor.user_id
    note(f"case:{case}", after={"taken_by": actor.user})


@operation("case.release")
def release_case(*, actor: Actor, case: str, now: datetime) -> None:
    """Give a case back to the desk; of one that nobody has it changes nothing. `case.taken` when a colleague has it."""
    found = _on_desk(case, actor)
    if found.state != CASE.start:
        raise DomainError("case.state", state=found.state, action="release")
    _leave_to_its_taker(found, actor, now)
    if found.taken_by is not None:
        note(f"case:{case}", before={"taken_by": found.taken_by}, after={"taken_by": None})
        found.taken_at = found.taken_by = None


@operation("case.approve")
def approve_case(
    *,
    actor: Actor,
    case: str,
    basis: str | None = None,
    seen: str | None = None,
    goods: Collection[str] | None = None,
    internal: str = "",
    now: datetime,
) -> None:
    """Decide for the subject. `case.state` when decided, `case.own` for her own organisation, `case.taken` by another.

    A claim takes the code from whoever holds it: colleagues read on what `basis`. A check, goods and new pictures are
    of what was `seen` (`to_see`): `case.other_photo` when there is another by now. A notice takes the chosen `goods`
    off sale, and reports up to the one `seen` theirs. All of these are `case.singly` among many.
    """
    found = _decide(case, "approve", reason="", internal=internal, actor=actor, now=now)
    is_claim = found.subject_type == "claim"
    if (found.subject_type in WEIGHED and goods is None) or (is_claim and basis is None):
        raise DomainError("case.singly")
    if is_claim:
        _note_basis(case, basis or "")
    if (there := to_see(found)) is not None and there != (seen or ""):
        raise DomainError("case.singly" if seen is None else "case.other_photo")
    verdicts.approve(found, actor=actor, goods=goods or (), basis=basis or "", seen=seen, now=now)


def _note_basis(case: str, basis: str) -> None:
    if wrong := reason_fault(basis := clean(basis, keep_lines=True)):
        raise InvalidInputError({"basis": wrong})
    note(f"case:{case}", reason=basis)


@operation("case.refuse")
def refuse_case(
    *, actor: Actor, case: str, reason: str, seen: str | None = None, internal: str = "", now: datetime
) -> None:
    """Send the subject back, or reports up to the one `seen`; its owner reads the reason, never the `internal` note."""
    reason = clean(reason, keep_lines=True)
    if wrong := reason_fault(reason):
        raise InvalidInputError({"reason": wrong})
    found = _decide(case, "refuse", reason=reason, internal=internal, actor=actor, now=now)
    verdicts.refuse(found, reason, actor=actor, seen=seen, now=now)


@operation("case.ask")
def ask_case(
    *,
    actor: Actor,
    case: str,
    fields: Collection[str],
    reason: str,
    now: datetime,
    seen: str | None = None,
    internal: str = "",
) -> None:
    """Have somebody correct what she said: of a seller or of goods some fields, the rest stands. `case.not_factory`.

    Goods come again once each of the fields is another than it was.
    """
    reason = clean(reason, keep_lines=True)
    if wrong := reason_fault(reason):
        raise InvalidInputError({"reason": wrong})
    asked = [field for field in (FIELDS | GOODS_FIELDS) if field in set(fields)]
    found = _decide(case, "ask", reason=reason, internal=internal, asked=" ".join(asked), actor=actor, now=now)
    if found.subject_type not in {*SELLERS, *WEIGHED, "listing"}:
        raise DomainError("case.not_factory")
    verdicts.ask(found, [*fields], reason, actor=actor, seen=seen, now=now)


@operation("factory.suspend")
def suspend_factory(*, actor: Actor, organisation: str, reason: str, now: datetime) -> None:
    """Stop a seller's sales at once; what is paid for goes on. Its owner reads why."""
    stopped = verification.suspend(actor=actor, organisation=organisation, reason=reason, now=now)
    message = lazy("“%(name)s”已暂停营业：%(reason)s。已付款的订单请照常发货；有异议请登录后申诉。")
    _tell_owner(stopped, message, actor=actor, now=now)


@operation("factory.reinstate")
def reinstate_factory(*, actor: Actor, organisation: str, now: datetime) -> None:
    """Let a suspended seller sell again."""
    stands = verification.reinstate(actor=actor, organisation=organisation, now=now)
    _tell_owner(stands, lazy("“%(name)s”已恢复营业，商品又能买了。"), actor=actor, now=now)


@operation("factory.close")
def close_factory(*, actor: Actor, organisation: str, reason: str, now: datetime) -> None:
    """Close a suspended seller for good."""
    closed = decisions.close(actor=actor, organisation=organisation, reason=reason, now=now)
    message = lazy("“%(name)s”已关闭：%(reason)s。已付款的订单请照常发货，货款照常结算。")
    _tell_owner(closed, message, actor=actor, now=now)


def _look_at_merchant(organisation: str, *, now: datetime) -> None:
    found = seller(organisation)
    if found is None or not dossier(SYSTEM, found, today=business_date(now)).speaks_for_itself:
        open_case("merchant", organisation, desk_of("merchant", organisation), now=now)
        return
    opened = decisions.open_at_once(actor=SYSTEM, organisation=organisation, now=now)
    _tell_owner(opened, lazy("您的店铺“%(name)s”已通过核验，现在就能开卖。"), actor=SYSTEM, now=now)


def open_case(subject_type: str, subject: str, desk: Desk, *, now: datetime) -> None:
    """Put something on a desk; once while one is open."""
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


def _tell_owner(application: Application, message: str, *, actor: Actor, now: datetime) -> None:
    name = organisation_named(application.organisation_id)[1]
    words = Words(message, {"name": name} | ({"reason": clause(application.reason)} if application.reason else {}))
    tell(owners_of(application.organisation_id), words, actor=actor, now=now)


def _decide(
    case: str, action: str, *, reason: str, internal: str, asked: str = "", actor: Actor, now: datetime
) -> Case:
    internal = clean(internal, keep_lines=True)
    if len(internal) > INTERNAL_CAP:
        raise InvalidInputError({"internal": ("field.too_long", {})})
    hold_subject(case)
    found = _on_desk(case, actor)
    to = CASE.step(found.state, action).to
    _leave_to_its_taker(found, actor, now)
    found.state, found.internal = to, internal
    found.reason, found.asked, found.decided_at, found.decided_by = reason, asked, now, actor.user_id
    note(f"case:{case}", before={"state": CASE.start}, after={"state": found.state}, reason=reason)
    return found


def _leave_to_its_taker(found: Case, actor: Actor, now: datetime) -> None:
    if found.taken_by != actor.user_id and is_held(found.taken_at, now):
        raise DomainError("case.taken", name=taker_of(found))


def _on_desk(case: str, actor: Actor) -> Case:
    """A case of this desk, held until the transaction ends; what she has a part in is for a colleague."""
    desk = on_desk(actor, Permission.OPS_CASES_DECIDE)
    found = session().scalar(select(Case).where(Case.public_id == case, desk).with_for_update())
    if found is None:
        raise NotFoundError
    if code := part_in(actor, found):
        raise DomainError(code)
    return found
