"""What the worker does for refunds: tell the side whose turn it is.

A text to a shopper names no factory, a text to a factory no sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.audit import operation
from kernel.i18n import yuan
from kernel.permissions import SYSTEM
from kernel.wording import Words
from onboarding.accounts.operations import tell
from onboarding.accounts.queries import contact_of, owners_of
from storefront.after_sales.queries import claim_of, refund_of, sold_back
from storefront.search.operations import take_back_sales as uncount

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from kernel.ports import Ports


def tell_seller_asked(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """Text the seller of record that somebody wants a refund; runs after `refund.asked`."""
    _tell_seller(refund=payload["refund"], actor=SYSTEM, now=now)


def tell_agreed(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """Text the buyer to send the goods back, and the shipper that they come; runs after `refund.agreed`."""
    _tell_agreed(refund=payload["refund"], actor=SYSTEM, now=now)


def tell_buyer_refused(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """Text the buyer that the seller said no, and why; runs after `refund.refused`."""
    _tell_refused(refund=payload["refund"], actor=SYSTEM, now=now)


def tell_buyer_refunded(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """Text the buyer that her money is on its way; runs after `order.refunded`."""
    _tell_refunded(refund=payload["refund"], actor=SYSTEM, now=now)


def take_back_sales(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """What went back to its buyer was not sold; runs after `order.refunded`, so each refund counts once."""
    refunded, paid_on = sold_back(payload["refund"])
    uncount(refunded=refunded, paid_on=paid_on, actor=SYSTEM, now=now)


@operation("refund.tell_seller")
def _tell_seller(*, refund: str, actor: Actor, now: datetime) -> None:
    claim, row = claim_of(refund), refund_of(refund)
    told = {"number": claim.number, "sum": yuan(row.goods_fen)}
    words = Words("订单 %(number)s 的买家申请退款 ¥%(sum)s，请到订单里处理。", told)
    tell(owners_of(claim.seller_id), words, actor=actor, now=now)


@operation("refund.tell_agreed")
def _tell_agreed(*, refund: str, actor: Actor, now: datetime) -> None:
    claim, row = claim_of(refund), refund_of(refund)
    number = {"number": claim.number}
    to_buyer = Words("卖家同意了订单 %(number)s 的退款。请按包裹面单上的寄件地址把货退回，收到后退款给您。", number)
    tell([contact_of(claim.buyer)], to_buyer, actor=actor, now=now)
    to_shipper = Words(
        "订单 %(number)s 有 %(num)s 件退货要寄回。收到、看过货后，请到订单里确认收到退货。",
        number,
        count=sum(line.quantity for line in row.lines),
    )
    tell(owners_of(claim.shipper_id), to_shipper, actor=actor, now=now)


@operation("refund.tell_refused")
def _tell_refused(*, refund: str, actor: Actor, now: datetime) -> None:
    claim, row = claim_of(refund), refund_of(refund)
    words = Words("卖家没有同意订单 %(number)s 的退款：%(answer)s", {"number": claim.number, "answer": row.answer})
    tell([contact_of(claim.buyer)], words, actor=actor, now=now)


@operation("refund.tell_refunded")
def _tell_refunded(*, refund: str, actor: Actor, now: datetime) -> None:
    claim, row = claim_of(refund), refund_of(refund)
    told = {"number": claim.number, "sum": yuan(row.goods_fen)}
    words = Words("订单 %(number)s 退款 ¥%(sum)s 已受理，会按原来的付款方式退给您。", told)
    tell([contact_of(claim.buyer)], words, actor=actor, now=now)
