"""What people can do about themselves and their organisations: sign in and out, found, invite."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import delete, select, update

from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.ids import public_id
from kernel.notify import send_message
from kernel.permissions import Actor, Permission, Role
from kernel.text import lazy, slugify
from kernel.wording import Words
from onboarding.accounts import codes, factors, passwords
from onboarding.accounts.models import Handoff, OneTimeCode, Organisation, SecondFactorStep, StaffRole, User, WebSession
from onboarding.accounts.people import (
    end_sessions,
    insert_once,
    is_of,
    join,
    own_organisation,
    part_all,
    person_of,
    take_back_invitations,
    token_fingerprint,
)
from onboarding.accounts.rules import CODE_LIFE, HALF_WAY, PROOF_LIFE, SESSION_LIFE, person_name, read_recipient
from onboarding.accounts.second_factor import STEPS_KEPT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from onboarding.accounts.queries import Contact
    from onboarding.accounts.rules import Purpose

_PREFIX = {"factory": "fac", "merchant": "mer"}
_TOKEN_BYTES = 32  # 256 bits
_CODES = {
    "sign_in": lazy("登录验证码 %(code)s，10 分钟内有效。不要告诉任何人，平台工作人员也不会向您要。"),
    "bind": lazy("绑定验证码 %(code)s，10 分钟内有效。填了它，就能用这里登录账号。不是您要的，不用理会。"),
    "confirm": lazy("身份验证码 %(code)s，10 分钟内有效，用来改账号的安全设置。不要告诉任何人。"),
}


@dataclass(frozen=True, slots=True)
class Entrance:
    """A session that was opened; one that `asks` for the second factor lets nobody in before it is given."""

    token: str
    asks: bool


@operation("account.request_code")
def request_code(*, recipient: str, purpose: Purpose, actor: Actor, now: datetime, language: str = "zh") -> None:
    """Send a six-digit code; it alone counts from now on. Known and unknown recipients are treated alike.

    It is in the language of the page that asks, for whoever waits for it is reading that page.
    """
    to = read_recipient(recipient)
    words = Words(_CODES[purpose], {"code": codes.issue(to, purpose, now=now)})
    send_message(channel=to.channel, recipient=to.address, language=language, words=words, actor=actor, now=now)


def sign_in(*, recipient: str, code: str, actor: Actor, now: datetime, language: str = "") -> Entrance:
    """Trade a code for a session; the first time makes the person. `code.refused`, whatever was wrong.

    A wrong try is committed as a try before it is refused, so this never joins a larger transaction. The language of
    the page she signs in on becomes that of every text to her.
    """
    entrance = _redeem(recipient=recipient, code=code, language=language, actor=actor, now=now)
    if entrance is None:
        raise DomainError("code.refused")
    return entrance


def sign_in_by_password(*, recipient: str, password: str, actor: Actor, now: datetime, language: str = "") -> Entrance:
    """Trade a password for a session. `password.refused` for unknown people, too, after the same work.

    It is compared outside any transaction: that takes long on purpose.
    """
    kept = session().scalar(select(User.password_hash).where(is_of(read_recipient(recipient))))
    proof = kept if passwords.fits(kept, password) else None
    entrance = _compare(recipient=recipient, proof=proof, language=language, actor=actor, now=now)
    if entrance is None:
        raise DomainError("password.refused")
    return entrance


def give_second_factor(*, sid: str, code: str, actor: Actor, now: datetime) -> str:
    """Trade a session that asks, and a code of the authenticator or a recovery code, for a session that counts.

    `second_factor.refused`, whatever was wrong; like `sign_in` it never joins a larger transaction.
    """
    token = _complete(sid=sid, code=code, actor=actor, now=now)
    if token is None:
        raise DomainError("second_factor.refused")
    return token


@operation("account.sign_out")
def sign_out(*, sid: str, actor: Actor, now: datetime) -> None:  # noqa: ARG001  audited by both
    """End one session."""
    session().execute(delete(WebSession).where(WebSession.token_fingerprint == token_fingerprint(sid)))


@operation("account.sign_out_elsewhere")
def sign_out_elsewhere(*, sid: str, actor: Actor, now: datetime) -> int:  # noqa: ARG001  audited
    """End every session of a person but the one that asks; returns how many."""
    return end_sessions(actor.user_id, but=sid)


@operation("account.rename")
def rename(*, actor: Actor, name: str, now: datetime) -> None:  # noqa: ARG001  audited
    """Change one's own name."""
    session().execute(update(User).where(User.id == actor.user_id).values(name=person_name(name)))
    note(f"user:{actor.user}")


@operation("account.use_language", quiet=True)
def use_language(*, actor: Actor, language: str, now: datetime) -> None:  # noqa: ARG001  audited
    """Send every text to this person in a language from now on."""
    changed = update(User).where(User.id == actor.user_id, User.language != language).values(language=language)
    if session().scalar(changed.returning(User.id)):
        note(f"user:{actor.user}", after={"language": language})


@operation("account.ensure_user", quiet=True)
def ensure_user(*, phone: str, name: str, actor: Actor, now: datetime) -> User:
    """The person of a phone or an e-mail, made when there is none; for commands and demos."""
    actor.require(Permission.ACCOUNT_PEOPLE_MANAGE)
    return person_of(read_recipient(phone), name=person_name(name), now=now)


@operation("account.found_organisation")
def found_organisation(*, actor: Actor, kind: Literal["factory", "merchant"], name: str, now: datetime) -> Organisation:
    """Make an organisation owned by the actor; its slug is pinyin and a piece of its public id."""
    if actor.user_id is None:
        raise NotFoundError
    made = public_id(_PREFIX[kind])
    organisation = Organisation(public_id=made, kind=kind, name=name, slug=slug_of(name, made), created_at=now)
    session().add(organisation)
    session().flush()
    join(actor.user_id, organisation.id, Role.OWNER, now=now)
    note(f"organisation:{made}", after={"kind": kind, "name": name})
    return organisation


@operation("account.rename_organisation")
def rename_organisation(
    *,
    actor: Actor,
    organisation: str,
    name: str,
    now: datetime,  # noqa: ARG001  audited
    address_too: bool = False,
) -> None:
    """Change an organisation's name; its slug stays, so that links keep working, unless nobody can know it yet."""
    found = own_organisation(actor, organisation, Permission.SELLER_PAPERS_EDIT)
    before, found.name = found.name, name
    if address_too:
        found.slug = slug_of(name, organisation)
    note(f"organisation:{organisation}", before={"name": before}, after={"name": name})


@operation("account.leave_organisation")
def leave_organisation(*, actor: Actor, organisation: str, now: datetime) -> None:
    """Keep an organisation for its records alone: whoever owned it may begin another, nobody else comes in."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    house = select(Organisation).where(Organisation.public_id == organisation).with_for_update()
    found = session().scalars(house.execution_options(populate_existing=True)).one()
    found.left_at = now
    take_back_invitations(found.id, now=now)
    note(f"organisation:{organisation}", after={"left": True})


@operation("account.dissolve")
def dissolve(*, actor: Actor, organisation: str, now: datetime) -> None:
    """Part everybody from an organisation that nothing stands for any more: nobody works there, nobody is invited."""
    part_all(own_organisation(actor, organisation).id, actor=actor, now=now)
    note(f"organisation:{organisation}", after={"members": 0})


@operation("account.add_member")
def add_member(*, actor: Actor, organisation: str, phone: str, role: Role, now: datetime) -> None:
    """Let a person work for an organisation without asking her; `member.exists` when she does. Pages invite."""
    found, to = own_organisation(actor, organisation), read_recipient(phone)
    person = person_of(to, name=to.masked, now=now)
    if not join(person.id, found.id, role, now=now):
        raise DomainError("member.exists")
    note(f"organisation:{organisation}", after={"member": person.public_id, "role": role})


@operation("account.grant_staff_role")
def grant_staff_role(
    *,
    actor: Actor,
    phone: str,
    role: Role,
    scope_kind: Literal["channel", "region", "belt"],
    scope_value: str,
    now: datetime,
    sent_by: str = "",
) -> None:
    """Put a person on the staff within a scope; granting twice is once. A helper is `sent_by` one association."""
    actor.require(Permission.ACCOUNT_PEOPLE_MANAGE)
    to = read_recipient(phone)
    person = person_of(to, name=to.masked, now=now)
    scope, sent_by = {"scope_kind": scope_kind, "scope_value": scope_value}, person_name(sent_by) if sent_by else ""
    row = {"user_id": person.id, "role": role, **scope, "sent_by": sent_by, "created_at": now}
    same = select(StaffRole.id).filter_by(user_id=person.id, role=role, **scope, sent_by=sent_by)
    if not insert_once(StaffRole, row) and session().scalar(same) is None:
        raise DomainError("staff.other_helper")
    note(f"user:{person.public_id}", after={"role": role, "scope": f"{scope_kind}:{scope_value}", "sent_by": sent_by})


@operation("account.forget_expired", quiet=True)
def forget_expired(*, actor: Actor, now: datetime) -> None:
    """Drop sessions and codes that ran out; what they did stays in the audit rows."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    session().execute(delete(WebSession).where(WebSession.expires_at <= now))
    session().execute(delete(Handoff).where(Handoff.expires_at <= now))
    session().execute(delete(OneTimeCode).where(OneTimeCode.expires_at <= now - CODE_LIFE))
    session().execute(delete(SecondFactorStep).where(SecondFactorStep.used_at <= now - STEPS_KEPT))


def tell(readers: Iterable[Contact], words: Words, *, actor: Actor, now: datetime) -> None:
    """Text people in the open transaction, each where she is reached and in the language she reads."""
    for one in readers:
        to = one.recipient
        send_message(channel=to.channel, recipient=to.address, language=one.language, words=words, actor=actor, now=now)


def lock_person(actor: Actor) -> None:
    """Let one transaction at a time act for a person, so that a form sent twice is judged one after the other."""
    session().execute(select(User.id).where(User.id == actor.user_id).with_for_update())


@operation("account.sign_in")
def _redeem(*, recipient: str, code: str, language: str, actor: Actor, now: datetime) -> Entrance | None:  # noqa: ARG001  audited
    to = read_recipient(recipient)
    if not codes.redeem(to, "sign_in", code, now=now):
        note("session", after={"result": "refused"})
        return None
    return open_session(person_of(to, name=to.masked, now=now), language=language, now=now)


@operation("account.sign_in")
def _compare(*, recipient: str, proof: str | None, language: str, actor: Actor, now: datetime) -> Entrance | None:  # noqa: ARG001  audited
    """Open a session for whoever is reached there, if the proven password is still hers."""
    person = session().scalar(select(User).where(is_of(read_recipient(recipient))))
    if proof is None or person is None or person.password_hash != proof:
        note("session", after={"result": "refused", "by": "password"})
        return None
    return open_session(person, language=language, now=now)


def open_session(person: User, *, language: str, now: datetime, is_proof: bool = True) -> Entrance:
    """Open a session within the open transaction; without `is_proof` its person must still prove herself later."""
    person.language = language or person.language
    asks = factors.is_asked_of(person.id)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session().add(
        WebSession(
            token_fingerprint=token_fingerprint(token),
            user_id=person.id,
            created_at=now,
            proved_at=now if is_proof else now - PROOF_LIFE,
            second_factor_at=None,
            expires_at=now + (HALF_WAY if asks else SESSION_LIFE),
        ),
    )
    note(f"user:{person.public_id}", after={"result": "asked for the second factor" if asks else "signed in"})
    return Entrance(token, asks)


@operation("account.give_second_factor")
def _complete(*, sid: str, code: str, actor: Actor, now: datetime) -> str | None:  # noqa: ARG001  audited
    this = (WebSession.token_fingerprint == token_fingerprint(sid)) & (WebSession.expires_at > now)
    half = session().scalar(select(WebSession).where(this, WebSession.second_factor_at.is_(None)).with_for_update())
    if half is None or not factors.fits(factors.factor_of(half.user_id), code, now=now):
        note("session", after={"result": "refused", "by": "second factor"})
        return None
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    half.token_fingerprint = token_fingerprint(token)
    half.proved_at = half.second_factor_at = now
    half.expires_at = now + SESSION_LIFE
    note("session", after={"result": "signed in"})
    return token


def slug_of(name: str, made: str) -> str:
    """The address of an organisation: pinyin and a piece of its public id."""
    return f"{slugify(name)}-{made[-6:]}".lstrip("-")
