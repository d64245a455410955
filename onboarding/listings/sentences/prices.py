"""What the amounts of a sentence mean: a price, a ladder, a retail price, or two readings, which is none."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Final

from onboarding.listings.sentences.money import AMOUNTS, DOUBTFUL, QUANTITIES, Prices, class_of, fen_of
from onboarding.listings.sentences.named import read_named
from onboarding.listings.sentences.neighbours import SILENT, outer, settle
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sentences.tokens import Token
from onboarding.listings.sentences.words import MEASURES, PACKS
from onboarding.listings.sheets.reading import Tier

_STEEPEST: Final = 4
"""No ladder falls to less than a quarter from one step to the next; what does so was read wrongly."""


@dataclass
class Run:
    """Amounts and quantities next to each other, in groups between stops."""

    groups: list[list[Token]]

    @property
    def shapes(self) -> list[str]:
        """`qp` for a quantity and its price."""
        return ["".join("q" if token.kind in QUANTITIES else "p" for token in group) for group in self.groups]


def read_prices(sentence: Sentence, parts: list[Token]) -> Prices:
    """The prices of a sentence; tokens that were understood turn into `used`."""
    prices = Prices()
    read_named(sentence, parts, prices)
    settle(parts)
    prices.packs = {outer(part.text) for part in parts if part.kind == "pack"}
    told = 0
    for run in _runs(parts):
        before = len(prices.trade) + len(prices.steps)
        _read_run(sentence, run, prices)
        told += len(prices.trade) + len(prices.steps) > before
    if prices.steps and told > 1 and not _is_base_named(parts):
        prices.unclear = True
        sentence.tell("price_several", _listed(prices.trade, prices.steps))
    _ask_doubtful(sentence, parts, prices)
    return prices


def _ask_doubtful(sentence: Sentence, parts: list[Token], prices: Prices) -> None:
    for part in parts:
        if part.kind not in DOUBTFUL:
            continue
        if part.note == "added":  # 加绒加5元 leaves the price itself as it is
            sentence.tell("number_unread", part.text)
        else:
            prices.unclear = True
            sentence.tell("price_currency_unread" if part.kind == "foreign" else "price_unclear", part.text)
        part.kind = "used"


def _listed(trade: Iterable[int], steps: Iterable[tuple[int, int]] = ()) -> str:
    return "、".join(str(Decimal(fen).scaleb(-2)) for fen in [*trade, *(fen for _, fen in steps)])


def _is_base_named(parts: list[Token]) -> bool:
    """Whether just one price bears a name, 出厂价118: the ladder beside it is of the same goods."""
    return len([part for part in parts if part.note == "named"]) == 1


def _runs(parts: list[Token]) -> Iterator[Run]:
    """Quantities and prices with nothing but separators between them."""
    priced = {part.start for part in parts if part.kind in {"money", "number"}}
    kept = [part for part in parts if part.kind != "gap" and not (part.kind == "word" and part.text in SILENT)]
    kept = [part for part in kept if part.text not in {"(", "（"} and part.kind != "used"]
    kept = [part for part in kept if not (part.text in {")", "）"} and part.end in priced)]
    for inside, tokens in groupby(
        _without_per(kept), key=lambda part: part.kind in {"stop", "money", "number", *QUANTITIES}
    ):
        if not inside:
            continue
        groups = [list(group) for stops, group in groupby(tokens, key=lambda part: part.kind == "stop") if not stops]
        if groups:
            yield Run(groups)


def _without_per(parts: list[Token]) -> list[Token]:
    """每条 before or behind a price is its unit."""
    kept: list[Token] = []
    for index, part in enumerate(parts):
        if part.kind != "per":
            kept.append(part)
            continue
        near = [parts[place] for place in (index + 1, index - 1) if 0 <= place < len(parts)]
        near.sort(key=lambda one: part.start not in {one.end, one.start - len(part.text)})
        amount = next((one for one in near if one.kind in {"money", "number"} and not one.unit), None)
        if amount is not None:
            amount.kind, amount.unit, part.kind = "money", part.unit, "used"
        else:
            kept.append(part)
    return kept


def _read_run(sentence: Sentence, run: Run, prices: Prices) -> None:
    run.groups = [group for one in run.groups if (group := _orders_apart(one, prices))]
    shapes = run.shapes
    if {"p", "q"} == set(shapes) and len(shapes) > 2:  # noqa: PLR2004  two stand by themselves
        run.groups = [[token for group in run.groups for token in group]]
    several = sum("q" in shape and "p" in shape for shape in run.shapes) > 1
    for group, shape in zip(run.groups, run.shapes, strict=True):
        if set(shape) == {"p"}:
            _alone(sentence, group, prices)
        elif set(shape) == {"q"}:
            _quantities(group, prices)
        elif shape == "pq" and group[1].kind == "count" and group[0].note == "named":
            _alone(sentence, group[:1], prices)
        elif not several and _is_price_and_minimum(group, shape):
            _quantities([token for token in group if token.kind == "least"], prices)
            _alone(sentence, [token for token in group if token.kind in AMOUNTS], prices)
        elif shape == "pq" and group[0].kind == "number" and not _looks_like_money(group[0]):
            _quantities(group[1:], prices)  # 女鞋 38 10双起: a size as likely as a price
        else:
            _ladder(sentence, group, shape, prices, several=several)


def _is_price_and_minimum(group: list[Token], shape: str) -> bool:
    """`42元 100箱起发`: two things that have nothing to do with each other but their place."""
    if shape not in {"pq", "qp"} or not all(token.kind != "count" for token in group):
        return False
    price, least = group if shape == "pq" else reversed(group)
    return least.note.startswith("起") and (shape == "pq" or price.kind == "money")


def _orders_apart(group: list[Token], prices: Prices) -> list[Token]:
    """Of two quantities in a row the first, 5条起批, is the smallest order of all."""
    kept: list[Token] = []
    for index, token in enumerate(group):
        following = group[index + 1] if index + 1 < len(group) else None
        first = token.note.startswith("起") and following is not None and following.kind in QUANTITIES
        if first and following is not None and following.note != token.note:
            prices.minimums.append(token)
            token.kind = "used"
        else:
            kept.append(token)
    return kept


def _alone(sentence: Sentence, group: list[Token], prices: Prices) -> None:
    """Prices without a quantity; a bare figure is one only when it has a decimal point, and stands by itself."""
    if len(group) > 1 and not all(token.kind == "money" for token in group):  # 分别 89 99 109元
        if any(token.kind == "money" for token in group):
            prices.unclear = True
            sentence.tell("price_unclear", " ".join(token.text.strip() for token in group))
        return
    for token in group:
        if token.kind == "money" or (_looks_like_money(token) and not _may_be_shoe(sentence, token)):
            fen = fen_of(sentence, token)
            token.kind = "used"
            if fen is None:
                prices.unclear = True
                continue
            prices.trade.append(fen)
            if token.unit:
                prices.units.append(token.unit)


def _looks_like_money(token: Token) -> bool:
    return token.kind == "number" and bool(re.fullmatch(r"[0-9,]+\.[0-9]{1,2}", token.text))


def _may_be_shoe(sentence: Sentence, token: Token) -> bool:
    """`凉鞋 23.5` is a size as likely as a price."""
    return bool(re.fullmatch(r"[1-4][0-9]\.5", token.text)) and "鞋" in sentence.text


def _quantities(group: list[Token], prices: Prices) -> None:
    for token in group:
        if token.kind == "least" and (token.note.startswith("起") or token.text[0] in "≥>"):
            prices.minimums.append(token)
            token.kind = "used"
            if token.unit in MEASURES and not prices.units:
                prices.measures.append(token.unit)


def _ladder(sentence: Sentence, group: list[Token], shape: str, prices: Prices, *, several: bool) -> None:
    """Steps of a ladder, in either order; `several` when the sentence has more of them, so that 5条118 is one, too."""
    text = " ".join(token.text.strip() for token in group)
    pairs = _pairs(group, shape)
    sure = several or len(pairs) > 1 or all(quantity.kind == "least" for quantity, _price in pairs)
    begins = [group[0]] if shape[0] == "p" and len(group) % 2 else []
    sure = sure and all(token.kind == "money" or _looks_like_money(token) for token in begins)
    steps = [_step(sentence, *pair, prices) for pair in pairs]
    for token in group:
        token.kind = "used"
    found = [step for step in steps if step is not None]
    if not pairs or not sure or len(found) < len(steps) or not _one_unit(group):
        prices.unclear = True
        sentence.tell("ladder_unclear", text)
        return
    prices.steps.extend(found)
    for token in begins:
        token.kind = "money"
        _alone(sentence, [token], prices)


def _pairs(group: list[Token], shape: str) -> list[tuple[Token, Token]]:
    """(quantity, price) of qpqp, of pq, and of pqpqp, whose first price is that of few; none when unclear."""
    if shape == "pq":
        return [(group[1], group[0])]
    rest = group[1:] if shape[0] == "p" else group
    if len(rest) % 2 or shape[-1] != "p" or any(a == b for a, b in pairwise(shape)):
        return []
    return list(zip(rest[::2], rest[1::2], strict=True))


def _step(sentence: Sentence, quantity: Token, price: Token, prices: Prices) -> tuple[int, int] | None:
    fen = fen_of(sentence, price)
    if fen is None or not quantity.value:
        return None
    if price.unit:
        prices.units.append(price.unit)
    elif class_of(quantity.unit) in MEASURES | {"公斤", "克"}:
        prices.units.append(str(quantity.unit))
    return int(quantity.value), fen


def _one_unit(group: list[Token]) -> bool:
    """Whether all quantities count alike, and packs are priced as packs."""
    classes = {class_of(token.unit) for token in group if token.unit}
    counted = {class_of(token.unit) for token in group if token.note != "named" and token.value and token.unit}
    priced = {class_of(token.unit) for token in group if "元" in token.text or "/" in token.text}
    return len(classes) <= 1 and (not counted & PACKS or bool(priced & PACKS))


def tiers_of(sentence: Sentence, prices: Prices, moq: int | None) -> tuple[Tier, ...]:
    """The ladder in fen; empty when there is none, or more than one reading."""
    trade = sorted(set(prices.trade or prices.untaxed))
    if prices.unclear:
        return ()
    steps = prices.steps
    if len(trade) > 1 or (steps and trade and not _begins(steps, trade[0], moq)):
        sentence.tell("price_several", _listed(trade, steps))
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
