"""Whether two pictures show the same: places that look alike, lying to one another as they do in the other picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from storefront.photos.rules import HITS, Hit, likeness

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from storefront.photos.features import Features

_APART: Final = 80
"""Of 256 bits two views of one place differ in no more; two places of any pictures in about 100."""
_RATIO: Final = 0.85
"""The second best must be clearly worse (Lowe 2004): a stripe among stripes tells nothing."""
_OFF_PX: Final = 6.0
_LEAST: Final = 5
_SCALES: Final = (0.2, 5.0)
_SAME_PX: Final = 3


@dataclass(frozen=True, slots=True)
class Agreement:
    """How many places of two pictures agree, and which share that is of those that both pictures show (0 to 1)."""

    places: int
    share: float


NONE: Final = Agreement(0, 0.0)


def agreeing(asked: Features, pictures: Iterable[tuple[str, Features]]) -> list[Hit]:
    """Which goods, given with each of their pictures, agree with a picture; each once, the most agreeing first."""
    best: dict[str, Hit] = {}
    for listing, kept in pictures:
        agreed = compare(asked, kept)
        what = likeness(agreed.places, agreed.share)
        if what and (listing not in best or best[listing].places < agreed.places):
            best[listing] = Hit(listing, what, agreed.places)
    return sorted(best.values(), key=lambda hit: (hit.likeness != "same", -hit.places, hit.listing))[:HITS]


def compare(asked: Features, kept: Features) -> Agreement:
    """How far two pictures agree when one is turned, moved and made larger or smaller; always the same answer."""
    if min(len(asked), len(kept)) < _LEAST:
        return NONE
    here, there = _pairs(asked, kept)
    if len(here) < _LEAST:
        return NONE
    moved, fits = cv2.estimateAffinePartial2D(here, there, method=cv2.RANSAC, ransacReprojThreshold=_OFF_PX)
    if moved is None or not _SCALES[0] < np.hypot(moved[0, 0], moved[1, 0]) < _SCALES[1]:
        return NONE
    fit = fits.ravel() > 0
    places = min(_distinct(here[fit]), _distinct(there[fit]))
    back = cv2.invertAffineTransform(moved)
    shown = min(_inside(asked, moved, kept), _inside(kept, back, asked))
    return Agreement(places, places / max(1, shown))


def _pairs(asked: Features, kept: Features) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The places of both that look alike, each at most once."""
    bits, which = cv2.batchDistance(asked.codes, kept.codes, cv2.CV_32S, normType=cv2.NORM_HAMMING, K=2)
    told = np.flatnonzero((bits[:, 0] <= _APART) & (bits[:, 0] < _RATIO * bits[:, 1]))
    told = told[np.argsort(bits[told, 0], kind="stable")]
    _names, first = np.unique(which[told, 0], return_index=True)
    told = told[np.sort(first)]
    return asked.places[told], kept.places[which[told, 0]]


def _distinct(places: NDArray[np.float32]) -> int:
    """SIFT may see one place twice, each time turned otherwise."""
    return len(np.unique(np.rint(places / _SAME_PX).astype(np.int32), axis=0))


def _inside(these: Features, moved: NDArray[np.floating[Any] | np.integer[Any]], other: Features) -> int:
    """How many places of a picture lie within the frame of the other one, once they are moved there."""
    places = these.places @ moved[:, :2].T + moved[:, 2]
    return int(((places >= 0) & (places <= (other.width, other.height))).all(axis=1).sum())
