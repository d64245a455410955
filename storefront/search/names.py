"""Words that are right although no title says them: belts with their places, and what the tree of goods names."""

import csv
from functools import cache

from onboarding.belts.operations import FILE
from onboarding.belts.placenames import short_name
from onboarding.listings.categories import telling_words


def is_place(word: str) -> bool:
    """Whether a belt is called so, or a place that has one, in full or in short."""
    return word in _places()


def things() -> frozenset[str]:
    """The words by which the tree of goods knows its goods."""
    return telling_words()


@cache
def _places() -> frozenset[str]:
    with FILE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    full = {row[column] for row in rows for column in ("province", "city", "county")}
    belts = {name for row in rows for name in (row["name_zh"], row["name_zh"].removesuffix(row["trade_zh"]))}
    return frozenset(name for name in full | belts | set(map(short_name, full)) if len(name) > 1)
