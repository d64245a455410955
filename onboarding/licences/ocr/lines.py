"""Read lines with their places, and the page they stand on made flat: rows level, whatever the camera did."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from onboarding.licences.ocr.reading import Box

Point = tuple[float, float]
Quad = tuple[Point, Point, Point, Point]

_LONG: Final = 3.0
"""How many times its height a line is wide when its slope says something."""
_ODD_SLOPE: Final = 0.05
_ENOUGH: Final = 5


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line as it was read: confidence 0 to 1, corners clockwise from top left, in px of the upright picture."""

    text: str
    score: float
    quad: Quad

    @property
    def box(self) -> Box:
        """The upright rectangle around it."""
        across, down = [x for x, _y in self.quad], [y for _x, y in self.quad]
        return int(min(across)), int(min(down)), int(max(across)) + 1, int(max(down)) + 1


@dataclass(frozen=True, slots=True)
class Placed:
    """A line on the flat page: where it begins and ends, and its middle down the page, in heights of a usual line."""

    line: TextLine
    left: float
    right: float
    middle: float
    height: float

    @property
    def text(self) -> str:
        """What it says."""
        return self.line.text


def flatten(lines: Sequence[TextLine]) -> list[Placed]:
    """The lines on a flat page, from top to bottom.

    The slope of long lines is fitted as a plane over the page: its constant is a tilt, its change down the page a
    perspective, its change across the page a bend of the paper.
    """
    if not lines:
        return []
    corners = np.array([line.quad for line in lines], dtype=float)
    centre = corners.reshape(-1, 2).mean(axis=0)
    corners = _levelled(corners - centre)
    plane = _slopes(corners)
    heights = _sides(corners)[1]
    unit = float(median(heights)) or 1.0
    placed = [
        _placed(line, quad, plane, unit, height) for line, quad, height in zip(lines, corners, heights, strict=True)
    ]
    return sorted(placed, key=lambda one: (one.middle, one.left))


def _levelled(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turned by the usual slope of its long lines."""
    wide = _are_long(corners)
    along = _along(corners)
    slopes = np.arctan2(along[wide, 1], along[wide, 0]) if wide.any() else np.zeros(1)
    angle = -float(np.median(slopes))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    turned: NDArray[np.float64] = corners @ turn.T
    return turned


def _slopes(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """Constant, change across and change down of the slope; zeros when too few lines tell."""
    wide = _are_long(corners)
    along, middles = _along(corners)[wide], corners[wide].mean(axis=1)
    slopes = along[:, 1] / np.maximum(along[:, 0], 1e-6)
    plane = np.zeros(3)
    trusted = np.abs(slopes) < 2 * _ODD_SLOPE
    for _round in range(2):
        if trusted.sum() < _ENOUGH:
            return plane
        told = np.column_stack([np.ones(len(middles)), middles])
        weight = np.sqrt(along[:, 0]) * trusted
        plane = np.linalg.lstsq(told * weight[:, None], slopes * weight, rcond=None)[0]
        trusted &= np.abs(told @ plane - slopes) < _ODD_SLOPE / 2
    return plane


def _placed(
    line: TextLine, quad: NDArray[np.float64], plane: NDArray[np.float64], unit: float, height: float
) -> Placed:
    left, right = (quad[0] + quad[3]) / 2, (quad[1] + quad[2]) / 2
    x, y = quad.mean(axis=0)
    fall = plane[0] * x + plane[1] * x * x / 2 + plane[2] * x * y
    return Placed(line, float(left[0]) / unit, float(right[0]) / unit, float(y - fall) / unit, float(height) / unit)


def _are_long(corners: NDArray[np.float64]) -> NDArray[np.bool_]:
    widths, heights = _sides(corners)
    long: NDArray[np.bool_] = widths > _LONG * heights
    return long


def _sides(corners: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Widths and heights."""
    widths = np.linalg.norm(corners[:, 1] - corners[:, 0], axis=1)
    heights = np.linalg.norm(corners[:, 3] - corners[:, 0], axis=1)
    return widths, heights


def _along(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """From the left side's middle to the right side's."""
    along: NDArray[np.float64] = (corners[:, 1] + corners[:, 2] - corners[:, 0] - corners[:, 3]) / 2
    return along
