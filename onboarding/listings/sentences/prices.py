"""What the amounts of a sentence mean: a price, a ladder, a retail price, or two readings, which is none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from onboarding.listings.sentences.lots import ask_of_lots
from onboarding.listings.sentences.money import (
    AMOUNTS,
    DOUBTFUL,
    QUANTITIES,
    Prices,
    class_of,
    fen_of,
    looks_like_money,
    may_be_shoe,
    may_be_size,
)
from onboarding.listings.sentences.named import read_named
from onboarding.listings.sentences.neighbours import SILENT, settle
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sentences.tiers import listed
from onboarding.listings.sentences.tokens import Token
from onboarding.listings.sentences.words import MEASURES, PACKS


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
    ask_of_lots(parts)
    read_named(sentence, parts, prices)
    settle(parts)
    prices.packs = {part.unit for part in parts if part.kind == "pack" and part.unit}
    apart = _words_between(parts)
    told = 0
    for run in _runs(parts):
        before = len(prices.trade) + len(prices.steps)
        _read_run(sentence, run, prices)
        told += len(prices.trade) + len(prices.steps) > before
    if prices.steps and told > 1 and apart and not _is_base_named(parts):
        prices.unclear = True
        sentence.tell("price_several", listed(prices.trade, prices.steps))
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


def _words_between(parts: list[Token]) -> bool:
    """Whether anything is said between amounts that may part two goods; 2.2 现货500 100个起1.9 is of one."""
    places = [place for place, part in enumerate(parts) if part.kind in QUANTITIES | {"money", "number"}]
    between = parts[places[0] : places[-1]] if places else []
    return any(part.kind == "word" and part.text not in SILENT for part in between)


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
    if _are_one(sentence, run.groups, run.shapes):
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
        elif shape == "pq" and group[0].kind == "number" and not looks_like_money(group[0]):
            _quantities(group[1:], prices)  # 女鞋 38 10双起: a size as likely as a price
        else:
            _ladder(sentence, group, shape, prices, several=several)


def _are_one(sentence: Sentence, groups: list[list[Token]], shapes: list[str]) -> bool:
    """Whether stops part but the steps of a ladder, as in `118，10条起85`; two groups stand by themselves elsewhere."""
    if {"p", "q"} == set(shapes) and len(shapes) > 2:  # noqa: PLR2004
        return True
    if shapes[:1] != ["p"] or set(shapes[1:]) != {"qp"}:
        return False
    first, step = groups[0][0], groups[1][0]
    glued = re.fullmatch(r"[,，、；;]\s?", sentence.text[first.end : step.start])
    return bool(glued and first.kind == "number" and not looks_like_money(first))


def _is_price_and_minimum(group: list[Token], shape: str) -> bool:
    """`42元 100箱起发`: two things that have nothing to do with each other but their place."""
    if shape not in {"pq", "qp"} or not all(token.kind != "count" for token in group):
        return False
    price, least = group if shape == "pq" else reversed(group)
    return least.note.startswith("起") and (shape == "pq" or price.kind == "money")


def _orders_apart(group: list[Token], prices: Prices) -> list[Token]:
    """Of two quantities in a row the first, 5条起批, is the smallest order of all; behind a lot, the second."""
    if [token.kind for token in group[1:]] == ["count", "least"] and group[2].note.startswith("起"):
        prices.minimums.append(group[2])
        group[2].kind = "used"
        return group[:2]
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
        if any(token.kind == "money" or looks_like_money(token) for token in group):
            prices.unclear = True
            sentence.tell("price_unclear", sentence.text[group[0].start : group[-1].end])
        return
    for token in group:
        if token.kind == "money" or (looks_like_money(token) and not may_be_shoe(sentence, token)):
            fen = fen_of(sentence, token)
            token.kind = "used"
            if fen is None:
                prices.unclear = True
                continue
            prices.trade.append(fen)
            if token.unit:
                prices.units.append(token.unit)


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
    group, shape = _below_first(group, shape)
    pairs = _pairs(group, shape)
    begins = [group[0]] if shape[0] == "p" and len(group) % 2 else []
    sure = several or len(pairs) > 1 or all(quantity.kind == "least" for quantity, _price in pairs)
    sure = sure or _falls(pairs, [*prices.trade, *(int((token.value or 0) * 100) for token in begins)])
    sure = sure and all(_begins_ladder(sentence, token, pairs) for token in begins)
    sure = sure and _one_unit(group, prices.units)
    steps = [_step(sentence, *pair, prices) for pair in pairs]
    for token in group:
        token.kind = "used"
    found = [step for step in steps if step is not None]
    if not pairs or not sure or len(found) < len(steps):
        prices.unclear = True
        sentence.tell("ladder_unclear", text)
        return
    prices.steps.extend(found)
    for token in begins:
        token.kind = "money"
        _alone(sentence, [token], prices)


def _below_first(group: list[Token], shape: str) -> tuple[list[Token], str]:
    """`55 三十袋以内` stands in the other order than the steps that follow."""
    if shape[:2] == "pq" and len(shape) % 2 == 0 and group[1].note == "below":
        return [group[1], group[0], *group[2:]], f"qp{shape[2:]}"
    return group, shape


def _pairs(group: list[Token], shape: str) -> list[tuple[Token, Token]]:
    """(quantity, price) of qpqp, of pq, and of pqpqp, whose first price is that of few; none when unclear."""
    if shape == "pq":
        return [(group[1], group[0])]
    rest = group[1:] if shape[0] == "p" else group
    if len(rest) % 2 or shape[-1] != "p" or any(a == b for a, b in pairwise(shape)):
        return []
    return list(zip(rest[::2], rest[1::2], strict=True))


def _begins_ladder(sentence: Sentence, token: Token, pairs: list[tuple[Token, Token]]) -> bool:
    """`92 10箱90`: a bare figure above the steps is the price of few, unless it may be a size."""
    if token.kind == "money" or looks_like_money(token):
        return True
    return _falls(pairs, [int((token.value or 0) * 100)]) and not may_be_size(sentence, token)


def _falls(pairs: list[tuple[Token, Token]], above: list[int]) -> bool:
    """Whether `10箱90` is less than one carton costs: then it is no sum for ten."""
    return bool(above and pairs) and all(
        above[0] > price.value * 100 > 0 and (quantity.value or 0) > 1
        for quantity, price in pairs
        if price.value is not None
    )


def _step(sentence: Sentence, quantity: Token, price: Token, prices: Prices) -> tuple[int, int] | None:
    fen = fen_of(sentence, price)
    if fen is None or not quantity.value:
        return None
    if price.unit:
        prices.units.append(price.unit)
    elif class_of(quantity.unit) in MEASURES | {"公斤", "克"}:
        prices.units.append(str(quantity.unit))
    return int(quantity.value), fen


def _one_unit(group: list[Token], priced_by: list[str]) -> bool:
    """Whether all quantities count alike, and packs are priced as packs."""
    classes = {class_of(token.unit) for token in group if token.unit}
    counted = {class_of(token.unit) for token in group if token.note != "named" and token.value and token.unit}
    priced = {class_of(token.unit) for token in group if token.unit and token.kind == "money"}
    return len(classes) <= 1 and (not counted & PACKS or bool((priced | set(priced_by)) & PACKS))
