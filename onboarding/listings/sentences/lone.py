"""The one bare figure of an offer, `旗袍裙 M-3XL 88 预售10天`: its price, where all else is understood."""

import re
from typing import Final

from onboarding.listings.sentences.money import Prices, may_be_size
from onboarding.listings.sentences.phrases import NOISE
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sentences.tokens import Token

_EDGES: Final = frozenset(("gap", "stop", "used"))
_FIGURES: Final = frozenset(("number", "spoken"))
_OPEN: Final = _FIGURES | {"count", "least", "money", "vague", "range", "foreign"}
_OF_AN_OFFER: Final = frozenset(
    (
        "stock_unstated",
        "stock_ambiguous",
        "stock_about",
        "colours_unnamed",
        "sizes_unnamed",
        "kinds_unnamed",
        "moq_in_packs",
    )
)
_GRADES: Final = frozenset(("201", "304", "316", "430", "925", "990", "999"))
"""Steel, silver and gold are called by figures like a price's."""
_LOOKS_PRICED: Final = re.compile(r"[0-9][5689]$|\.[0-9]|十[五六八九]$")
_SENT: Final = re.compile(r"(?:一件)?(?:代发)?包邮(?:$|[\s,，;；。!！])")
_SAID_ANYWAY: Final = re.compile(NOISE)
_OF_SHEETS: Final = re.compile("[纸布纱线]|[毛湿浴]巾|口罩|面膜")
_BY_FIGURE: Final = re.compile(
    "[童鞋靴箱车伞笔纸灯泡盘杯锅屏纱线布膜刀针香茶酒奶床被枕棉羽裤衣衫裙帽袜]|电视|显示|U盘|手机|内存|轮胎|毛线|巾(?!架)|玩偶|公仔|熊|娃娃|链|镯|笼|轨|镜|琴|锁|孔|距|径|规格|尺寸|型号|电池|轴承|螺丝|积木|拼图|口红|四件套|积木|钻头"
)
"""Goods that are told apart by a figure: inches, grams, sheets, pieces."""
_PLAIN: Final = re.compile(
    r"[1-9][0-9]{0,2}(?:\.[0-9]{1,2})?|[一二两三四五六七八九]?[十百千][一二三四五六七八九十百零]*"
)


def name_lone(sentence: Sentence, parts: list[Token], prices: Prices, *, offered: bool, sized: bool) -> None:
    """Make the only figure left a price: `offered` when options, an order or stock were said, `sized` when sizes."""
    found = [part for place, part in enumerate(parts) if part.kind in _FIGURES and _stands_alone(parts, place)]
    left = [part for part in parts if part.kind in _OPEN and re.search("[0-9]", part.text) and part not in found]
    if len(found) != 1 or left or _is_priced(sentence, prices):
        return
    figure = found[0]
    known = offered or _is_told(parts, figure) or any(one.code in _OF_AN_OFFER for one in sentence.problems)
    if known and (sized or not may_be_size(sentence, figure)) and _may_be_price(parts, figure, prices):
        prices.trade.append(int((figure.value or 0) * 100))
        figure.kind = "used"


def _is_told(parts: list[Token], figure: Token) -> bool:
    """Whether the figure closes a line that says more of its goods than a name: `键盘 87键 青轴 115`."""
    place = parts.index(figure)
    text = "".join("\n" if part.kind == "used" else part.text for part in parts[:place])
    behind = "".join(part.text for part in parts[place + 1 :]).strip()
    if not _LOOKS_PRICED.search(figure.text):
        return False
    if _SENT.match(behind):
        return True
    if not all(_SAID_ANYWAY.fullmatch(word) for word in re.split(r"[\s,，!！;；。]+", behind) if word):
        return False
    if any(part.kind in {"measure", "span"} for part in parts[:place]):
        return not _OF_SHEETS.search(text) and not _is_of_weight(text, figure)
    described = len([word for word in text.split() if re.search(r"[^\W\d_]", word)]) > 2  # noqa: PLR2004
    return described and not _BY_FIGURE.search(text)


def _is_of_weight(text: str, figure: Token) -> bool:
    """`苹果 100斤 25`: less than a yuan for a 斤 is the price of something else."""
    weight = re.search(r"([0-9]+)斤\s*$", text)
    return bool(weight and (figure.value or 0) < int(weight[1]))


def _stands_alone(parts: list[Token], place: int) -> bool:
    around = [parts[near].kind for near in (place - 1, place + 1) if 0 <= near < len(parts)]
    return all(kind in _EDGES for kind in around)


def _is_priced(sentence: Sentence, prices: Prices) -> bool:
    told = prices.unclear or prices.trade or prices.untaxed or prices.steps
    asked = any(
        one.code.startswith(("price_", "ladder_", "goods_", "number_")) and one.code != "price_other"
        for one in sentence.problems
    )
    return bool(told or asked)


def _may_be_price(parts: list[Token], figure: Token, prices: Prices) -> bool:
    """A figure behind the goods that is no grade and no year, and not the price of a pack just named."""
    ahead = [part for part in parts[: parts.index(figure)] if part.kind != "gap"]
    if not any(part.kind == "word" for part in ahead) or ahead[-1].kind == "pack":
        return False
    if not _PLAIN.fullmatch(figure.text) or figure.text in _GRADES or not figure.value:
        return False
    return all(figure.value * 100 < fen for fen in prices.retail)
