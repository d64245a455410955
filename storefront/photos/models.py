"""The tables of what pictures look like, and of questions asked with a picture."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref


class PictureFeatures(Base):
    """What a picture of goods on sale is told by; there is none of a picture that is not shown.

    `looked` is the version of the way in which it was looked at. A picture that could not be read has no `places`.
    """

    __tablename__ = "picture_features"
    __table_args__ = (CheckConstraint("places >= 0", name="places"),)

    id: Mapped[Id]
    picture_id: Mapped[Ref] = mapped_column(ForeignKey("listing_pictures.id", ondelete="CASCADE"), unique=True)
    looked: Mapped[int] = mapped_column(SmallInteger)
    places: Mapped[int] = mapped_column(SmallInteger)
    features: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[Instant]


class PhotoSearch(Base):
    """A question asked with a picture: what it found, and a small picture of it for the page that shows this.

    Whoever has its address sees it until `expires_at`; then the row is deleted. Whose it was is not written down.
    """

    __tablename__ = "photo_searches"

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    thumb: Mapped[bytes] = mapped_column(LargeBinary)
    hits: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)
