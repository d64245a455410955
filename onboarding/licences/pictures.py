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
        beside, above = (round((bottom - top) * margin) for margin in (_BESIDE, _ABOVE))
        width, height = picture.size
        around = (max(0, left - beside), max(0, top - above), min(width, right + beside), min(height, bottom + above))
        part = picture.crop(around)
    scale = min(max(1.0, _READABLE / part.height), _MOST_GROWTH, max(1.0, _WIDEST / part.width))
    size = (max(1, round(part.width * scale)), max(1, round(part.height * scale)))
    return _packed(part.resize(size, Image.Resampling.BICUBIC))


def _packed(picture: Image.Image) -> bytes:
    kept = BytesIO()
    picture.save(kept, "JPEG", quality=85)
    return kept.getvalue()
