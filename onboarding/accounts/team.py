"""What an owner can do about the people who work with her: invite, take back, change a role, part; and coming in."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from sqlalchemy import func, select, update

from commission.payees.operations import withdraw_with_owner
from kernel.audit import note, operation
from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.ids import public_id
from kernel.notify import send_message
from kernel.permissions import Role
from kernel.text import lazy
from kernel.wording import Words
from onboarding.accounts.models import Invitation, MembershipRow, Organisation, User, recipient_fingerprint
from onboarding.accounts.operations import tell
from onboarding.accounts.people import (
    end_ownership,
    is_of,
    is_open,
    join,
    locked,
    own_organisation,
    owner_from,
    proved,
    take_back_invitations,
    token_fingerprint,
)
from onboarding.accounts.queries import contact_of, owners_of
from onboarding.accounts.rules import INVITATION_LIFE, read_recipient

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from kernel.permissions import Actor, Membership
    from kernel.text import Message
    from onboarding.accounts.rules import Recipient

ROLES: Final[dict[str, Message]] = {Role.CLERK.value: lazy("店员"), Role.OWNER.value: lazy("老板")}
_TOKEN_BYTES = 16  # 128 bits, in a link that travels in a text


@operation("team.invite")
def invite(
    *, actor: Actor, organisation: str, recipient: str, role: Role, site: str, now: datetime, sid: str = ""
) -> str:
    """Keep a place for whoever proves a phone or an e-mail, and send her the link below `site`; returns its token.

    A new invitation takes the one before it back. `member.exists` when she is in already; `proof.needed` to invite
    an owner from a browser (`sid`) that has not proved its person of late.
    """
    house, to = own_organisation(actor, organisation), read_recipient(recipient)
    if role is Role.OWNER:
        proved(actor, sid, now=now)
    known = session().execute(select(User.id, User.language).where(is_of(to))).one_or_none()
    if known and _place(house, User.id == known.id):
        raise DomainError("member.exists")
    take_back_invitations(house.id, Invitation.recipient_fingerprint == recipient_fingerprint(to), now=now)
    token, made = secrets.token_urlsafe(_TOKEN_BYTES), public_id("inv")
    session().add(_invitation(made, house, to, role, token, actor, now))
    link = f"{site}/invitations/{token}"
    words = Words(
        "“%(organisation)s”请您做%(role)s，7 天内点开接受：%(link)s",
        {"organisation": house.name, "role": ROLES[role], "link": link},
    )
    language = known.language if known else "zh"
    send_message(channel=to.channel, recipient=to.address, language=language, words=words, actor=actor, now=now)
    note(f"organisation:{organisation}", after={"invitation": made, "role": role})
    return token


@operation("team.revoke_invitation")
def revoke_invitation(*, actor: Actor, organisation: str, invitation: str, now: datetime) -> None:
    """Take an open invitation back; NotFoundError when it is none of this organisation or not open."""
    house = own_organisation(actor, organisation)
    this = (Invitation.organisation_id == house.id) & (Invitation.public_id == invitation)
    taken = update(Invitation).where(this, is_open()).values(revoked_at=now).returning(Invitation.id)
    if session().scalar(taken) is None:
        raise NotFoundError
    note(f"organisation:{organisation}", after={"revoked": invitation})


@operation("team.accept_invitation")
def accept_invitation(*, actor: Actor, token: str, now: datetime) -> Organisation:
    """Come in by a link that was sent to oneself; `invitation.gone` (404), `invitation.not_yours`.

    It is gone, too, once its inviter is an owner no more, or the organisation has left.
    """
    held = (Invitation.token_fingerprint == token_fingerprint(token)) & (Invitation.expires_at > now)
    house_of = select(Organisation.id).join(Invitation, Invitation.organisation_id == Organisation.id).where(held)
    session().execute(house_of.with_for_update(of=Organisation))  # before all else, as who parts or invites holds it
    me = locked(actor)
    taken = update(Invitation).where(held, is_open()).values(accepted_at=now, accepted_by=me.id).returning(Invitation)
    found = session().scalars(taken).one_or_none()
    if found is None or not _stands(found):
        raise NotFoundError("invitation.gone")
    if found.recipient_fingerprint not in {me.phone_fingerprint, me.email_fingerprint}:
        raise DomainError("invitation.not_yours")
    house = session().get_one(Organisation, found.organisation_id)
    told = [one for one in owners_of(house.id) if one != contact_of(actor.user)]
    if not join(me.id, house.id, Role(found.role), now=now):
        raise DomainError("member.joined")
    words = Words("%(name)s接受了邀请，在“%(organisation)s”做%(role)s。", {"name": me.name, **_as(house, found.role)})
    tell(told, words, actor=actor, now=now)
    note(f"organisation:{house.public_id}", after={"member": actor.user, "role": found.role})
    return house


def came_in(token: str, *, actor: Actor) -> Membership | None:
    """Where this very person came in by the link of an invitation, while she is still there."""
    hers = (Invitation.token_fingerprint == token_fingerprint(token)) & (Invitation.accepted_by == actor.user_id)
    house = session().scalar(select(Invitation.organisation_id).where(hers))
    return next((one for one in actor.memberships if one.organisation_id == house), None)


@operation("team.change_role")
def change_role(*, actor: Actor, organisation: str, member: str, role: Role, now: datetime, sid: str = "") -> None:
    """Let a member (public id) be something else; `member.last_owner` when nobody else owns it, `proof.needed`.

    Either way an owner is made or unmade: it takes a fresh proof, and every owner is told.
    """
    house = own_organisation(actor, organisation)
    place = _member(house, member)
    before, her = place.role, contact_of(member)
    if before == role:
        return
    proved(actor, sid, now=now)
    _keep_an_owner(house, place)
    _end_ownership(house, place, member, actor=actor, now=now)
    place.role, place.owner_since = role.value, owner_from(role, now=now)
    session().flush()
    words = Words("您在“%(organisation)s”现在是%(role)s了。", _as(house, role)) if role is Role.OWNER else _gone(house)
    tell([her], words, actor=actor, now=now)
    others = Words(
        "%(by)s改了%(name)s在“%(organisation)s”的角色，现在是%(role)s。不是您同意的，请马上登录，在“团队”里改回来。",
        {"by": actor.name, "name": her.name, **_as(house, role)},
    )
    tell([one for one in owners_of(house.id) if one != her], others, actor=actor, now=now)
    note(f"organisation:{organisation}", before={"member": member, "role": before}, after={"role": role})


@operation("team.remove_member")
def remove_member(*, actor: Actor, organisation: str, member: str, now: datetime, sid: str = "") -> None:
    """Part with a member (public id), oneself too, at once, and tell her and every owner; `member.last_owner`.

    `proof.needed` to part with an owner.
    """
    house = own_organisation(actor, organisation)
    place = _member(house, member)
    if place.role == Role.OWNER:
        proved(actor, sid, now=now)
    _keep_an_owner(house, place)
    _end_ownership(house, place, member, actor=actor, now=now)
    session().delete(place)
    words = Words("您已不在“%(organisation)s”的团队里。有疑问请问那里的老板。", {"organisation": house.name})
    her, role = contact_of(member), place.role
    tell([her], _gone(house) if role == Role.OWNER else words, actor=actor, now=now)
    session().flush()
    others = Words(
        "%(by)s把%(name)s（%(role)s）移出了“%(organisation)s”的团队。不是您同意的，请马上登录，看看“团队”和收款账户，并联系平台。",
        {"by": actor.name, "name": her.name, **_as(house, role)},
    )
    tell(owners_of(house.id), others, actor=actor, now=now)
    note(f"organisation:{organisation}", before={"member": member, "role": role})


def _invitation(  # noqa: PLR0917  a row in one breath
    made: str, house: Organisation, to: Recipient, role: Role, token: str, actor: Actor, now: datetime
) -> Invitation:
    return Invitation(
        public_id=made,
        organisation_id=house.id,
        recipient=to.address,
        recipient_fingerprint=recipient_fingerprint(to),
        role=role.value,
        token_fingerprint=token_fingerprint(token),
        invited_by=actor.user_id or 0,
        created_at=now,
        expires_at=now + INVITATION_LIFE,
        accepted_at=None,
        accepted_by=None,
        revoked_at=None,
    )


def _stands(invitation: Invitation) -> bool:
    """Whether its inviter may still invite, and the organisation is there."""
    owns = (MembershipRow.user_id == invitation.invited_by) & (MembershipRow.role == Role.OWNER)
    query = select(MembershipRow.id).join(Organisation, Organisation.id == MembershipRow.organisation_id)
    here = (Organisation.id == invitation.organisation_id) & Organisation.left_at.is_(None)
    return session().scalar(query.where(here, owns)) is not None


def _member(house: Organisation, member: str) -> MembershipRow:
    found = _place(house, User.public_id == member)
    if found is None:
        raise NotFoundError
    return found


def _place(house: Organisation, who: ColumnElement[bool]) -> MembershipRow | None:
    query = select(MembershipRow).join(User, User.id == MembershipRow.user_id)
    return session().scalar(query.where(MembershipRow.organisation_id == house.id, who))


def _keep_an_owner(house: Organisation, place: MembershipRow) -> None:
    """Refuse to take the last owner away; the organisation is locked, so that two cannot leave each other alone."""
    if place.role != Role.OWNER:
        return
    owns = (MembershipRow.organisation_id == house.id) & (MembershipRow.role == Role.OWNER)
    if session().scalar(select(func.count(MembershipRow.id)).where(owns)) == 1:
        raise DomainError("member.last_owner")


def _end_ownership(house: Organisation, place: MembershipRow, member: str, *, actor: Actor, now: datetime) -> None:
    """Keep until when she was an owner, and take back with her the change of the payout account that she asked for."""
    if place.role == Role.OWNER:
        end_ownership(place, actor=actor, now=now)
        withdraw_with_owner(party=house.public_id, owner=member, actor=actor, now=now)


def _gone(house: Organisation) -> Words:
    """What an owner is told who is one no more, while she can still do something about it."""
    return Words(
        "您不再是“%(organisation)s”的老板了。不是您同意的，请马上联系平台；"
        "72 小时内有人改收款账户，您还会收到消息，能撤回。",
        {"organisation": house.name},
    )


def _as(house: Organisation, role: str) -> dict[str, str | int]:
    return {"organisation": house.name, "role": ROLES[role]}
