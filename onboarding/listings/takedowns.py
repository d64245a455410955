"""Goods taken off sale by an operator: with a reason that their factory reads, until they are restored or mended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from kernel.audit import note as keep
from kernel.audit import operation
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError
from kernel.ids import public_id
from kernel.outbox import publish
from kernel.permissions import Permission
from kernel.text import clause, clean, lazy
from kernel.wording import Words
from onboarding.accounts.consents import require_impartial
from onboarding.accounts.operations import tell
from onboarding.accounts.queries import owners_of
from onboarding.listings.facts import ListingTakenDown, TakedownAppealed
from onboarding.listings.measures import come_back
from onboarding.listings.models import Listing, Takedown
from onboarding.listings.queries import own_listing
from onboarding.listings.rules import APPEAL_WORDS, REASON_CAP, TAKEDOWN_REASONS
from onboarding.listings.sharing import cause_of, sharing, standing_takedown, takedown_named
from onboarding.listings.steps import for_decision, is_held, may_decide, take_step

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from kernel.errors import Param
    from kernel.permissions import Actor
    from onboarding.listings.facts import ListingArchived, ListingSubmitted

    Fault = tuple[str, dict[str, Param]]


@dataclass(frozen=True, slots=True)
class TakenDown:
    """What became of taking down goods and those that share the cause: done, and why each other one was skipped.

    Public ids; goods that lie on a colleague's desk are `away`, as a number.
    """

    done: tuple[str, ...]
    skipped: dict[str, DomainError]
    away: int


@operation("listing.take_down")
def take_down(
    *, actor: Actor, listing: str, reason_code: str, told: str, internal: str, now: datetime, cause: str = ""
) -> Takedown:
    """Take goods (public id) off sale at once; their factory reads the reason and what is `told`, never the `internal`.

    Of goods that are down already nothing changes: what stands is returned. `listing.state` for goods not on sale.
    """
    told, internal = _words(reason_code, told, internal)
    found = for_decision(actor, listing)
    if (standing := standing_takedown(found.id)) is not None:
        return standing
    made = _take_down(found, reason_code, told, internal, cause, actor=actor, now=now)
    _tell_taken_down([found], reason_code, told, actor=actor, now=now)
    return made


@operation("listing.take_down_sharing")
def take_down_sharing(
    *,
    actor: Actor,
    listing: str,
    by: str,
    reason_code: str,
    told: str,
    internal: str,
    now: datetime,
    alike: Collection[str] = (),
) -> TakenDown:
    """Take goods (public id) down, and what shares with them what `by` says (`SHARED`); each factory is told once.

    `alike` are the goods (public ids) that show a picture of theirs.
    Nothing is done half: what cannot be taken down is skipped and said, the rest is done in one transaction.
    """
    told, internal = _words(reason_code, told, internal)
    first = for_decision(actor, listing)
    others = sharing(first, by=by, alike=alike)
    near = [one for one in others if may_decide(actor, one)]
    done: list[Listing] = []
    skipped: dict[str, DomainError] = {}
    for one in sorted([first, *near], key=lambda goods: goods.id):
        try:
            held = for_decision(actor, one.public_id)
            cause = cause_of(first, by) if held.id != first.id else ""
            _take_down(held, reason_code, told, internal, cause, actor=actor, now=now)
            done.append(held)
        except DomainError as refusal:
            skipped[one.public_id] = refusal
    for home in dict.fromkeys(one.organisation_id for one in done):
        theirs = [one for one in done if one.organisation_id == home]
        _tell_taken_down(theirs, reason_code, told, actor=actor, now=now)
    return TakenDown(tuple(one.public_id for one in done), skipped, len(others) - len(near))


@operation("listing.keep_down")
def keep_down(*, actor: Actor, listing: str, told: str, now: datetime) -> None:
    """Note of goods (public id) that their factory took off sale what was borne out: they do not come back unseen."""
    told, _internal = _words("complaint", told, "")
    found = for_decision(actor, listing)
    if found.state == "archived":
        require_impartial(actor, found.organisation_id)
        made = _kept(found, "complaint", told, "", "", actor=actor, now=now)
        made.ending, made.ended_at = "archived", now
        keep(f"listing:{listing}", after={"takedown": made.public_id}, reason=told)


@operation("listing.put_back")
def restore(*, actor: Actor, listing: str, note: str, now: datetime) -> None:
    """Put goods (public id) that were taken down back on sale as they were; `note` is for colleagues.

    `takedown.appealed` while its factory appeals: that is decided by somebody else, in its case.
    """
    found = for_decision(actor, listing)
    require_impartial(actor, found.organisation_id)
    standing = _standing(found)
    if standing.appeal == "open":
        raise DomainError("takedown.appealed")
    _put_back(found, standing, "restored", actor=actor, now=now)
    standing.ended_note = clean(note, keep_lines=True)[:REASON_CAP]
    words = Words(_STILL_HELD if is_held(found) else _BACK, {"name": found.title})
    tell(owners_of(found.organisation_id), words, actor=actor, now=now)


@operation("takedown.appeal")
def appeal(*, actor: Actor, listing: str, words: str, now: datetime) -> Takedown:
    """Ask for a take-down to be looked at again, once, by somebody else. `takedown.appealed_once`."""
    found = own_listing(actor, listing, lock=True)
    actor.require(Permission.LISTING_SALE_CHANGE, organisation_id=found.organisation_id)
    said = clean(words, keep_lines=True)
    if len(said) not in APPEAL_WORDS:
        limits: dict[str, Param] = {"least": APPEAL_WORDS.start, "most": APPEAL_WORDS.stop - 1}
        raise InvalidInputError({"words": ("field.standing_words", limits)})
    standing = _standing(found)
    if standing.appeal:
        raise DomainError("takedown.appealed_once")
    standing.appeal, standing.words, standing.appealed_at = "open", said, now
    keep(f"listing:{listing}", after={"appeal": standing.public_id})
    publish(TakedownAppealed(standing.public_id, listing), actor=actor, now=now)
    return standing


@operation("takedown.grant")
def grant_appeal(*, actor: Actor, takedown: str, now: datetime) -> bool:
    """Take a take-down (public id) back, and say whether nothing else keeps the goods down.

    `case.own_decision` for whoever took it.
    """
    standing, found = _appealed(actor, takedown)
    standing.appeal, standing.answered_at, standing.answered_by = "granted", now, actor.user_id
    _put_back(found, standing, "granted", actor=actor, now=now)
    return not is_held(found)


@operation("takedown.dismiss")
def dismiss_appeal(*, actor: Actor, takedown: str, reason: str, now: datetime) -> None:
    """Let a take-down (public id) stand, with a reason that its factory reads. `case.own_decision`."""
    standing, found = _appealed(actor, takedown)
    standing.appeal, standing.answer = "dismissed", reason
    standing.answered_at, standing.answered_by = now, actor.user_id
    keep(f"listing:{found.public_id}", after={"appeal": "dismissed"}, reason=reason)


def on_listing_submitted(fact: ListingSubmitted, *, actor: Actor, now: datetime) -> None:
    """Within `listing.submitted`: mended goods are before an operator again, who sees why they were taken down."""
    _end_by_owner(fact.listing, "submitted", actor, now)


def on_listing_archived(fact: ListingArchived, *, actor: Actor, now: datetime) -> None:
    """Within `listing.archived`: what its factory gives up needs no decision."""
    _end_by_owner(fact.listing, "archived", actor, now)


def _words(reason_code: str, told: str, internal: str) -> tuple[str, str]:
    """What is told and what is not, cleaned; the list says most, `other` says nothing by itself."""
    told, internal = (clean(words, keep_lines=True) for words in (told, internal))
    typed = {"told": told, "internal": internal}
    long = [name for name, said in typed.items() if len(said) > REASON_CAP]
    wrong: dict[str, Fault] = {name: ("field.too_long", {}) for name in long}
    if reason_code not in TAKEDOWN_REASONS:
        wrong["reason_code"] = ("field.required", {})
    elif reason_code == "other" and not told:
        wrong["told"] = ("field.required", {})
    if wrong:
        raise InvalidInputError(wrong)
    return told, internal


def _take_down(
    found: Listing, reason_code: str, told: str, internal: str, cause: str, *, actor: Actor, now: datetime
) -> Takedown:
    """The audit says what the factory is told; what is for colleagues stands in the row alone.

    Goods that a notice keeps down already stay so, now for this reason too.
    """
    require_impartial(actor, found.organisation_id)
    reason = told or str(TAKEDOWN_REASONS[reason_code])
    if is_held(found) and standing_takedown(found.id) is None:
        keep(f"listing:{found.public_id}", before={"state": found.state}, after={"state": found.state}, reason=reason)
        found.reason = reason
    else:
        take_step(found, "take_down", actor=actor, now=now, reason=reason)
    made = _kept(found, reason_code, told, internal, cause, actor=actor, now=now)
    session().flush()
    publish(ListingTakenDown(found.public_id), actor=actor, now=now)
    return made


def _kept(
    found: Listing, reason_code: str, told: str, internal: str, cause: str, *, actor: Actor, now: datetime
) -> Takedown:
    made = Takedown(
        public_id=public_id("tkd"),
        listing_id=found.id,
        reason_code=reason_code,
        told=told,
        internal=internal,
        cause=cause,
        taken_at=now,
        taken_by=actor.user_id,
    )
    session().add(made)
    return made


def _tell_taken_down(goods: list[Listing], reason_code: str, told: str, *, actor: Actor, now: datetime) -> None:
    first = goods[0]
    params = {"name": first.title, "reason": TAKEDOWN_REASONS[reason_code], "told": clause(told)}
    words = Words(_MANY_TOLD if told else _MANY, params, count=len(goods))
    if len(goods) == 1:
        words = Words(_ONE_TOLD if told else _ONE, params)
    tell(owners_of(first.organisation_id), words, actor=actor, now=now)


_BACK = lazy("商品“%(name)s”已恢复销售，买家又能买了。")
_STILL_HELD = lazy("平台撤销了对商品“%(name)s”的下架；它还因知识产权通知停售，通知结束后自动恢复。")
_ONE = lazy("商品“%(name)s”已被平台下架：%(reason)s。已付款的订单照常发货。请登录后到“商品”改好再提交，或者申诉。")
_ONE_TOLD = lazy(
    "商品“%(name)s”已被平台下架：%(reason)s。%(told)s。已付款的订单照常发货。请登录后到“商品”改好再提交，或者申诉。"
)
_MANY = lazy(
    "“%(name)s”等 %(num)s 款商品已被平台下架：%(reason)s。已付款的订单照常发货。请登录后到“商品”改好再提交，或者申诉。"
)
_MANY_TOLD = lazy(
    "“%(name)s”等 %(num)s 款商品已被平台下架：%(reason)s。%(told)s。"
    "已付款的订单照常发货。请登录后到“商品”改好再提交，或者申诉。"
)


def _standing(listing: Listing) -> Takedown:
    standing = standing_takedown(listing.id, lock=True)
    if standing is None:
        raise DomainError("listing.state", state=listing.state, action="restore")
    return standing


def _put_back(found: Listing, standing: Takedown, ending: str, *, actor: Actor, now: datetime) -> None:
    standing.ending, standing.ended_at, standing.ended_by = ending, now, actor.user_id
    session().flush()
    come_back(found, actor=actor, now=now)


def _appealed(actor: Actor, takedown: str) -> tuple[Takedown, Listing]:
    """An appeal to be judged by this operator, with its goods: not by whoever took them down."""
    standing = takedown_named(takedown)
    listing = session().get_one(Listing, standing.listing_id)
    found = for_decision(actor, listing.public_id)
    standing = takedown_named(takedown, lock=True)
    if standing.taken_by is not None and standing.taken_by == actor.user_id:
        raise DomainError("case.own_decision")
    if standing.appeal != "open" or standing.ended_at is not None:
        raise DomainError("takedown.not_appealed")
    return standing, found


def _end_by_owner(listing: str, ending: str, actor: Actor, now: datetime) -> None:
    found = session().query(Listing).filter_by(public_id=listing).one()
    standing = standing_takedown(found.id, lock=True)
    if standing is None:
        return
    if standing.appeal == "open":
        raise DomainError("takedown.wait")
    standing.ending, standing.ended_at, standing.ended_by = ending, now, actor.user_id
