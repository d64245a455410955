"""What can be done at the helpers' desk: begin to help an owner who consents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.audit import note, operation
from kernel.errors import DomainError
from kernel.permissions import SYSTEM, Role
from onboarding.accounts import grants
from onboarding.accounts.operations import ensure_user
from onboarding.accounts.queries import actor_of
from onboarding.accounts.rules import read_recipient
from onboarding.belts.queries import all_belts
from onboarding.verification.operations import begin

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor


def begin_help(*, actor: Actor, recipient: str, code: str, site: str, now: datetime) -> str:
    """Trade the code that an owner told for her grant (public id); her factory is begun, if she has none.

    `consent.refused`, whatever was wrong; `help.reach` when her factory's belt is not one that this helper is sent to.
    A try is committed as one before it is refused, so this never joins a larger transaction.
    """
    grant = _begin(actor=actor, recipient=recipient, code=code, site=site, now=now)
    if grant is None:
        raise DomainError("consent.refused")
    if not grant:
        raise DomainError("help.reach")
    return grant


@operation("help.begin")
def _begin(*, actor: Actor, recipient: str, code: str, site: str, now: datetime) -> str | None:
    """The grant; nothing when the code is refused, empty when she may not be helped."""
    grants.require_helper(actor)
    to = read_recipient(recipient)
    if not grants.consents(actor=actor, recipient=to, code=code, now=now):
        note(f"user:{actor.user}", after={"result": "refused"})
        return None
    person = ensure_user(phone=to.address, name=to.masked, actor=SYSTEM, now=now)
    if person.id == actor.user_id:
        return None
    owner = actor_of(person.public_id)
    application = begin(actor=owner, now=now)
    if application.belt_id and not _is_sent_to(actor, application.belt_id):
        note(f"user:{actor.user}", after={"result": "out of reach"})
        return ""
    house = application.organisation_id
    grant = grants.give(actor=actor, owner=owner, organisation_id=house, site=site, now=now)
    note(f"help:{grant}", after={"owner": owner.user})
    return grant


def _is_sent_to(actor: Actor, belt_id: int) -> bool:
    scopes = [one.scope for one in actor.staff if one.role is Role.HELPER]
    belt = next(one for one in all_belts() if one.id == belt_id)
    return any(scope.covers(region=belt.province, belt=belt.slug) for scope in scopes)
