"""What the worker does for admissions: tell the other side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.audit import operation
from kernel.permissions import SYSTEM
from kernel.text import clause
from kernel.wording import Words
from onboarding.accounts.operations import tell
from onboarding.accounts.queries import owners_of
from onboarding.admissions.queries import pair_of

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from kernel.ports import Ports


def tell_factory_asked(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """Text the factory's owners who would like to sell their goods; runs after `admission.asked`."""
    pair = pair_of(payload["admission"])
    told = {"shop": pair.merchant_name, "words": pair.words}
    if pair.words:
        words = Words("商家“%(shop)s”申请铺您的货，留言：“%(words)s”。请到“合作商家”里答复。", told)
    else:
        words = Words("商家“%(shop)s”申请铺您的货。请到“合作商家”里答复。", told)
    _tell_owners(organisation_id=pair.factory_id, words=words, actor=SYSTEM, now=now)


def tell_merchant_granted(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as above
    """Text the merchant's owners that they may pick up; runs after `admission.granted`."""
    pair = pair_of(payload["admission"])
    words = Words(
        "工厂“%(factory)s”同意给您的店铺“%(shop)s”供货了，现在可以到“货源市场”看供货价、铺货。",
        {"factory": pair.factory_name, "shop": pair.merchant_name},
    )
    _tell_owners(organisation_id=pair.merchant_id, words=words, actor=SYSTEM, now=now)


def tell_merchant_refused(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as above
    """Text the merchant's owners why not; runs after `admission.refused`."""
    pair = pair_of(payload["admission"])
    words = Words(
        "工厂“%(factory)s”没有同意给您的店铺“%(shop)s”供货，原因：%(reason)s。之后可以再申请。",
        {"factory": pair.factory_name, "shop": pair.merchant_name, "reason": clause(payload["reason"])},
    )
    _tell_owners(organisation_id=pair.merchant_id, words=words, actor=SYSTEM, now=now)


def tell_merchant_ended(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as above
    """Text the merchant's owners that their offers are held, and why; runs after `admission.ended`."""
    pair = pair_of(payload["admission"])
    words = Words(
        "工厂“%(factory)s”不再给您的店铺“%(shop)s”供货，原因：%(reason)s。这家的商品已停止销售，已付款的订单照常发货。",
        {"factory": pair.factory_name, "shop": pair.merchant_name, "reason": clause(payload["reason"])},
    )
    _tell_owners(organisation_id=pair.merchant_id, words=words, actor=SYSTEM, now=now)


@operation("admission.tell_owners")
def _tell_owners(*, organisation_id: int, words: Words, actor: Actor, now: datetime) -> None:
    tell(owners_of(organisation_id), words, actor=actor, now=now)
