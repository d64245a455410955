"""What can be asked of appeals, claims and checks: by the owner they are of, by the cases that are opened for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from kernel.clock import business_date
from kernel.db import session
from kernel.errors import NotFoundError
from onboarding.accounts.models import Organisation
from onboarding.licences.models import Licence
from onboarding.standing.models import Appeal, Check, Claim, ShownLicence
from onboarding.standing.rules import AGAINST, AHEAD, EVERY, EXPIRING
from onboarding.verification.models import Application

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from kernel.permissions import Actor
    from onboarding.verification.queries import Seller


@dataclass(frozen=True, slots=True)
class Recourse:
    """What the owner of a seller can still do against a decision: her newest appeal, and whether she may make one."""

    newest: Appeal | None
    may_appeal: bool


@dataclass(frozen=True, slots=True)
class PublicLicence:
    """A licence as the law wants it shown, with the key of its marked copy, if it was drawn."""

    name: str
    slug: str
    uscc: str
    legal_representative: str
    address: str
    sort: str
    established_on: date | None
    expires_on: date | None
    scope: str
    checked_on: date
    is_suspended: bool
    picture_key: str


def recourse(seller: Seller) -> Recourse:
    """Whether a seller's last decision can be appealed, and what became of the last appeal."""
    mine = select(Appeal).where(Appeal.organisation_id == seller.organisation_id).order_by(Appeal.id.desc())
    newest = session().scalar(mine.limit(1))
    appealed = newest is not None and (newest.state == "open" or newest.decision_at == seller.decided_at)
    return Recourse(newest, seller.state in AGAINST and seller.decided_at is not None and not appealed)


def recourse_against(seller: Seller | None) -> Recourse | None:
    """The same where a decision stands against a seller; nothing where none does."""
    return recourse(seller) if seller and seller.state in AGAINST else None


def decided_first(actor: Actor, appeal: str) -> bool:
    """Whether an appeal (public id) is against what this very operator decided: another one judges it."""
    return actor.user_id is not None and appeal_named(appeal).first_by == actor.user_id


def claim_of(organisation_id: int) -> Claim | None:
    """The newest claim of an organisation."""
    mine = select(Claim).where(Claim.organisation_id == organisation_id)
    return session().scalar(mine.order_by(Claim.id.desc()).limit(1))


def check_of(organisation_id: int) -> Check | None:
    """The check that waits for an organisation, if one does."""
    return session().scalar(select(Check).where(Check.organisation_id == organisation_id, Check.state != "confirmed"))


def appeal_named(appeal: str, *, lock: bool = False) -> Appeal:
    """An appeal by public id; who may see it is for the caller to say. NotFoundError."""
    query = select(Appeal).where(Appeal.public_id == appeal)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFoundError
    return found


def claim_named(claim: str, *, lock: bool = False) -> Claim:
    """A claim by public id; who may see it is for the caller to say. NotFoundError."""
    query = select(Claim).where(Claim.public_id == claim)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFoundError
    return found


def check_named(check: str, *, lock: bool = False) -> Check:
    """A check by public id; who may see it is for the caller to say. NotFoundError."""
    query = select(Check).where(Check.public_id == check)
    found = session().scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFoundError
    return found


def organisation_named(organisation_id: int) -> tuple[str, str]:
    """Public id and name of an organisation."""
    query = select(Organisation.public_id, Organisation.name).where(Organisation.id == organisation_id)
    public_id, name = session().execute(query).one()
    return public_id, name


def licence_to_show(organisation: str) -> Licence | None:
    """The photo under which a seller was approved or last checked."""
    query = (
        select(Licence)
        .join(Application, Application.licence_id == Licence.id)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Organisation.public_id == organisation, Application.state == "approved")
    )
    return session().scalar(query)


def public_licence(slug: str, kind: str = "factory") -> PublicLicence:
    """What everybody may see of the licence of a factory or merchant that trades or is suspended; NotFoundError."""
    query = (
        select(Organisation, Application, ShownLicence.picture_key)
        .join(Application, Application.organisation_id == Organisation.id)
        .outerjoin(ShownLicence, ShownLicence.organisation_id == Organisation.id)
        .where(Organisation.slug == slug, Application.kind == kind, Application.uscc != "")
        .where(Application.state.in_(("approved", "suspended")))
    )
    row = session().execute(query).one_or_none()
    if row is None:
        raise NotFoundError(f"{kind}.gone")
    organisation, application, picture_key = row
    return PublicLicence(
        name=organisation.name,
        slug=organisation.slug,
        uscc=application.uscc,
        legal_representative=application.legal_representative,
        address=application.address,
        sort=application.sort,
        established_on=application.established_on,
        expires_on=application.expires_on,
        scope=application.scope,
        checked_on=business_date(application.checked_at or application.decided_at or application.begun_at),
        is_suspended=application.state == "suspended",
        picture_key=picture_key or "",
    )


def due_for_check(*, today: date, now: datetime, limit: int) -> Sequence[tuple[int, str, str, date]]:
    """Approved sellers to be checked, none open and none done for this period: id, public id, cause, period.

    One is due so long before its half year is over that its owner can do her part in time.
    Nobody has ever checked the merchants of the days when a code was enough.
    """
    checked = func.coalesce(Application.checked_at, Application.decided_at)
    never = (Application.kind == "merchant") & Application.checked_at.is_(None)
    is_open = select(Check.id).where(Check.organisation_id == Application.organisation_id, Check.state != "confirmed")
    known = select(Check.id).where(
        Check.organisation_id == Application.organisation_id,
        Check.cause == "expiry",
        Check.period == Application.expires_on,
    )
    since = now - EVERY + AHEAD
    is_due = (checked <= since) | never
    runs_out = (Application.expires_on <= today + EXPIRING) & ~known.exists()
    query = (
        select(Application.organisation_id, Organisation.public_id, checked, Application.expires_on, never)
        .join(Organisation, Organisation.id == Application.organisation_id)
        .where(Application.state == "approved", ~is_open.exists(), is_due | runs_out)
        .order_by(Application.id)
        .limit(limit)
    )
    found: list[tuple[int, str, str, date]] = []
    for organisation_id, public_id, last, expires, unchecked in session().execute(query):
        if expires is None or unchecked or last <= since:
            found.append((organisation_id, public_id, "due", business_date(last)))
        else:
            found.append((organisation_id, public_id, "expiry", expires))
    return found
