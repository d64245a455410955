"""Figures that nobody understood: told, and where they may be the price of another sort, the price is asked."""

import re
from typing import Final

from onboarding.listings.sentences.money import Prices
from onboarding.listings.sentences.sentence import Sentence
from onboarding.listings.sentences.tokens import Token

_EDGES: Final = frozenset(("gap", "stop", "used"))
_FIGURES: Final = frozenset(("number", "count", "least", "money"))
_OF_A_SORT: Final = re.compile(
    r"(?P<name>[^\W\d_]{0,3}(?:款|版|质|型|色))[:：]?(?P<figure>[0-9]+(?:\.[0-9]{1,2})?)(?=[\s,，;；。!！、)）]|$)"
)
_NO_SORT: Final = re.compile(".*(?:新|本|同|多)款")
_GLUED: Final = re.compile(r"(?<=[\u4e00-\u9fff])(?<!蓝牙)[0-9]+(?:\.[0-9]{1,2})?$|^[0-9.]+包邮$")


def doubt_sorts(sentence: Sentence, parts: list[Token], prices: Prices) -> None:
    """`45元 加厚款58`: two prices, of which only one says whose it is; 黑色50 may be stock."""
    text = "".join("\n" if part.kind == "used" else part.text for part in parts)
    for match in _OF_A_SORT.finditer(text):
        if _NO_SORT.fullmatch(match["name"]):
            continue
        if (prices.trade or prices.steps) and not match["name"].endswith("色"):
            prices.unclear = True
            sentence.tell("price_several", match[0])
        else:
            sentence.tell("number_unread", match[0])


def tell_of_figures(sentence: Sentence, parts: list[Token]) -> None:
    """Figures that stand alone and were not understood; those in words, 3层抽纸, belong to the title."""
    for index, part in enumerate(parts):
        before = parts[index - 1].kind if index else "stop"
        after = parts[index + 1].kind if index + 1 < len(parts) else "stop"
        alone = before in _EDGES and after in _EDGES
        if part.kind in _FIGURES and alone and re.search("[0-9]", part.text):
            sentence.tell("number_unread", part.text)
            part.kind = "used"


def tell_of_words(sentence: Sentence, title: str) -> None:
    """Figures at the end of words that are kept beside the title: 纸盒9.8 may be a price."""
    told = " ".join(str(one.params.get("text", "")) for one in sentence.problems)
    for word in sentence.attributes.get("说明", "").replace("；", " ").split():
        if word not in title and word not in told and _GLUED.search(word):
            sentence.tell("number_unread", word)
