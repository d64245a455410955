"""The table of pictures of goods."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant, PublicId, Ref
from kernel.files import key_of
from kernel.pictures import KINDS, Look
from onboarding.listings.rules import PICTURES_CAP

_STAYS = text("state <> 'removed'")
_BANDS = tuple(f"band_{place}" for place in range(8))


class ListingPicture(Base):
    """One picture of a listing; the worker makes its sizes (`made_at`), or `refusal` says why there are none.

    `source` is the hash of the file handed in, `digest` that of what is shown; the files lie under names made of
    both. Once `shown_at` is set everybody may see it for good: orders show the goods as they were bought, unless
    these were taken down. `seen` is its look in 16 hex digits, cut into bands of 8 bits to find those alike. `label`
    is what a file said of its making; what was once `by_ai` in a factory is so whenever its `source` comes again.
    """

    __tablename__ = "listing_pictures"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'shown', 'removed')", name="state"),
        CheckConstraint(f"position between 0 and {PICTURES_CAP - 1}", name="position"),
        CheckConstraint("state <> 'shown' or (shown_at is not null and made_at is not null)", name="shown_at"),
        CheckConstraint("(made_at is null) = (digest = '')", name="made_at"),
        CheckConstraint("made_at is null or (width > 0 and height > 0)", name="sides"),
        CheckConstraint("made_at is null or refusal = ''", name="refusal"),
        CheckConstraint("label = '' or by_ai", name="label"),
        CheckConstraint("length(source) = 64", name="source"),
        Index(
            "uq_listing_pictures_source",
            "listing_id",
            "source",
            unique=True,
            sqlite_where=_STAYS,
            postgresql_where=_STAYS,
        ),
        Index("ix_listing_pictures_source", "organisation_id", "source"),
        *(Index(f"ix_listing_pictures_{band}", band) for band in _BANDS),
    )

    id: Mapped[Id]
    public_id: Mapped[PublicId]
    listing_id: Mapped[Ref] = mapped_column(ForeignKey("listings.id"), index=True)
    organisation_id: Mapped[Ref] = mapped_column(ForeignKey("organisations.id"), index=True)
    position: Mapped[int] = mapped_column(SmallInteger)
    state: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str] = mapped_column(String(500))
    source: Mapped[str] = mapped_column(String(64))
    words: Mapped[str] = mapped_column(String(120))
    by_ai: Mapped[bool] = mapped_column(Boolean(create_constraint=False))
    label: Mapped[str] = mapped_column(String(1_000))
    digest: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    seen: Mapped[str] = mapped_column(String(16))
    band_0: Mapped[int | None] = mapped_column(SmallInteger)
    band_1: Mapped[int | None] = mapped_column(SmallInteger)
    band_2: Mapped[int | None] = mapped_column(SmallInteger)
    band_3: Mapped[int | None] = mapped_column(SmallInteger)
    band_4: Mapped[int | None] = mapped_column(SmallInteger)
    band_5: Mapped[int | None] = mapped_column(SmallInteger)
    band_6: Mapped[int | None] = mapped_column(SmallInteger)
    band_7: Mapped[int | None] = mapped_column(SmallInteger)
    refusal: Mapped[str] = mapped_column(String(60))
    refusal_params: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[Instant]
    made_at: Mapped[Instant | None]
    shown_at: Mapped[Instant | None]

    @property
    def look(self) -> Look:
        """What its address tells; of one whose sizes are made."""
        return Look(self.public_id, self.digest[:16], self.width, self.height, self.by_ai)

    @property
    def address(self) -> str:
        """Where it is to be seen, empty while its sizes are not made."""
        return self.look.address if self.made_at else ""

    @property
    def file_keys(self) -> list[str]:
        """Under which keys its files lie: the one handed in, as long as there is one, and its sizes."""
        sizes = [key_of(f"{self.look.name}/{size}.{kind}") for size in self.look.sizes for kind in KINDS]
        return [key_of(self.public_id), *(sizes if self.made_at else [])]
