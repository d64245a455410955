"""What the worker does for parcels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.audit import operation
from kernel.permissions import SYSTEM
from kernel.wording import Words
from onboarding.accounts.operations import tell
from storefront.orders.queries import consignee_of, parties_of
from storefront.shipments.queries import parcel_of

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor
    from kernel.ports import Ports


def tell_buyer_shipped(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  inside the job
    """Text the consignee that the parcel is on its way; runs after `order.shipped`."""
    _tell(order=payload["order"], shipment=payload["shipment"], actor=SYSTEM, now=now)


@operation("shipment.tell_buyer")
def _tell(*, order: str, shipment: str, actor: Actor, now: datetime) -> None:
    parcel, parties = parcel_of(shipment), parties_of(order)
    words = Words(
        "%(shop)s 已发出您的订单 %(number)s，%(carrier)s 单号 %(tracking)s。",
        {
            "shop": parties.seller_name,
            "number": parties.number,
            "carrier": parcel.carrier,
            "tracking": parcel.tracking,
        },
    )
    tell([consignee_of(order)], words, actor=actor, now=now)
