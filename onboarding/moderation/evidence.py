"""What speaks for and against a seller, put together for the operator who decides about it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from sqlalchemy import case as when
from sqlalchemy import false, or_, select, union

from commission.payees.queries import sharing_account
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import Role
from kernel.text import lazy
from onboarding.accounts.models import MembershipRow, Organisation, PastOwner
from onboarding.belts.models import Belt
from onboarding.compliance.queries import acceptances_of
from onboarding.licences.models import Licence
from onboarding.licences.queries import crop_size
from onboarding.licences.rules import WAITING
from onboarding.moderation.models import Case
from onboarding.moderation.queries import on_desk
from onboarding.verification.findings import NO_END, SURE, BeltPlace, Facts, Finding, Read, findings, speaks_for_itself
from onboarding.verification.models import Application
from onboarding.verification.names import core
from onboarding.verification.queries import application_of, desk_region
from onboarding.verification.rules import HOLDING, SANCTIONED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from sqlalchemy import ColumnElement, Select

    from kernel.permissions import Actor
    from kernel.text import Message
    from onboarding.compliance.queries import Accepted
    from onboarding.verification.queries import Seller

SAME_NAMED: Final = 400
"""How many sellers of the province, those of the belt first, a name is held against."""
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
    """A field as its owner confirmed it, and as it was read from the photo; dates as ISO text.

    `crop` is the size in px of the picture of it, if there is one.
    """

    name: str
    label: Message
    said: str
    read: str
    confidence: float
    crop: tuple[int, int] | None

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
    """The papers of a seller beside their photo, what is to be looked at, and the others that this names."""

    application: Application
    licence: Licence | None
    papers: list[Paper]
    facts: Facts
    others: Mapping[str, Other]
    accepted: list[Accepted]

    @property
    def findings(self) -> list[Finding]:
        """What is to be looked at, the gravest first."""
        return findings(self.facts)

    @property
    def speaks_for_itself(self) -> bool:
        """Whether nothing is left to look at, nor was ever looked at by anybody."""
        return self.application.decided_by is None and speaks_for_itself(self.facts)


def dossier(actor: Actor, seller: Seller, *, today: date) -> Dossier:
    """All about one seller (its desk was checked before), in five statements."""
    application = application_of(seller.organisation_id)
    if application is None:
        raise NotFoundError
    licence = session().get(Licence, application.licence_id) if application.licence_id else None
    papers = papers_of(application, seller.name, licence)
    related, found = _related(actor, application), _namesakes(actor, application, seller)
    namesakes = {one.organisation: one.name for one in found.values()}
    facts = Facts(
        today=today,
        typed={paper.name: paper.said for paper in papers},
        belt=BeltPlace(seller.belt.province, seller.belt.city, seller.belt.county) if seller.belt else None,
        photo=cast("Seen", licence.state if licence else "none"),
        is_licence=bool(licence and licence.reading.get("is_licence")),
        read={paper.name: Read(paper.read, paper.confidence) for paper in papers if paper.read},
        names=namesakes,
        code_holders=tuple(related["code"]),
        bank_holders=tuple(related["bank"]),
        representative_holders=tuple(related["representative"]),
        left=tuple(related["left"]),
        sanctioned=tuple(related["sanctioned"]),
    )
    others = {**found, **{who: one for alike in related.values() for who, one in alike.items()}}
    return Dossier(application, licence, papers, facts, others, acceptances_of(application.organisation_id))


def papers_of(application: Application, name: str, licence: Licence | None) -> list[Paper]:
    """Every field of a licence, as said and as read."""
    read = licence.reading.get("fields", {}) if licence else {}
    return [_paper(field, _said(application, name, field), read.get(field)) for field in LABELS]


def is_being_read(organisation: str) -> bool:
    """Whether the photo that a merchant (public id) handed in has still to be read, and nobody has judged her before.

    The photo is held: its reading is recorded either before this was asked, or after the application was handed in.
    """
    query = (
        select(Licence)
        .join(Application, Application.licence_id == Licence.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Organisation.public_id == organisation, Application.decided_by.is_(None))
        .with_for_update(of=Licence)
    )
    found = session().scalar(query, execution_options={"populate_existing": True})
    return found is not None and found.state == WAITING


def waits_for_reading(licence: str) -> str | None:
    """The merchant (public id) who handed a photo (public id) in and is on nobody's desk yet."""
    on_a_desk = (Case.subject == Organisation.public_id) & (Case.subject_type == "merchant") & (Case.state == "open")
    query = (
        select(Organisation.public_id)
        .join(Application, Application.organisation_id == Organisation.id)
        .join(Licence, Licence.id == Application.licence_id)
        .where(Licence.public_id == licence, Application.kind == "merchant", Application.state == "submitted")
        .where(~select(Case.id).where(on_a_desk).exists())
    )
    return session().scalar(query)


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
        return Paper(field, LABELS[field], said, "", 0.0, None)
    value = read["value"] or (str(NO_END) if said else "")  # of what was read the last day alone is ever empty
    return Paper(field, LABELS[field], said, value, read["confidence"], crop_size(read))


def _said(application: Application, name: str, field: str) -> str:
    if field == "name":
        return name
    value = getattr(application, _KEPT_AS.get(field, field))
    return value.isoformat() if field.endswith("_on") and value else value or ""


def _related(actor: Actor, application: Application) -> dict[str, dict[str, Other]]:
    """Others with the same credit code, payout account or legal representative; of her own those that she left.

    What was refused, suspended or closed of the same owners, or under the same code, is never left out, whether they
    own it still or parted from it.
    """
    own, same_code = _same_owner(application), Application.uscc == application.uscc
    person = application.legal_representative
    held = Application.legal_representative
    mine = select(Organisation.public_id).where(Organisation.id == application.organisation_id)
    paid_alike = Organisation.public_id.in_(sharing_account(mine.scalar_subquery()))
    alike = {
        "code": same_code & Application.state.in_(HOLDING),
        "bank": paid_alike,
        "representative": (held == person) & (held != ""),
    }
    ever_own = _ever_same_owner(application)
    gone = Organisation.left_at.is_not(None) & ever_own
    reasons = {
        **{reason: holds & ~own for reason, holds in alike.items()},
        "left": gone,
        "sanctioned": Application.state.in_(SANCTIONED) & or_(same_code, ever_own) & ~gone,
    }
    query = _others(actor).add_columns(*(when((reason, 1), else_=0) for reason in reasons.values()))
    query = query.where(or_(*reasons.values()), Organisation.id != application.organisation_id)
    found: dict[str, dict[str, Other]] = {reason: {} for reason in reasons}
    gravest = (when((reasons["sanctioned"], 0), (gone, 1), else_=2), Organisation.id.desc())
    for organisation, name, kind, near, *holds in session().execute(query.order_by(*gravest).limit(SAME_PAPERS)):
        other = Other(organisation, name, kind, bool(near))
        for reason, held_too in zip(reasons, holds, strict=True):
            if held_too:
                found[reason][organisation] = other
    return found


def _namesakes(actor: Actor, application: Application, seller: Seller) -> dict[str, Other]:
    """Sellers whose names this one is held against: of its province, and of anywhere with its brand."""
    brand, (province, _belt) = core(seller.name), seller.desk
    near = desk_region() == province
    branded = Organisation.name.contains(brand, autoescape=True) if brand else near
    beside = Application.belt_id == seller.belt.id if seller.belt else false()
    query = _others(actor).where(Application.state.in_(HOLDING), or_(near, branded), ~_same_owner(application))
    query = query.order_by(when((branded, 0), (beside, 1), else_=2), Organisation.id.desc())
    rows = session().execute(query.limit(SAME_NAMED))
    return {row[0]: Other(row[0], row[1], row[2], bool(row[3])) for row in rows}


def _others(actor: Actor) -> Select[*tuple[Any, ...]]:
    near = when((on_desk(actor, region=desk_region(), belt=Belt.slug), 1), else_=0)
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


def _ever_same_owner(application: Application) -> ColumnElement[bool]:
    """That of those who own this one, or did, somebody owns the other, or did."""
    columns = (MembershipRow.user_id, MembershipRow.organisation_id)
    owners = select(*columns).where(MembershipRow.role == Role.OWNER)
    ever = union(owners, select(PastOwner.user_id, PastOwner.organisation_id)).subquery()
    people = select(ever.c.user_id).where(ever.c.organisation_id == application.organisation_id)
    return Organisation.id.in_(select(ever.c.organisation_id).where(ever.c.user_id.in_(people)))


def _bare(text: str) -> str:
    """What counts of a text when two writings of it are compared."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).upper() if char.isalnum())
