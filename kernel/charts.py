"""Where the bars of a small chart stand: pure arithmetic, so that a page is drawn without a script."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

TOP, BOTTOM = 14, 124  # where the highest bar may end and all bars stand, in pixels of a frame 148 high
_LEFT, _RIGHT = 16.0, 100.0  # per cent of the width; the scale is written left of the bars
_FILLED = 0.64  # of the room of a bar
_STEPS = (1, 2, 5)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its left edge, middle and width in per cent, its upper edge and height in pixels."""

    x: float
    middle: float
    width: float
    y: float
    height: float
    value: int


@dataclass(frozen=True, slots=True)
class Bars:
    """A chart of amounts ≥ 0: bars, the lines of its scale as (pixel, amount), and how high the average is."""

    bars: Sequence[Bar]
    scale: Sequence[tuple[float, int]]
    average: int
    average_y: float


def bars_of(values: Sequence[int]) -> Bars:
    """Lay amounts out as bars, oldest first; a bar of anything is at least two pixels high, one of nothing is none.

    What is below nothing (a day that gave back more than it took) has no bar either.
    """
    top = ceiling(max(values, default=0))
    room = (_RIGHT - _LEFT) / max(len(values), 1)
    average = max(sum(values) // max(len(values), 1), 0)
    return Bars(
        bars=[_bar(_LEFT + room * place, room, value, top) for place, value in enumerate(values)],
        scale=[(_height(amount, top), amount) for amount in (top, top // 2, 0)],
        average=average,
        average_y=_height(average, top),
    )


def ceiling(value: int) -> int:
    """The next round amount at or above a value, halved without a remainder: 1, 2 or 5 and zeros, in whole yuan."""
    power = 100
    while True:
        for step in _STEPS:
            if value <= step * power:
                return step * power
        power *= 10


def _bar(left: float, room: float, value: int, top: int) -> Bar:
    height = max((BOTTOM - TOP) * value / top, 2.0) if value > 0 else 0.0
    wide = room * _FILLED
    edge = left + (room - wide) / 2
    return Bar(
        round(edge, 2), round(left + room / 2, 2), round(wide, 2), round(BOTTOM - height, 1), round(height, 1), value
    )


def _height(amount: int, top: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * amount / top, 1)
