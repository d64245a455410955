"""A price of its own for every size: `8寸5元 10寸8元`, `9W 3.2 12W 3.9`, `3.6 4.5 5.4米 35 45 58`."""

import re
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from math import prod
from typing import Final

from onboarding.listings.sentences.figures import ARABIC, amount
from onboarding.listings.sentences.money import fen_of
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sentences.tokens import Token, tokens
from onboarding.listings.sentences.words import MONEY
from onboarding.listings.sheets.options import COLOR, SIZE, is_color

_KIND: Final = "款式"
_GRADE: Final = "等级"
_LENGTHS: Final = {"mm": 1, "毫米": 1, "cm": 10, "厘米": 10, "m": 1000, "米": 1000, "寸": 1, "英寸": 1}
_WEIGHTS: Final = {"g": 1, "克": 1, "斤": 500, "两": 50, "磅": 454, "kg": 1000, "公斤": 1000}
_VOLUMES: Final = {"ml": 1, "毫升": 1, "l": 1000, "升": 1000}
_POWERS: Final = {"w": 1, "瓦": 1, "度": 1, "层": 1, "头": 1, "抽": 1, "色": 1, "键": 1}
_TIMES: Final = _LENGTHS | _WEIGHTS | _VOLUMES | _POWERS
_SORTS: Final = (
    {"mm", "毫米", "cm", "厘米", "m", "米"},
    {"寸", "英寸"},
    {"g", "克", "斤", "两", "磅", "kg", "公斤"},
    {"ml", "毫升", "l", "升"},
)
_MEASURES: Final = "|".join(
    f"{name}(?![a-z])" if name.isascii() else name for name in sorted(_TIMES, key=len, reverse=True)
)
_VALUE: Final = (
    rf"(?:(?P<value>(?P<figure>{ARABIC}|[一二两三四五六七八九十](?=[斤层寸磅]))(?P<measure>{_MEASURES})装?)"
    rf"|(?P<area>[0-9.]+(?:[*x×][0-9.]+)+(?=\s))"
    r"|(?P<kind>[男女]款|(?:普通|加厚|加绒|加大|加长|升级|标准|基础|豪华|大人|成人|儿童)[款版型]?|[木纸铁铜竹布皮塑][质制]|特级|优级|[一二三]级|[大中小]果)"
)
_NO_FIGURE: Final = r"(?<![0-9A-Za-z.*×/])"
_EDGE: Final = r"(?=[\s,，、;；/|。!！()（）]|$)(?!\s?/\s?[^\s0-9])"
_PAIR: Final = re.compile(
    rf"{_NO_FIGURE}{_VALUE}|(?P<letter>[2-9]?x{{0,4}}[sml])码?|(?P<color>[^\W\d_]{{1,4}}色))\s*[:：]?\s*(?P<money>{MONEY})",
    re.IGNORECASE,
)
_BARE_PAIR: Final = re.compile(
    rf"{_NO_FIGURE}{_VALUE})(?:\s(?:[0-9]+[*x×][0-9]+|[一-龥]{{1,2}})(?=\s))?\s?[:：]?\s?(?P<money>{ARABIC}){_EDGE}",
    re.IGNORECASE,
)
_SHARED: Final = rf"(?P<shared>[0-9.]+(?:(?:\s?[/、]\s?|\s)[0-9.]+)+(?:{_MEASURES}))"
_EACH: Final = rf"(?P<each>[0-9.]+(?:{_MEASURES})(?:(?:\s?[/、]\s?|\s)[0-9.]+(?:{_MEASURES}))+)"
_LIST: Final = re.compile(
    rf"{_NO_FIGURE}(?:{_SHARED}|{_EACH}|(?P<words>大[、/]?中[、/]?小号?|男款[、/\s]?女款))\s*[:：]?\s"
    rf"(?P<figures>{ARABIC}(?:\s?[/、]\s?{ARABIC}|\s{ARABIC})+)(?:元|块)?{_EDGE}(?!\s*[0-9.]+(?:\s|$))",
    re.IGNORECASE,
)
_BETWEEN: Final = re.compile(r"[\s,，、;；/|]*")
_WORN_BY_NUMBER: Final = re.compile("[鞋靴袜]")


@dataclass(frozen=True)
class Sized:
    """An option's name, and what each of its values costs in fen."""

    name: str
    prices: dict[str, int]

    @property
    def axes(self) -> dict[str, list[str]]:
        """The option as any other."""
        return {self.name: list(self.prices)}

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
    return _paired(sentence, _PAIR) or _paired(sentence, _BARE_PAIR) or _in_two_lists(sentence)


def _paired(sentence: Sentence, pattern: re.Pattern[str]) -> Sized | None:
    pairs = list(pattern.finditer(sentence.text))
    together = all(_BETWEEN.fullmatch(sentence.text[before.end() : after.start()]) for before, after in pairwise(pairs))
    if len(pairs) < 2 or not together or len({_sort(pair) for pair in pairs}) > 1:  # noqa: PLR2004  one is no choice
        return None
    if pattern is _BARE_PAIR and pairs[0]["kind"] and _WORN_BY_NUMBER.search(sentence.text):
        return None  # 男款40 女款36 are sizes
    found: dict[str, int] = {}
    for pair in pairs:
        fen = _fen(sentence, pair["money"])
        if fen is None:
            return None
        found[_called(pair)] = fen
    if len(found) < len(pairs) or not _is_plausible(pairs, list(found.values())):
        return None
    sentence.take(pairs[0].start(), pairs[-1].end())
    return Sized(_name(pairs[0]), found)


def _fen(sentence: Sentence, text: str) -> int | None:
    token: Token = next(tokens(text))
    return fen_of(sentence, token) if token.kind in {"money", "number"} and not token.unit else None


def _groups(pair: re.Match[str]) -> dict[str, str]:
    return {name: said for name, said in pair.groupdict().items() if said}


def _called(pair: re.Match[str]) -> str:
    said = _groups(pair)
    return next(said[name] for name in ("value", "area", "kind", "letter", "color") if name in said)


def _sort(pair: re.Match[str]) -> str:
    said = _groups(pair)
    if "measure" not in said:
        return next(name for name in ("area", "kind", "letter", "color") if name in said)
    return _sort_of(said["measure"].lower())


def _sort_of(measure: str) -> str:
    return next((min(sort) for sort in _SORTS if measure in sort), measure)


def _is_plausible(pairs: list[re.Match[str]], prices: list[int]) -> bool:
    """More costs more: 10斤5.8元 100斤5.5元 is a ladder, not two packs. A colour is one that is known."""
    if _sort(pairs[0]) == "color":
        return all(is_color(pair["color"]) for pair in pairs)
    sizes = [_size(pair) for pair in pairs]
    return not all(sizes) or _rises(sizes, prices)


def _size(pair: re.Match[str]) -> Decimal:
    """How large a value is, in the smallest measure of its sort; 0 for what has no size."""
    said = _groups(pair)
    if "area" in said:
        return prod((amount(side) or Decimal(0) for side in re.split("[*x×]", said["area"].lower())), start=Decimal(1))
    return (amount(said["figure"]) or Decimal(0)) * _TIMES[said["measure"].lower()] if "measure" in said else Decimal(0)


def _rises(sizes: list[Decimal], prices: list[int]) -> bool:
    by_size = sorted(zip(sizes, prices, strict=True))
    return all(low[0] < high[0] and low[1] < high[1] for low, high in pairwise(by_size))


def _name(pair: re.Match[str]) -> str:
    sort = _sort(pair)
    if sort == "kind":
        return _GRADE if pair["kind"].endswith("级") else _KIND
    if sort == "color":
        return COLOR
    return _name_of(pair["measure"]) if pair["measure"] else SIZE


def _name_of(measure: str) -> str:
    return SIZE if measure.lower() in _LENGTHS else "规格"


def _in_two_lists(sentence: Sentence) -> Sized | None:
    """`大中小号 0.9 0.7 0.5`: as many figures as values, in an order that makes sense."""
    found = list(_LIST.finditer(sentence.text))
    if len(found) != 1:
        return None
    name, values, sizes = _values(found[0])
    prices = [_fen(sentence, text) for text in re.split(r"\s?[/、]\s?|\s", found[0]["figures"])]
    whole = [price for price in prices if price]
    if not len(values) == len(set(values)) == len(prices) == len(whole) or (sizes and not _rises(sizes, whole)):
        return None
    if not sizes and _WORN_BY_NUMBER.search(sentence.text):
        return None
    sentence.take(*found[0].span())
    return Sized(name, dict(zip(values, whole, strict=True)))


def _values(found: re.Match[str]) -> tuple[str, list[str], list[Decimal]]:
    """The name of the option, its values, and how large each is; words for kinds have no size."""
    if found["words"]:
        words = re.findall("[男女]款|[大中小]", found["words"])
        return (_KIND, words, []) if "款" in found["words"] else (SIZE, words, [Decimal(size) for size in (3, 2, 1)])
    figures = re.findall("[0-9.]+", found["shared"] or found["each"])
    measures = re.findall(r"[^0-9.\s/、]+", found["shared"] or found["each"])
    if len({measure.lower() for measure in measures}) > 1:
        return "", [], []
    sizes = [Decimal(figure.strip(".") or 0) for figure in figures if figure.count(".") <= 1]
    return _name_of(measures[0]), [f"{figure}{measures[0]}" for figure in figures], sizes
