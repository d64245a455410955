"""What signs one device in by another: asked for or offered, approved, used, each once and within two minutes."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select, update

from kernel.audit import note, operation
from kernel.crypto import cipher
from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from onboarding.accounts.models import Handoff, User
from onboarding.accounts.operations import open_session
from onboarding.accounts.rules import HANDOFF_LIFE, HANDOFF_TRIES, normalise_code

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from kernel.permissions import Actor
    from onboarding.accounts.operations import Entrance

_TOKEN_BYTES = 32  # 256 bits


@dataclass(frozen=True, slots=True)
class Asked:
    """What the browser that waits keeps: `token` names the request, `secret` never leaves the browser."""

    token: str
    secret: str
    number: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A device that waits, as the one that is signed in sees it."""

    device: str
    expires_at: datetime


@operation("handoff.ask")
def ask(*, device: str, actor: Actor, now: datetime) -> Asked:  # noqa: ARG001  audited
    """Ask that this browser be signed in by a phone."""
    asked = _asked(secrets.token_urlsafe(_TOKEN_BYTES))
    session().add(_begun(asked.token, now, device=device, **_kept(asked)))
    note("session", after={"result": "asked for a phone"})
    return asked


@operation("handoff.offer")
def offer(*, actor: Actor, now: datetime) -> str:
    """Offer to sign another device in as oneself; returns the token of the link that it opens."""
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session().add(_begun(token, now, device="", offered_by=actor.user_id))
    note(f"user:{actor.user}", after={"handoff": "offered"})
    return token


@operation("handoff.take")
def take(*, token: str, device: str, actor: Actor, now: datetime) -> Asked:  # noqa: ARG001  audited
    """Ask, in the browser that opened an offer's link first, to be let in by whoever made it; else NotFoundError."""
    asked = _asked(token)
    values = {"device": device, **_kept(asked)}
    taken = update(Handoff).where(_offered(token, now)).values(**values).returning(Handoff.id)
    if session().scalar(taken) is None:
        raise NotFoundError("handoff.gone")
    note("session", after={"result": "took an offer up", "device": device})
    return asked


def approve(*, token: str, number: str, actor: Actor, now: datetime) -> None:
    """Let the device that waits in as this person, who reads the number on its screen. `handoff.refused` otherwise.

    A wrong number is committed as a try before it is refused; after three the link is dead. NotFoundError for a link
    that is used, approved, dead or old, and for what somebody else offered.
    """
    if not _approve(token=token, number=number, actor=actor, now=now):
        raise DomainError("handoff.refused")


@operation("handoff.use")
def use(*, secret: str, language: str, actor: Actor, now: datetime) -> Entrance:  # noqa: ARG001  audited
    """Open the session that was approved, in the browser that asked and in no other; NotFoundError otherwise.

    The approval proves nothing anew: what asks for a fresh proof asks again here, and so does the second factor.
    """
    mine = (Handoff.secret_fingerprint == _fingerprint("secret", secret)) & (Handoff.expires_at > now)
    unused = mine & Handoff.approved_at.is_not(None) & Handoff.used_at.is_(None)
    person = session().scalar(update(Handoff).where(unused).values(used_at=now).returning(Handoff.user_id))
    if person is None:
        raise NotFoundError("handoff.gone")
    return open_session(session().get_one(User, person), language=language, now=now, is_proof=False)


def waiting(token: str, *, actor: Actor, now: datetime) -> Waiting:
    """The device behind a link that this person can still approve; `handoff.gone` (404) otherwise."""
    found = session().scalar(select(Handoff).where(_open(token, actor, now)))
    if found is None:
        raise NotFoundError("handoff.gone")
    return Waiting(found.device, found.expires_at)


def is_waiting(token: str, *, actor: Actor, now: datetime) -> bool:
    """Whether somebody asks behind a link, and this person can still say yes."""
    return session().scalar(select(Handoff.id).where(_open(token, actor, now))) is not None


def is_offered(token: str, *, now: datetime) -> bool:
    """Whether an offer can still be taken up."""
    return session().scalar(select(Handoff.id).where(_offered(token, now))) is not None


def approved_by(secret: str, *, now: datetime) -> str | None:
    """Who let this browser in: her name, empty while nobody did; None when nothing waits any more."""
    mine = (Handoff.secret_fingerprint == _fingerprint("secret", secret)) & (Handoff.expires_at > now)
    alive = mine & Handoff.used_at.is_(None) & (Handoff.tries < HANDOFF_TRIES)
    name = func.coalesce(User.name, "")
    return session().scalar(select(name).select_from(Handoff).outerjoin(User, User.id == Handoff.user_id).where(alive))


@operation("handoff.approve")
def _approve(*, token: str, number: str, actor: Actor, now: datetime) -> bool:
    found = session().scalar(select(Handoff).where(_open(token, actor, now)).with_for_update())
    if found is None or actor.user_id is None:
        raise NotFoundError("handoff.gone")
    if found.number_fingerprint != _number(token, normalise_code(number)):
        found.tries += 1
        note(f"user:{actor.user}", after={"handoff": "refused"})
        return False
    found.user_id, found.approved_at = actor.user_id, now
    note(f"user:{actor.user}", after={"handoff": "approved", "device": found.device})
    return True


def _begun(token: str, now: datetime, **values: Any) -> Handoff:  # noqa: ANN401  columns
    life = {"created_at": now, "expires_at": now + HANDOFF_LIFE}
    return Handoff(token_fingerprint=_fingerprint("token", token), tries=0, **life, **values)


def _asked(token: str) -> Asked:
    return Asked(token, secrets.token_urlsafe(_TOKEN_BYTES), number=f"{secrets.randbelow(10_000):04d}")


def _kept(asked: Asked) -> dict[str, str]:
    """What the table keeps of it: fingerprints."""
    secret, number = _fingerprint("secret", asked.secret), _number(asked.token, asked.number)
    return {"secret_fingerprint": secret, "number_fingerprint": number}


def _offered(token: str, now: datetime) -> ColumnElement[bool]:
    this = (Handoff.token_fingerprint == _fingerprint("token", token)) & (Handoff.expires_at > now)
    return this & Handoff.secret_fingerprint.is_(None)


def _open(token: str, actor: Actor, now: datetime) -> ColumnElement[bool]:
    this = (Handoff.token_fingerprint == _fingerprint("token", token)) & (Handoff.expires_at > now)
    hers = Handoff.offered_by.is_(None) | (Handoff.offered_by == actor.user_id)
    waits = Handoff.secret_fingerprint.is_not(None) & Handoff.approved_at.is_(None)
    return this & hers & waits & (Handoff.tries < HANDOFF_TRIES)


def _number(token: str, number: str) -> str:
    return _fingerprint("number", f"{token}:{number}")


def _fingerprint(kind: str, value: str) -> str:
    return cipher().fingerprint(f"handoff-{kind}:{value}")
