"""What an appeal, a claim or a check lays before an operator: the words, and the licences they are about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from commission.settlement.models import SaleRow
from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.accounts.models import Organisation, User
from onboarding.licences.models import Licence
from onboarding.moderation.evidence import Paper, papers_of
from onboarding.moderation.models import Case
from onboarding.moderation.queries import on_desk
from onboarding.standing.models import Claim
from onboarding.standing.queries import appeal_named, check_named, claim_named
from onboarding.standing.rules import is_overdue
from onboarding.verification.models import Application
from onboarding.verification.rules import LIFECYCLES

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.moderation.queries import CaseLine


@dataclass(frozen=True, slots=True)
class Side:
    """A seller with its papers and its photo; of one who stands to lose a code, how many orders it ever sold."""

    organisation: str
    kind: str
    name: str
    uscc: str
    state: str
    licence: Licence | None
    papers: list[Paper]
    orders: int = 0


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
    held = _side(found.holder_id)
    sold = session().scalar(select(func.count(SaleRow.id)).where(SaleRow.seller == held.organisation)) or 0
    return {
        "claim": found,
        "side": _side(found.organisation_id),
        "held": replace(held, orders=sold),
        "standing": LIFECYCLES[held.kind],
    }


def _check(line: CaseLine, now: datetime) -> dict[str, Any]:
    found = check_named(line.subject)
    late = found.state == "open" and is_overdue(found.opened_at, now)
    return {"check": found, "late": late, "side": _side(found.organisation_id, newest=True)}


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
