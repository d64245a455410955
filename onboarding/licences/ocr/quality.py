"""What is wrong with a picture itself: too dark, out of focus, too small; said so that a second try is better."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import cv2
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from onboarding.licences.ocr.engine import Image

_DARK: Final = 70
_FEW_PIXELS: Final = 15
_SOFT: Final = 0.022
_HEIGHT: Final = 32


def picture_warnings(strips: Sequence[Image]) -> list[str]:
    """Codes for the lines of a picture, each cut out as a strip."""
    if not strips:
        return []
    grey = [cv2.cvtColor(strip, cv2.COLOR_BGR2GRAY) for strip in strips]
    paper = float(np.median([np.percentile(strip, 90) for strip in grey]))
    height = float(np.median([strip.shape[0] for strip in grey]))
    wrong = {
        "dark": paper < _DARK,
        "small": height < _FEW_PIXELS,
        "blurred": float(np.median([_sharpness(strip) for strip in grey])) < _SOFT,
    }
    return [code for code, holds in wrong.items() if holds]


def _sharpness(strip: object) -> float:
    """How much of a strip's contrast lies in its edges, at a common height."""
    grey = np.asarray(strip, np.uint8)
    scale = _HEIGHT / grey.shape[0]
    common = cv2.resize(grey, (max(8, round(grey.shape[1] * scale)), _HEIGHT), interpolation=cv2.INTER_AREA)
    contrast = float(common.std()) or 1.0
    return float(np.abs(cv2.Laplacian(common, cv2.CV_64F)).mean()) / contrast / 10
