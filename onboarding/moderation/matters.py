"""What an appeal, a claim or a check lays before an operator: the words, and the licences they are about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.accounts.models import Organisation, User
from onboarding.licences.models import Licence
from onboarding.moderation.evidence import Paper, end_once_checked, papers_of
from onboarding.moderation.models import Case
from onboarding.moderation.queries import on_desk
from onboarding.standing.models import Claim
from onboarding.standing.queries import appeal_named, check_named, claim_named
from onboarding.standing.rules import is_overdue
from onboarding.verification.models import Application

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.moderation.queries import CaseLine


@dataclass(frozen=True, slots=True)
class Side:
    """A seller with its papers and its photo."""

    organisation: str
    kind: str
    name: str
    uscc: str
    state: str
    licence: Licence | None
    papers: list[Paper]


def matter(line: CaseLine, *, now: datetime) -> dict[str, Any]:
    """What the page of this kind of case shows besides; nothing for factories and goods."""
    shown = _MATTERS.get(line.subject_type)
    return shown(line, now) if shown else {}


def held_licence(actor: Actor, case: str) -> Licence:
    """The photo of whoever holds the code that a case of this operator's desk claims; NotFoundError."""
    query = (
        select(Licence)
        .join(Application, Application.licence_id == Licence.id)
        .join(Claim, Claim.holder_id == Application.organisation_id)
        .join(Case, Case.subject == Claim.public_id)
        .where(Case.public_id == case, Case.subject_type == "claim", on_desk(actor))
    )
    found = session().scalar(query)
    if found is None:
        raise NotFoundError
    return found


def _appeal(line: CaseLine, _now: datetime) -> dict[str, Any]:
    found = appeal_named(line.subject)
    first = session().scalar(select(User.name).where(User.id == found.first_by)) if found.first_by else ""
    return {"appeal": found, "first_by": first or "", "side": _side(found.organisation_id)}


def _claim(line: CaseLine, _now: datetime) -> dict[str, Any]:
    found = claim_named(line.subject)
    return {"claim": found, "side": _side(found.organisation_id), "held": _side(found.holder_id)}


def _check(line: CaseLine, now: datetime) -> dict[str, Any]:
    found = check_named(line.subject)
    late = found.state == "open" and is_overdue(found.opened_at, now)
    ends = end_once_checked(found.organisation_id)
    return {"check": found, "late": late, "ends": ends, "side": _side(found.organisation_id, newest=True)}


_MATTERS: dict[str, Callable[[CaseLine, datetime], dict[str, Any]]] = {
    "appeal": _appeal,
    "claim": _claim,
    "recheck": _check,
}


def _side(organisation_id: int, *, newest: bool = False) -> Side:
    row = session().execute(
        select(Organisation, Application)
        .join(Application, Application.organisation_id == Organisation.id)
        .where(Organisation.id == organisation_id)
    )
    organisation, application = tuple[Organisation, Application](row.one())
    licence = _photo(application, newest=newest)
    papers = papers_of(application, organisation.name, licence)
    return Side(
        organisation.public_id,
        application.kind,
        organisation.name,
        application.uscc,
        application.state,
        licence,
        papers,
    )


def _photo(application: Application, *, newest: bool) -> Licence | None:
    mine = select(Licence).where(Licence.organisation_id == application.organisation_id)
    if not newest:
        mine = mine.where(Licence.id == application.licence_id)
    return session().scalar(mine.order_by(Licence.id.desc()).limit(1))
