"""The table of parcels."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref
from storefront.shipments.rules import CARRIERS

_CODES = ", ".join(f"'{code}'" for code in CARRIERS)


class Shipment(Base):
    """One parcel of one order; a carrier's number may serve several orders packed together."""

    __tablename__ = "shipments"
    __table_args__ = (
        UniqueConstraint("order_id", "carrier", "tracking"),
        CheckConstraint(f"carrier in ({_CODES})", name="carrier"),
        CheckConstraint("length(tracking) between 8 and 24", name="tracking"),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    order_id: Mapped[Ref] = mapped_column(ForeignKey("orders.id"))
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    carrier: Mapped[str] = mapped_column(String(10))
    tracking: Mapped[str] = mapped_column(String(24))
    shipped_at: Mapped[Instant]
