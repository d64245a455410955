"""Goods on sale that were found wrong after a report: their factory mends them by a day, and somebody looks again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError
from kernel.outbox import publish
from kernel.permissions import Permission
from kernel.text import clause, clean, lazy
from kernel.wording import Words
from onboarding.accounts.operations import tell
from onboarding.accounts.queries import owners_of
from onboarding.listings.facts import MendingBack
from onboarding.listings.models import Listing, Mending
from onboarding.listings.queries import own_listing
from onboarding.listings.rules import MEND_WITHIN, MENDED_WHILE, REASON_CAP
from onboarding.listings.steps import for_decision

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor

_ASKED = lazy(
    "商品“%(title)s”有地方要改：%(reason)s。请在 %(day)s 前登录，到“商品”改好，再点“改好了”；"
    "到期平台会再看，没改的可能下架。"
)
_SETTLED = lazy("商品“%(title)s”的改正平台看过了，没有问题了，谢谢您。")
_AT_ONCE = 200


@operation("listing.ask_to_mend")
def ask_to_mend(*, actor: Actor, listing: str, told: str, now: datetime) -> Mending:
    """Have the factory of goods on sale (public id) mend them within `MEND_WITHIN`; asked before, it is asked anew.

    `listing.state` for goods that are not on sale.
    """
    found = for_decision(actor, listing)
    if found.state not in MENDED_WHILE:
        raise DomainError("listing.state", state=found.state, action="ask")
    _end(found.id, now)
    made = Mending(listing_id=found.id, told=told, asked_at=now, due_at=now + MEND_WITHIN)
    session().add(made)
    note(f"listing:{listing}", after={"to mend by": made.due_at.isoformat()}, reason=told)
    told_until = {"title": clause(found.title), "reason": clause(told), "day": business_date(made.due_at).isoformat()}
    tell(owners_of(found.organisation_id), Words(_ASKED, told_until), actor=actor, now=now)
    session().flush()
    return made


@operation("listing.settle_mending")
def settle(*, actor: Actor, listing: str, thank: bool, now: datetime) -> None:
    """End what was asked of goods (public id), if anything was; with `thank` their factory hears that all is well."""
    found = for_decision(actor, listing)
    if _end(found.id, now) and thank:
        note(f"listing:{listing}", after={"mended": "seen"})
        words = Words(_SETTLED, {"title": clause(found.title)})
        tell(owners_of(found.organisation_id), words, actor=actor, now=now)


@operation("listing.say_mended")
def say_mended(*, actor: Actor, listing: str, words: str, now: datetime) -> None:
    """Say that one mended one's goods (public id) as they were asked for; an operator looks. `mending.none`."""
    found = own_listing(actor, listing, lock=True)
    said = clean(words, keep_lines=True)
    if len(said) > REASON_CAP:
        raise InvalidInputError({"words": ("field.too_long", {})})
    waiting = last_mending(found.id)
    if waiting is None or waiting.ended_at or waiting.back == "answered":
        raise DomainError("mending.none")
    waiting.back, waiting.answer, waiting.back_at = "answered", said, now
    note(f"listing:{listing}", after={"mending": "answered"}, reason=said)
    publish(MendingBack(listing), actor=actor, now=now)


@operation("listing.bring_back", quiet=True)
def bring_back(*, actor: Actor, now: datetime) -> int:
    """Lay before operators what nobody answered in time; how many. Of goods that are off sale it just ends."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    due = (Mending.ended_at.is_(None)) & (Mending.back == "") & (Mending.due_at <= now)
    query = select(Mending, Listing).join(Listing, Listing.id == Mending.listing_id).where(due).order_by(Mending.id)
    rows = session().execute(query.limit(_AT_ONCE).with_for_update(of=Mending)).all()
    for late, listing in rows:
        late.back, late.back_at = "over", now
        if listing.state in MENDED_WHILE:
            publish(MendingBack(listing.public_id), actor=actor, now=now)
        else:
            late.ended_at = now
    return len(rows)


def last_mending(listing_id: int) -> Mending | None:
    """What was asked last of a listing (id)."""
    query = select(Mending).where(Mending.listing_id == listing_id).order_by(Mending.id.desc()).limit(1)
    found: Mending | None = session().scalar(query)
    return found


def _end(listing_id: int, now: datetime) -> bool:
    open_one = last_mending(listing_id)
    if open_one is None or open_one.ended_at:
        return False
    open_one.ended_at = now
    session().flush()
    return True
