"""How many there are of each colour or size: `黑色500件 白色300件`, `S码50 M码80 L码没了`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from onboarding.listings.sentences.figures import NUMBER, whole
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sentences.words import MEASURES, PACKS, UNIT
from onboarding.listings.sheets.options import COLOR, SIZE, is_color
from onboarding.listings.sheets.values import MAX_COUNT

_GONE: Final = "没了|没货|无货|缺货|断货|断码|断色|售罄|卖完"
_PAIR: Final = re.compile(
    rf"(?<![A-Za-z0-9.])(?:(?P<color>[^\W\d_]{{1,4}}?色|[黑白灰红蓝绿黄紫粉棕咖米驼橙青杏])|(?P<size>[2-9]?x{{0,4}}[sml]码?|[2-4][0-9]码))"
    rf"\s?[:：]?\s?(?:剩|还有|有)?(?:(?P<count>{NUMBER})\s?(?P<unit>{UNIT})(?!\s?(?:起|以上|/|[一每]|\+)|[0-9.]+[元块])|(?P<gone>{_GONE}))",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"[\s,，、;；/|和]*")
_OF_A_PACK: Final = re.compile(
    r"(?:一手|一箱|一包|一件|一套|一盒|每[箱手包套盒件]|整[箱手件]|配比|配|装|混|起批|起订|起)\s*[:：]?\s*$"
)


@dataclass(frozen=True)
class Counted:
    """The stock of each value of one option."""

    name: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def axes(self) -> dict[str, list[str]]:
        """The option as any other."""
        return {self.name: list(self.counts)} if self.name else {}


def read_counted(sentence: Sentence) -> Counted:
    """Stock by colour or by size; nothing unless several stand side by side, nor where a pack is made up of them."""
    pairs = list(_PAIR.finditer(sentence.text))
    together = all(_BETWEEN.fullmatch(sentence.text[before.end() : after.start()]) for before, after in pairwise(pairs))
    begin = _begin(pairs[0]) if pairs else 0
    if len(pairs) < 2 or not together or _OF_A_PACK.search(sentence.text[:begin]):  # noqa: PLR2004  one is no list
        return Counted()
    name = COLOR if pairs[0]["color"] else SIZE
    counts = {value: count for pair in pairs if (value := _value(pair)) and (count := _count(pair)) is not None}
    if len(counts) < len(pairs) or any(bool(pair["color"]) != (name == COLOR) for pair in pairs):
        return Counted()
    if len({pair["unit"] for pair in pairs if pair["unit"]}) != 1:
        return Counted()
    sentence.take(begin, pairs[-1].end())
    return Counted(name, counts)


def _begin(pair: re.Match[str]) -> int:
    """Where the name itself begins: 一手黑色 is a pack of black ones."""
    return pair.end("color") - len(_value(pair)) if pair["color"] else pair.start()


def _value(pair: re.Match[str]) -> str:
    if pair["size"]:
        return pair["size"].upper().removesuffix("码")
    tails = (pair["color"][start:] for start in range(len(pair["color"])))
    return next((tail for tail in tails if is_color(tail.removesuffix("色"))), "")


def _count(pair: re.Match[str]) -> int | None:
    if pair["gone"]:
        return 0
    count = whole(pair["count"])
    return None if count is None or count > MAX_COUNT or pair["unit"].lower() in PACKS | MEASURES else count
