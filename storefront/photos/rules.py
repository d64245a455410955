"""What is true of finding goods by a picture: when two pictures are the same, how long a question is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final, Literal

Likeness = Literal["same", "like"]

KEPT: Final = timedelta(minutes=15)
"""So long a result can be looked at again; then it is forgotten, with the small picture of what was asked."""
TRIES: Final = (12, timedelta(minutes=1))
TRIES_A_DAY: Final = (400, timedelta(days=1))
LEAST_SIDE: Final = 48
"""Below it, in px, a picture is a speck."""
LEAST_PLACES: Final = 8
"""A picture with fewer places to tell it by is a blank wall."""
MOST_PIXELS: Final = 16_000_000
"""Of a PNG or a WebP, which have to be unpacked whole while somebody waits; a JPEG is unpacked small."""
THUMB_SIDE: Final = 240
COMPARED: Final = 50
HITS: Final = 24

_LIKE: Final = ((10, 0.28), (30, 0.12))
_SAME: Final = ((20, 0.25), (60, 0.12))
"""So many places, and which share of those that both pictures show: many places need a smaller one."""


@dataclass(frozen=True, slots=True)
class Hit:
    """Goods (public id) whose picture agrees with the one asked about, in so many places."""

    listing: str
    likeness: Likeness
    places: int


def likeness(places: int, share: float) -> Likeness | None:
    """What it means that pictures agree in so many places, a share of all that both show; None says nothing alike.

    One mark on two pictures, a logo or a seal, agrees in some places, which are few of all.
    """
    if any(places >= most and share >= part for most, part in _SAME):
        return "same"
    return "like" if any(places >= most and share >= part for most, part in _LIKE) else None
