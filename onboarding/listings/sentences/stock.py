"""How many there are, and of which options: one number for several variants is asked about, not divided."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final

from onboarding.listings.sentences.counted import Counted
from onboarding.listings.sentences.money import is_other
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sentences.tokens import Token
from onboarding.listings.sheets.options import COLOR, SIZE
from onboarding.listings.sheets.reading import SharedStock
from onboarding.listings.sheets.values import MAX_COUNT

_PRESENT: Final = re.compile(r"现货|有货|库存(?:充足|大|多)|大量库存|in stock", re.IGNORECASE)
_GONE: Final = re.compile(r"缺货|无货|没货|断货|售罄|卖完|sold ?out|无现货|没有现货", re.IGNORECASE)
_OF_ONE: Final = re.compile(
    r"(?:[A-Za-z]{1,3}[0-9]{1,4}|[^\W\d_]色|(?<![A-Za-z])[2-9]?x{0,4}[sml]码?|[0-9]{2}码|[大中小]号)$", re.IGNORECASE
)
"""`F30缺货`: one of several has run out."""
_COUNTED: Final = re.compile(
    r"(?:库存|现货|存货)[:：]?[^\s,，;；。!！\n0-9]{0,6}(?:[0-9]+[^\s,，;；。!！\n]*|[几数上][十百千万]+[^\s,，;；。!！\n]*)"
)
_DIMENSIONS: Final = {"色": COLOR, "码": SIZE}


@dataclass(frozen=True)
class Supply:
    """Stock as it was said: `total` for all, `each` of an option (`dimension`: 色, 码, or empty for every variant)."""

    total: int | None = None
    each: int | None = None
    dimension: str = ""
    said: str = ""
    made_to_order: bool = False
    counts: tuple[int | None, ...] = ()
    shared: tuple[SharedStock, ...] = field(default=())

    def over(self, sentence: Sentence, options: list[dict[str, str]], counted: Counted) -> "Supply":
        """The stock of each variant."""
        if counted.name:
            return self._counted(sentence, options, counted)
        if self.each is not None:
            return self._of_each(sentence, options)
        if not self.total or len(options) == 1:
            return replace(self, counts=(self.total,) * len(options))
        sentence.tell("stock_ambiguous", quantity=self.total, skus=len(options))
        shared = SharedStock(self.total, tuple(range(len(options))), sentence.row, "")
        return replace(self, counts=(None,) * len(options), shared=(shared,))

    def _counted(self, sentence: Sentence, options: list[dict[str, str]], counted: Counted) -> "Supply":
        """黑色500件 白色300件 is the stock of a variant when all else is one; a number beside must be their sum."""
        other = self.each if self.each is not None else self.total
        if other is not None and (self.each is not None or other != sum(counted.counts.values())):
            sentence.tell("stock_unclear", f"{sum(counted.counts.values())}、{other}")
        elif len(options) == len(counted.counts):
            return replace(self, counts=tuple(counted.counts[one[counted.name]] for one in options))
        else:
            sentence.tell("stock_per_option", "、".join(f"{value} {count}" for value, count in counted.counts.items()))
        return replace(self, counts=(None,) * len(options))

    def _of_each(self, sentence: Sentence, options: list[dict[str, str]]) -> "Supply":
        """每色500 is the stock of a variant when colours are all that tells variants apart."""
        names = set(options[0])
        wanted = {_DIMENSIONS[self.dimension]} if self.dimension in _DIMENSIONS else names
        if not names or names != wanted or len(options) == 1:
            sentence.tell("stock_per_option", self.said)
            return replace(self, counts=(None,) * len(options))
        return replace(self, counts=(self.each,) * len(options))


def read_stock(
    sentence: Sentence, parts: list[Token], unit: str | None, *, packs: AbstractSet[str], made: bool
) -> Supply:
    """What a sentence says of stock; `unit` is what its prices count by, `packs` hold several of it."""
    told = [part for part in parts if part.kind in {"stock", "each"}]
    if len({(part.kind, part.value) for part in told}) > 1 or any(_unclear(part, unit, packs) for part in told):
        sentence.tell("stock_unclear", " ".join(part.text.strip() for part in told))
        told = _used(told)
        return Supply(made_to_order=made)
    if not told:
        return replace(_in_words(sentence, parts, made=made), made_to_order=made)
    first = replace(told[0])
    quantity = int(first.value or 0)
    if any(part.note == "about" for part in told):
        sentence.tell("stock_about", first.text, quantity=quantity)
    _used(told)
    if first.kind == "stock":
        return Supply(total=quantity, made_to_order=made and not quantity)
    marks = [mark for mark in _DIMENSIONS if mark in first.note]
    dimension = marks[0] if len(marks) == 1 else ""
    return Supply(each=quantity, dimension=dimension, said=first.text, made_to_order=made)


def _used(told: list[Token]) -> list[Token]:
    for part in told:
        part.kind = "used"
    return []


def _unclear(part: Token, unit: str | None, packs: AbstractSet[str]) -> bool:
    """A number in packs, when prices count pieces or do not say what they count."""
    if part.value is None or part.value > MAX_COUNT:
        return True
    return part.unit is not None and is_other(part.unit, unit, packs)


def _in_words(sentence: Sentence, parts: list[Token], *, made: bool) -> Supply:
    """有现货, 缺货, and numbers nobody can count with, 几百条."""
    text = "".join(part.text for part in parts if part.kind != "used")
    gone = _GONE.search(text)
    if gone and (one := _OF_ONE.search(text[: gone.start()])):
        sentence.tell("stock_unclear", f"{one[0]}{gone[0]}")
        return Supply()
    if gone:
        return Supply(total=0)
    counted = _COUNTED.search(text)
    if counted:
        sentence.tell("stock_unclear", counted[0])
        return Supply()
    match = _PRESENT.search(text)
    if match and not made:
        sentence.tell("stock_unstated", match[0], quantity=0)
    return Supply()
