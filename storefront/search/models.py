"""The table of what was sold, by listing and day: orders tell it, the index orders by it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Ref


class SoldDay(Base):
    """How many pieces of a listing were paid on a business day, whoever sold them; days that count no longer go."""

    __tablename__ = "sold_days"
    __table_args__ = (UniqueConstraint("listing_id", "day"), CheckConstraint("pieces > 0", name="pieces"))

    id: Mapped[Id]
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"))
    day: Mapped[date] = mapped_column(Date, index=True)
    pieces: Mapped[int]
