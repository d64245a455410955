"""Prices as they are found in a sentence, and which counts go with which."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sentences.tokens import Token
from onboarding.listings.sentences.words import MEASURES, PACKS
from onboarding.listings.sheets.values import MAX_PRICE_YUAN

AMOUNTS: Final = {"money", "number", "spoken"}
DOUBTFUL: Final = {"vague", "range", "foreign"}
QUANTITIES: Final = {"least", "count"}
_SAME_UNIT: Final = {"kg": "公斤", "kgs": "公斤", "千克": "公斤", "g": "克"}
_BY_THEMSELVES: Final = PACKS | MEASURES | frozenset("包袋盒瓶罐桶双")
_TWO_PRICES: Final = re.compile(r"[0-9]{3},[0-9]{3}(?![0-9,])")
"""128,118元 are two prices as likely as one."""


@dataclass
class Prices:
    """Prices in fen, what they count by, and the counts that may be the smallest order."""

    steps: list[tuple[int, int]] = field(default_factory=list)
    trade: list[int] = field(default_factory=list)
    untaxed: list[int] = field(default_factory=list)
    retail: list[int] = field(default_factory=list)
    drop_ship: list[int] = field(default_factory=list)
    units: list[str] = field(default_factory=list)
    minimums: list[Token] = field(default_factory=list)
    measures: list[str] = field(default_factory=list)
    packs: set[str] = field(default_factory=set)
    unclear: bool = False


def fen_of(sentence: Sentence, token: Token) -> int | None:
    """The amount in fen, above nothing and without parts of a fen; else the owner is asked."""
    value = token.value
    fen = value and value * 100
    two = _TWO_PRICES.search(token.text)
    if not fen or fen != fen.to_integral_value() or fen > MAX_PRICE_YUAN * 100 or two:
        sentence.tell("price_unclear", token.text)
        return None
    return int(fen)


def class_of(unit: str | None) -> str:
    """What may stand for what: pieces for pieces, but no bag for a piece, no 斤 for a 公斤."""
    plain = (unit or "").lower()
    plain = _SAME_UNIT.get(plain, plain)
    return plain if plain in _BY_THEMSELVES or plain[:1].isdigit() else "piece"


def is_other(counted: str, unit: str | None, packs: AbstractSet[str]) -> bool:
    """Whether a count in one unit says nothing about goods priced by another, or priced by nobody knows what."""
    if counted in packs and counted != unit:
        return True
    return unit is not None and class_of(counted) != class_of(unit)


def looks_like_money(token: Token) -> bool:
    """A bare figure that is no count, for its fen."""
    return token.kind == "number" and bool(re.fullmatch(r"[0-9,]+\.[0-9]{1,2}", token.text))


def may_be_shoe(sentence: Sentence, token: Token) -> bool:
    """`凉鞋 23.5`: half a size has a point as well."""
    return bool(re.search("[鞋靴]", sentence.text) and re.fullmatch(r"[1-4][0-9]\.5", token.text))


def may_be_size(sentence: Sentence, token: Token) -> bool:
    """`凉鞋 23.5`, `女鞋 38`, `童装 120`: a size as likely as a price."""
    if re.search("[鞋靴]", sentence.text):
        return bool(re.fullmatch(r"[1-4][0-9](?:\.5)?", token.text))
    worn = re.search(
        "童|裤|(?<![洗晾])衣|衫|裙|服|(?<![只支个粒片枚包盒袋瓶斤])装|袜|帽|戒|镯|文胸|恤|袍|夹克|马甲|外套",
        sentence.text,
    )
    return bool(worn and re.fullmatch("2[4-9]|3[0-9]|4[0-6]|[5-9][05]|1[0-7][05]", token.text))
