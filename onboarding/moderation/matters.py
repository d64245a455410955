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
from onboarding.licences.queries import newest_licence
from onboarding.listings.models import Listing
from onboarding.moderation.evidence import Paper, papers_of
from onboarding.moderation.models import Case
from onboarding.moderation.queries import on_desk
from onboarding.offers.models import PickUp
from onboarding.standing.models import Claim
from onboarding.standing.queries import appeal_named, check_named, claim_named
from onboarding.standing.rules import is_overdue
from onboarding.verification.findings import day_of
from onboarding.verification.models import Application
from onboarding.verification.queries import application_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from kernel.permissions import Actor
    from onboarding.moderation.queries import CaseLine


@dataclass(frozen=True, slots=True)
class Side:
    """A seller with its papers and its photo; of who may lose a code how many goods are on sale, and all orders."""

    organisation: str
    kind: str
    name: str
    uscc: str
    state: str
    licence: Licence | None
    papers: list[Paper]
    goods: int = 0
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


def end_once_checked(organisation_id: int) -> date | None:
    """The last day of an organisation's licence once its newest photo is checked; none when that says 长期.

    One that was seen before, or could not be read, changes nothing.
    """
    query = select(Application, Licence).outerjoin(Licence, Licence.organisation_id == Application.organisation_id)
    query = query.where(Application.organisation_id == organisation_id).order_by(Licence.id.desc()).limit(1)
    application, newest = tuple[Application, Licence | None](session().execute(query).one())
    read = newest.reading.get("fields", {}).get("expires_on") if newest else None
    if newest is None or newest.id == application.licence_id or read is None:
        return application.expires_on
    return day_of(read["value"])


def photo_to_see(organisation_id: int) -> str:
    """Which photo, and read how far, somebody has before her who confirms a check; empty when none is new."""
    newest, application = newest_licence(organisation_id), application_of(organisation_id)
    if newest is None or application is None or newest.id == application.licence_id:
        return ""
    return f"{newest.licence}:{newest.state}"


def _appeal(line: CaseLine, _now: datetime) -> dict[str, Any]:
    found = appeal_named(line.subject)
    first = session().scalar(select(User.name).where(User.id == found.first_by)) if found.first_by else ""
    return {"appeal": found, "first_by": first or "", "side": _side(found.organisation_id)}


def _claim(line: CaseLine, _now: datetime) -> dict[str, Any]:
    found = claim_named(line.subject)
    return {"claim": found, "side": _side(found.organisation_id), "held": _holder(found.holder_id)}


def _check(line: CaseLine, now: datetime) -> dict[str, Any]:
    found = check_named(line.subject)
    late = found.state == "open" and is_overdue(found.opened_at, now)
    ends = end_once_checked(found.organisation_id)
    side, seen = _side(found.organisation_id, newest=True), photo_to_see(found.organisation_id)
    return {"check": found, "late": late, "ends": ends, "side": side, "seen": seen}


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


def _holder(organisation_id: int) -> Side:
    held = _side(organisation_id)
    made = select(func.count(Listing.id)).where(
        Listing.organisation_id == organisation_id, Listing.state == "published"
    )
    resold = select(func.count(PickUp.id)).where(PickUp.organisation_id == organisation_id, PickUp.state == "on")
    orders = select(func.count(SaleRow.id)).where(SaleRow.seller == held.organisation)
    goods = session().scalar(made if held.kind == "factory" else resold)
    return replace(held, goods=goods or 0, orders=session().scalar(orders) or 0)


def _photo(application: Application, *, newest: bool) -> Licence | None:
    mine = select(Licence).where(Licence.organisation_id == application.organisation_id)
    if not newest:
        mine = mine.where(Licence.id == application.licence_id)
    return session().scalar(mine.order_by(Licence.id.desc()).limit(1))
