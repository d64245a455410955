"""What speaks for and against a factory, put together for the operator who decides about it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from sqlalchemy import case as when
from sqlalchemy import or_, select, union

from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Role
from kernel.text import lazy
from onboarding.accounts.models import MembershipRow, Organisation
from onboarding.belts.models import Belt
from onboarding.licences.models import Licence
from onboarding.moderation.models import Case
from onboarding.moderation.queries import on_desk
from onboarding.verification.findings import SURE, BeltPlace, Facts, Finding, Read, findings
from onboarding.verification.models import Application, Registration
from onboarding.verification.names import core
from onboarding.verification.queries import application_of
from onboarding.verification.rules import HOLDING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import ColumnElement, Select

    from kernel.permissions import Actor
    from kernel.text import Message
    from onboarding.verification.queries import Factory

SAME_NAMED: Final = 400
"""How many factories of the province, those of the belt first, a name is held against."""
SAME_PAPERS: Final = 20
LABELS: Final = {
    "uscc": lazy("统一社会信用代码"),
    "name": lazy("名称"),
    "legal_representative": lazy("法定代表人或经营者"),
    "address": lazy("住所或经营场所"),
    "type": lazy("类型"),
    "established_on": lazy("成立日期"),
    "expires_on": lazy("营业期限至"),
    "business_scope": lazy("经营范围"),
}
Seen = Literal["none", "waiting", "read", "unreadable"]
_BP: Final = 10_000
_KEPT_AS: Final = {"type": "sort", "business_scope": "scope"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A field as its owner confirmed it, and as it was read from the photo; dates as ISO text."""

    name: str
    label: Message
    said: str
    read: str
    confidence: float
    has_crop: bool

    @property
    def differs(self) -> bool:
        """Whether the photo was read to say something else."""
        return bool(self.read) and _bare(self.said) != _bare(self.read)

    @property
    def sure_bp(self) -> int:
        """How sure the reading is, in basis points."""
        return round(self.confidence * _BP)

    @property
    def doubtful(self) -> bool:
        """Whether the reading itself is not sure."""
        return bool(self.read) and self.confidence < SURE


@dataclass(frozen=True, slots=True)
class Other:
    """Another seller that something points to; `reachable` when it lies on this operator's own desk."""

    organisation: str
    name: str
    kind: str
    reachable: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """The papers of a factory beside their photo, what is to be looked at, and the others that this names."""

    application: Application
    licence: Licence | None
    papers: list[Paper]
    findings: list[Finding]
    others: Mapping[str, Other]


def dossier(actor: Actor, factory: Factory, *, today: date) -> Dossier:
    """All about one factory (its desk was checked before), in four statements."""
    application = application_of(factory.organisation_id)
    if application is None:
        raise NotFoundError
    licence = session().get(Licence, application.licence_id) if application.licence_id else None
    papers = papers_of(application, factory.name, licence)
    related, found = _related(actor, application), _namesakes(actor, application, factory)
    holders, namesakes = related.pop("code"), {one.organisation: one.name for one in found.values()}
    facts = Facts(
        today=today,
        typed={paper.name: paper.said for paper in papers},
        belt=BeltPlace(factory.belt.province, factory.belt.city, factory.belt.county),
        photo=cast("Seen", licence.state if licence else "none"),
        is_licence=bool(licence and licence.reading.get("is_licence")),
        read={paper.name: Read(paper.read, paper.confidence) for paper in papers if paper.read},
        names=namesakes,
        code_holders=tuple(holders),
        representative_holders=tuple(related["representative"]),
    )
    return Dossier(application, licence, papers, findings(facts), {**found, **related["representative"], **holders})


def papers_of(application: Application, name: str, licence: Licence | None) -> list[Paper]:
    """Every field of a licence, as said and as read."""
    read = licence.reading.get("fields", {}) if licence else {}
    return [_paper(field, _said(application, name, field), read.get(field)) for field in LABELS]


def read_expiry(organisation_id: int) -> date | None:
    """Until when the newest licence of an organisation runs, as it was read."""
    newest = select(Licence).where(Licence.organisation_id == organisation_id).order_by(Licence.id.desc()).limit(1)
    found = session().scalar(newest)
    read = found.reading.get("fields", {}).get("expires_on") if found else None
    try:
        return date.fromisoformat(read["value"]) if read else None
    except ValueError:  # 长期
        return None


def licence_on_desk(actor: Actor, case: str) -> Licence:
    """The photo that a case (public id) of this operator's desk is about, of a check the newest; NotFoundError."""
    of_case = (Case.public_id == case) & on_desk(actor)
    handed_in = select(Application.licence_id).where(Application.organisation_id == Case.organisation_id)
    query = (
        select(Licence)
        .join(Case, Case.organisation_id == Licence.organisation_id)
        .where(of_case, or_(Case.subject_type == "recheck", Licence.id == handed_in.scalar_subquery()))
    )
    found = session().scalar(query.order_by(Licence.id.desc()).limit(1))
    if found is None:
        raise NotFoundError
    return found


def _paper(field: str, said: str, read: Mapping[str, Any] | None) -> Paper:
    if read is None:
        return Paper(field, LABELS[field], said, "", 0.0, has_crop=False)
    return Paper(field, LABELS[field], said, read["value"], read["confidence"], has_crop=read.get("box") is not None)


def _said(application: Application, name: str, field: str) -> str:
    if field == "name":
        return name
    value = getattr(application, _KEPT_AS.get(field, field))
    return value.isoformat() if field.endswith("_on") and value else value or ""


def _related(actor: Actor, application: Application) -> dict[str, dict[str, Other]]:
    """Others with the same credit code or the same legal representative, what the same person owns left out."""
    code = union(
        select(Application.organisation_id).where(Application.uscc == application.uscc),
        select(Registration.organisation_id).where(Registration.uscc == application.uscc),
    )
    person = application.legal_representative
    held = Application.legal_representative
    same = select(Application.organisation_id).where(held == person, held != "")
    has_code = when((Organisation.id.in_(code), 1), else_=0)
    query = _others(actor).add_columns(has_code, when((Organisation.id.in_(same), 1), else_=0))
    query = query.where(or_(Organisation.id.in_(code), Organisation.id.in_(same)), ~_same_owner(application))
    found: dict[str, dict[str, Other]] = {"code": {}, "representative": {}}
    for organisation, name, kind, near, by_code, by_person in session().execute(query.limit(SAME_PAPERS)):
        other = Other(organisation, name, kind, bool(near))
        for reason, holds in (("code", by_code), ("representative", by_person)):
            if holds:
                found[reason][organisation] = other
    return found


def _namesakes(actor: Actor, application: Application, factory: Factory) -> dict[str, Other]:
    """Factories whose names this one is held against: of its province, and of anywhere with its brand."""
    brand = core(factory.name)
    near = Belt.province == factory.belt.province
    branded = Organisation.name.contains(brand, autoescape=True) if brand else near
    query = _others(actor).where(Application.state.in_(HOLDING), or_(near, branded), ~_same_owner(application))
    query = query.order_by(when((branded, 0), (Belt.id == factory.belt.id, 1), else_=2), Organisation.id.desc())
    rows = session().execute(query.limit(SAME_NAMED))
    return {row[0]: Other(row[0], row[1], row[2], bool(row[3])) for row in rows}


def _others(actor: Actor) -> Select[*tuple[Any, ...]]:
    near = when((on_desk(actor, region=Belt.province, belt=Belt.slug), 1), else_=0)
    return (
        select(Organisation.public_id, Organisation.name, Organisation.kind, near)
        .outerjoin(Application, Application.organisation_id == Organisation.id)
        .outerjoin(Belt, Belt.id == Application.belt_id)
    )


def _same_owner(application: Application) -> ColumnElement[bool]:
    mine = MembershipRow.organisation_id == application.organisation_id
    owners = select(MembershipRow.user_id).where(mine, MembershipRow.role == Role.OWNER)
    theirs = MembershipRow.user_id.in_(owners) & (MembershipRow.role == Role.OWNER)
    return Organisation.id.in_(select(MembershipRow.organisation_id).where(theirs))


def _bare(text: str) -> str:
    """What counts of a text when two writings of it are compared."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char.isalnum())
