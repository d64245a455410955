"""Finds the lines of a picture and turns it until they stand upright: by a quarter, a half, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from onboarding.licences.ocr.lines import TextLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from onboarding.licences.ocr.engine import Engine, Image, Quads

SIDE: Final = 1280
"""The longer side in px at which lines are looked for: detection takes time by the pixel."""
FINE_SIDE: Final = 1792
_MOST_GROWTH: Final = 2.0
_FEW_PIXELS: Final = 13.0
"""Lines lower than this, as they are looked for, are looked for again in a larger picture."""
_SMALL_PART: Final = 0.66
_ASIDE: Final = 0.12
_ASIDE_OF_A_LONG_ONE: Final = 0.3
"""So many heights of a line beside it are cut out with it, or its full stop is lost; a label stands close to others."""
_LONG: Final = 12
_MARGIN: Final = 0.06
_SAMPLES: Final = 5
_ROTATIONS: Final = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def find_lines(image: Image, engine: Engine) -> tuple[Quads, int]:
    """The corners of all lines of the picture turned upright, and by how many degrees clockwise it has to be turned."""
    quads = _detect_closely(image, engine)
    if not len(quads):
        return quads, 0
    first = 90 if _lie_sideways(quads) else 0
    turned = turn(image, first)
    quads = turn_quads(quads, first, image.shape[:2])
    if _are_upside_down(turned, quads, engine):
        return turn_quads(quads, 180, turned.shape[:2]), first + 180
    return quads, first


def turn(image: Image, degrees: int) -> Image:
    """A picture turned clockwise by quarters."""
    return image if degrees == 0 else np.asarray(cv2.rotate(image, _ROTATIONS[degrees]), np.uint8)


def turn_quads(quads: Quads, degrees: int, size: Sequence[int]) -> Quads:
    """Corners in a picture of `(height, width)` as they are when it is turned clockwise by quarters."""
    height, width = size
    x, y = quads[..., 0], quads[..., 1]
    moved = {0: (x, y), 90: (height - y, x), 180: (width - x, height - y), 270: (y, width - x)}[degrees]
    return np.stack([_ordered(quad) for quad in np.stack(moved, axis=-1)]) if len(quads) else quads


def cut(image: Image, quad: NDArray[np.float32], *, grow: float = 0.0) -> Image:
    """One line as an upright strip; `grow` takes in so many of its heights above and below."""
    top_left, top_right, bottom_right, bottom_left = quad
    width = max(np.linalg.norm(top_right - top_left), np.linalg.norm(bottom_right - bottom_left))
    height = max(np.linalg.norm(bottom_left - top_left), np.linalg.norm(bottom_right - top_right))
    along = (top_right - top_left + bottom_right - bottom_left) / 2
    beside = float(height) * (_ASIDE_OF_A_LONG_ONE if width > _LONG * height else _ASIDE)
    aside = along / max(float(width), 1.0) * beside
    quad = quad + np.stack([-aside, aside, aside, -aside])
    width += 2 * beside
    if grow:
        down = (bottom_left - top_left + bottom_right - top_right) / 2 * grow
        quad = quad + np.stack([-down, -down, down, down])
        height *= 1 + 2 * grow
    across, tall = max(2, round(float(width))), max(2, round(float(height)))
    frame = np.array([[0, 0], [across, 0], [across, tall], [0, tall]], np.float32)
    move = cv2.getPerspectiveTransform(quad.astype(np.float32), frame)
    strip = cv2.warpPerspective(image, move, (across, tall), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(strip, np.uint8)


def text_lines(quads: Quads, read: Sequence[tuple[str, float]]) -> list[TextLine]:
    """Corners and what was read between them; what says nothing is left out."""
    corners: list[Any] = [tuple((float(x), float(y)) for x, y in quad) for quad in quads]
    return [TextLine(text, score, quad) for quad, (text, score) in zip(corners, read, strict=True) if text.strip()]


def _detect_closely(image: Image, engine: Engine) -> Quads:
    """Lines found at a glance; where they fill little of the picture or are tiny, found again at a closer look."""
    quads, scale = _detect(image, engine, SIDE)
    if not len(quads):
        return quads
    left, top, right, bottom = _part(quads, image.shape[:2])
    is_part = max(right - left, bottom - top) < _SMALL_PART * max(image.shape[:2])
    if scale < 1 and is_part:
        closer, _scale = _detect(image[top:bottom, left:right], engine, SIDE)
        return closer + np.array([left, top], np.float32) if len(closer) >= len(quads) // 2 else quads
    if scale < 1 and _usual_height(quads) * scale < _FEW_PIXELS:
        return _detect(image, engine, FINE_SIDE)[0]
    return quads


def _detect(image: Image, engine: Engine, side: int) -> tuple[Quads, float]:
    """Corners in px of the picture, and the scale at which they were looked for."""
    scale = min(_MOST_GROWTH, side / max(image.shape[:2]))
    if scale > 1 and max(image.shape[:2]) > SIDE * 0.8:
        scale = 1.0
    smaller = cv2.resize(
        image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    )
    return engine.detect(np.asarray(smaller, np.uint8)) / np.float32(scale), scale


def _part(quads: Quads, size: Sequence[int]) -> tuple[int, int, int, int]:
    """The part of the picture where lines stand, with a margin."""
    height, width = size
    low, high = quads.reshape(-1, 2).min(axis=0), quads.reshape(-1, 2).max(axis=0)
    margin = _MARGIN * float((high - low).max())
    (left, top), (right, bottom) = np.maximum(low - margin, 0), high + margin
    return int(left), int(top), min(width, int(right)), min(height, int(bottom))


def _usual_height(quads: Quads) -> float:
    sides = np.linalg.norm(quads - np.roll(quads, 1, axis=1), axis=2)
    return float(np.median(sides.min(axis=1)))


def _lie_sideways(quads: Quads) -> bool:
    """Whether the long sides of the lines run down rather than across; long lines count more."""
    along = quads[:, 1] - quads[:, 0]
    down = quads[:, 3] - quads[:, 0]
    widths, heights = np.linalg.norm(along, axis=1), np.linalg.norm(down, axis=1)
    return bool((heights - widths).sum() > 0)


def _are_upside_down(image: Image, quads: Quads, engine: Engine) -> bool:
    """Read the longest lines both ways; text upside down reads as little, and without confidence."""
    longest = np.argsort([-float(np.linalg.norm(quad[1] - quad[0])) for quad in quads])[:_SAMPLES]
    strips = [cut(image, quads[number]) for number in longest]
    flipped = [turn(strip, 180) for strip in strips]
    read = engine.read([*strips, *flipped])
    upright, overturned = read[: len(strips)], read[len(strips) :]
    return _sense(overturned) > _sense(upright)


def _sense(read: Sequence[tuple[str, float]]) -> float:
    return sum(score * score * len(text) for text, score in read)


def _ordered(quad: NDArray[np.float32]) -> NDArray[np.float32]:
    """Corners clockwise from the top left one."""
    by_x = quad[np.argsort(quad[:, 0], kind="stable")]
    left, right = by_x[:2], by_x[2:]
    left, right = left[np.argsort(left[:, 1])], right[np.argsort(right[:, 1])]
    return np.stack([left[0], right[0], right[1], left[1]])
