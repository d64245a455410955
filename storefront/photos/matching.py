"""Whether two pictures show the same: places that look alike, lying to one another as they do in the other picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import cv2
import numpy as np

from storefront.photos.rules import HITS, Agreement, Hit, likeness

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from storefront.photos.features import Features

    Move = NDArray[np.floating[Any] | np.integer[Any]]
    """A turn, a scale and a shift, as OpenCV writes them: 2 rows of 3."""

_APART: Final = 80
"""Of 256 bits two views of one place differ in no more; two places of any pictures in about 100."""
_RATIO: Final = 0.85
"""The second best must be clearly worse (Lowe 2004): a stripe among stripes tells nothing."""
_OFF_PX: Final = 6.0
_LEAST: Final = 5
_SCALES: Final = (0.2, 5.0)
_SAME_PX: Final = 3
_PALER: Final = (0.5, 2.0)
"""By so much all tints of a picture may be paler or stronger: more light, another camera, a worse copy."""
_TINT_OFF: Final = 10.0
"""Two tints may lie so far apart (in CIELAB) and pass for one."""
_MIDDLE: Final = (0.25, 0.75)
_LEAST_MIDDLE: Final = 6
"""With fewer places the middle of a picture is a plain thing, which tells nothing."""
_RICH_MIDDLE: Final = 12
"""Where one picture shows so many there and the other one none of them, it is not the same thing."""
NONE: Final = Agreement(0, 0.0, None, 0.0)


def agreeing(asked: Features, pictures: Iterable[tuple[str, Features]]) -> list[Hit]:
    """Which goods, given with each of their pictures, agree with a picture; each once, the most agreeing first."""
    best: dict[str, Hit] = {}
    for listing, kept in pictures:
        agreed = compare(asked, kept)
        what = likeness(agreed)
        hit = Hit(listing, what, agreed.of_one_colour) if what else None
        if hit and (listing not in best or _order(hit) < _order(best[listing])):
            best[listing] = hit
    return sorted(best.values(), key=_order)[:HITS]


def _order(hit: Hit) -> tuple[bool, int, str]:
    return hit.likeness != "same", -hit.places, hit.listing


def compare(asked: Features, kept: Features) -> Agreement:
    """How far two pictures agree when one is turned, moved and made larger or smaller; always the same answer."""
    if min(len(asked), len(kept)) < _LEAST:
        return NONE
    ours, theirs = _pairs(asked, kept)
    if len(ours) < _LEAST:
        return NONE
    here, there = asked.places[ours], kept.places[theirs]
    moved, fits = cv2.estimateAffinePartial2D(here, there, method=cv2.RANSAC, ransacReprojThreshold=_OFF_PX)
    if moved is None or not _SCALES[0] < np.hypot(moved[0, 0], moved[1, 0]) < _SCALES[1]:
        return NONE
    fit = fits.ravel() > 0
    places = min(_distinct(here[fit]), _distinct(there[fit]))
    back = cv2.invertAffineTransform(moved)
    shown = min(_inside(asked, moved, kept), _inside(kept, back, asked))
    tinted = _tinted(asked.tints[ours[fit]], kept.tints[theirs[fit]])
    return Agreement(places, places / max(1, shown), _middle(asked, moved, kept, there[fit]), tinted)


def _pairs(asked: Features, kept: Features) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Which places of both look alike, each at most once."""
    bits, which = cv2.batchDistance(asked.codes, kept.codes, cv2.CV_32S, normType=cv2.NORM_HAMMING, K=2)
    told = np.flatnonzero((bits[:, 0] <= _APART) & (bits[:, 0] < _RATIO * bits[:, 1]))
    told = told[np.argsort(bits[told, 0], kind="stable")]
    _names, first = np.unique(which[told, 0], return_index=True)
    told = told[np.sort(first)]
    return told, which[told, 0]


def _distinct(places: NDArray[np.float32]) -> int:
    """SIFT may see one place twice, each time turned otherwise."""
    return len(np.unique(np.rint(places / _SAME_PX).astype(np.int32), axis=0))


def _inside(these: Features, moved: Move, other: Features) -> int:
    """How many places of a picture lie within the frame of the other one, once they are moved there."""
    places = _moved(these.places, moved)
    return int(((places >= 0) & (places <= (other.width, other.height))).all(axis=1).sum())


def _tinted(here: NDArray[np.int8], there: NDArray[np.int8]) -> float:
    """In which share of places the tints agree, once one picture is made as strong or pale as the other."""
    ours, theirs = here.astype(np.float32), there.astype(np.float32)
    strength = (ours * theirs).sum() / max(1.0, float((ours * ours).sum()))
    apart = np.hypot(*(ours * np.clip(strength, *_PALER) - theirs).T)
    return float((apart <= _TINT_OFF).mean())


def _middle(asked: Features, moved: Move, kept: Features, fitting: NDArray[np.float32]) -> float | None:
    """Which share of the places in the middle of what both pictures show agrees; None where there are too few."""
    corners = np.array([(x, y) for x in (0, asked.width) for y in (0, asked.height)])
    size = np.array((kept.width, kept.height))
    seen = _moved(corners, moved).clip(0, size)
    low, high = (seen.min(axis=0) * one + seen.max(axis=0) * (1 - one) for one in _MIDDLE[::-1])
    ours, theirs, both = (
        int(((places >= low) & (places <= high)).all(axis=1).sum())
        for places in (_moved(asked.places, moved), kept.places, fitting)
    )
    if min(ours, theirs) >= _LEAST_MIDDLE:
        return both / min(ours, theirs)
    rich = max(theirs, ours * abs(np.linalg.det(moved[:, :2])))  # of a part made large more is seen
    return None if both or rich < _RICH_MIDDLE else 0.0


def _moved(places: NDArray[Any], moved: Move) -> NDArray[np.floating[Any]]:
    """Where places of one picture lie in the other."""
    return np.asarray(places @ moved[:, :2].T + moved[:, 2])
