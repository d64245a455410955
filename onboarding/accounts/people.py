"""Rows of people and of what they belong to: found, made once, loaded through the actor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from kernel.crypto import cipher
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, NotFoundError
from kernel.ids import public_id
from kernel.permissions import Permission
from onboarding.accounts.models import (
    MembershipRow,
    Organisation,
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

    from kernel.permissions import Actor, Role
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
    row = {"user_id": user_id, "organisation_id": organisation_id, "role": role, "created_at": now}
    return insert_once(MembershipRow, row)


def own_organisation(actor: Actor, organisation: str) -> Organisation:
    """An organisation that the actor may change, under lock; NotFoundError for everybody else."""
    query = select(Organisation).where(Organisation.public_id == organisation).with_for_update()
    found = session().scalar(query)
    if found is None or not actor.may(Permission.SELLER_ORGANISATION_EDIT, organisation_id=found.id):
        raise NotFoundError
    return found


def token_fingerprint(sid: str) -> str:
    """What is kept of a session token."""
    return cipher().fingerprint(f"session:{sid}")


def proved(actor: Actor, sid: str, *, now: datetime) -> None:
    """Refuse with `proof.needed` when this browser's person has not proved herself of late."""
    this = (WebSession.token_fingerprint == token_fingerprint(sid)) & (WebSession.user_id == actor.user_id)
    if not session().scalar(select(WebSession.id).where(this, WebSession.proved_at > now - PROOF_LIFE)):
        raise DomainError("proof.needed")


def end_sessions(user_id: int | None, *, but: str = "") -> int:
    """Sign a person out everywhere, or everywhere but in one browser; returns where."""
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
