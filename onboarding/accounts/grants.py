"""What can be done about helpers: ask an owner for her consent, give and end it, turn to her; ask for her word."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, select, update

from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import ForbiddenError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.notify import send_message
from kernel.permissions import Actor, Permission, Role, Scope
from kernel.wording import Words
from onboarding.accounts import codes
from onboarding.accounts.consents import is_live
from onboarding.accounts.models import HelpGrant, Organisation, StaffRole, User, WebSession, recipient_fingerprint
from onboarding.accounts.operations import tell
from onboarding.accounts.people import is_of, token_fingerprint
from onboarding.accounts.queries import contact_of, owners_of
from onboarding.accounts.rules import GRANT_LIFE, code_limits, help_limits, read_recipient

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kernel.errors import Param
    from kernel.permissions import Helping
    from onboarding.accounts.rules import Limit, Recipient

_HELP: Final = Permission.ASSIST_OWNERS_HELP


@operation("help.ask")
def ask_consent(*, actor: Actor, recipient: str, now: datetime, language: str) -> Recipient:
    """Send a code that, told to this helper, is its reader's consent; known and unknown recipients are treated alike.

    InvalidInputError on `recipient` for her own: nobody helps herself.
    """
    require_helper(actor)
    to = read_recipient(recipient)
    if to in contact_of(actor.user).recipients:
        raise InvalidInputError({"recipient": ("field.recipient_helper", {})})
    known = session().scalar(select(User.language).where(is_of(to)))
    code = codes.issue(to, "consent", matter=actor.user, now=now)
    words = Words(
        "%(sent_by)s的%(name)s想帮您办工厂入驻：拍执照、填资料、传商品、写介绍、提交审核，"
        "30 天内有效，您随时能结束；看不到您的钱、订单和账号。"
        "同意，就把授权码 %(code)s 告诉对方，10 分钟内有效。不认识的，不用理会。",
        {"sent_by": sent_by(actor), "name": actor.name, "code": code},
    )
    language = known or language
    send_message(channel=to.channel, recipient=to.address, language=language, words=words, actor=actor, now=now)
    note(f"user:{actor.user}", after={"asked": "consent"})
    return to


def consents(*, actor: Actor, recipient: Recipient, code: str, now: datetime) -> bool:
    """Use up the code that consents to this helper, within the open transaction; commit also when it is refused."""
    return codes.redeem(recipient, "consent", code, matter=actor.user, now=now)


def give(*, actor: Actor, owner: Actor, organisation_id: int, site: str, now: datetime) -> str:
    """Let a helper set up an organisation for its owner from now on, within the open transaction; returns the grant.

    One that is open already is replaced. The owner is told, with the way to end it on the `site`.
    """
    before = (HelpGrant.helper_id == actor.user_id) & (HelpGrant.organisation_id == organisation_id)
    replaced = update(HelpGrant).where(before, HelpGrant.ended_at.is_(None))
    session().execute(replaced.values(ended_at=now, ended_by=owner.user_id))
    grant = HelpGrant(
        public_id=public_id("hlp"),
        helper_id=actor.user_id or 0,
        owner_id=owner.user_id or 0,
        organisation_id=organisation_id,
        sent_by=sent_by(actor),
        granted_at=now,
        expires_at=now + GRANT_LIFE,
        ended_at=None,
        ended_by=None,
    )
    session().add(grant)
    session().flush()
    words = Words(
        "您请了%(sent_by)s的%(name)s帮您办工厂入驻，到 %(day)s 为止。做了什么、怎么结束，登录后看：%(link)s",
        {
            "sent_by": grant.sent_by,
            "name": actor.name,
            "day": business_date(grant.expires_at).isoformat(),
            "link": f"{site}/factory/helpers",
        },
    )
    tell([contact_of(owner.user)], words, actor=actor, now=now)
    return grant.public_id


@operation("help.turn")
def turn_to(*, actor: Actor, sid: str, grant: str, now: datetime) -> None:
    """Take an owner's matters in hand in this browser; NotFoundError unless her grant to this helper holds."""
    own = (HelpGrant.public_id == grant) & (HelpGrant.helper_id == actor.user_id)
    found = session().scalar(select(HelpGrant.id).where(own, is_live(now)))
    if found is None or not actor.holds(_HELP):
        raise NotFoundError
    this = (WebSession.token_fingerprint == token_fingerprint(sid)) & (WebSession.user_id == actor.user_id)
    session().execute(update(WebSession).where(this).values(helping_id=found))
    note(f"help:{grant}", after={"in_hand": True})


@operation("help.rest")
def rest(*, actor: Actor, sid: str, now: datetime) -> None:  # noqa: ARG001  audited
    """Have nobody's matters in hand any more in this browser: be oneself again."""
    this = (WebSession.token_fingerprint == token_fingerprint(sid)) & (WebSession.user_id == actor.user_id)
    session().execute(update(WebSession).where(this).values(helping_id=None))


@operation("help.end")
def end(*, actor: Actor, grant: str, now: datetime) -> None:
    """End a grant at once, as an owner of the organisation or as its helper; the second time changes nothing."""
    found = session().scalar(select(HelpGrant).where(HelpGrant.public_id == grant).with_for_update())
    if found is None or not (
        actor.may(Permission.SELLER_ORGANISATION_EDIT, organisation_id=found.organisation_id)
        or (found.helper_id == actor.user_id and actor.holds(_HELP))
    ):
        raise NotFoundError
    if found.ended_at is None:
        _end(found, actor=actor, now=now)


def end_out_of_reach(*, actor: Actor, organisation_id: int, region: str, belt: str, now: datetime) -> None:
    """End, within the open transaction, the grants of helpers who are not sent to the belt that a factory is of now.

    A grant may be given before the factory says its belt; wherever it does, this is asked again.
    """
    is_open = (HelpGrant.organisation_id == organisation_id) & HelpGrant.ended_at.is_(None)
    for grant in session().scalars(select(HelpGrant).where(is_open).with_for_update()).all():
        sent = (StaffRole.user_id == grant.helper_id) & (StaffRole.role == Role.HELPER)
        scopes = session().execute(select(StaffRole.scope_kind, StaffRole.scope_value).where(sent)).all()
        if not any(Scope(kind, value).covers(region=region, belt=belt) for kind, value in scopes):
            _end(grant, actor=actor, now=now)


@operation("account.take_staff_role")
def take_staff_role(*, actor: Actor, phone: str, role: Role, now: datetime) -> User:
    """Take a role on the staff away, whatever its scope; a helper's grants end with it. NotFoundError."""
    actor.require(Permission.ACCOUNT_PEOPLE_MANAGE)
    person = session().scalar(select(User).where(is_of(read_recipient(phone))))
    gone = delete(StaffRole).where(StaffRole.user_id == (person.id if person else 0), StaffRole.role == role)
    if person is None or not session().execute(gone.returning(StaffRole.id)).all():
        raise NotFoundError("person.unknown")
    if role is Role.HELPER:
        hers = (HelpGrant.helper_id == person.id) & HelpGrant.ended_at.is_(None)
        for grant in session().scalars(select(HelpGrant).where(hers).with_for_update()).all():
            _end(grant, actor=actor, now=now)
    note(f"user:{person.public_id}", before={"role": role})
    return person


def ask_owner(*, actor: Actor, matter: str, message: str, params: Mapping[str, Param], now: datetime) -> None:
    """Text the owner whom a helper has in hand a code for her word on a matter, within the open transaction."""
    helping = in_hand(actor, now=now)
    owner = contact_of(helping.owner)
    code = codes.issue(owner.recipient, "agree", matter=f"{matter}:{helping.grant}", now=now)
    told = {**params, "sent_by": helping.sent_by, "name": helping.helper, "code": code}
    tell([owner], Words(message, told), actor=actor, now=now)


def owner_says(*, actor: Actor, matter: str, code: str, now: datetime) -> bool:
    """Use up the owner's word on a matter, within the open transaction; commit also when it is refused."""
    helping = in_hand(actor, now=now)
    to = contact_of(helping.owner).recipient
    return codes.redeem(to, "agree", code, matter=f"{matter}:{helping.grant}", now=now)


def owner_through(actor: Actor, *, now: datetime) -> Actor:
    """The owner as she acts by a helper's hand, where her own word is asked for: in that organisation, nowhere else."""
    helping = in_hand(actor, now=now)
    places = tuple(replace(one, role=Role.OWNER) for one in actor.memberships)
    return Actor(
        user_id=helping.owner_id, user=helping.owner, name=helping.owner_name, memberships=places, helping=helping
    )


def asking_limits(*, actor: Actor, to: Recipient, address: str, scale: int) -> list[Limit]:
    """How often a helper asks for a code: as often as codes go to a recipient, and no more people than she can help."""
    sent = code_limits(recipient=recipient_fingerprint(to), address=address, scale=scale)
    return [*sent, *help_limits(helper=actor.user, scale=scale)]


def owner_reached(actor: Actor, *, now: datetime) -> Recipient:
    """Where the owner is reached whom a helper has in hand."""
    return contact_of(in_hand(actor, now=now).owner).recipient


def in_hand(actor: Actor, *, now: datetime) -> Helping:
    """Whose matters a helper has in hand, if the grant holds this very moment; else NotFoundError."""
    helping = actor.helping
    if helping is None or not helping.is_live:
        raise NotFoundError
    held = select(HelpGrant.id).where(HelpGrant.public_id == helping.grant, is_live(now))
    if session().scalar(held) is None:
        raise NotFoundError
    return helping


def require_helper(actor: Actor) -> None:
    """Refuse with 403 whoever is no helper; of where she is sent the factory's belt decides."""
    if not actor.holds(_HELP):
        raise ForbiddenError(permission=_HELP)


def sent_by(actor: Actor) -> str:
    """Who sends a helper; NotFoundError for whoever is none."""
    query = select(StaffRole.sent_by).where(StaffRole.user_id == actor.user_id, StaffRole.role == Role.HELPER)
    found = session().scalar(query)
    if found is None:
        raise NotFoundError
    return found


def _end(grant: HelpGrant, *, actor: Actor, now: datetime) -> None:
    helper, house = session().get_one(User, grant.helper_id), session().get_one(Organisation, grant.organisation_id)
    grant.ended_at, grant.ended_by = now, actor.user_id
    words = Words(
        "%(sent_by)s的%(name)s不再帮“%(organisation)s”办事，从现在起看不到、改不了您的资料。",
        {"sent_by": grant.sent_by, "name": helper.name, "organisation": house.name},
    )
    tell(owners_of(house.id), words, actor=actor, now=now)
    if actor.user_id != helper.id:
        said = Words("“%(organisation)s”的授权结束了，您不能再替它办事。", {"organisation": house.name})
        tell([contact_of(helper.public_id)], said, actor=actor, now=now)
    note(f"help:{grant.public_id}", before={"open": True}, after={"open": False})
