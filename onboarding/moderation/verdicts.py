"""What a decision does to the subject of its case, by the kind of subject, and what its owner is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from kernel.clock import business_date
from kernel.db import session
from kernel.text import clause, lazy
from kernel.wording import Words
from onboarding.accounts.operations import tell
from onboarding.accounts.queries import owners_of
from onboarding.certificates import operations as certificates
from onboarding.listings import takedowns
from onboarding.listings.changes import edit_named
from onboarding.listings.corrections import ask_for_changes
from onboarding.listings.decisions import apply_edit, refuse_edit
from onboarding.listings.operations import publish_listing, refuse_listing
from onboarding.listings.rules import EDIT
from onboarding.moderation import weighed
from onboarding.moderation.matters import end_once_checked
from onboarding.moderation.models import Case
from onboarding.moderation.rules import CASE, SELLERS, WEIGHED
from onboarding.moderation.subjects import title_of
from onboarding.pictures.operations import drop_waiting, show_waiting
from onboarding.standing import operations as standing
from onboarding.standing.queries import organisation_named
from onboarding.verification import operations as verification
from onboarding.verification.rules import TAKEN_BACK

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from kernel.permissions import Actor


def approve(
    found: Case,
    *,
    actor: Actor,
    goods: Collection[str] = (),
    basis: str = "",
    seen: str | None = None,
    now: datetime,
) -> None:
    """Do what approval means for this subject, and tell its owner; of a notice with the chosen `goods`."""
    if found.subject_type in WEIGHED:
        weighed.approve(found, goods, basis, seen, actor=actor, now=now)
    else:
        _APPROVE[found.subject_type](found, actor, now)


def refuse(found: Case, reason: str, *, actor: Actor, seen: str | None = None, now: datetime) -> None:
    """Do what refusal means for this subject, and tell its owner why; of reports those that were `seen`."""
    if found.subject_type == "report":
        weighed.dismiss_reports(found, reason, seen, actor=actor, now=now)
        return
    _REFUSE[found.subject_type](found, reason, actor, now)


def ask(found: Case, fields: list[str], reason: str, *, actor: Actor, seen: str | None = None, now: datetime) -> None:
    """Have the owner of a seller or of goods correct some fields, or a side of a notice or report mend what it said."""
    if found.subject_type == "listing":
        _ask_listing(found, fields, reason, actor, now)
        return
    if found.subject_type in WEIGHED:
        weighed.ask(found, reason, seen, actor=actor, now=now)
        return
    verification.ask(actor=actor, organisation=found.subject, fields=fields, reason=reason, now=now)
    message = lazy("“%(name)s”的资料还差几处要补正：%(reason)s。请登录后改好再提交，其他内容不用重填。")
    _tell(found, Words(message, _told(found, reason)), actor, now)


def _ask_listing(found: Case, fields: list[str], reason: str, actor: Actor, now: datetime) -> None:
    ask_for_changes(actor=actor, listing=found.subject, fields=fields, reason=reason, now=now)
    message = lazy("商品“%(name)s”还差几处要改：%(reason)s。请登录后改好再提交，其他内容不用重填。")
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
    show_waiting(actor=actor, listing=found.subject, now=now)
    if not _awaits(found.organisation_id):
        _tell(found, Words("商品“%(name)s”已通过审核并上架，您提交的商品都审完了。", _told(found)), actor, now)


def _approve_pictures(found: Case, actor: Actor, now: datetime) -> None:
    if show_waiting(actor=actor, listing=found.subject, now=now):
        _tell(found, Words("商品“%(name)s”的新图片已通过审核，买家看得到了。", _told(found)), actor, now)


def _refuse_pictures(found: Case, reason: str, actor: Actor, now: datetime) -> None:
    if drop_waiting(actor=actor, listing=found.subject, reason=reason, now=now):
        message = lazy("商品“%(name)s”的新图片没有通过：%(reason)s。商品照原来的图片继续卖，可以换一张再传。")
        _tell(found, Words(message, _told(found, reason)), actor, now)


def _approve_edit(found: Case, actor: Actor, now: datetime) -> None:
    told, waited = _told(found), edit_named(found.subject).state == EDIT.start
    apply_edit(actor=actor, edit=found.subject, now=now)
    if waited:
        _tell(found, Words("商品“%(name)s”的改动已通过审核，现在生效了。", told), actor, now)


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


def _approve_certificate(found: Case, actor: Actor, now: datetime) -> None:
    held = certificates.confirm(actor=actor, certificate=found.subject, now=now)
    message, told = lazy("您的证书 %(number)s 已核对，要用它的商品可以上架了。"), {"number": held.number}
    if held.valid_from and held.valid_from > business_date(now):
        message = lazy("您的证书 %(number)s 已核对，有效期从 %(since)s 才开始，要用它的商品到那天才能卖。")
        told["since"] = held.valid_from.isoformat()
    _tell(found, Words(message, told), actor, now)


def _approve_takedown(found: Case, actor: Actor, now: datetime) -> None:
    message = lazy("您的申诉成立，商品“%(name)s”已恢复销售。给您添麻烦了。")
    if not takedowns.grant_appeal(actor=actor, takedown=found.subject, now=now):
        message = lazy("您的申诉成立；商品“%(name)s”还因知识产权通知停售，通知结束后自动恢复。给您添麻烦了。")
    _tell(found, Words(message, _told(found)), actor, now)


def _dismiss_takedown(found: Case, reason: str, actor: Actor, now: datetime) -> None:
    takedowns.dismiss_appeal(actor=actor, takedown=found.subject, reason=reason, now=now)
    message = lazy("您为商品“%(name)s”提出的申诉不成立：%(reason)s。可以改好再提交审核。")
    _tell(found, Words(message, _told(found, reason)), actor, now)


def _refuse_certificate(found: Case, reason: str, actor: Actor, now: datetime) -> None:
    given = certificates.refuse(actor=actor, certificate=found.subject, reason=reason, now=now)
    message = lazy("您的证书 %(number)s 没有通过：%(reason)s。请登录后到“证书”改好再交。")
    _tell(found, Words(message, {"number": given.number, "reason": clause(reason)}), actor, now)


def _refuse_seller(found: Case, reason: str, actor: Actor, now: datetime) -> None:
    verification.refuse(actor=actor, organisation=found.subject, reason=reason, now=now)
    message = lazy("“%(name)s”的入驻申请被退回：%(reason)s。请登录后改好再提交。")
    _tell(found, Words(message, _told(found, reason)), actor, now)


def _refuse_listing(found: Case, reason: str, actor: Actor, now: datetime) -> None:
    refuse_listing(actor=actor, listing=found.subject, reason=reason, now=now)
    message = lazy("商品“%(name)s”未通过审核：%(reason)s。请登录后改好再提交。")
    _tell(found, Words(message, _told(found, reason)), actor, now)


def _refuse_edit(found: Case, reason: str, actor: Actor, now: datetime) -> None:
    refuse_edit(actor=actor, edit=found.subject, reason=reason, now=now)
    message = lazy("商品“%(name)s”的改动没有通过：%(reason)s。商品照原来的样子继续卖。")
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
    "edit": _approve_edit,
    "appeal": _approve_appeal,
    "claim": _approve_claim,
    "recheck": _approve_recheck,
    "certificate": _approve_certificate,
    "takedown": _approve_takedown,
    "pictures": _approve_pictures,
}
_REFUSE: Final[dict[str, Callable[[Case, str, Actor, datetime], None]]] = {
    "factory": _refuse_seller,
    "merchant": _refuse_seller,
    "listing": _refuse_listing,
    "edit": _refuse_edit,
    "appeal": _dismiss_appeal,
    "claim": _dismiss_claim,
    "recheck": _ask_again,
    "certificate": _refuse_certificate,
    "takedown": _dismiss_takedown,
    "notice": weighed.refuse_notice,
    "pictures": _refuse_pictures,
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
