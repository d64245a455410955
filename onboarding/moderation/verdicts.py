"""What a decision does to the subject of its case, by the kind of subject, and what its owner is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from kernel.db import session
from kernel.text import clause, lazy
from kernel.wording import Words
from onboarding.accounts.operations import tell
from onboarding.accounts.queries import owners_of
from onboarding.listings.operations import publish_listing, refuse_listing
from onboarding.moderation.matters import end_once_checked
from onboarding.moderation.models import Case
from onboarding.moderation.queries import title_of
from onboarding.moderation.rules import CASE, SELLERS
from onboarding.standing import operations as standing
from onboarding.standing.queries import organisation_named
from onboarding.verification import operations as verification
from onboarding.verification.rules import TAKEN_BACK

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from kernel.permissions import Actor


def approve(found: Case, *, actor: Actor, now: datetime) -> None:
    """Do what approval means for this subject, and tell its owner."""
    _APPROVE[found.subject_type](found, actor, now)


def refuse(found: Case, reason: str, *, actor: Actor, now: datetime) -> None:
    """Do what refusal means for this subject, and tell its owner why."""
    _REFUSE[found.subject_type](found, reason, actor, now)


def ask(found: Case, fields: list[str], reason: str, *, actor: Actor, now: datetime) -> None:
    """Have the owner of a seller correct some fields."""
    verification.ask(actor=actor, organisation=found.subject, fields=fields, reason=reason, now=now)
    message = lazy("“%(name)s”的资料还差几处要补正：%(reason)s。请登录后改好再提交，其他内容不用重填。")
    _tell(found, Words(message, _told(found, reason)), actor, now)


def _approve_factory(found: Case, actor: Actor, now: datetime) -> None:
    verification.approve(actor=actor, organisation=found.subject, now=now)
    _tell(found, Words("您的工厂“%(name)s”已通过审核，现在可以上传价目表、上架商品了。", _told(found)), actor, now)


def _approve_merchant(found: Case, actor: Actor, now: datetime) -> None:
    verification.approve(actor=actor, organisation=found.subject, now=now)
    _tell(found, Words("您的店铺“%(name)s”已通过审核，现在就能开卖。", _told(found)), actor, now)


def _approve_listing(found: Case, actor: Actor, now: datetime) -> None:
    """A sheet brings a hundred goods at once: their owner is told when the last is through, not a hundred times."""
    publish_listing(actor=actor, listing=found.subject, now=now)
    if not _awaits(found.organisation_id):
        _tell(found, Words("商品“%(name)s”已通过审核并上架，您提交的商品都审完了。", _told(found)), actor, now)


def _approve_appeal(found: Case, actor: Actor, now: datetime) -> None:
    standing.grant_appeal(actor=actor, appeal=found.subject, now=now)
    _tell(found, Words("您的申诉成立，“%(name)s”已恢复营业。给您添麻烦了。", _told(found)), actor, now)


def _approve_claim(found: Case, actor: Actor, now: datetime) -> None:
    holders = standing.grant_claim(actor=actor, claim=found.subject, reason=str(TAKEN_BACK), now=now)
    _tell(
        found, Words("您认领的信用代码已核实归您，“%(name)s”的入驻资料已提交审核，不用重填。", _told(found)), actor, now
    )
    for holder in holders:
        organisation, name = organisation_named(holder)
        _close_application(organisation, str(TAKEN_BACK), actor, now)
        words = Words("“%(name)s”已暂停：%(reason)s", {"name": name, "reason": TAKEN_BACK})
        tell(owners_of(holder), words, actor=actor, now=now)


def _approve_recheck(found: Case, actor: Actor, now: datetime) -> None:
    expires = end_once_checked(found.organisation_id)
    standing.confirm_check(actor=actor, check=found.subject, expires_on=expires, now=now)
    _tell(found, Words("“%(name)s”的营业执照已复核，下次半年后再核。", _told(found)), actor, now)


def _refuse_seller(found: Case, reason: str, actor: Actor, now: datetime) -> None:
    verification.refuse(actor=actor, organisation=found.subject, reason=reason, now=now)
    message = lazy("“%(name)s”的入驻申请被退回：%(reason)s。请登录后改好再提交。")
    _tell(found, Words(message, _told(found, reason)), actor, now)


def _refuse_listing(found: Case, reason: str, actor: Actor, now: datetime) -> None:
    refuse_listing(actor=actor, listing=found.subject, reason=reason, now=now)
    message = lazy("商品“%(name)s”未通过审核：%(reason)s。请登录后改好再提交。")
    _tell(found, Words(message, _told(found, reason)), actor, now)


def _dismiss_appeal(found: Case, reason: str, actor: Actor, now: datetime) -> None:
    standing.dismiss_appeal(actor=actor, appeal=found.subject, reason=reason, now=now)
    _tell(found, Words("您为“%(name)s”提出的申诉不成立：%(reason)s。", _told(found, reason)), actor, now)


def _dismiss_claim(found: Case, reason: str, actor: Actor, now: datetime) -> None:
    standing.dismiss_claim(actor=actor, claim=found.subject, reason=reason, now=now)
    message = lazy("您认领信用代码的申请没有通过：%(reason)s。请登录后核对代码再提交。")
    _tell(found, Words(message, {"reason": clause(reason)}), actor, now)


def _ask_again(found: Case, reason: str, actor: Actor, now: datetime) -> None:
    standing.ask_again(actor=actor, check=found.subject, reason=reason, now=now)
    message = lazy("“%(name)s”的执照复核还差一步：%(reason)s。请登录后到“营业执照”补上。")
    _tell(found, Words(message, _told(found, reason)), actor, now)


_APPROVE: Final[dict[str, Callable[[Case, Actor, datetime], None]]] = {
    "factory": _approve_factory,
    "merchant": _approve_merchant,
    "listing": _approve_listing,
    "appeal": _approve_appeal,
    "claim": _approve_claim,
    "recheck": _approve_recheck,
}
_REFUSE: Final[dict[str, Callable[[Case, str, Actor, datetime], None]]] = {
    "factory": _refuse_seller,
    "merchant": _refuse_seller,
    "listing": _refuse_listing,
    "appeal": _dismiss_appeal,
    "claim": _dismiss_claim,
    "recheck": _ask_again,
}


def _told(found: Case, reason: str = "") -> dict[str, str]:
    return {"name": title_of(found), "reason": clause(reason)} if reason else {"name": title_of(found)}


def _tell(found: Case, words: Words, actor: Actor, now: datetime) -> None:
    tell(owners_of(found.organisation_id), words, actor=actor, now=now)


def _awaits(organisation_id: int) -> bool:
    """Whether goods of this factory still wait for a decision."""
    waiting = select(Case.id).where(
        Case.organisation_id == organisation_id, Case.subject_type == "listing", Case.state == CASE.start
    )
    return session().scalar(select(waiting.exists())) is True


def _close_application(organisation: str, reason: str, actor: Actor, now: datetime) -> None:
    """The case of an application that was refused by another decision has nothing left to decide."""
    waiting = Case.subject_type.in_(SELLERS) & (Case.subject == organisation) & (Case.state == CASE.start)
    decided = {"state": "refused", "reason": reason, "decided_at": now, "decided_by": actor.user_id}
    session().execute(update(Case).where(waiting).values(**decided))
