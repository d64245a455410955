"""Who asks an operator's desk for a visit, and how long already; why a seller lies there, as its owner may know it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from kernel.db import session
from kernel.permissions import SYSTEM
from kernel.tables import Selected
from onboarding.accounts.models import Organisation
from onboarding.belts.models import Belt
from onboarding.moderation.evidence import dossier
from onboarding.moderation.queries import on_desk
from onboarding.tiers.models import InspectionRequest
from onboarding.verification.models import Application
from onboarding.verification.queries import desk_region

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime

    from sqlalchemy import Select

    from kernel.permissions import Actor
    from onboarding.verification.queries import Seller

VISIT_SORTS: Final = {"name": Organisation.name, "belt": Belt.slug, "asked": InspectionRequest.asked_at}


@dataclass(frozen=True, slots=True)
class VisitLine:
    """A factory that waits for somebody to come, and where it is."""

    request: str
    organisation: str
    name: str
    region: str
    belt: str
    belt_en: str
    address: str
    asked_at: datetime
    minutes: int = 0


def visits(actor: Actor, asked: Mapping[str, str], *, now: datetime) -> Selected[VisitLine]:
    """The factories of this operator's desk that wait for a visit and that an address asks for, the longest first."""
    columns = (InspectionRequest.public_id, Organisation.public_id, Organisation.name, desk_region())
    query = _waiting(actor, *columns, Belt.name_zh, Belt.name_en, Application.address, InspectionRequest.asked_at)
    wanted = {"region": desk_region(), "belt": Belt.slug}
    query = query.where(*(column == asked[name] for name, column in wanted.items() if asked[name]))
    if said := asked["q"]:
        query = query.where(Organisation.name.icontains(said, autoescape=True))
    order = (InspectionRequest.asked_at, InspectionRequest.id)
    return Selected(query, order, lambda rows: [_line(row, now) for row in rows])


def waiting_on_desk(actor: Actor) -> dict[str, int]:
    """How much waits at each place of an operator's console; one statement."""
    return {"factories": session().scalar(_waiting(actor, func.count(InspectionRequest.id))) or 0}


def looked_at(seller: Seller, *, today: date) -> str:
    """What an operator looks at of a seller, as its owner may know it: its `name`, its `photo`, or nothing of these.

    Never whose name it is that hers is like, nor that somebody has the same account, code or owner.
    """
    found = [one.code for one in dossier(SYSTEM, seller, today=today).findings if one.severity != "info"]
    if {"name.same", "name.confusable"} & {*found}:
        return "name"
    of_photo = [code for code in found if code.startswith(("licence.", "reading.")) or code.endswith(".differs")]
    return "photo" if of_photo else ""


def _waiting(actor: Actor, *columns: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401  whatever is asked for
    """Of the open wishes those of this desk; a factory that may not trade waits for something else first."""
    return (
        select(*columns)
        .select_from(InspectionRequest)
        .join(Organisation, Organisation.id == InspectionRequest.organisation_id)
        .join(Application, Application.organisation_id == Organisation.id)
        .join(Belt, Belt.id == Application.belt_id)
        .where(InspectionRequest.state == "open", Application.state == "approved")
        .where(on_desk(actor, region=desk_region(), belt=Belt.slug))
    )


def _line(row: Any, now: datetime) -> VisitLine:  # noqa: ANN401  a row of `visits`
    line = VisitLine(*row)
    return replace(line, minutes=int((now - line.asked_at).total_seconds()) // 60)
