"""The prices that were found as one ladder, or as none."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Final

from onboarding.listings.sentences.money import Prices
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sheets.reading import Tier

_STEEPEST: Final = 4
"""No ladder falls to less than a quarter from one step to the next; what does so was read wrongly."""


def tiers_of(sentence: Sentence, prices: Prices, moq: int | None) -> tuple[Tier, ...]:
    """The ladder in fen; empty when there is none, or more than one reading."""
    trade = sorted(set(prices.trade or prices.untaxed))
    if prices.unclear:
        return ()
    steps = prices.steps
    if len(trade) > 1 or (steps and trade and not _begins(steps, trade[0], moq)):
        sentence.tell("price_several", listed(trade, steps))
        return ()
    if trade and not (steps and steps[0][1] == trade[0]):
        steps = [(moq or 1, trade[0]), *steps]
    for (low, before), (high, after) in pairwise(steps):
        if high <= low or after >= before or after * _STEEPEST < before:
            sentence.tell("ladder_unclear", "、".join(f"{least}: {Decimal(fen).scaleb(-2)}" for least, fen in steps))
            return ()
    return tuple(Tier(least, fen) for least, fen in steps)


def _begins(steps: list[tuple[int, int]], fen: int, moq: int | None) -> bool:
    """Whether one price beside a ladder is that of few pieces, or its first step said twice."""
    return fen == steps[0][1] or (fen > steps[0][1] and (moq or 1) < steps[0][0])


def listed(trade: Iterable[int], steps: Iterable[tuple[int, int]] = ()) -> str:
    """Prices in words, for a question about them."""
    return "、".join(str(Decimal(fen).scaleb(-2)) for fen in [*trade, *(fen for _, fen in steps)])
