"""How long a parcel is under way between two provinces, and when goods that are paid now arrive.

The table is ours and stands below in full: same province, neighbour, further, and places that carriers name apart. It
follows what the postal authority tests couriers against, three days between cities of different provinces, counted
from the carrier's hands, with remote regions told apart; a factory's own lead days come before it. It is an estimate
and said as one. Provinces are codes of GB/T 2260, two digits.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Final

from onboarding.belts.rules import PROVINCES, TILES

NEIGHBOURS: Final = {
    "11": "12 13",
    "12": "11 13",
    "13": "11 12 14 15 21 37 41",
    "14": "13 15 41 61",
    "15": "13 14 21 22 23 61 62 64",
    "21": "13 15 22",
    "22": "15 21 23",
    "23": "15 22",
    "31": "32 33",
    "32": "31 33 34 37",
    "33": "31 32 34 35 36",
    "34": "32 33 36 37 41 42",
    "35": "33 36 44",
    "36": "33 34 35 42 43 44",
    "37": "13 32 34 41",
    "41": "13 14 34 37 42 61",
    "42": "34 36 41 43 50 61",
    "43": "36 42 44 45 50 52",
    "44": "35 36 43 45 46",
    "45": "43 44 52 53",
    "46": "44",
    "50": "42 43 51 52 61",
    "51": "50 52 53 54 61 62 63",
    "52": "43 45 50 51 53",
    "53": "45 51 52 54",
    "54": "51 53 63 65",
    "61": "14 15 41 42 50 51 62 64",
    "62": "15 51 61 63 64 65",
    "63": "51 54 62 65",
    "64": "15 61 62",
    "65": "54 62 63",
}
"""Which provinces touch; 广东 and 海南 across the strait, for parcels take the ferry."""
REMOTE: Final = frozenset({"15", "46", "54", "62", "63", "64", "65"})
"""What carriers' lists name apart: 内蒙古 海南 西藏 甘肃 青海 宁夏 新疆."""
FARTHEST: Final = frozenset({"54", "65"})
"""西藏 and 新疆, to which most parcels go by road for days."""
DESTINATIONS: Final = {code: name for code, name in PROVINCES.items() if code in NEIGHBOURS}
"""Where orders can be sent: what lies behind customs, 台湾 香港 澳门, no checkout takes."""

_CODES: Final = {name: code for code, name in PROVINCES.items()}


@dataclass(frozen=True, slots=True)
class Days:
    """From so many days to so many."""

    least: int
    most: int

    def after(self, lead_days: int) -> Days:
        """The same counted from the payment of goods that ship within so many days: at the soonest they go at once."""
        return Days(self.least, self.most + lead_days)


SAME: Final = Days(1, 2)
NEAR: Final = Days(2, 3)
FAR: Final = Days(3, 4)
OUTLYING: Final = Days(4, 6)
LAST: Final = Days(5, 8)


def transit(start: str, end: str) -> Days:
    """How long a carrier takes between two provinces (codes); the way there is as long as the way back."""
    if start == end:
        return SAME
    if end in NEIGHBOURS.get(start, "").split():
        return NEAR if not {start, end} & FARTHEST else OUTLYING
    if {start, end} & FARTHEST:
        return LAST
    return OUTLYING if {start, end} & REMOTE else FAR


def code_of(province: str) -> str:
    """The code of a province in full, `浙江省`; empty for what is none."""
    return _CODES.get(province, "")


@cache
def destinations(language: str) -> tuple[tuple[str, str], ...]:
    """Code and name of every province that parcels are sent to."""
    named = ((code, TILES[name]) for code, name in DESTINATIONS.items())
    return tuple((code, tile.short if language == "zh" else tile.english) for code, tile in named)
