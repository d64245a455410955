"""Cases of notices and reports: opened when something waits, raised by every report, closed when nothing is left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import update

from kernel.db import session
from kernel.text import lazy
from onboarding.moderation.models import Case
from onboarding.moderation.operations import open_case
from onboarding.moderation.rules import CASE
from onboarding.moderation.subjects import desk_of

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from kernel.permissions import Actor
    from onboarding.listings.facts import MendingBack
    from onboarding.notices.facts import NoticeEnded, NoticeWaits
    from onboarding.reports.facts import GoodsReported

_WITHDRAWN: Final = lazy("权利人撤回了通知。")


def open_case_for_notice(fact: NoticeWaits, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `notice.waits`: put it on the desk of the seller's belt; once while one is open."""
    open_case("notice", fact.notice, desk_of("factory", fact.organisation), now=now)


def open_case_for_report(fact: GoodsReported, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `goods.reported`: one case for all reports of goods; the more of them, the sooner it is looked at."""
    open_case("report", fact.listing, desk_of("report", fact.listing), now=now)
    session().execute(update(Case).where(_open("report", fact.listing)).values(weight=fact.count - 1))


def open_case_for_mending(fact: MendingBack, *, actor: Actor, now: datetime) -> None:  # noqa: ARG001  a handler
    """Within `mending.back`: somebody looks again at goods that were to be mended; once while one is open."""
    open_case("report", fact.listing, desk_of("report", fact.listing), now=now)


def close_case_of_notice(fact: NoticeEnded, *, actor: Actor, now: datetime) -> None:
    """Within `notice.ended`: what its right holder has withdrawn is nothing to decide any more."""
    decided = {"state": "refused", "reason": str(_WITHDRAWN), "decided_at": now, "decided_by": actor.user_id}
    session().execute(update(Case).where(_open("notice", fact.notice)).values(**decided))


def _open(subject_type: str, subject: str) -> ColumnElement[bool]:
    return (Case.subject_type == subject_type) & (Case.subject == subject) & (Case.state == CASE.start)
