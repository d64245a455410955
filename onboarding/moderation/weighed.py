"""What a decision does about a notice or about reports: what it means hangs on where the matter stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kernel.errors import DomainError, InvalidInputError
from kernel.text import clean
from onboarding.notices import decisions as notices
from onboarding.notices.queries import notice_named
from onboarding.reports import operations as reports
from onboarding.verification.rules import reason_fault

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.moderation.models import Case


def approve(found: Case, goods: Collection[str], basis: str, seen: str | None, *, actor: Actor, now: datetime) -> None:
    """Take the chosen goods of a notice down, or those of the reports `seen`, whose seller reads on what `basis`."""
    if found.subject_type == "report":
        _uphold_reports(found, clean(basis, keep_lines=True), seen, actor=actor, now=now)
    else:
        _approve_notice(found, goods, actor, now)


def _approve_notice(found: Case, goods: Collection[str], actor: Actor, now: datetime) -> None:
    """Accept it with the chosen goods, forward the counter-notice, confirm the proof, or write the outcome down."""
    decide = _APPROVE.get(notice_named(found.subject).state)
    if decide:
        decide(actor=actor, notice=found.subject, now=now)
    else:
        notices.accept(actor=actor, notice=found.subject, goods=goods, now=now)


_APPROVE: Final[dict[str, Callable[..., object]]] = {
    "countered": notices.forward,
    "proved": notices.confirm,
    "judged": notices.uphold,
}


def refuse_notice(found: Case, reason: str, actor: Actor, now: datetime) -> None:
    """Refuse it, give the counter-notice back, reject the proof, or write down that nothing was infringed."""
    decide = _REFUSE[notice_named(found.subject).state]
    decide(actor=actor, notice=found.subject, words=reason, now=now)


_REFUSE: Final[dict[str, Callable[..., object]]] = {
    "submitted": notices.refuse,
    "countered": notices.give_back,
    "proved": notices.reject,
    "judged": notices.dismiss,
}


def _uphold_reports(found: Case, basis: str, seen: str | None, *, actor: Actor, now: datetime) -> None:
    if wrong := reason_fault(basis):
        raise InvalidInputError({"basis": wrong})
    _answer(found, "uphold", basis, seen, actor=actor, now=now)


def dismiss_reports(found: Case, reason: str, seen: str | None, *, actor: Actor, now: datetime) -> None:
    """Leave the goods as they are."""
    _answer(found, "dismiss", reason, seen, actor=actor, now=now)


def _answer(found: Case, action: str, reason: str, seen: str | None, *, actor: Actor, now: datetime) -> None:
    """Answer what was read; `case.singly` for whoever decides about a list."""
    if seen is None:
        raise DomainError("case.singly")
    told = {"seen": seen, "action": action, "reason": reason}
    reports.answer(actor=actor, listing=found.subject, **told, now=now)


def ask(found: Case, reason: str, seen: str | None, *, actor: Actor, now: datetime) -> None:
    """Have a side of a notice complete what it handed in, or the seller of reported goods mend them."""
    if found.subject_type == "report":
        _answer(found, "ask", reason, seen, actor=actor, now=now)
        return
    if notice_named(found.subject).state not in {"submitted", "judged"}:
        raise DomainError("case.not_factory")
    notices.ask(actor=actor, notice=found.subject, words=reason, now=now)
