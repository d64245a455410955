"""Reads a licence in a photograph: find its lines, turn it upright, read them, read doubtful ones again, extract."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

from kernel.errors import DomainError
from onboarding.licences.ocr.codes import find, runs
from onboarding.licences.ocr.engine import engine
from onboarding.licences.ocr.extract import extract
from onboarding.licences.ocr.labels import label_of
from onboarding.licences.ocr.quality import picture_warnings
from onboarding.licences.ocr.reading import LicenceReading
from onboarding.licences.ocr.upright import cut, find_lines, text_lines, turn

if TYPE_CHECKING:
    from datetime import date

    from onboarding.licences.ocr.engine import Image, Quads

MOST_LINES: Final = 120
"""No licence has so many; a page of a newspaper would keep the worker for a minute."""
_DOUBTFUL: Final = 0.9
_SPARSE: Final = 0.6
_USUAL_WIDTH: Final = 0.8
_SHARPER: Final = np.array([[0, -1, 0], [-1, 5, -1], [0, -1, 0]], np.float32)


def read_licence(jpeg: bytes, *, today: date | None = None) -> LicenceReading:
    """What a photograph of a licence says; with `today` also whether the licence has expired.

    Raises `photo.broken` when the bytes are no picture.
    """
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise DomainError("photo.broken")
    picture = np.asarray(image, np.uint8)
    quads, turned = find_lines(picture, engine())
    picture = turn(picture, turned)
    quads = quads[:MOST_LINES]
    strips = [cut(picture, quad) for quad in quads]
    lines = text_lines(quads, _read(picture, quads, strips))
    found = extract(lines)
    warnings = list(found.warnings)
    if found.is_licence:
        warnings += picture_warnings(strips)
        expires = found.fields.get("expires_on")
        warnings += ["expired"] if expires and today and "" < expires.value < today.isoformat() else []
    return LicenceReading(found.is_licence, dict(found.fields), tuple(warnings), turned % 360)


def _read(picture: Image, quads: Quads, strips: list[Image]) -> list[tuple[str, float]]:
    """Every line; those read without confidence, and a code that fails its checks, are looked at twice more."""
    read = engine().read(strips)
    again = [place for place, (text, score) in enumerate(read) if _is_doubtful(text, score, strips[place])]
    closer = [cut(picture, quads[place], grow=0.12) for place in again]
    sharper = [_sharpened(strip) for strip in closer]
    others = engine().read([*closer, *sharper])
    for number, place in enumerate(again):
        read[place] = _best([read[place], others[number], others[number + len(again)]], strips[place])
    return read


def _is_doubtful(text: str, score: float, strip: Image) -> bool:
    if score < _DOUBTFUL or (runs(text) and not _holds(text)):
        return True
    return label_of(text) is None and _filled(text, strip) < _SPARSE


def _best(readings: list[tuple[str, float]], strip: Image) -> tuple[str, float]:
    """A code that holds before any other, a text that fills its line before one with gaps, then the surer."""
    return max(readings, key=lambda one: (_holds(one[0]), _filled(one[0], strip) >= _SPARSE, one[1]))


def _holds(text: str) -> bool:
    found = find([text])
    return found is not None and found[0].is_valid and not found[0].was_repaired


def _filled(text: str, strip: Image) -> float:
    """The part of a line that its characters can take: much less than the whole when some were run together."""
    height, width = strip.shape[:2]
    characters = sum(0.5 if char.isascii() else 1.0 for char in text)
    return characters * _USUAL_WIDTH * float(height) / float(width)


def _sharpened(strip: Image) -> Image:
    larger = cv2.resize(strip, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    return np.asarray(cv2.filter2D(larger, -1, _SHARPER), np.uint8)
