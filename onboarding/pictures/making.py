"""Makes of a file what is shown of it: bare, upright, in three sizes and two kinds, labelled where AI made it."""

from __future__ import annotations

import hashlib
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Final

from PIL import Image, features

from kernel.photos import undressed
from kernel.pictures import WIDTHS, Look
from onboarding.pictures.labels import DECLARED, label_in, xmp_of
from onboarding.pictures.rules import LEAST_SIDE, Made

_MARK: Final = Path(__file__).parent / "data" / "made_by_ai.png"
"""“AI 生成” on a dark ground: no font of ours has these characters."""
_SMALL: Final = 320
_SHARE: Final = {True: 0.15, False: 0.08}
"""How high the mark is, of the short side (GB 45438 asks for 5 %); of what is shown small, larger."""
_LEAST_MARK: Final = 12
_MARGIN: Final = 0.03
_SAVED: Final = {"webp": {"quality": 80, "method": 4}, "avif": {"quality": 60, "speed": 8}}


def make(data: bytes, *, picture: str, declared: bool) -> tuple[Made, dict[str, bytes]]:
    """What a file shows, and its sizes by their names (`Look.name/800.webp`); DomainError `photo.…`.

    The same file gives the same bytes. Without a library for AVIF there are the other kinds alone.
    """
    shown, notes = undressed(data, least=LEAST_SIDE)
    label = label_in(notes) or (DECLARED if declared else "")
    shown = _wide(shown, min(shown.width, max(WIDTHS)))
    look = Look(picture, "", *shown.size, bool(label))
    kinds = [kind for kind in _SAVED if features.check(kind)]
    files = {
        (size, kind): _saved(_labelled(_wide(shown, size), label), kind, label) for size in look.sizes for kind in kinds
    }
    digest = hashlib.sha256(files[look.sizes[-1], "webp"]).hexdigest()
    name = Look(picture, digest[:16], *shown.size, bool(label)).name
    made = Made(digest, *shown.size, seen_of(shown), label)
    return made, {f"{name}/{size}.{kind}": content for (size, kind), content in files.items()}


def seen_of(picture: Image.Image) -> int:
    """The look of a picture in 64 bits: which of nine by eight fields is brighter than the one to its right (dHash)."""
    fields = picture.convert("L").resize((9, 8), Image.Resampling.BOX).tobytes()
    pairs = ((fields[row * 9 + column], fields[row * 9 + column + 1]) for row in range(8) for column in range(8))
    return sum(1 << place for place, (left, right) in enumerate(pairs) if left > right)


def _wide(picture: Image.Image, width: int) -> Image.Image:
    if picture.width == width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _labelled(picture: Image.Image, label: str) -> Image.Image:
    """With the mark inside the square in its middle, which is what cards show of it."""
    if not label:
        return picture
    short = min(picture.size)
    mark = _mark()
    height = max(_LEAST_MARK, round(short * _SHARE[picture.width <= _SMALL]))
    mark = mark.resize((max(1, round(mark.width * height / mark.height)), height), Image.Resampling.LANCZOS)
    right, bottom = ((side + short) // 2 - round(short * _MARGIN) for side in picture.size)
    marked = picture.copy()
    marked.paste(mark, (right - mark.width, bottom - mark.height), mark.getchannel("A"))
    return marked


@cache
def _mark() -> Image.Image:
    with Image.open(_MARK) as opened:
        return opened.convert("RGBA")


def _saved(picture: Image.Image, kind: str, label: str) -> bytes:
    kept = BytesIO()
    told = {"xmp": xmp_of(label)} if label else {}
    picture.save(kept, kind.upper(), **_SAVED[kind], **told)
    return kept.getvalue()
