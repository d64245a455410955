"""What a picture is told by: a few hundred places in it, found again when it is cropped, turned or made smaller.

SIFT (Lowe 2004, free of patents since 2020) sees them; what it says of each is folded into 256 bits, whose difference
is counted quickly. The folds are drawn in code, always the same: nothing is learnt from anybody's pictures. SIFT is
blind to colour, which tells the red scarf from the blue one, so the tint of each place is kept beside.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL import Image

VERSION: Final = 2
"""Of this way of looking at pictures; what was noted in another is made anew."""
LONGEST: Final = 640
MOST: Final = 400
CODE_BYTES: Final = 32
_SEEN: Final = 2_000
_CONTRAST: Final = 0.02
_FIELDS: Final = 4
"""Of so many by so many fields each has its share of the places: a crop finds some wherever it was cut."""
_SHARE: Final = MOST // (2 * _FIELDS * _FIELDS)
_SUBPIXEL: Final = 64
_HEAD: Final = struct.Struct("<HHH")
_GRAIN: Final = np.dtype([("x", "<u2"), ("y", "<u2"), ("tint", "i1", (2,)), ("code", "u1", (CODE_BYTES,))])
_GREY: Final = 128
_LEAST_AROUND: Final = 3.0
"""Px around a place over which its tint is taken, or as far as it was seen: so a crop shows the same tint."""
_DIMENSIONS: Final = 128
_SEED: Final = 20_261_123


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Places (x, y in px of a picture `width` by `height`), what each looks like, in 256 bits, and its tint.

    A tint is how far a colour lies from grey, towards red and towards yellow (a and b of CIELAB).
    """

    width: int
    height: int
    places: NDArray[np.float32]
    tints: NDArray[np.int8]
    codes: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.places)

    def packed(self) -> bytes:
        """As they are kept: 38 bytes a place."""
        grains = np.zeros(len(self), _GRAIN)
        grains["x"], grains["y"] = np.rint(self.places * _SUBPIXEL).T
        grains["tint"], grains["code"] = self.tints, self.codes
        return _HEAD.pack(self.width, self.height, len(self)) + grains.tobytes()


def unpacked(kept: bytes) -> Features:
    """What `packed` made."""
    width, height, count = _HEAD.unpack_from(kept)
    grains = np.frombuffer(kept, _GRAIN, count, _HEAD.size)
    places = np.stack([grains["x"], grains["y"]], axis=1).astype(np.float32) / np.float32(_SUBPIXEL)
    return Features(width, height, places, grains["tint"].copy(), np.ascontiguousarray(grains["code"]))


def features_of(picture: Image.Image) -> Features:
    """The clearest places of every part of a picture; the same picture gives the same."""
    grey, colours = (_bounded(np.asarray(picture.convert(mode))) for mode in ("L", "RGB"))
    height, width = grey.shape
    seen, told = _sift().detectAndCompute(grey, None)
    if told is None or not len(seen):
        nothing = np.zeros((0, 2), np.float32)
        return Features(width, height, nothing, nothing.astype(np.int8), np.zeros((0, CODE_BYTES), np.uint8))
    places = np.array([one.pt for one in seen], np.float32).clip(0)
    chosen = _spread(places, np.array([one.response for one in seen]), (width, height))
    codes = np.packbits(_rooted(told[chosen]) @ _folds() > 0, axis=1)
    sizes = np.array([one.size for one in seen], np.float32)[chosen]
    return Features(width, height, places[chosen], _tints(colours, places[chosen], sizes), codes)


def _bounded(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    scale = LONGEST / max(picture.shape)
    if scale >= 1:
        return picture
    height, width = (max(1, round(side * scale)) for side in picture.shape[:2])
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _sift() -> Any:  # noqa: ANN401  the types of this library know nothing of it
    return cv2.SIFT_create(nfeatures=_SEEN, contrastThreshold=_CONTRAST)  # type: ignore[attr-defined]


def _spread(places: NDArray[np.float32], clear: NDArray[np.float64], size: tuple[int, int]) -> NDArray[np.intp]:
    """Which places to keep: of every field the clearest, up to its share, then the clearest of the rest."""
    order = np.argsort(-clear, kind="stable")
    across = np.minimum((places[order] * _FIELDS / np.array(size)).astype(int), _FIELDS - 1)
    field = across[:, 0] * _FIELDS + across[:, 1]
    beyond = np.zeros(len(order), bool)
    for one in range(_FIELDS * _FIELDS):
        beyond[np.flatnonzero(field == one)[_SHARE:]] = True
    return order[np.argsort(beyond, kind="stable")[:MOST]]


def _tints(colours: NDArray[np.uint8], places: NDArray[np.float32], sizes: NDArray[np.float32]) -> NDArray[np.int8]:
    """The mean tint around each place of a picture in RGB, as far around as the place is large (px across)."""
    sums = cv2.integral(cv2.cvtColor(colours, cv2.COLOR_RGB2LAB)[..., 1:].copy())
    most = np.array(sums.shape[1::-1]) - 1
    around = np.maximum(sizes / 2, np.float32(_LEAST_AROUND))[:, None]
    left, top = np.floor(places - around).astype(int).clip(0, most - 1).T
    right, foot = np.ceil(places + around).astype(int).clip(1, most).T
    whole = sums[foot, right] - sums[top, right] - sums[foot, left] + sums[top, left]
    mean = np.rint(whole / ((right - left) * (foot - top))[:, None])
    return np.asarray(mean - _GREY, np.int8)


def _rooted(told: NDArray[np.float32]) -> NDArray[np.float32]:
    """RootSIFT (Arandjelović and Zisserman 2012): roots of shares, in which no single direction drowns the rest."""
    rooted = np.sqrt(told / np.maximum(told.sum(axis=1, keepdims=True), np.float32(1e-7)))
    centred: NDArray[np.float32] = rooted - rooted.mean(axis=1, keepdims=True)
    return centred


@cache
def _folds() -> NDArray[np.float32]:
    """Two turns of the space, drawn at random once for all: the side on which a place falls is a bit of its code."""
    # The numbers of this old generator never change, those of newer ones may.
    dice = np.random.RandomState(_SEED)
    turns = [np.linalg.qr(dice.standard_normal((_DIMENSIONS, _DIMENSIONS)))[0] for _ in range(2)]
    return np.concatenate(turns, axis=1).astype(np.float32)
