"""What people can do about themselves and their organisations: sign in and out, found, invite."""

from __future__ import annotations

import hmac
import secrets
from typing import TYPE_CHECKING, Literal

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from kernel.audit import note, operation
from kernel.crypto import cipher
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, NotFoundError
from kernel.ids import public_id
from kernel.notify import send_message
from kernel.permissions import Actor, Permission, Role
from kernel.text import masked_phone, slugify
from kernel.wording import Words
from onboarding.accounts.models import (
    MembershipRow,
    OneTimeCode,
    Organisation,
    StaffRole,
    User,
    WebSession,
    phone_fingerprint,
)
from onboarding.accounts.queries import token_fingerprint
from onboarding.accounts.rules import (
    CODE_LIFE,
    CODE_TRIES,
    SESSION_LIFE,
    normalise_code,
    normalise_phone,
    person_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from onboarding.accounts.queries import Contact

Purpose = Literal["sign_in"]

_PREFIX = {"factory": "fac", "merchant": "mer"}
_TOKEN_BYTES = 32  # 256 bits


@operation("account.request_code")
def request_code(*, phone: str, purpose: Purpose, actor: Actor, now: datetime, language: str = "zh") -> None:
    """Send a six-digit code; it alone counts from now on. Known and unknown numbers are treated alike.

    It is in the language of the page that asks, for whoever waits for it is reading that page.
    """
    number, code = normalise_phone(phone), f"{secrets.randbelow(1_000_000):06d}"
    session().add(
        OneTimeCode(
            phone_fingerprint=phone_fingerprint(number),
            purpose=purpose,
            code_fingerprint=_code_fingerprint(number, purpose, code),
            tries=0,
            created_at=now,
            expires_at=now + CODE_LIFE,
            used_at=None,
        ),
    )
    words = Words("登录验证码 %(code)s，10 分钟内有效。不要告诉任何人，平台工作人员也不会向您要。", {"code": code})
    send_message(channel="sms", recipient=number, language=language, words=words, actor=actor, now=now)


def sign_in(*, phone: str, code: str, actor: Actor, now: datetime, language: str = "") -> str:
    """Trade a code for a session token; the first time makes the person. `code.refused`, whatever was wrong.

    A wrong try is committed as a try before it is refused, so this never joins a larger transaction. The language of
    the page she signs in on becomes that of every text to her.
    """
    token = _redeem(phone=phone, code=code, language=language, actor=actor, now=now)
    if token is None:
        raise DomainError("code.refused")
    return token


@operation("account.sign_out")
def sign_out(*, sid: str, actor: Actor, now: datetime) -> None:  # noqa: ARG001  audited by both
    """End one session."""
    session().execute(delete(WebSession).where(WebSession.token_fingerprint == token_fingerprint(sid)))


@operation("account.sign_out_elsewhere")
def sign_out_elsewhere(*, sid: str, actor: Actor, now: datetime) -> int:  # noqa: ARG001  audited
    """End every session of a person but the one that asks; returns how many."""
    others = (WebSession.user_id == actor.user_id) & (WebSession.token_fingerprint != token_fingerprint(sid))
    ended = session().execute(delete(WebSession).where(others).returning(WebSession.id)).all()
    return len(ended)


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
    """The person of a phone, made when there is none; for commands and demos."""
    actor.require(Permission.ACCOUNT_PEOPLE_MANAGE)
    return _person(normalise_phone(phone), name=person_name(name), now=now)


@operation("account.found_organisation")
def found_organisation(
    *,
    actor: Actor,
    kind: Literal["factory", "merchant"],
    name: str,
    now: datetime,
) -> Organisation:
    """Make an organisation owned by the actor; its slug is pinyin and a piece of its public id."""
    if actor.user_id is None:
        raise NotFoundError
    made = public_id(_PREFIX[kind])
    organisation = Organisation(public_id=made, kind=kind, name=name, slug=_slug(name, made), created_at=now)
    session().add(organisation)
    session().flush()
    _join(actor.user_id, organisation.id, Role.OWNER, now=now)
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
    found = _own(actor, organisation)
    before, found.name = found.name, name
    if address_too:
        found.slug = _slug(name, organisation)
    note(f"organisation:{organisation}", before={"name": before}, after={"name": name})


@operation("account.add_member")
def add_member(*, actor: Actor, organisation: str, phone: str, role: Role, now: datetime) -> None:
    """Let a person work for an organisation; `member.exists` when she already does."""
    found, number = _own(actor, organisation), normalise_phone(phone)
    person = _person(number, name=masked_phone(number), now=now)
    if not _join(person.id, found.id, role, now=now):
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
) -> None:
    """Put a person on the staff within a scope; granting twice is once."""
    actor.require(Permission.ACCOUNT_PEOPLE_MANAGE)
    number = normalise_phone(phone)
    person = _person(number, name=masked_phone(number), now=now)
    row = {"user_id": person.id, "role": role, "scope_kind": scope_kind, "scope_value": scope_value, "created_at": now}
    _insert_once(StaffRole, row)
    note(f"user:{person.public_id}", after={"role": role, "scope": f"{scope_kind}:{scope_value}"})


@operation("account.forget_expired", quiet=True)
def forget_expired(*, actor: Actor, now: datetime) -> None:
    """Drop sessions and codes that ran out; what they did stays in the audit rows."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    session().execute(delete(WebSession).where(WebSession.expires_at <= now))
    session().execute(delete(OneTimeCode).where(OneTimeCode.expires_at <= now - CODE_LIFE))


def tell(readers: Iterable[Contact], words: Words, *, actor: Actor, now: datetime) -> None:
    """Text people in the open transaction, each in the language she reads."""
    for one in readers:
        send_message(channel="sms", recipient=one.phone, language=one.language, words=words, actor=actor, now=now)


def lock_person(actor: Actor) -> None:
    """Let one transaction at a time act for a person, so that a form sent twice is judged one after the other."""
    session().execute(select(User.id).where(User.id == actor.user_id).with_for_update())


@operation("account.sign_in")
def _redeem(*, phone: str, code: str, language: str, actor: Actor, now: datetime) -> str | None:  # noqa: ARG001  audited
    number = normalise_phone(phone)
    if not _use_code(number, "sign_in", normalise_code(code), now=now):
        note("session", after={"result": "refused"})
        return None
    person = _person(number, name=masked_phone(number), now=now)
    person.language = language or person.language
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session().add(
        WebSession(
            token_fingerprint=token_fingerprint(token),
            user_id=person.id,
            created_at=now,
            expires_at=now + SESSION_LIFE,
        ),
    )
    note(f"user:{person.public_id}", after={"result": "signed in"})
    return token


def _use_code(number: str, purpose: Purpose, code: str, *, now: datetime) -> bool:
    """Count a try on the newest code and use it up when it fits; the UPDATE serialises rival tries."""
    issued = (OneTimeCode.phone_fingerprint == phone_fingerprint(number)) & (OneTimeCode.purpose == purpose)
    newest = select(OneTimeCode.id).where(issued).order_by(OneTimeCode.id.desc()).limit(1).scalar_subquery()
    is_open = (OneTimeCode.tries < CODE_TRIES) & OneTimeCode.used_at.is_(None) & (OneTimeCode.expires_at > now)
    tried = (
        session()
        .execute(
            update(OneTimeCode)
            .where(OneTimeCode.id == newest, is_open)
            .values(tries=OneTimeCode.tries + 1)
            .returning(OneTimeCode.id, OneTimeCode.code_fingerprint),
        )
        .one_or_none()
    )
    if tried is None or not hmac.compare_digest(tried.code_fingerprint, _code_fingerprint(number, purpose, code)):
        return False
    session().execute(update(OneTimeCode).where(OneTimeCode.id == tried.id).values(used_at=now))
    return True


def _code_fingerprint(number: str, purpose: Purpose, code: str) -> str:
    return cipher().fingerprint(f"code:{purpose}:{number}:{code}")


def _person(number: str, *, name: str, now: datetime) -> User:
    known = select(User).where(User.phone_fingerprint == phone_fingerprint(number))
    found = session().scalar(known)
    if found is None:
        row = {
            "public_id": public_id("usr"),
            "phone": number,
            "phone_fingerprint": phone_fingerprint(number),
            "name": name,
            "created_at": now,
        }
        _insert_once(User, row)
        found = session().scalars(known).one()
    return found


def _slug(name: str, made: str) -> str:
    return f"{slugify(name)}-{made[-6:]}".lstrip("-")


def _own(actor: Actor, organisation: str) -> Organisation:
    found = session().scalar(select(Organisation).where(Organisation.public_id == organisation))
    if found is None or not actor.may(Permission.SELLER_ORGANISATION_EDIT, organisation_id=found.id):
        raise NotFoundError
    return found


def _join(user_id: int, organisation_id: int, role: Role, *, now: datetime) -> bool:
    row = {"user_id": user_id, "organisation_id": organisation_id, "role": role, "created_at": now}
    return _insert_once(MembershipRow, row)


def _insert_once(table: type[User | MembershipRow | StaffRole], row: dict[str, object]) -> bool:
    """Insert unless a unique key is taken, by a rival too; returns whether it was inserted."""
    dialect = sqlite if is_sqlite() else postgresql
    inserted = dialect.insert(table).values(**row).on_conflict_do_nothing().returning(table.id)
    return session().scalar(inserted) is not None
