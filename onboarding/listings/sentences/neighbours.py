"""What stands beside a figure decides what it is: a price, a count, a piece of a word."""

import re
from decimal import Decimal
from itertools import pairwise
from typing import Final

from onboarding.listings.sentences.money import AMOUNTS
from onboarding.listings.sentences.tokens import Token

SILENT: Final = frozenset("给按算就是卖只要需仅每的价每-=:：")
"""Words between a quantity and its price that say nothing of their own."""
_SPOKEN: Final = re.compile("[一二两三四五六七八九][百千万][一二三四五六七八九]")


def settle(parts: list[Token]) -> None:
    """Decide what words, packs and ranges beside a figure make of it."""
    _spoken(parts)
    _of_measures(parts)
    _glued(parts)
    _bare_ranges(parts)
    _of_packs(parts)


def _spoken(parts: list[Token]) -> None:
    """`一百二` alone is money: nobody counts goods like that."""
    edges = {"gap", "stop", "used"}
    for before, part, after in zip([None, *parts], parts, [*parts[1:], None], strict=False):
        alone = all(one is None or one.kind in edges for one in (before, after))
        if alone and part.kind == "spoken" and _SPOKEN.fullmatch(part.text):
            part.kind = "money"


def _of_measures(parts: list[Token]) -> None:
    """`26一斤 10斤25`: where goods are priced by weight, weights are quantities; 六十一 behind one is a price."""
    priced = {part.unit for part in parts if part.kind == "money" and part.unit}
    for before, part in pairwise(parts):
        if before.kind == "measure" and before.unit in priced and part.kind == "number":
            before.kind = "count"
    words = [part for part in parts if part.kind != "gap"]
    for before, part, after in zip(words, words[1:], [*words[2:], None], strict=False):
        if before.kind == "least" and part.kind == "spoken" and part.value and (after is None or after.kind != "word"):
            part.kind = "number"


def _glued(parts: list[Token]) -> None:
    """The figure of 镜片1.56 belongs to the word before it, the count of 12枚 58元/箱 to what is in a carton."""
    for before, part in pairwise([part for part in parts if part.kind != "gap" or part.text != " "]):
        if before.kind == "count" and part.kind in {"money", "per"} and part.unit and part.unit != before.unit:
            before.kind = "measure"
    for before, part in pairwise(parts):
        if part.kind == "number" and before.kind in {"word", "measure"} and before.text not in SILENT:
            part.kind = "word"


def _bare_ranges(parts: list[Token]) -> None:
    """`1-9 40 10-99 35` is a ladder; one range without a unit may be sizes."""
    ranges = [part for part in parts if part.kind == "span" and part.value is not None]
    for part in ranges if len(ranges) > 1 else []:
        part.kind = "least"


def _of_packs(parts: list[Token]) -> None:
    """`一箱48包96元`: the price of the carton that begins the very words; said apart, it may be that of a pack."""
    for pack, amount in pairwise(parts):
        if pack.kind == "pack" and amount.kind == "money" and not amount.unit and pack.text[0] in "一1每整":
            amount.unit, amount.note = pack.unit, "named"
    for amount, pack in pairwise(parts):
        if pack.kind == "pack" and amount.kind == "money" and not amount.unit and pack.text[0] in "一1每":
            amount.unit = pack.unit  # 36元一打12双
    for pack, amount in pairwise([part for part in parts if part.kind != "gap"]):
        if pack.kind == "pack" and amount.kind in AMOUNTS and not amount.unit and _counted_by(parts) == {pack.unit}:
            amount.kind, amount.unit = "money", pack.unit
    _known(parts)


def _counted_by(parts: list[Token]) -> set[str | None]:
    """What quantities are in: 5双一盒 25 20盒起 100盒22 has boxes only, so its first price is that of a box."""
    counted = [part for part in parts if part.kind in {"least", "count", "minimum"} and part.text[:1] not in "单散零"]
    return {part.unit for part in counted}


def _known(parts: list[Token]) -> None:
    """`65/箱` is a price where 1000只/箱 says what a carton holds; twice the same number says so twice."""
    held = {part.unit: part.value for part in parts if part.kind == "pack"}
    for part in parts:
        inside = held.get(part.unit, Decimal(12) if part.unit == "打" else None)
        if part.kind == "vague" and part.note == "pack" and inside is not None and part.value != inside:
            part.kind = "money"
        elif part.kind == "vague" and part.note == "pack" and part.unit in held:
            part.kind = "used"
