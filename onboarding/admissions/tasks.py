"""What the worker does for admissions: tell the other side.

In Chinese, the language of authored content: the worker knows no reader's language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.audit import operation
from kernel.notify import send_message
from kernel.permissions import SYSTEM
from onboarding.accounts.queries import owners_of
from onboarding.admissions.queries import pair_of

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from kernel.ports import Ports


def tell_factory_asked(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """Text the factory's owners who would like to sell their goods; runs after `admission.asked`."""
    pair = pair_of(payload["admission"])
    said = f"，留言：“{pair.words}”" if pair.words else ""
    text = f"商家“{pair.merchant_name}”申请铺您的货{said}。请到“合作商家”里答复。"
    _tell_owners(organisation_id=pair.factory_id, text=text, actor=SYSTEM, now=now)


def tell_merchant_granted(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as above
    """Text the merchant's owners that they may pick up; runs after `admission.granted`."""
    pair = pair_of(payload["admission"])
    text = f"工厂“{pair.factory_name}”同意给您的店铺“{pair.merchant_name}”供货了，现在可以到“货源市场”看供货价、铺货。"
    _tell_owners(organisation_id=pair.merchant_id, text=text, actor=SYSTEM, now=now)


def tell_merchant_refused(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as above
    """Text the merchant's owners why not; runs after `admission.refused`."""
    pair = pair_of(payload["admission"])
    text = (
        f"工厂“{pair.factory_name}”没有同意给您的店铺“{pair.merchant_name}”供货，"
        f"原因：{payload['reason']}。之后可以再申请。"
    )
    _tell_owners(organisation_id=pair.merchant_id, text=text, actor=SYSTEM, now=now)


def tell_merchant_ended(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as above
    """Text the merchant's owners that their offers are held, and why; runs after `admission.ended`."""
    pair = pair_of(payload["admission"])
    text = (
        f"工厂“{pair.factory_name}”不再给您的店铺“{pair.merchant_name}”供货，原因：{payload['reason']}。"
        "这家的商品已停止销售，已付款的订单照常发货。"
    )
    _tell_owners(organisation_id=pair.merchant_id, text=text, actor=SYSTEM, now=now)


@operation("admission.tell_owners")
def _tell_owners(*, organisation_id: int, text: str, actor: Actor, now: datetime) -> None:
    for owner in owners_of(organisation_id):
        send_message(channel="sms", recipient=owner.phone, text=text, actor=actor, now=now)
