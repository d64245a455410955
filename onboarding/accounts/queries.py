"""What can be asked about people: who acts, their sessions, whom to tell about an organisation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import exists, or_, select

from kernel.clock import business_date
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import ANONYMOUS, Actor, Membership, Role, Scope, StaffGrant
from kernel.text import masked_recipient
from onboarding.accounts.consents import acting_for
from onboarding.accounts.models import (
    Invitation,
    MembershipRow,
    Organisation,
    SecondFactor,
    StaffRole,
    User,
    WebSession,
)
from onboarding.accounts.people import is_of, token_fingerprint
from onboarding.accounts.rules import PROOF_LIFE, Recipient, read_recipient
from onboarding.accounts.second_factor import in_fours, picture

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from sqlalchemy import ColumnElement, Row, Select, Subquery


@dataclass(frozen=True, slots=True)
class SignedInBrowser:
    """One session as its owner sees it."""

    since: datetime
    until: datetime
    is_this: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """A person whom the channel may call or text, and the language she reads; she has a phone, an e-mail, or both."""

    name: str
    phone: str | None
    language: str
    email: str | None = None

    @property
    def recipient(self) -> Recipient:
        """Where a text reaches her: her phone before her e-mail."""
        return Recipient("sms", self.phone) if self.phone else Recipient("mail", self.email or "")

    @property
    def recipients(self) -> list[Recipient]:
        """Everywhere that she is reached."""
        both = ("sms", self.phone), ("mail", self.email)
        return [Recipient(channel, address) for channel, address in both if address]  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Safety:
    """How a person's account is kept: `second_factor` is on, or its secret waits for the first code."""

    contact: Contact
    has_password: bool
    second_factor: bool
    secret: str


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The secret of an authenticator, to be photographed or typed."""

    picture: str
    typed: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who works for an organisation, as its owner sees her."""

    user: str
    name: str
    reached: str
    role: str
    since: date
    is_me: bool


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """An invitation that nobody has accepted yet."""

    public_id: str
    reached: str
    role: str
    until: date


@dataclass(frozen=True, slots=True)
class Offered:
    """What an invitation offers to whoever holds its link; `is_mine` when it was sent to her."""

    organisation: str
    role: str
    reached: str
    is_mine: bool


def actor_for(sid: str, *, now: datetime, staff_needs_second_factor: bool = False) -> Actor:
    """Who a session token belongs to, with memberships and staff roles; two statements, nobody when it ran out.

    Before a person who has a second factor gives it, the session is nobody's. Where staff needs one, a session
    without it holds the roles of staff back. A helper who has somebody's matters in hand costs a third statement.
    """
    alive = (WebSession.token_fingerprint == token_fingerprint(sid)) & (WebSession.expires_at > now)
    asked = exists().where(SecondFactor.user_id == User.id, SecondFactor.confirmed_at.is_not(None))
    counts = or_(WebSession.second_factor_at.is_not(None), ~asked)
    people = (
        _people()
        .add_columns(WebSession.second_factor_at, WebSession.helping_id)
        .join(WebSession, WebSession.user_id == User.id)
    )
    rows = session().execute(people.where(alive, counts)).all()
    if not rows:
        return ANONYMOUS
    found, (factor_given, helping) = _actor(rows), tuple(rows[0])[-2:]
    if staff_needs_second_factor and factor_given is None:
        found = replace(found, staff=(), held_back=found.staff)
    return found if helping is None else acting_for(found, helping, now=now)


def half_way(sid: str, *, now: datetime) -> str:
    """The person (public id) of a session that waits for the second factor; empty when it does not."""
    waiting = (WebSession.token_fingerprint == token_fingerprint(sid)) & (WebSession.expires_at > now)
    query = select(User.public_id).join(WebSession, WebSession.user_id == User.id)
    query = query.join(SecondFactor, SecondFactor.user_id == User.id)
    waits = WebSession.second_factor_at.is_(None) & SecondFactor.confirmed_at.is_not(None)
    return session().scalar(query.where(waiting, waits)) or ""


def is_proved(sid: str, *, now: datetime) -> bool:
    """Whether this browser's person has proved herself of late."""
    fresh = (WebSession.token_fingerprint == token_fingerprint(sid)) & (WebSession.proved_at > now - PROOF_LIFE)
    return session().scalar(select(WebSession.id).where(fresh)) is not None


def safety_of(actor: Actor) -> Safety:
    """How one's own account is kept; one statement."""
    query = select(User, SecondFactor).outerjoin(SecondFactor, SecondFactor.user_id == User.id)
    person, factor = session().execute(query.where(User.id == actor.user_id)).one()
    is_on = factor is not None and factor.confirmed_at is not None
    secret = factor.secret if factor is not None and not is_on else ""
    contact = Contact(person.name, person.phone, person.language, person.email)
    return Safety(contact, person.password_hash is not None, is_on, secret)


def enrolment(safety: Safety, *, issuer: str) -> Enrolment | None:
    """What to show to an authenticator, while it waits for its first code."""
    if not safety.secret:
        return None
    shown = picture(safety.secret, account=safety.contact.recipient.masked, issuer=issuer)
    return Enrolment(shown, in_fours(safety.secret))


def actor_of(user: str) -> Actor:
    """A person as an actor by public id, for commands and demos; NotFoundError."""
    rows = session().execute(_people().where(User.public_id == user)).all()
    if not rows:
        raise NotFoundError
    return _actor(rows)


def people(name: str = "people") -> Subquery:
    """(id, name) of everybody, to join where something keeps who did it; by other names where it keeps several."""
    return select(User.id, User.name).subquery(name)


def user_by_phone(phone: str) -> str:
    """The public id of the person of a phone or an e-mail, however it is written; NotFoundError."""
    found = session().scalar(select(User.public_id).where(is_of(read_recipient(phone))))
    if found is None:
        raise NotFoundError
    return found


def browsers_of(actor: Actor, *, sid: str, now: datetime) -> list[SignedInBrowser]:
    """The sessions of a person, the newest first; `sid` is the one that asks."""
    mine = (WebSession.user_id == actor.user_id) & (WebSession.expires_at > now)
    rows = session().scalars(select(WebSession).where(mine).order_by(WebSession.id.desc()))
    this = token_fingerprint(sid)
    return [SignedInBrowser(row.created_at, row.expires_at, row.token_fingerprint == this) for row in rows]


def owners_of(organisation_id: int) -> list[Contact]:
    """The owners of an organisation, the first one first."""
    query = _contacts().join(MembershipRow, MembershipRow.user_id == User.id)
    owns = (MembershipRow.organisation_id == organisation_id) & (MembershipRow.role == Role.OWNER)
    return [_contact(row) for row in session().execute(query.where(owns).order_by(MembershipRow.id))]


def contact_of(user: str) -> Contact:
    """How to reach a person, by public id."""
    return _contact(session().execute(_contacts().where(User.public_id == user)).one())


def members_of(organisation_id: int, *, actor: Actor) -> list[Member]:
    """Who works for an organisation, the first one first."""
    query = select(User, MembershipRow.role, MembershipRow.created_at).join(MembershipRow.user)
    rows = session().execute(query.where(MembershipRow.organisation_id == organisation_id).order_by(MembershipRow.id))
    return [_member(person, role, since, actor) for person, role, since in rows]


def invitations_of(organisation_id: int, *, now: datetime) -> list[OpenInvitation]:
    """Who was invited and has not come yet, the newest first."""
    waits = (Invitation.organisation_id == organisation_id) & _waits(now)
    rows = session().scalars(select(Invitation).where(waits).order_by(Invitation.id.desc()))
    return [
        OpenInvitation(row.public_id, masked_recipient(row.recipient), row.role, business_date(row.expires_at))
        for row in rows
    ]


def offered(token: str, *, actor: Actor, now: datetime) -> Offered:
    """What the link of an invitation offers; `invitation.gone` (404) when it was used, taken back or ran out."""
    held = (Invitation.token_fingerprint == token_fingerprint(token)) & _waits(now)
    found = session().scalar(select(Invitation).where(held))
    if found is None:
        raise NotFoundError("invitation.gone")
    house = session().get_one(Organisation, found.organisation_id)
    fingerprints = select(User.phone_fingerprint, User.email_fingerprint).where(User.id == actor.user_id)
    is_mine = found.recipient_fingerprint in tuple(session().execute(fingerprints).one())
    return Offered(house.name, found.role, masked_recipient(found.recipient), is_mine)


def _member(person: User, role: str, since: datetime, actor: Actor) -> Member:
    reached = Contact(person.name, person.phone, person.language, person.email).recipient.masked
    return Member(person.public_id, person.name, reached, role, business_date(since), person.id == actor.user_id)


def _waits(now: datetime) -> ColumnElement[bool]:
    is_open = Invitation.accepted_at.is_(None) & Invitation.revoked_at.is_(None)
    return is_open & (Invitation.expires_at > now)


def _contact(row: Row[str, str | None, str, str | None]) -> Contact:
    name, phone, language, email = row
    return Contact(name, phone, language, email)


def _contacts() -> Select[str, str | None, str, str | None]:
    return select(User.name, User.phone, User.language, User.email)


def _people() -> Select[*tuple[Any, ...]]:
    return (
        select(
            User.id,
            User.public_id,
            User.name,
            MembershipRow.organisation_id,
            Organisation.public_id,
            Organisation.name,
            Organisation.kind,
            MembershipRow.role,
            Organisation.left_at.is_not(None),
        )
        .outerjoin(MembershipRow, MembershipRow.user_id == User.id)
        .outerjoin(Organisation, Organisation.id == MembershipRow.organisation_id)
        .order_by(Organisation.left_at.is_not(None), MembershipRow.id)
    )


def _actor(rows: Sequence[Row[*tuple[Any, ...]]]) -> Actor:
    user_id, public_id, name = tuple(rows[0])[:3]
    return Actor(
        user_id=user_id,
        user=public_id,
        name=name,
        memberships=tuple(_membership(*tuple(row)[3:9]) for row in rows if row[3] is not None),
        staff=_grants(user_id),
        roles=frozenset({Role.SHOPPER}),
    )


def _membership(organisation_id: int, organisation: str, name: str, kind: str, *more: Any) -> Membership:  # noqa: ANN401
    role, is_left = more
    return Membership(organisation_id, organisation, name, kind, Role(role), is_left=bool(is_left))


def _grants(user_id: int) -> tuple[StaffGrant, ...]:
    query = select(StaffRole.role, StaffRole.scope_kind, StaffRole.scope_value).where(StaffRole.user_id == user_id)
    rows = session().execute(query.order_by(StaffRole.id))
    return tuple(StaffGrant(Role(role), Scope(kind, value)) for role, kind, value in rows)
