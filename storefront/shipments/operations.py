"""What can be done with parcels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert

from kernel.audit import note, operation
from kernel.db import session
from kernel.ids import public_id
from storefront.orders.operations import mark_shipped
from storefront.shipments.models import Shipment
from storefront.shipments.rules import tracking_number

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.permissions import Actor


@operation("shipment.ship")
def ship(*, actor: Actor, order: str, carrier: str, tracking: str, now: datetime) -> str:
    """Hand a paid order's parcel to a carrier, by who ships it; returns the parcel's public id.

    NotFoundError for strangers, InvalidInputError on `carrier` or `tracking`, `order.state` when it is shipped already.
    """
    parcel = public_id("shp")
    order_id, organisation_id = mark_shipped(actor=actor, order=order, shipment=parcel, now=now)
    values = {
        "public_id": parcel,
        "order_id": order_id,
        "organisation_id": organisation_id,
        "carrier": carrier,
        "tracking": tracking_number(carrier, tracking),
        "shipped_at": now,
    }
    session().execute(insert(Shipment).values(values))
    note(f"shipment:{parcel}", after={"order": order, "carrier": carrier})
    return parcel
