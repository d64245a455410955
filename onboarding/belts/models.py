"""The table of belts."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id
from onboarding.belts.rules import province_in


class Belt(Base):
    """One belt, such as 丹阳眼镜."""

    __tablename__ = "belts"

    id: Mapped[Id]
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name_zh: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(80))
    province: Mapped[str] = mapped_column(String(20), index=True)
    city: Mapped[str] = mapped_column(String(20))
    county: Mapped[str] = mapped_column(String(20))
    trade: Mapped[str] = mapped_column(String(20))
    category: Mapped[str] = mapped_column(String(20))

    @property
    def province_en(self) -> str:
        """Its province in English."""
        return province_in("en", self.province)
