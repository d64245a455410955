"""The core of a company's name, and whether two names could be taken for one another at a glance.

A registered name is region, brand, trade and form (企业名称登记管理规定, article 6): 丹阳市 明视 眼镜 有限公司. Only
the brand tells companies of one trade apart, so brands are compared, after what looks alike has been made alike.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import opencc

from kernel.text import clean
from onboarding.belts.divisions import split_region
from onboarding.belts.trades import words

LOOKALIKES = Path(__file__).parent / "data" / "lookalikes.txt"
_FORMS = re.compile(
    r"(股份有限公司|有限责任公司|有限公司|专业合作社|合作联社|合作社|个体工商户|个人独资企业|股份公司|总公司|分公司|公司|"
    r"集团|普通合伙|有限合伙|研究所|研究院|工作室|经营部|门市部|营业部|商行|商店|商贸行|总厂|分厂|厂|店|坊|社|铺|馆)+$"
)
# What a name adds to its trade.
_KINDS = (
    "制品|用品|产品|制造|制作|加工|生产|科技|技术|实业|工贸|贸易|商贸|工业|企业|发展|进出口|电子商务|供应链|销售|批发|零售|材料|"
    "设备|工具|电器|电子|数码配件|配件|器材|食品|饮品|农业|生物|文化|创意|国际|服饰|织造|纺织|纺织品|纤维|塑料|制衣|种植|演出|"
    "玩具|装饰|光电|智能|家居|日用|工艺|家用|商用|"
    "鞋业|茶业|酒业|纸业|木业|皮业|果业|米业|袜业|瓷业|门业|锁业|厨业|金店|银楼|珠宝"
)
_LEAST: Final = 2  # characters of a brand (article 8); less is what a place or trade left over: 赤水|河
_BRACKETS = re.compile(r"[(（].*?[)）]")
_LETTERS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
_LATIN = str.maketrans({"l": "i", "1": "i", "|": "i", "0": "o", "5": "s", "8": "b", "2": "z", "q": "g", "9": "g"})


def confusable(one: str, other: str) -> bool:
    """Whether one company could be taken for the other: the same brand at a glance, or all the same but the form."""
    brand, whole = core(one), _whole(one)
    return (bool(brand) and brand == core(other)) or (bool(whole) and whole == _whole(other))


@lru_cache(maxsize=8192)
def core(name: str) -> str:
    """The brand in its plainest form: 丹阳市明视眼镜有限公司 → 明视; empty for names without one (丹阳眼镜厂).

    Simplified, lower case, without signs; characters and letters that look alike are one.
    """
    _region, rest = split_region(_plain(name))
    brand = _without_trade(rest)
    return _alike(brand) if len(brand) >= _LEAST else ""


def same_registered(one: str, other: str) -> bool:
    """Whether two writings are one registered name: width, brackets of either kind, case and blanks aside."""
    return _written(one) == _written(other)


def is_individual(form: str) -> bool:
    """Whether a licence's type is that of an individual business."""
    return "个体" in form


def is_individual_code(code: str) -> bool:
    """Whether a credit code is that of an individual business (GB 32100: 9 the market authority, 2 individuals)."""
    return code.startswith("92")


@lru_cache(maxsize=8192)
def _whole(name: str) -> str:
    """Everything but the form, the region in its short form."""
    region, rest = split_region(_plain(name))
    return _alike(region + _FORMS.sub("", rest))


def _plain(name: str) -> str:
    """Without marks that cannot be seen, signs and what stands in brackets; half-width and simplified."""
    bare = _BRACKETS.sub("", unicodedata.normalize("NFKC", clean(name)))
    return "".join(char for char in _simplify().convert(bare) if char.isalnum())


def _written(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", clean(name)).upper().split())


def _without_trade(rest: str) -> str:
    """What stands before trade and form; empty when there is nothing."""
    while (shorter := _FORMS.sub("", _trade().sub("", rest))) != rest:
        rest = shorter
    return rest


def _alike(text: str) -> str:
    """One spelling for all that looks the same."""
    folded = text.lower()
    for written, seen in _LETTERS:
        folded = folded.replace(written, seen)
    return folded.translate(_LATIN).translate(_families())


@cache
def _families() -> dict[int, str]:
    lines = LOOKALIKES.read_text(encoding="utf-8").splitlines()
    families = [line.split() for line in lines if not line.startswith("#")]
    return {ord(char): family[0] for family in families for char in family[1:]}


@cache
def _trade() -> re.Pattern[str]:
    known = {*words(), *_KINDS.split("|")}
    longest_first = sorted((word for word in known if len(word) > 1), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, longest_first))})+$")


@cache
def _simplify() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")
