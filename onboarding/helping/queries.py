"""What can be asked about helping: whom a helper helps and what is next there; who helps an owner and what she did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, exists, func, or_, select

from kernel.audit import AuditRow
from kernel.db import session
from kernel.permissions import Permission
from kernel.text import masked_recipient
from onboarding.accounts.consents import is_live
from onboarding.accounts.models import HelpGrant, Organisation, User
from onboarding.joining.rules import Opening, Turn, steps
from onboarding.licences.models import Licence
from onboarding.listings.models import Listing
from onboarding.moderation.deeds import deed
from onboarding.verification.models import Application, Profile
from onboarding.verification.rules import UNNAMED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from kernel.permissions import Actor
    from kernel.text import Message
    from onboarding.joining.rules import Step

MOST_OWNERS = 100
MOST_DEEDS = 50


@dataclass(frozen=True, slots=True)
class Helped:
    """An owner whom a helper helps or helped: how far her factory is, and what is next there, if it is anybody's."""

    grant: str
    owner: str
    reached: str
    factory: str
    state: str
    until: datetime
    is_live: bool
    next: Step | None

    @property
    def is_named(self) -> bool:
        """Whether the factory has its name already."""
        return self.factory != UNNAMED["factory"]


@dataclass(frozen=True, slots=True)
class Grant:
    """A grant as an owner sees it; one that is over says until when it was used."""

    grant: str
    sent_by: str
    helper: str
    factory: str
    since: datetime
    until: datetime
    is_live: bool


@dataclass(frozen=True, slots=True)
class Done:
    """Something that a helper did for an owner."""

    at: datetime
    what: Message | str
    sent_by: str
    helper: str


def helped_by(actor: Actor, *, now: datetime) -> list[Helped]:
    """Whom a helper helps, the newest first, then whom she no longer does; three statements."""
    lives = is_live(now)
    query = (
        select(HelpGrant, User.name, User.phone, User.email, Organisation.name, Application, lives)
        .join(User, User.id == HelpGrant.owner_id)
        .join(Organisation, Organisation.id == HelpGrant.organisation_id)
        .join(Application, Application.organisation_id == HelpGrant.organisation_id)
        .where(HelpGrant.helper_id == actor.user_id)
        .order_by(case((lives, 0), else_=1), HelpGrant.id.desc())
        .limit(MOST_OWNERS)
    )
    rows = session().execute(query).all()
    openings = _openings([row[5] for row in rows])
    return [
        Helped(
            grant=grant.public_id,
            owner=name,
            reached=masked_recipient(phone or email or ""),
            factory=factory,
            state=application.state,
            until=grant.ended_at or grant.expires_at,
            is_live=bool(lives),
            next=_next(openings[application.organisation_id]) if lives else None,
        )
        for grant, name, phone, email, factory, application, lives in rows
    ]


def grants_to(actor: Actor, *, now: datetime) -> list[Grant]:
    """Who may act for the organisations that this person owns, and who might before; those who may, first."""
    owned = [one.organisation_id for one in actor.memberships if Permission.SELLER_ORGANISATION_EDIT in one.permissions]
    lives = is_live(now)
    query = (
        select(HelpGrant, User.name, Organisation.name, lives)
        .join(User, User.id == HelpGrant.helper_id)
        .join(Organisation, Organisation.id == HelpGrant.organisation_id)
        .where(HelpGrant.organisation_id.in_(owned))
        .order_by(case((lives, 0), else_=1), HelpGrant.id.desc())
        .limit(MOST_OWNERS)
    )
    return [
        Grant(
            grant=grant.public_id,
            sent_by=grant.sent_by,
            helper=helper,
            factory=factory,
            since=grant.granted_at,
            until=grant.ended_at or grant.expires_at,
            is_live=bool(lives),
        )
        for grant, helper, factory, lives in session().execute(query)
    ]


def done_under(grants: Sequence[Grant]) -> list[Done]:
    """What helpers did under these grants, the newest first."""
    query = (
        select(AuditRow.at, AuditRow.operation, HelpGrant.sent_by, User.name)
        .join(HelpGrant, HelpGrant.public_id == AuditRow.under)
        .join(User, User.id == HelpGrant.helper_id)
        .where(AuditRow.under.in_([one.grant for one in grants]))
        .order_by(AuditRow.id.desc())
        .limit(MOST_DEEDS)
    )
    return [Done(at, deed(operation), sender, helper) for at, operation, sender, helper in session().execute(query)]


def _openings(applications: Sequence[Application]) -> dict[int, Opening]:
    """How far each of these factories is, by organisation."""
    houses = [one.organisation_id for one in applications]
    goods = _goods(houses)
    newest = select(func.max(Licence.id)).where(Licence.organisation_id.in_(houses)).group_by(Licence.organisation_id)
    told = exists().where(
        Profile.organisation_id == Application.organisation_id,
        or_(Profile.founded.is_not(None), Profile.people.is_not(None), Profile.capacity != "", Profile.makes != ""),
    )
    query = (
        select(Application.organisation_id, Licence.state, told)
        .outerjoin(Licence, and_(Licence.organisation_id == Application.organisation_id, Licence.id.in_(newest)))
        .where(Application.organisation_id.in_(houses))
    )
    known = {house: (licence or "", described) for house, licence, described in session().execute(query)}
    return {
        one.organisation_id: Opening(
            state=one.state,
            handed_in=one.submitted_at,
            licence=known[one.organisation_id][0] or ("" if one.state == "draft" else "read"),
            goods=goods.get(one.organisation_id, {}),
            described=bool(known[one.organisation_id][1]),
        )
        for one in applications
    }


def _goods(houses: Sequence[int]) -> dict[int, Mapping[str, int]]:
    query = select(Listing.organisation_id, Listing.state, func.count()).where(Listing.organisation_id.in_(houses))
    found: dict[int, dict[str, int]] = {}
    for house, state, count in session().execute(query.group_by(Listing.organisation_id, Listing.state)):
        found.setdefault(house, {})[state] = count
    return dict(found)


def _next(opening: Opening) -> Step | None:
    """The first step that is the owner's, else the first that somebody else has to take."""
    found = steps(opening)
    ours = next((step for step in found if step.turn is Turn.OURS), None)
    return next((step for step in found if step.turn is Turn.YOURS), ours)
