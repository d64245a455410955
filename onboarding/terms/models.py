"""The table of what factories promise."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, Ref
from onboarding.terms.rules import MOST_DAYS, RETURNS


class ShopTerms(Base):
    """What a factory promises with its goods; one row per organisation. Freight is the factory's, for all today."""

    __tablename__ = "shop_terms"
    __table_args__ = (
        CheckConstraint(f"lead_days between 1 and {MOST_DAYS}", name="lead_days"),
        CheckConstraint(f"returns in {RETURNS}", name="returns"),
        CheckConstraint("free_shipping", name="free_shipping"),
    )

    id: Mapped[Id]
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), unique=True)
    lead_days: Mapped[int]
    returns: Mapped[str] = mapped_column(String(20))
    free_shipping: Mapped[bool]
    said_at: Mapped[Instant]
