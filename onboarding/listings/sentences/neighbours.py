"""What stands beside a figure decides what it is: a price, a count, a piece of a word."""

import re
from itertools import pairwise
from typing import Final

from onboarding.listings.sentences.tokens import Token

SILENT: Final = frozenset("给按算就是卖只要需仅每的价每-=:：")
"""Words between a quantity and its price that say nothing of their own."""
_SPOKEN: Final = re.compile("[一二两三四五六七八九][百千万][一二三四五六七八九]")


def settle(parts: list[Token]) -> None:
    """Decide what words, packs and ranges beside a figure make of it."""
    _spoken(parts)
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


def _glued(parts: list[Token]) -> None:
    """The figure of 镜片1.56 belongs to the word before it, the count of 12枚 58元/箱 to what is in a carton."""
    for before, part in pairwise([part for part in parts if part.kind != "gap" or part.text != " "]):
        if before.kind == "count" and part.kind == "money" and part.unit and part.unit != before.unit:
            before.kind = "measure"
    for before, part in pairwise(parts):
        if part.kind == "number" and before.kind in {"word", "measure"} and before.text not in SILENT:
            part.kind = "word"


def _bare_ranges(parts: list[Token]) -> None:
    """`1-9 40 10-99 35` is a ladder; one range without a unit may be sizes."""
    ranges = [part for part in parts if part.kind == "span" and part.value is not None]
    for part in ranges if len(ranges) > 1 else []:
        part.kind = "least"


def outer(text: str) -> str:
    """What a pack is called by: 箱 of 一箱48包 and of 48包/箱."""
    return text[1:2] if text[0] in "一1每整" else text.strip()[-1:]


def _of_packs(parts: list[Token]) -> None:
    """`一箱48包96元`: the price of the carton that begins the very words; said apart, it may be that of a pack."""
    for pack, amount in pairwise(parts):
        if pack.kind == "pack" and amount.kind == "money" and not amount.unit and pack.text[0] in "一1每整":
            amount.unit, amount.note = outer(pack.text), "named"
