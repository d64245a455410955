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
_TINTED: Final = (20, 0.05)
"""The same where the colours agree too, as they do under a watermark and hardly ever by chance."""
_LIKE_TINTS, _SAME_TINTS = 0.8, 0.4
"""In which share of these places they do: goods in another colour agree in less than a fifth."""
_LIKE_MIDDLE, _SAME_MIDDLE = 0.04, 0.2


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many places of two pictures agree, and which share that is of those that both show (0 to 1).

    `middle` is the share in the middle of what both show, where the goods are; None where too little is to be seen
    there. `tinted` says in which share of the agreeing places the colours do.
    """

    places: int
    share: float
    middle: float | None
    tinted: float

    @property
    def of_one_colour(self) -> int:
        """In how many places they agree in colour, too."""
        return round(self.places * self.tinted)


@dataclass(frozen=True, slots=True)
class Hit:
    """Goods (public id) whose picture agrees with the one asked about, in so many places of one colour."""

    listing: str
    likeness: Likeness
    places: int


def likeness(agreed: Agreement) -> Likeness | None:
    """What it means that pictures agree so far; None says nothing alike.

    One mark on two pictures, a logo or a seal, agrees in some places, which are few of all. The bands and badges that a
    shop puts on every picture agree in many, but not in the middle. The same in another colour is not the same.
    """
    if agreed.middle is not None and agreed.middle < _LIKE_MIDDLE:
        return None
    told = agreed.middle is not None and agreed.middle >= _SAME_MIDDLE and agreed.tinted >= _SAME_TINTS
    if told and any(_reaches(agreed, *least) for least in _SAME):
        return "same"
    enough = [*_LIKE, _TINTED] if agreed.middle and agreed.tinted >= _LIKE_TINTS else _LIKE
    return "like" if any(_reaches(agreed, *least) for least in enough) else None


def _reaches(agreed: Agreement, places: int, share: float) -> bool:
    return agreed.places >= places and agreed.share >= share
