"""Rows of people and of what they belong to: found, made once, loaded through the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kernel.crypto import cipher
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, NotFoundError
from kernel.ids import public_id
from kernel.permissions import Permission, Role
from onboarding.accounts.models import (
    Handoff,
    Invitation,
    MembershipRow,
    Organisation,
    PastOwner,
    RecoveryCode,
    SecondFactorStep,
    StaffRole,
    User,
    WebSession,
    recipient_fingerprint,
)
from onboarding.accounts.rules import PROOF_LIFE

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from kernel.permissions import Actor
    from onboarding.accounts.rules import Recipient

Once = type[User | MembershipRow | StaffRole | SecondFactorStep | RecoveryCode]


def is_of(recipient: Recipient) -> ColumnElement[bool]:
    """Whether a user is reached there."""
    column = User.phone_fingerprint if recipient.channel == "sms" else User.email_fingerprint
    return column == recipient_fingerprint(recipient)


def person_of(recipient: Recipient, *, name: str, now: datetime) -> User:
    """The person whom a recipient reaches, made when there is none."""
    known = select(User).where(is_of(recipient))
    found = session().scalar(known)
    if found is None:
        address = _columns(recipient)
        row = {"public_id": public_id("usr"), "name": name, "language": "zh", "created_at": now, **address}
        insert_once(User, row)
        found = session().scalars(known).one()
    return found


def readdress(person: User, recipient: Recipient) -> None:
    """Let a person be reached there from now on."""
    for name, value in _columns(recipient).items():
        setattr(person, name, value)


def locked(actor: Actor) -> User:
    """The actor's own row; one transaction at a time acts for a person."""
    return session().scalars(select(User).where(User.id == actor.user_id).with_for_update()).one()


def join(user_id: int, organisation_id: int, role: Role, *, now: datetime) -> bool:
    """Make somebody a member; returns whether she was none."""
    place = {"user_id": user_id, "organisation_id": organisation_id, "role": role}
    return insert_once(MembershipRow, {**place, "created_at": now, "owner_since": owner_from(role, now=now)})


def owner_from(role: Role, *, now: datetime) -> datetime | None:
    """Since when somebody is an owner whose role becomes this one now."""
    return now if role is Role.OWNER else None


def end_ownership(place: MembershipRow, *, actor: Actor, now: datetime) -> None:
    """Keep until when somebody was an owner and who parts with her, before her membership ends or says otherwise.

    What she offered ends with it: an invitation is worth what its inviter still may.
    """
    if place.owner_since is None:
        return
    until = {"owner_since": place.owner_since, "owner_until": now, "parted_by": actor.user_id}
    session().add(PastOwner(user_id=place.user_id, organisation_id=place.organisation_id, **until))
    take_back_invitations(place.organisation_id, Invitation.invited_by == place.user_id, now=now)


def take_back_invitations(organisation_id: int, *which: ColumnElement[bool], now: datetime) -> None:
    """Take back what is open of an organisation's invitations, or `which` of them."""
    open_ones = update(Invitation).where(Invitation.organisation_id == organisation_id, is_open(), *which)
    session().execute(open_ones.values(revoked_at=now))


def is_open() -> ColumnElement[bool]:
    """That an invitation was neither accepted nor taken back."""
    return Invitation.accepted_at.is_(None) & Invitation.revoked_at.is_(None)


def own_organisation(
    actor: Actor, organisation: str, permission: Permission = Permission.SELLER_ORGANISATION_EDIT
) -> Organisation:
    """An organisation that the actor may change, under lock; NotFoundError for everybody else, `organisation.left`."""
    query = select(Organisation).where(Organisation.public_id == organisation).with_for_update()
    found = session().scalar(query.execution_options(populate_existing=True))
    if found is None or not actor.may(permission, organisation_id=found.id):
        raise NotFoundError
    if found.left_at is not None:
        raise DomainError("organisation.left")
    return found


def part_all(organisation_id: int, *, actor: Actor, now: datetime) -> None:
    """Part everybody from an organisation, those who are invited too."""
    for place in session().scalars(select(MembershipRow).where(MembershipRow.organisation_id == organisation_id)):
        end_ownership(place, actor=actor, now=now)
    session().execute(delete(Invitation).where(Invitation.organisation_id == organisation_id))
    session().execute(delete(MembershipRow).where(MembershipRow.organisation_id == organisation_id))


def token_fingerprint(sid: str) -> str:
    """What is kept of a session token."""
    return cipher().fingerprint(f"session:{sid}")


def proved(actor: Actor, sid: str, *, now: datetime) -> None:
    """Refuse with `proof.needed` when this browser's person has not proved herself of late."""
    this = (WebSession.token_fingerprint == token_fingerprint(sid)) & (WebSession.user_id == actor.user_id)
    if not session().scalar(select(WebSession.id).where(this, WebSession.proved_at > now - PROOF_LIFE)):
        raise DomainError("proof.needed")


def end_sessions(user_id: int | None, *, but: str = "") -> int:
    """Sign a person out everywhere, or everywhere but in one browser; returns where.

    What would let one more device in ends, too: approved, offered and unused.
    """
    hers = or_(Handoff.user_id == user_id, Handoff.offered_by == user_id)
    session().execute(delete(Handoff).where(hers, Handoff.used_at.is_(None)))
    theirs = WebSession.user_id == user_id
    if but:
        theirs &= WebSession.token_fingerprint != token_fingerprint(but)
    return len(session().execute(delete(WebSession).where(theirs).returning(WebSession.id)).all())


def insert_once(table: Once, row: dict[str, object]) -> bool:
    """Insert unless a unique key is taken, by a rival too; returns whether it was inserted."""
    dialect = sqlite if is_sqlite() else postgresql
    inserted = dialect.insert(table).values(**row).on_conflict_do_nothing().returning(table.id)
    return session().scalar(inserted) is not None


def _columns(recipient: Recipient) -> dict[str, object]:
    name = "phone" if recipient.channel == "sms" else "email"
    return {name: recipient.address, f"{name}_fingerprint": recipient_fingerprint(recipient)}
