"""Into how many parts a picture file is cut, counted before a decoder meets them.

A few bytes can ask for hours: a JPEG may draw each of its pixels in thousands of passes, each nearly empty, and a
decoder walks through every chunk of a PNG, however many there are.
"""

from __future__ import annotations

import re
from typing import Final

from kernel.errors import DomainError

PASSES: Final = 64
"""Encoders draw in one to twenty."""
PARTS: Final = 20_000
"""Of a PNG as large as we take it, cut the way common encoders do, some five thousand."""
_EXIF_BYTES: Final = 1 << 17
"""A JPEG may spread it over many segments; cameras fill one, of 64 kB at most."""
_MARKER: Final = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # the others are data of a pass, or marks within one
_END, _PASS, _APP1, _LONE = 0xD9, 0xDA, 0xE1, 0x01


def passes_of(data: bytes, kind: str) -> int:
    """In how many passes the pixels of a file come; DomainError `photo.too_intricate` for more than anybody needs.

    `kind` is `jpeg`, `png` or `webp`. What lies behind a JPEG is not read: phones put films there.
    """
    passes = _passes_of_jpeg(data) if kind == "jpeg" else 1
    if passes > PASSES or (kind == "png" and _has_too_many_chunks(data)):
        raise DomainError("photo.too_intricate")
    return passes


def _passes_of_jpeg(data: bytes) -> int:
    at, passes, exif = 2, 0, 0
    for _part in range(PARTS):
        found = _MARKER.search(data, at)
        if found is None or data[found.end() - 1] == _END:
            return passes
        marker, at = data[found.end() - 1], found.end()
        length = int.from_bytes(data[at : at + 2], "big") if marker != _LONE else 0
        passes += marker == _PASS
        exif += length if marker == _APP1 and data[at + 2 : at + 6] == b"Exif" else 0
        at += length
        if passes > PASSES or exif > _EXIF_BYTES:
            break
    return PASSES + 1


def _has_too_many_chunks(data: bytes) -> bool:
    at = 8
    for _part in range(PARTS):
        if at >= len(data):
            return False
        at += int.from_bytes(data[at : at + 4], "big") + 12
    return True
