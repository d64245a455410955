"""A price of its own for every size: `8寸5元 10寸8元 12寸12元`."""

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from onboarding.listings.sentences.figures import ARABIC
from onboarding.listings.sentences.money import fen_of
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sentences.tokens import tokens
from onboarding.listings.sentences.words import MONEY
from onboarding.listings.sheets.options import COLOR, SIZE, is_color

_LENGTHS: Final = "英寸|寸|cm|厘米|mm|毫米|米"
_PAIR: Final = re.compile(
    rf"(?<![0-9A-Za-z.*×/])(?:(?P<value>(?P<figure>{ARABIC})(?P<measure>{_LENGTHS}|ml|毫升|升|kg|公斤|斤|克|[mlgw](?![a-z])|瓦|度|头|抽))"
    rf"|(?P<letter>[2-9]?x{{0,4}}[sml])码?|(?P<color>[^\W\d_]{{1,4}}色))\s*[:：]?\s*(?P<money>{MONEY})",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"[\s,，、;；/|]*")


@dataclass(frozen=True)
class Sized:
    """An option's name, and what each of its values costs in fen."""

    name: str
    prices: dict[str, int]

    @property
    def first(self) -> int:
        """The price of the listing; the others are their variants' own."""
        return next(iter(self.prices.values()))

    def price_of(self, options: dict[str, str]) -> int | None:
        """A variant's own price, None for that of the listing."""
        price = self.prices[options[self.name]] if self.name in options else None
        return None if price == self.first else price


def read_sized(sentence: Sentence) -> Sized | None:
    """The option whose values bear prices; None unless there are several of one sort."""
    pairs = list(_PAIR.finditer(sentence.text))
    together = all(_BETWEEN.fullmatch(sentence.text[before.end() : after.start()]) for before, after in pairwise(pairs))
    if len(pairs) < 2 or not together or len({_sort(pair) for pair in pairs}) > 1:  # noqa: PLR2004  one is no choice
        return None
    found: dict[str, int] = {}
    for pair in pairs:
        amount = next(tokens(pair["money"]))
        fen = fen_of(sentence, amount) if amount.kind == "money" and not amount.unit else None
        if fen is None:
            return None
        found[pair["value"] or pair["letter"] or pair["color"]] = fen
    if len(found) < len(pairs) or not _is_plausible(pairs, list(found.values())):
        return None
    sentence.take(pairs[0].start(), pairs[-1].end())
    return Sized(_name(pairs[0]), found)


def _sort(pair: re.Match[str]) -> str:
    if pair["measure"]:
        return pair["measure"].lower()
    return "letter" if pair["letter"] else "color"


def _is_plausible(pairs: list[re.Match[str]], prices: list[int]) -> bool:
    """More costs more: 10斤5.8元 100斤5.5元 is a ladder, not two packs. A colour is one that is known."""
    if pairs[0]["color"]:
        return all(is_color(pair["color"]) for pair in pairs)
    if not pairs[0]["measure"]:
        return True
    by_size = sorted(zip([float(pair["figure"].replace(",", "")) for pair in pairs], prices, strict=True))
    return all(low[1] < high[1] for low, high in pairwise(by_size))


def _name(pair: re.Match[str]) -> str:
    if pair["color"]:
        return COLOR
    return SIZE if pair["letter"] or pair["measure"].lower() in [*_LENGTHS.split("|"), "m"] else "规格"
