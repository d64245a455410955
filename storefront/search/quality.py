"""How good an offering is beside how well its words match: pure, the same for everybody, weights as data."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from math import log1p
from typing import Final

# What its parts are worth, 1000 together.
QUALITY: Final = {
    "sales": 300,  # what others bought and paid for says most; by its logarithm, or the first would stay first
    "stock": 150,  # what can be had now
    "verified": 100,  # sold by a factory whose licence was seen
    "inspected": 100,  # somebody went there
    "picture": 100,  # a photograph, not a drawing
    "words": 100,  # attributes and a description: fewer questions, fewer returns
    "freshness": 150,  # what came later, by its day: fixed, so that nothing has to be counted anew each night
}
MANY_SOLD: Final = 1_000  # pieces in `SALES_DAYS` that count in full
MANY_ATTRIBUTES: Final = 8
_OLDEST: Final = datetime(2025, 1, 1, tzinfo=UTC)
_SPAN: Final = timedelta(days=3_650)


@lru_cache(maxsize=4_096)  # what was loaded together is often alike in all of this
def quality(
    *,
    sold: int,
    in_stock: bool,
    is_verified: bool,
    is_inspected: bool,
    is_photographed: bool,
    is_described: bool,
    attributes: int,
    published: datetime,
) -> int:
    """How good an offering is, 0 to 1000, beside how well its words match: it settles near-ties only.

    The same for everybody: nothing of whoever searches goes into it, and nothing that is paid for. There are no
    ratings and no clicks yet, so neither counts. See `QUALITY` for the weights and their reasons.
    """
    reached = {
        "sales": min(log1p(max(sold, 0)) / log1p(MANY_SOLD), 1.0),
        "stock": float(in_stock),
        "verified": float(is_verified),
        "inspected": float(is_inspected),
        "picture": float(is_photographed),
        "words": (min(attributes, MANY_ATTRIBUTES) / MANY_ATTRIBUTES + is_described) / 2,
        "freshness": min(max((published - _OLDEST) / _SPAN, 0.0), 1.0),
    }
    return round(sum(QUALITY[name] * part for name, part in reached.items()))
