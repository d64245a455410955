"""What an appeal, a claim or a check lays before an operator: the words, and the licences they are about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from commission.settlement.models import SaleRow
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.accounts.models import Organisation, User
from onboarding.certificates.models import Certificate
from onboarding.certificates.queries import examined, goods_of
from onboarding.certificates.rules import FINDINGS, KINDS
from onboarding.licences.models import Licence
from onboarding.licences.queries import newest_licence
from onboarding.listings.asked import asked_of
from onboarding.listings.certified import needed
from onboarding.listings.changes import NAME, as_asked, changes_of, edit_named, of_variants, spelled
from onboarding.listings.claims import remarks, words_of
from onboarding.listings.doubts import doubts
from onboarding.listings.mendings import last_mending
from onboarding.listings.models import Listing
from onboarding.listings.rules import LISTING, TAKEDOWN_REASONS
from onboarding.listings.sharing import certificates_used, takedowns_of
from onboarding.moderation.evidence import Paper, papers_of
from onboarding.moderation.models import Case
from onboarding.moderation.queries import before, on_desk
from onboarding.moderation.subjects import goods_of_case
from onboarding.notices.queries import evidence_in, file_of, notice_named, wrongful_before
from onboarding.notices.rules import DEEDS as NOTICE_DEEDS
from onboarding.notices.rules import EVIDENCE, HOLDERS, NOTICE, RIGHTS
from onboarding.offers.models import PickUp
from onboarding.pictures.queries import look_alikes, pictures_of, pictures_to_see
from onboarding.reports.queries import picture_key, reports_of
from onboarding.reports.rules import REASONS as WHY
from onboarding.reports.rules import REPORT
from onboarding.standing.models import Claim
from onboarding.standing.queries import appeal_named, check_named, claim_named
from onboarding.standing.rules import is_overdue
from onboarding.verification.findings import day_of
from onboarding.verification.models import Application
from onboarding.verification.queries import application_of, application_state
from onboarding.verification.rules import JOINED

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from kernel.permissions import Actor
    from onboarding.moderation.queries import CaseLine
    from onboarding.notices.models import NoticeEvidence


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
    """What the page of this kind of case shows besides; nothing for factories."""
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


def evidence_on_desk(actor: Actor, case: str, evidence: str) -> NoticeEvidence:
    """A file of the notice that a case (public ids) of this operator's desk is about; NotFoundError."""
    return evidence_in(_subject(actor, case, "notice"), evidence)


def picture_on_desk(actor: Actor, case: str, report: str, place: str) -> str:
    """The key of a picture of a report that a case (public ids) of this operator's desk is about; NotFoundError."""
    return picture_key(_subject(actor, case, "report"), report, place)


def _subject(actor: Actor, case: str, subject_type: str) -> str:
    mine = (Case.public_id == case) & (Case.subject_type == subject_type) & before(actor)
    found = session().scalar(select(Case.subject).where(mine))
    if found is None:
        raise NotFoundError
    return found


def certificate_on_desk(actor: Actor, case: str) -> Certificate:
    """The certificate that a case (public id) of this operator's desk is about; NotFoundError."""
    mine = (Case.public_id == case) & (Case.subject_type == "certificate") & on_desk(actor)
    found = session().scalar(select(Certificate).join(Case, Case.subject == Certificate.public_id).where(mine))
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


def _certificate(line: CaseLine, now: datetime) -> dict[str, Any]:
    found = examined(line.subject, today=business_date(now))
    named = goods_of(found.certificate.id)
    titles = session().scalars(select(Listing.title).where(Listing.id.in_(named)).order_by(Listing.id)).all()
    application = application_of(found.certificate.organisation_id)
    shown = {"examined": found, "kind": KINDS[found.certificate.kind], "titles": titles, "said_of": FINDINGS}
    return {**shown, "business": application.scope if application else ""}


def _listing(line: CaseLine, now: datetime) -> dict[str, Any]:
    found = goods_of_case(line.subject_type, line.subject)
    return {**goods_matter(found, now=now), "seen": pictures_to_see(line.subject)} if found else {}


def goods_matter(listing: Listing, *, now: datetime) -> dict[str, Any]:
    """What is to be seen of goods besides themselves: certificates, words, and when they were taken down before."""
    return {
        "joined": application_state(listing.organisation_id) in JOINED,
        "pictures": pictures_of(listing.id),
        "alike": look_alikes(listing.id),
        "needed": needed(listing, today=business_date(now)),
        "certificate_cases": _certificate_cases(listing),
        "remarks": remarks(words_of(listing)),
        "takedowns": takedowns_of(listing.id),
        "takedown_reasons": TAKEDOWN_REASONS,
        "were_asked": asked_of(listing),
        "doubts": doubts(listing, today=business_date(now)),
    }


def _certificate_cases(listing: Listing) -> dict[str, str]:
    """By its kind the newest case (public id) of each certificate by which goods are on sale."""
    used = {one.public_id: one.kind for one in certificates_used(listing)}
    if not used:
        return {}
    query = select(Case.subject, Case.public_id).where(Case.subject_type == "certificate", Case.subject.in_(used))
    return {used[subject]: case for subject, case in session().execute(query.order_by(Case.id))}


def _edit(line: CaseLine, now: datetime) -> dict[str, Any]:
    found = edit_named(line.subject)
    asked = as_asked(found.listing, found)
    names = " ".join(spelled(options) for options in of_variants(asked, NAME).values())
    doubtful = doubts(found.listing, today=business_date(now), asked=asked)
    told = {"changes": changes_of(found), "remarks": remarks(asked | {"names": names}), "doubts": doubtful}
    return {**goods_matter(found.listing, now=now), **told}


def _notice(line: CaseLine, _now: datetime) -> dict[str, Any]:
    found = notice_named(line.subject)
    shown = {"sent": file_of(found), "wrongful": wrongful_before(found), "rights": RIGHTS, "holders": HOLDERS}
    return {**shown, "kinds": EVIDENCE, "done": NOTICE_DEEDS, "notice_states": NOTICE}


def _report(line: CaseLine, now: datetime) -> dict[str, Any]:
    told = {"reports": (read := reports_of(line.subject)), "report_reasons": WHY, "report_states": REPORT}
    goods = _listing(line, now)
    found = goods_of_case(line.subject_type, line.subject)
    asked = last_mending(found.id) if found else None
    return {**goods, **told, "mending": asked, "goods_lifecycle": LISTING, "seen": read[0].report if read else ""}


def _pictures(line: CaseLine, now: datetime) -> dict[str, Any]:
    """New pictures beside those that everybody sees, and the goods that they are of."""
    told = _listing(line, now)
    split = {state: [one for one in told["pictures"] if one.state == state] for state in ("waiting", "shown")}
    return {**told, "pictures": [], "new_pictures": split}


_MATTERS: dict[str, Callable[[CaseLine, datetime], dict[str, Any]]] = {
    "appeal": _appeal,
    "certificate": _certificate,
    "listing": _listing,
    "edit": _edit,
    "takedown": _listing,
    "claim": _claim,
    "recheck": _check,
    "notice": _notice,
    "report": _report,
    "pictures": _pictures,
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
