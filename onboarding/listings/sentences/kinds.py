"""A price of its own for every sort that has no measure: `铁235木268`, `带盒8.8 不带盒6.8`, `S/M/L 8/10/12元`."""

import re
from itertools import pairwise
from typing import Final

from onboarding.listings.sentences.figures import ARABIC
from onboarding.listings.sentences.money import fen_of
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sentences.sized import Sized
from onboarding.listings.sentences.tokens import tokens
from onboarding.listings.sheets.options import SIZE

_NO_COUNT: Final = "(?![元块件条个只双套把支瓶盒袋包斤片张起毛角号码寸米万千百至到年天层色分])"
_MONEY: Final = rf"(?P<money>{ARABIC}(?:元|块钱?)?)(?=[\s,，;；/。!！]|$|{_NO_COUNT}[\u4e00-\u9fff])"
_NAMES: Final = {
    "配置": r"(?<![\u4e00-\u9fff])(?P<name>(?:不带|带|有|无|不含|含|不加|加)(?![税票邮运款货])[^\W\d_]{1,3})\s?",
    "材质": r"(?<![^\W\d_])(?P<name>实木|不锈钢|布艺|铝合金|塑料|陶瓷|玻璃|[铁木铜铝竹])\s?",
    SIZE: r"(?<![^\W\d_])(?P<name>[大中小]号?)\s?",
    "款式": r"(?<![^\W\d_])(?P<name>(?:[A-Z]|(?![新同多各本全两双单])[^\W\d_]{2,3})款)",
    "规格": r"(?<![^\W\d_])(?P<name>[长短高低矮单双厚薄](?![度径边宽价])[^\W\d_])",
    "适用": r"(?<![^\W\d_])(?P<name>[男女])\s?",
}
_PAIRS: Final = {name: re.compile(rf"{names}[:：]?{_MONEY}") for name, names in _NAMES.items()} | {
    "型号": re.compile(
        r"(?<![A-Za-z0-9.*×/-])(?P<name>[A-Z]{1,2}[0-9]{1,4}|[1-9][0-9]{3})\s"
        rf"(?P<money>{ARABIC}(?:元|块钱?))(?=[\s,，;；。!！]|$)"
    ),
}
_MORE_OF_THEM: Final = {
    name: re.compile(
        rf"[\s,，、;；/]*{names}[:：]?[0-9]|\s*(?:cm|mm|厘米|毫米|寸|米|升|克|公?斤|[件个条只双套])(?!装)",
        re.IGNORECASE,
    )
    for name, names in _NAMES.items()
}
"""`大30 中25 小20cm`: the last one shows that none of them is a price."""
_LETTERS: Final = ("XS", "S", "M", "L", "XL", "XXL", "XXXL")
_BY_LETTERS: Final = re.compile(
    rf"(?<![A-Za-z])(?P<names>(?:X*[SL]|M)(?:/(?:X*[SL]|M))+)\s"
    rf"(?P<figures>{ARABIC}(?:/{ARABIC})+)(?P<yuan>元|块钱?)?(?=[\s,，;；。!！]|$)"
)
_FIGURES_FIRST: Final = re.compile(
    rf"(?<=[\s,，])(?P<figures>{ARABIC}\s{ARABIC}\s{ARABIC})\s(?P<names>大中小)号?(?=[\s,，;；。!！]|$)"
)
_ORDER: Final = ("大", "中", "小")
_BETWEEN: Final = re.compile(r"[\s,，、;；/]*")
_WORN: Final = re.compile("[鞋靴袜衣裤衫裙恤童帽]")
_STEEPEST: Final = 4


def read_kinds(sentence: Sentence) -> Sized | None:
    """The option whose sorts bear prices; None where figures may be anything else."""
    found = (_paired(sentence, name, pattern) for name, pattern in _PAIRS.items())
    return next((one for one in found if one), None) or _in_two_lists(sentence)


def _paired(sentence: Sentence, name: str, pattern: re.Pattern[str]) -> Sized | None:
    pairs = list(pattern.finditer(sentence.text))
    together = all(_BETWEEN.fullmatch(sentence.text[before.end() : after.start()]) for before, after in pairwise(pairs))
    if len(pairs) < 2 or not together:  # noqa: PLR2004  one is no choice
        return None
    if name in _MORE_OF_THEM and _MORE_OF_THEM[name].match(sentence.text, pairs[-1].end()):
        return None
    found = _priced(sentence, [pair["name"] for pair in pairs], [pair["money"] for pair in pairs])
    if not found or not _FITS[name](sentence, found):
        return None
    sentence.take(pairs[0].start(), pairs[-1].end())
    return Sized(name, found)


def _in_two_lists(sentence: Sentence) -> Sized | None:
    """`S/M/L 8/10/12元`, `25 18 12 大中小`: as many figures as names, and more costs more."""
    match = _BY_LETTERS.search(sentence.text) or _FIGURES_FIRST.search(sentence.text)
    if match is None:
        return None
    names = match["names"].split("/") if "/" in match["names"] else list(match["names"])
    found = _priced(sentence, names, re.split(r"[/\s]", match["figures"]))
    order = _LETTERS if match.re is _BY_LETTERS else tuple(reversed(_ORDER))
    plain = (
        bool(match["yuan"] or "." in match["figures"]) if match.re is _BY_LETTERS else not _WORN.search(sentence.text)
    )
    if not found or not plain or not _rises(found, order):
        return None
    sentence.take(*match.span())
    return Sized(SIZE, found)


def _priced(sentence: Sentence, names: list[str], figures: list[str]) -> dict[str, int]:
    """Each name with its price; empty when one is said twice, or prices are no choice."""
    prices = [fen_of(sentence, next(tokens(figure))) for figure in figures]
    whole = [price for price in prices if price]
    said = "".join(figures)
    if not re.search("[元块.]", said) and not any(price % 50_00 for price in whole):
        return {}  # 有盖500 无盖300 may be stock
    if not len(set(names)) == len(names) == len(prices) == len(whole) or max(whole) > _STEEPEST * min(whole):
        return {}
    return dict(zip(names, whole, strict=True))


def _rises(found: dict[str, int], order: tuple[str, ...]) -> bool:
    if not set(found) <= set(order):
        return False
    by_size = [found[name] for name in order if name in found]
    return all(low < high for low, high in pairwise(by_size))


def _with_and_without(sentence: Sentence, found: dict[str, int]) -> bool:
    """`带盒8.8 不带盒6.8`: the same thing, with which it costs more."""
    if re.search("[鞋靴袜]", sentence.text) and max(found.values()) < 50_00:  # noqa: PLR2004
        return False  # sizes as likely
    without = [name for name in found if name[0] in "不无"]
    bare = {re.sub("^(?:不带|带|有|无|不含|含|不加|加)", "", name) for name in found}
    return len(found) == 2 and len(without) == len(bare) == 1 and found[without[0]] == min(found.values())  # noqa: PLR2004


def _of_stuff(_sentence: Sentence, found: dict[str, int]) -> bool:
    alike = len(set(found.values())) < len(found)
    return not alike and (min(found.values()) >= 10_00 or _in_parts(found))  # noqa: PLR2004  木4铁5 may be parts


def _in_parts(found: dict[str, int]) -> bool:
    return any(price % 100 for price in found.values())


def _of_size(sentence: Sentence, found: dict[str, int]) -> bool:
    found = {name[0]: price for name, price in found.items()}
    named = "元" in sentence.text or "块" in sentence.text or _in_parts(found)
    named = named or min(found.values()) >= 10_00  # noqa: PLR2004  大号12 小号6 may be inches
    return named and not _WORN.search(sentence.text) and _rises(found, tuple(reversed(_ORDER)))


def _of_style(sentence: Sentence, found: dict[str, int]) -> bool:
    return not _WORN.search(sentence.text) and _of_stuff(sentence, found)


def _of_opposites(sentence: Sentence, found: dict[str, int]) -> bool:
    """`单轨12 双轨22`: one thing in two makes."""
    alike = len({name[1] for name in found}) == 1
    return alike and (_in_parts(found) or not _WORN.search(sentence.text)) and _of_stuff(sentence, found)


def _of_both(_sentence: Sentence, found: dict[str, int]) -> bool:
    """`男 3.5 女 3`: no sizes are written so, and 男40 女38 are sizes."""
    return _in_parts(found) and max(found.values()) < 20_00  # noqa: PLR2004


def _of_model(_sentence: Sentence, found: dict[str, int]) -> bool:
    """`6204 3.6元 6205 4.2元`: models of one series; 1000 and 2000 are quantities."""
    series = {re.sub("[0-9]+$", "", name) or name[:2] for name in found}
    return len(series) == 1 and not any(re.fullmatch("(?:19|20)[0-9]{2}|[0-9]+00", name) for name in found)


_FITS: Final = {
    "配置": _with_and_without,
    "材质": _of_stuff,
    SIZE: _of_size,
    "款式": _of_style,
    "规格": _of_opposites,
    "适用": _of_both,
    "型号": _of_model,
}
