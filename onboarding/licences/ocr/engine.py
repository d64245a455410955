"""The only file that speaks to the engine for reading: where text stands in a picture, and what it says.

Models come with the package; nothing is fetched, and no text of a picture leaves this process.
"""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Image = NDArray[np.uint8]
    Quads = NDArray[np.float32]


class Engine:
    """Detects and reads lines; one call at a time, for the library keeps what it was asked in itself."""

    def __init__(self) -> None:
        # Here, not above: it takes a second and half a gigabyte, and only the worker and the command read pictures.
        from rapidocr import RapidOCR  # noqa: PLC0415

        self._lock = threading.Lock()
        self._ocr: Any = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_preprocess_img": False,
                "Global.use_vertical_padding": False,
                "Det.limit_type": "max",
                "Det.limit_side_len": 4000,
                "Det.box_thresh": 0.4,  # single characters, as in 名　称, stand out less than lines
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,  # pages are served by the same cores
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            },
        )

    def detect(self, image: Image) -> Quads:
        """The corners of every line, `(n, 4, 2)`, clockwise from the top left one, in px of the picture."""
        with self._lock:
            found = self._ocr(image, use_det=True, use_cls=False, use_rec=False)
        boxes = getattr(found, "boxes", None)
        return np.zeros((0, 4, 2), np.float32) if boxes is None else np.asarray(boxes, np.float32)

    def read(self, crops: Sequence[Image]) -> list[tuple[str, float]]:
        """What each crop of one line says, and how sure that is, 0 to 1."""
        if not crops:
            return []
        with self._lock:
            self._ocr.use_rec = True
            read = self._ocr.recognize_txt(list(crops))
        return [(str(text), float(score)) for text, score in zip(read.txts, read.scores, strict=True)]


@cache
def engine() -> Engine:
    """The engine of this process, made when it is first asked for."""
    return Engine()
