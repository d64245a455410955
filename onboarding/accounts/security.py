"""What people can do about what proves them: prove it again, a further phone or e-mail, a password, a second factor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.notify import send_message
from kernel.permissions import Actor, Permission
from kernel.text import masked_recipient
from kernel.wording import Words
from onboarding.accounts import codes, factors, passwords
from onboarding.accounts.models import SecondFactor, User, WebSession
from onboarding.accounts.operations import request_code, tell
from onboarding.accounts.people import end_sessions, is_of, locked, proved, readdress, token_fingerprint
from onboarding.accounts.queries import Contact, safety_of
from onboarding.accounts.rules import Recipient, read_recipient
from onboarding.accounts.second_factor import new_secret

if TYPE_CHECKING:
    from datetime import datetime

Bound = Literal["done", "refused", "taken"]


def prove(*, actor: Actor, sid: str, code: str = "", password: str = "", now: datetime) -> None:
    """Prove again who one is, by a code for `confirm` or the password; `code.refused` or `password.refused`."""
    if password:
        kept = session().scalar(select(User.password_hash).where(User.id == actor.user_id))
        right = passwords.fits(kept, password)
        if not _prove(actor=actor, sid=sid, code=None, is_right=right, now=now):
            raise DomainError("password.refused")
    elif not _prove(actor=actor, sid=sid, code=code, is_right=False, now=now):
        raise DomainError("code.refused")


def request_proof(*, actor: Actor, now: datetime, language: str) -> Recipient:
    """Send a code to whoever is signed in, where she is reached."""
    to = safety_of(actor).contact.recipient
    request_code(recipient=to.address, purpose="confirm", actor=actor, now=now, language=language)
    return to


def request_binding(*, actor: Actor, sid: str, recipient: str, now: datetime, language: str) -> Recipient:
    """Send a code to a further phone or e-mail. Somebody else's is treated like nobody's: only its code tells."""
    proved(actor, sid, now=now)
    to = read_recipient(recipient)
    if to in safety_of(actor).contact.recipients:
        raise InvalidInputError({"recipient": ("field.recipient_yours", {})})
    request_code(recipient=to.address, purpose="bind", actor=actor, now=now, language=language)
    return to


def bind(*, actor: Actor, sid: str, recipient: str, code: str, now: datetime) -> None:
    """Be reached at a phone or an e-mail, in place of the one of its kind; `code.refused`, `recipient.taken`.

    The old one is told, and other browsers are signed out when one was replaced.
    """
    done = _bind(actor=actor, sid=sid, recipient=recipient, code=code, now=now)
    if done == "refused":
        raise DomainError("code.refused")
    if done == "taken":
        raise DomainError("recipient.taken")


def set_password(*, actor: Actor, sid: str, password: str, now: datetime) -> None:
    """Have a password, or another one; other browsers are signed out. InvalidInputError on `password`."""
    proved(actor, sid, now=now)
    contact = safety_of(actor).contact
    known = [contact.name, *(one.address for one in contact.recipients)]
    kept = passwords.hashed(passwords.checked(password, known=known))
    _keep_password(actor=actor, sid=sid, kept=kept, now=now)


@operation("account.begin_second_factor")
def begin_second_factor(*, actor: Actor, sid: str, now: datetime) -> None:
    """Have a secret for an authenticator; it counts when its first code comes back. `second_factor.exists`."""
    proved(actor, sid, now=now)
    person = locked(actor)
    if factors.is_asked_of(person.id):
        raise DomainError("second_factor.exists")
    session().execute(delete(SecondFactor).where(SecondFactor.user_id == person.id))
    session().add(SecondFactor(user_id=person.id, secret=new_secret(), created_at=now, confirmed_at=None))
    note(f"user:{actor.user}")


@operation("account.confirm_second_factor")
def confirm_second_factor(*, actor: Actor, sid: str, code: str, now: datetime) -> list[str]:
    """Let the authenticator count; returns ten recovery codes, to be shown once. `second_factor.refused`.

    This browser has given it; all others are signed out and will be asked for it.
    """
    proved(actor, sid, now=now)
    person, factor = locked(actor), factors.factor_of(actor.user_id)
    if factor is None or factor.confirmed_at is not None or not factors.shows(factor, code, now=now):
        raise DomainError("second_factor.refused")
    factor.confirmed_at = now
    this = WebSession.token_fingerprint == token_fingerprint(sid)
    session().execute(update(WebSession).where(this).values(second_factor_at=now))
    end_sessions(person.id, but=sid)
    words = Words("您的账号开启了动态验证码，以后登录要多填一步。不是您本人操作，请马上联系平台。")
    tell([_contact(person)], words, actor=actor, now=now)
    note(f"user:{actor.user}", after={"second_factor": "on"})
    return factors.renew_recovery_codes(person.id)


def remove_second_factor(*, actor: Actor, code: str, now: datetime) -> None:
    """Do without a second factor from now on; one of its codes is asked for. `second_factor.refused`."""
    if not _remove(actor=actor, code=code, now=now):
        raise DomainError("second_factor.refused")


@operation("account.reset_second_factor")
def reset_second_factor(*, actor: Actor, recipient: str, now: datetime) -> User:
    """Take away the second factor of whoever lost it, and sign her out everywhere; for the command line."""
    actor.require(Permission.ACCOUNT_PEOPLE_MANAGE)
    person = session().scalar(select(User).where(is_of(read_recipient(recipient))).with_for_update())
    if person is None:
        raise NotFoundError("person.unknown")
    had = factors.forget(person.id)
    ended = end_sessions(person.id)
    tell([_contact(person)], _OFF, actor=actor, now=now)
    note(f"user:{person.public_id}", before={"second_factor": "on" if had else "off"}, after={"signed_out": ended})
    return person


_OFF = Words("您账号的动态验证码已关闭，登录只要一步了。不是您本人操作，请马上联系平台。")


@operation("account.prove")
def _prove(*, actor: Actor, sid: str, code: str | None, is_right: bool, now: datetime) -> bool:
    if code is not None:
        to = _contact(locked(actor)).recipient
        is_right = codes.redeem(to, "confirm", code, now=now)
    if is_right:
        this = (WebSession.token_fingerprint == token_fingerprint(sid)) & (WebSession.user_id == actor.user_id)
        session().execute(update(WebSession).where(this).values(proved_at=now))
    note(f"user:{actor.user}", after={"result": "proved" if is_right else "refused"})
    return is_right


@operation("account.bind")
def _bind(*, actor: Actor, sid: str, recipient: str, code: str, now: datetime) -> Bound:
    proved(actor, sid, now=now)
    to, person = read_recipient(recipient), locked(actor)
    if not codes.redeem(to, "bind", code, now=now):
        note(f"user:{actor.user}", after={"result": "refused"})
        return "refused"
    before = _contact(person)
    if session().scalar(select(User.id).where(is_of(to))) or not _readdressed(person, to):
        note(f"user:{actor.user}", after={"result": "taken"})
        return "taken"
    replaced = [one for one in before.recipients if one.channel == to.channel]
    _tell_old(before, replaced, to, actor=actor, now=now)
    if replaced:
        end_sessions(person.id, but=sid)
    note(f"user:{actor.user}", before={to.channel: bool(replaced)}, after={to.channel: True})
    return "done"


def _readdressed(person: User, to: Recipient) -> bool:
    """Whether nobody else took it meanwhile. Who is still called by her masked number is called by the new one."""
    was = {masked_recipient(one.address) for one in _contact(person).recipients if one.channel == to.channel}
    try:
        with session().begin_nested():
            readdress(person, to)
            person.name = to.masked if person.name in was else person.name
            session().flush()
    except IntegrityError:
        return False
    return True


def _tell_old(before: Contact, replaced: list[Recipient], to: Recipient, *, actor: Actor, now: datetime) -> None:
    text = Words(
        "您账号的登录方式有变动，现在能用 %(recipient)s 登录。不是您本人操作，请马上联系平台。",
        {"recipient": to.masked},
    )
    for old in replaced or [before.recipient]:
        send_message(
            channel=old.channel, recipient=old.address, language=before.language, words=text, actor=actor, now=now
        )


@operation("account.set_password")
def _keep_password(*, actor: Actor, sid: str, kept: str, now: datetime) -> None:
    proved(actor, sid, now=now)
    person = locked(actor)
    had, person.password_hash = person.password_hash is not None, kept
    ended = end_sessions(person.id, but=sid)
    words = Words("您账号的登录密码刚刚设好了，其他设备已退出登录。不是您本人操作，请马上联系平台。")
    tell([_contact(person)], words, actor=actor, now=now)
    note(f"user:{actor.user}", before={"password": had}, after={"password": True, "signed_out": ended})


@operation("account.remove_second_factor")
def _remove(*, actor: Actor, code: str, now: datetime) -> bool:
    person = locked(actor)
    if not factors.fits(factors.factor_of(person.id), code, now=now):
        note(f"user:{actor.user}", after={"result": "refused"})
        return False
    factors.forget(person.id)
    tell([_contact(person)], _OFF, actor=actor, now=now)
    note(f"user:{actor.user}", after={"second_factor": "off"})
    return True


def _contact(person: User) -> Contact:
    return Contact(person.name, person.phone, person.language, person.email)
