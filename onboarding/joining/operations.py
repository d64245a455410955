"""What can be done on the way in by a helper's hand: hear what is wrong, ask for the owner's word, hand in with it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.text import lazy
from onboarding.accounts.grants import ask_owner, owner_says, owner_through
from onboarding.belts.queries import belt_by_slug
from onboarding.compliance.queries import accepted, current
from onboarding.compliance.rules import KINDS
from onboarding.joining.rules import reaches
from onboarding.verification import operations as verification
from onboarding.verification.queries import held_by_another

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.compliance.rules import Agreement
    from onboarding.verification.models import Application
    from onboarding.verification.rules import Said

_KIND = "factory"
_ASKED = lazy(
    "%(sent_by)s的%(name)s替您填好了入驻资料。提交前请您看《%(title)s》（%(version)s 版）：%(link)s 。"
    "同意，就把同意码 %(code)s 告诉对方，10 分钟内有效；不同意，不用理会。"
)


@operation("help.check", quiet=True)
def lacks_word(*, actor: Actor, said: Said, now: datetime) -> bool:
    """Refuse what handing in would refuse; whether the owner has yet to accept the agreement in force."""
    owner, agreement = owner_through(actor, now=now), current(_KIND, business_date(now))
    _refuse_out_of_reach(actor, said.belt)
    mine, said, _step = verification.to_hand_in(owner, replace(said, agreement=agreement.version), now=now)
    if held_by_another(said.uscc, mine.application.organisation_id):
        raise DomainError("factory.code_taken")
    return accepted(mine.application.organisation_id, _KIND) != agreement.version


@operation("help.ask_word")
def ask_word(*, actor: Actor, site: str, now: datetime) -> None:
    """Text the owner which agreement she would accept, where it is to be read on the `site`, and the code for it."""
    agreement = current(_KIND, business_date(now))
    link = f"{site}/agreements/{_KIND}/{agreement.version}"
    told = {"title": KINDS[_KIND], "version": agreement.version, "link": link}
    ask_owner(actor=actor, matter=_matter(agreement), message=_ASKED, params=told, now=now)
    note(f"factory:{actor.memberships[0].organisation}", after={"asked": agreement.version})


def hand_in(*, actor: Actor, said: Said, code: str = "", now: datetime) -> Application:
    """Hand in for the owner whom a helper has in hand; her word, by a code, once for each version of the agreement.

    `word.refused`, whatever was wrong with it; a wrong try is committed as one, so this joins no larger transaction.
    """
    handed_in = _hand_in(actor=actor, said=said, code=code, now=now)
    if handed_in is None:
        raise DomainError("word.refused")
    return handed_in


@operation("help.hand_in")
def _hand_in(*, actor: Actor, said: Said, code: str, now: datetime) -> Application | None:
    owner, agreement = owner_through(actor, now=now), current(_KIND, business_date(now))
    house = owner.memberships[0]
    is_agreed = accepted(house.organisation_id, _KIND) == agreement.version
    if not is_agreed and not owner_says(actor=actor, matter=_matter(agreement), code=code, now=now):
        note(f"factory:{house.organisation}", after={"result": "refused"})
        return None
    _refuse_out_of_reach(actor, said.belt)
    return verification.hand_in(actor=owner, said=replace(said, agreement=agreement.version), now=now)


def _matter(agreement: Agreement) -> str:
    return f"{agreement.kind}:{agreement.version}"


def _refuse_out_of_reach(actor: Actor, slug: str) -> None:
    """A helper is sent to some belts; a belt that there is none of is told with all else that is wrong."""
    try:
        belt = belt_by_slug(slug)
    except NotFoundError:
        return
    if not reaches(actor, region=belt.province, belt=belt.slug):
        raise InvalidInputError({"belt": ("field.belt_reach", {})})
