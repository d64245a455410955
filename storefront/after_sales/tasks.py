"""What the worker does for refunds: tell the side whose turn it is.

A text to a shopper names no factory, a text to a factory no sum.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.audit import operation
from kernel.i18n import gettext as _
from kernel.i18n import yuan
from kernel.notify import send_message
from kernel.permissions import SYSTEM
from onboarding.accounts.queries import actor_of, owners_of, phone_of
from storefront.after_sales.queries import claim_of, refund_of

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


@operation("refund.tell_seller")
def _tell_seller(*, refund: str, actor: Actor, now: datetime) -> None:
    claim, row = claim_of(refund), refund_of(refund)
    text = _("订单 %(number)s 的买家申请退款 ¥%(sum)s，请到订单里处理。", number=claim.number, sum=yuan(row.goods_fen))
    _text_owners(claim.seller_id, text, actor, now)


@operation("refund.tell_agreed")
def _tell_agreed(*, refund: str, actor: Actor, now: datetime) -> None:
    claim, row = claim_of(refund), refund_of(refund)
    to_buyer = _(
        "卖家同意了订单 %(number)s 的退款。请按包裹面单上的寄件地址把货退回，收到后退款给您。", number=claim.number
    )
    _text_buyer(claim.buyer, to_buyer, actor, now)
    pieces = sum(line.quantity for line in row.lines)
    to_shipper = _(
        "订单 %(number)s 有 %(pieces)s 件退货要寄回。收到、看过货后，请到订单里确认收到退货。",
        number=claim.number,
        pieces=pieces,
    )
    _text_owners(claim.shipper_id, to_shipper, actor, now)


@operation("refund.tell_refused")
def _tell_refused(*, refund: str, actor: Actor, now: datetime) -> None:
    claim, row = claim_of(refund), refund_of(refund)
    text = _("卖家没有同意订单 %(number)s 的退款：%(answer)s", number=claim.number, answer=row.answer)
    _text_buyer(claim.buyer, text, actor, now)


@operation("refund.tell_refunded")
def _tell_refunded(*, refund: str, actor: Actor, now: datetime) -> None:
    claim, row = claim_of(refund), refund_of(refund)
    text = _(
        "订单 %(number)s 退款 ¥%(sum)s 已受理，会按原来的付款方式退给您。",
        number=claim.number,
        sum=yuan(row.goods_fen),
    )
    _text_buyer(claim.buyer, text, actor, now)


def _text_owners(organisation_id: int, text: str, actor: Actor, now: datetime) -> None:
    for owner in owners_of(organisation_id):
        send_message(channel="sms", recipient=owner.phone, text=text, actor=actor, now=now)


def _text_buyer(buyer: str, text: str, actor: Actor, now: datetime) -> None:
    send_message(channel="sms", recipient=phone_of(actor_of(buyer)), text=text, actor=actor, now=now)
