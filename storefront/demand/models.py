"""Tables of what is sought: single searches and clicks for 90 days, sums by day for good, the key of today."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, Id, Instant
from storefront.demand.rules import HOW, LONGEST, LONGEST_FILTERS


class SearchNote(Base):
    """What a visitor sought on a day, once a text, and how many `times`; what is told is of her best result.

    `visitor` means nothing beyond the day; `at` is the hour alone; `page` is the first, for turning one is no search.
    """

    __tablename__ = "search_notes"
    __table_args__ = (
        CheckConstraint("page >= 1 and hits >= 0", name="figures"),
        CheckConstraint("times >= 1", name="times"),
        CheckConstraint(f"how in {HOW}", name="how"),
        Index("ix_search_notes_day_text", "day", "text"),
        UniqueConstraint("day", "visitor", "text"),
    )

    id: Mapped[Id]
    at: Mapped[Instant]
    day: Mapped[date]
    visitor: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(String(LONGEST))
    filters: Mapped[str] = mapped_column(String(LONGEST_FILTERS))
    sort: Mapped[str] = mapped_column(String(20))
    page: Mapped[int]
    hits: Mapped[int]
    how: Mapped[str] = mapped_column(String(10))
    times: Mapped[int] = mapped_column(server_default="1")


class SearchClick(Base):
    """Goods that a visitor opened from the results of a text, once a day; `position` counts over all pages.

    It is unknown where the list no longer holds them.
    """

    __tablename__ = "search_clicks"
    __table_args__ = (
        CheckConstraint("position is null or position >= 1", name="position"),
        UniqueConstraint("day", "text", "visitor", "listing"),
        Index("ix_search_clicks_day_visitor", "day", "visitor"),
    )

    id: Mapped[Id]
    at: Mapped[Instant]
    day: Mapped[date]
    visitor: Mapped[str] = mapped_column(String(16))
    text: Mapped[str] = mapped_column(String(LONGEST))
    listing: Mapped[str] = mapped_column(String(40))
    position: Mapped[int | None]


class SearchSum(Base):
    """What is kept of a day: of all searches (`text` is empty), and of each text that several visitors sought."""

    __tablename__ = "search_sums"
    __table_args__ = (
        CheckConstraint("missed + relaxed <= searches and clicked <= people and people <= searches", name="parts"),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(String(LONGEST), primary_key=True)
    searches: Mapped[int]
    people: Mapped[int]
    missed: Mapped[int]
    relaxed: Mapped[int]
    clicked: Mapped[int]
    clicks: Mapped[int]


class SearchKey(Base):
    """What today's visitor codes are made with; deleted when the day is over."""

    __tablename__ = "search_keys"

    day: Mapped[date] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(64))
