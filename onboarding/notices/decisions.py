"""What operators decide about notices, and what the calendar does; each decision is one edge, and both sides hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kernel.audit import operation
from kernel.clock import business_date
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import Permission
from kernel.text import clause, lazy
from kernel.wording import Words
from onboarding.certificates.queries import desk_of_organisation
from onboarding.listings.measures import hold
from onboarding.notices.operations import move, tell_copies, tell_holder, tell_seller
from onboarding.notices.queries import due, goods_of, notice_named
from onboarding.notices.rules import NOTICE, last_day

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from kernel.permissions import Actor
    from onboarding.notices.models import Notice

_AT_ONCE = 200
"""How many one run of the schedule ends; the next run goes on."""
_DOWN = lazy("您铺货的商品“%(title)s”因知识产权通知已暂停销售；通知撤回或不成立时会自动恢复。")
_ACCEPTED = lazy("您的知识产权通知 %(number)s 已受理：选定的商品已停售，通知已转送卖家。")
_AGAINST = lazy(
    "有人对您的商品发来知识产权通知 %(number)s，有商品已停售。请登录后到“知识产权通知”看内容；"
    "没有侵权的，交不侵权声明。"
)
_FORWARDED = lazy(
    "卖家对通知 %(number)s 交了不侵权声明，请登录查看。您可以向主管部门投诉或者向法院起诉；"
    "%(until)s（含）前没有交来证明，措施会终止。"
)
_COUNTER_FORWARDED = lazy(
    "您对通知 %(number)s 的声明已转送权利人。对方 %(until)s（含）前没有投诉或起诉，商品自动恢复。"
)
_LAPSED_HOLDER = lazy("通知 %(number)s：15 天内没有收到您投诉或起诉的证明，按规定已终止措施。")
_LAPSED_SELLER = lazy("通知 %(number)s：权利人 15 天内没有投诉或起诉；因它停售的商品，没有别的原因的已恢复销售。")


@operation("notice.accept")
def accept(*, actor: Actor, notice: str, goods: Collection[str], now: datetime) -> Notice:
    """Take the chosen goods (public ids) of a notice off sale and forward it. `notice.no_goods` for none of its own."""
    found = _before(actor, notice, "accept")
    chosen = [one.listing for one in goods_of(found) if one.listing in set(goods)]
    if not chosen:
        raise DomainError("notice.no_goods")
    found.accepted_at = now
    move(found, "accept", actor=actor, now=now)
    hidden = hold(actor=actor, listings=chosen, cause=notice, now=now)
    params = {"number": found.number}
    tell_holder(found, Words(_ACCEPTED, params), actor=actor, now=now)
    tell_seller(found, Words(_AGAINST, params), actor=actor, now=now)
    tell_copies(hidden, _DOWN, actor=actor, now=now)
    return found


@operation("notice.ask")
def ask(*, actor: Actor, notice: str, words: str, now: datetime) -> Notice:
    """Have whoever handed something in complete it; an incomplete notice takes nothing off sale."""
    found = _before(actor, notice, "ask")
    is_judged = found.state == "judged"
    move(found, "ask", actor=actor, now=now, words=words)
    told = {"number": found.number, "reason": clause(words)}
    tell_holder(found, Words("通知 %(number)s 还差几处：%(reason)s。请登录后补正。", told), actor=actor, now=now)
    if is_judged:
        message = lazy("通知 %(number)s 的处理结果还差几处：%(reason)s。请登录后补交。")
        tell_seller(found, Words(message, told), actor=actor, now=now)
    return found


@operation("notice.refuse")
def refuse(*, actor: Actor, notice: str, words: str, now: datetime) -> Notice:
    """Do nothing on a notice; its right holder reads why, and its seller hears nothing."""
    found = _before(actor, notice, "refuse")
    move(found, "refuse", actor=actor, now=now, words=words)
    told = {"number": found.number, "reason": clause(words)}
    tell_holder(found, Words("您的知识产权通知 %(number)s 没有受理：%(reason)s。", told), actor=actor, now=now)
    return found


@operation("notice.forward")
def forward(*, actor: Actor, notice: str, now: datetime) -> Notice:
    """Forward a counter-notice: it arrives today, and the fifteen days begin tomorrow."""
    found = _before(actor, notice, "forward")
    found.arrived_on = business_date(now)
    found.until = last_day(found.arrived_on)
    move(found, "forward", actor=actor, now=now)
    told = {"number": found.number, "until": found.until.isoformat()}
    tell_holder(found, Words(_FORWARDED, told), actor=actor, now=now)
    tell_seller(found, Words(_COUNTER_FORWARDED, told), actor=actor, now=now)
    return found


@operation("notice.return")
def give_back(*, actor: Actor, notice: str, words: str, now: datetime) -> Notice:
    """Have the seller mend her counter-notice; its right holder hears nothing of it."""
    found = _before(actor, notice, "return")
    move(found, "return", actor=actor, now=now, words=words)
    told = {"number": found.number, "reason": clause(words)}
    tell_seller(
        found, Words("您对通知 %(number)s 的声明要补正：%(reason)s。请登录后再交。", told), actor=actor, now=now
    )
    return found


@operation("notice.confirm")
def confirm(*, actor: Actor, notice: str, now: datetime) -> Notice:
    """Say that its right holder has complained or sued: what was taken down stays so until the outcome."""
    found = _before(actor, notice, "confirm")
    move(found, "confirm", actor=actor, now=now)
    message = lazy("通知 %(number)s：权利人已投诉或起诉，商品停售到有结果为止。")
    _tell_both(found, Words(message, {"number": found.number}), actor=actor, now=now)
    return found


@operation("notice.reject")
def reject(*, actor: Actor, notice: str, words: str, now: datetime) -> Notice:
    """Say that what was handed in proves neither; the fifteen days go on, or are over."""
    found = _before(actor, notice, "reject")
    move(found, "reject", actor=actor, now=now, words=words)
    message = lazy("通知 %(number)s：您交的不能证明已经投诉或起诉：%(reason)s。请在期限前补交。")
    tell_holder(found, Words(message, {"number": found.number, "reason": clause(words)}), actor=actor, now=now)
    return found


@operation("notice.uphold")
def uphold(*, actor: Actor, notice: str, now: datetime) -> Notice:
    """Write down that an authority or a court found an infringement: what was taken down stays so."""
    found = _before(actor, notice, "uphold")
    move(found, "uphold", actor=actor, now=now)
    message = lazy("通知 %(number)s：已认定侵权，商品不再恢复销售。")
    _tell_both(found, Words(message, {"number": found.number}), actor=actor, now=now)
    return found


@operation("notice.dismiss")
def dismiss(*, actor: Actor, notice: str, words: str, now: datetime) -> Notice:
    """Write down that none was found: what was taken down is on sale again."""
    found = _before(actor, notice, "dismiss")
    move(found, "dismiss", actor=actor, now=now, words=words)
    message = lazy("通知 %(number)s：没有认定侵权（%(reason)s）；因它停售的商品，没有别的原因的已恢复销售。")
    _tell_both(found, Words(message, {"number": found.number, "reason": clause(words)}), actor=actor, now=now)
    return found


@operation("notice.lapse", quiet=True)
def lapse_due(*, actor: Actor, now: datetime) -> int:
    """End what nobody has complained or sued about within fifteen days; how many. A second run finds nothing left."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    over = due(business_date(now), limit=_AT_ONCE)
    for found in over:
        move(found, "lapse", actor=actor, now=now)
        told = {"number": found.number}
        tell_holder(found, Words(_LAPSED_HOLDER, told), actor=actor, now=now)
        tell_seller(found, Words(_LAPSED_SELLER, told), actor=actor, now=now)
    return len(over)


def _before(actor: Actor, notice: str, action: str) -> Notice:
    """A notice whose seller lies on this desk, under lock; NotFoundError, `notice.state`."""
    found = notice_named(notice, lock=True)
    region, belt = desk_of_organisation(found.organisation_id)
    if not actor.may(NOTICE.step(found.state, action).permission, region=region, belt=belt):
        raise NotFoundError
    return found


def _tell_both(found: Notice, words: Words, *, actor: Actor, now: datetime) -> None:
    tell_holder(found, words, actor=actor, now=now)
    tell_seller(found, words, actor=actor, now=now)
