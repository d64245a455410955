"""What the two sides can do: send a notice, complete it, withdraw it; answer it, prove, hand in what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.outbox import publish
from kernel.text import clause, clean, lazy
from kernel.wording import Words
from onboarding.accounts.consents import barred
from onboarding.accounts.operations import tell
from onboarding.accounts.queries import owners_of
from onboarding.listings.measures import lift
from onboarding.notices.facts import NoticeEnded, NoticeMoved, NoticeWaits
from onboarding.notices.models import Notice, NoticeEvidence, NoticeGoods, NoticeStep
from onboarding.notices.queries import against, holder_of, seller_name, sellers_of_copies, sent_by
from onboarding.notices.rules import (
    ENDED,
    HANDED_WITH_NOTICE,
    LIFTED,
    NOTICE,
    by_kind,
    faults,
    is_over,
    right_key,
    words_fault,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.notices.queries import Named
    from onboarding.notices.rules import Fault, Told

Files = list[tuple[str, str]]
"""Evidence as `(media, key)`."""

_WITHDRAWN = lazy("权利人撤回了通知 %(number)s；因它停售的商品，没有别的原因的已恢复销售。")
_BACK = lazy("您铺货的商品“%(title)s”已恢复销售。")


@operation("notice.send")
def send(
    *,
    actor: Actor,
    told: Told,
    promised: bool,
    goods: Sequence[Named],
    files: Mapping[str, Files],
    now: datetime,
) -> list[Notice]:
    """Say that goods infringe a right of one's own: one notice per seller, so that none reads of another.

    `notice.known` for goods that an open notice of hers names already for the same right, `notice.own` for goods of a
    house that she belongs to or helps: a notice is no way round the operators.
    """
    wrong: dict[str, Fault] = faults(told, promised=promised)
    wrong |= by_kind({kind: len(files.get(kind, ())) for kind in HANDED_WITH_NOTICE})
    if not goods:
        wrong["links"] = ("field.required", {})
    if wrong:
        raise InvalidInputError(wrong)
    by_seller: dict[int, list[Named]] = {}
    for one in goods:
        by_seller.setdefault(one.organisation_id, []).append(one)
    if barred(actor, *by_seller) in {"case.own", "case.helped"}:
        raise DomainError("notice.own")
    return [_sent(actor, told, named, files, now) for named in by_seller.values()]


def _sent(actor: Actor, told: Told, named: list[Named], files: Mapping[str, Files], now: datetime) -> Notice:
    made = _made(actor, told, named, now)
    for kind in HANDED_WITH_NOTICE:
        keep_files(made, kind, files[kind], actor=actor, now=now)
    keep_step(made, "submit", "", now=now)
    note(f"notice:{made.public_id}", after={"state": made.state, "goods": [one.listing for one in named]})
    tell_waiting(made, actor=actor, now=now)
    words = Words("您的知识产权通知 %(number)s 已收到，平台审查后短信告诉您结果。", {"number": made.number})
    tell([holder_of(made)], words, actor=actor, now=now)
    return made


def _made(actor: Actor, told: Told, named: list[Named], now: datetime) -> Notice:
    """The row of a notice with its goods, all of one seller."""
    if actor.user_id is None:
        raise NotFoundError
    made = Notice(
        public_id=public_id("ntc"),
        notifier_id=actor.user_id,
        organisation_id=named[0].organisation_id,
        **{name: getattr(told, name) for name in told.__slots__},
        state=NOTICE.start,
        made_at=now,
    )
    session().add(made)
    session().flush()
    right = right_key(told.right_kind, told.right_number)
    about = {"notice_id": made.id, "notifier_id": actor.user_id, "right_key": right, "is_open": True}
    session().add_all(NoticeGoods(listing_id=one.listing_id, title=one.title, link=one.link, **about) for one in named)
    try:
        session().flush()
    except IntegrityError as taken:
        raise DomainError("notice.known") from taken
    return made


@operation("notice.complete")
def complete(*, actor: Actor, notice: str, statement: str, files: Mapping[str, Files], now: datetime) -> Notice:
    """Say what was missing; evidence of before stays."""
    found = sent_by(actor, notice, lock=True)
    statement = _words(statement)
    move(found, "complete", actor=actor, now=now, words=statement)
    for kind in HANDED_WITH_NOTICE:
        keep_files(found, kind, files.get(kind, []), actor=actor, now=now)
    tell_waiting(found, actor=actor, now=now)
    return found


@operation("notice.withdraw")
def withdraw(*, actor: Actor, notice: str, now: datetime) -> Notice:
    """Take a notice back: what it took off sale is on sale again at once."""
    found = sent_by(actor, notice, lock=True)
    was_told = found.accepted_at is not None
    move(found, "withdraw", actor=actor, now=now)
    if was_told:
        tell_seller(found, Words(_WITHDRAWN, {"number": found.number}), actor=actor, now=now)
    return found


@operation("notice.counter")
def counter(*, actor: Actor, notice: str, words: str, promised: bool, files: Files, now: datetime) -> Notice:
    """Say that goods infringe nothing (不侵权声明), with first evidence; an operator forwards it."""
    found = against(actor, notice, lock=True)
    wrong = by_kind({"counter": len(files)})
    words = clean(words, keep_lines=True)
    if fault := words_fault(words):
        wrong["words"] = fault
    if not promised:
        wrong["promise"] = ("field.notice.promise", {})
    if wrong:
        raise InvalidInputError(wrong)
    move(found, "counter", actor=actor, now=now, words=words)
    keep_files(found, "counter", files, actor=actor, now=now)
    tell_waiting(found, actor=actor, now=now)
    return found


@operation("notice.prove")
def prove(*, actor: Actor, notice: str, words: str, files: Files, now: datetime) -> Notice:
    """Hand in that one has complained or sued, within the fifteen days; `notice.too_late` after them."""
    found = sent_by(actor, notice, lock=True)
    NOTICE.step(found.state, "prove")
    if found.until is None or is_over(found.until, business_date(now)):
        raise DomainError("notice.too_late")
    return _handed(found, "prove", "proof", words, files, actor=actor, now=now)


@operation("notice.hand_outcome")
def hand_outcome(*, actor: Actor, notice: str, side: str, words: str, files: Files, now: datetime) -> Notice:
    """Hand in what an authority or a court has decided; either side may."""
    load = against if side == "seller" else sent_by
    found = load(actor, notice, lock=True)
    return _handed(found, "hand_outcome", "outcome", words, files, actor=actor, now=now)


def _handed(found: Notice, action: str, kind: str, words: str, files: Files, *, actor: Actor, now: datetime) -> Notice:
    if wrong := by_kind({kind: len(files)}):
        raise InvalidInputError(wrong)
    move(found, action, actor=actor, now=now, words=_words(words))
    keep_files(found, kind, files, actor=actor, now=now)
    tell_waiting(found, actor=actor, now=now)
    return found


def _words(words: str) -> str:
    words = clean(words, keep_lines=True)
    if fault := words_fault(words):
        raise InvalidInputError({"words": fault})
    return words


def move(found: Notice, action: str, *, actor: Actor, now: datetime, words: str = "") -> None:
    """Take one edge of the lifecycle and write it down; an end ends what was taken down, where it does.

    Whose notice it is, and on whose desk it lies, is settled by whoever loaded it.
    """
    step, before = NOTICE.step(found.state, action), found.state
    found.state = step.to
    if step.to in ENDED:
        found.ended_at = now
    session().flush()
    keep_step(found, action, words, now=now)
    note(f"notice:{found.public_id}", before={"state": before}, after={"state": step.to})
    if step.to in LIFTED and found.accepted_at is not None:
        back = lift(cause=found.public_id, now=now)
        tell_copies(back, _BACK, actor=actor, now=now)
    if step.to in ENDED:
        over = update(NoticeGoods).where(NoticeGoods.notice_id == found.id).values(is_open=False)
        session().execute(over)
        publish(NoticeEnded(found.public_id, action), actor=actor, now=now)
    else:
        publish(NoticeMoved(found.public_id, action), actor=actor, now=now)


def keep_step(found: Notice, action: str, words: str, *, now: datetime) -> None:
    """Write down what was done."""
    session().add(NoticeStep(notice_id=found.id, action=action, words=words, at=now))


def keep_files(found: Notice, kind: str, files: Files, *, actor: Actor, now: datetime) -> None:
    """Keep evidence of one kind."""
    told = {"notice_id": found.id, "kind": kind, "added_by": actor.user_id, "added_at": now}
    session().add_all(
        NoticeEvidence(public_id=public_id("evd"), media=media, file_key=key, **told) for media, key in files
    )


def tell_waiting(found: Notice, *, actor: Actor, now: datetime) -> None:
    """Let the operators know that something waits."""
    seller, _name = seller_name(found)
    publish(NoticeWaits(found.public_id, seller), actor=actor, now=now)


def tell_seller(found: Notice, words: Words, *, actor: Actor, now: datetime) -> None:
    """Text the owners of the seller."""
    tell(owners_of(found.organisation_id), words, actor=actor, now=now)


def tell_holder(found: Notice, words: Words, *, actor: Actor, now: datetime) -> None:
    """Text the right holder."""
    tell([holder_of(found)], words, actor=actor, now=now)


def tell_copies(listings: Collection[int], message: str, *, actor: Actor, now: datetime) -> None:
    """Text the merchants who sell copies of goods (ids)."""
    for merchant, title in sellers_of_copies(listings):
        tell(owners_of(merchant), Words(message, {"title": clause(title)}), actor=actor, now=now)
