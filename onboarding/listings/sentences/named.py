"""Prices that bear a name: 出厂价118, 零售价 168, and those that nobody sells at, 吊牌价 398."""

from typing import Final

from onboarding.listings.sentences.money import AMOUNTS, DOUBTFUL, QUANTITIES, Prices, fen_of
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sentences.tokens import Token

_BETWEEN: Final = frozenset("(（:：+加另")


def read_named(sentence: Sentence, parts: list[Token], prices: Prices) -> None:
    """Amounts that bear a name: 零售价 168."""
    for index, part in enumerate(parts):
        if not part.kind.startswith("role_"):
            continue
        role, following = part.kind.removeprefix("role_"), _following(parts, index)
        amount = following[-1] if following else None
        if amount is not None and amount.note == "from" and "元" not in amount.text:
            amount.kind = "vague"
        if amount is None or amount.kind in QUANTITIES:
            _before_a_ladder(sentence, parts[index:], role, prices)
            continue
        if role == "unknown" and amount.kind not in AMOUNTS | DOUBTFUL:
            part.kind = "word"
            continue
        part.kind = "used"
        for between in following[:-1]:
            amount.unit = amount.unit or between.unit
            between.kind = "used"
        _name_amount(sentence, part.text, amount, role, prices)


def _following(parts: list[Token], index: int) -> list[Token]:
    """What the name is for: the next amount, and the 每条 before it; empty when something else stands there."""
    found: list[Token] = []
    for token in parts[index + 1 :]:
        if token.kind == "per":
            found.append(token)
        elif token.kind in AMOUNTS | DOUBTFUL | QUANTITIES:
            return [*found, token]
        elif token.kind != "gap" and token.text not in _BETWEEN:
            return []
    return []


def _before_a_ladder(sentence: Sentence, parts: list[Token], role: str, prices: Prices) -> None:
    """批发价 10件起85 names a ladder; another price than that of the trade has none."""
    name, ladder = parts[0], [one for one in parts[1:6] if one.kind in QUANTITIES | AMOUNTS]
    if role == "trade":
        name.kind = "used"
    elif not _following(parts, 0) or role in {"unknown", "other"} or "价" not in name.text:
        name.kind = "word"
    else:
        sentence.tell("price_unclear", " ".join(one.text for one in [name, *ladder]))
        for one in [name, *ladder]:
            one.kind = "used"
        prices.unclear = True


def _name_amount(sentence: Sentence, name: str, amount: Token, role: str, prices: Prices) -> None:
    if role in {"other", "unknown"}:
        sentence.keep(name.strip(" :：=为是"), amount.text.strip())
        sentence.tell("price_other", f"{name}{amount.text}")
        amount.kind = "used"
        return
    if amount.kind in DOUBTFUL:
        if role != "trade":
            sentence.tell("price_unclear", f"{name}{amount.text}")
            amount.kind = "used"
        return
    if role == "trade":
        amount.kind, amount.note = "money", "named"
        return
    fen = fen_of(sentence, amount)
    amount.kind = "used"
    if fen is None:
        return
    told: list[int] = getattr(prices, role)
    told.append(fen)
    if role == "untaxed":
        sentence.tell("tax_excluded", f"{name}{amount.text}")
        sentence.keep("不含税价", amount.text.strip())
    if amount.unit:
        prices.units.append(amount.unit)
