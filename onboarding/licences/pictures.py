"""The picture of a licence as people are shown it: upright, and one field at a time, large enough to compare."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Final

from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Sequence

_CLOCKWISE: Final = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
_BESIDE: Final = 0.5
_ABOVE: Final = 0.2
"""Margins of a crop, in heights of its line; more above or below would show slices of the neighbouring lines."""
_READABLE: Final = 64
"""A crop of one line is at least so many px high, at most `_MOST_GROWTH` times its size."""
_MOST_GROWTH: Final = 4.0
_WIDEST: Final = 1200


def upright(jpeg: bytes, turned: int) -> bytes:
    """The picture turned clockwise by so many degrees, as JPEG."""
    if turned not in _CLOCKWISE:
        return jpeg
    with Image.open(BytesIO(jpeg)) as picture:
        return _packed(picture.transpose(_CLOCKWISE[turned]))


def crop(jpeg: bytes, turned: int, box: Sequence[int]) -> bytes:
    """The part around a box (left, top, right, bottom in the upright picture) with a margin, as JPEG."""
    with Image.open(BytesIO(upright(jpeg, turned))) as picture:
        left, top, right, bottom = box
        beside, above = _margins(box)
        width, height = picture.size
        around = (max(0, left - beside), max(0, top - above), min(width, right + beside), min(height, bottom + above))
        part = picture.crop(around)
    return _packed(part.resize(_readable(*part.size), Image.Resampling.BICUBIC))


def crop_size(box: Sequence[int]) -> tuple[int, int]:
    """Width and height in px of the crop of a box, before the edges of its picture take something away."""
    left, top, right, bottom = box
    beside, above = _margins(box)
    return _readable(right - left + 2 * beside, bottom - top + 2 * above)


def _margins(box: Sequence[int]) -> tuple[int, int]:
    _left, top, _right, bottom = box
    return round((bottom - top) * _BESIDE), round((bottom - top) * _ABOVE)


def _readable(width: int, height: int) -> tuple[int, int]:
    scale = min(max(1.0, _READABLE / max(1, height)), _MOST_GROWTH, max(1.0, _WIDEST / max(1, width)))
    return max(1, round(width * scale)), max(1, round(height * scale))


def _packed(picture: Image.Image) -> bytes:
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=85)
    return kept.getvalue()
