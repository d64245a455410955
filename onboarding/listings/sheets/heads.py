"""What one head says by itself: from which quantity on, of which size or kind, the prices under it are."""

import re
from dataclasses import dataclass
from typing import Final

from onboarding.listings.sheets.options import is_size
from onboarding.listings.sheets.units import is_alike
from onboarding.listings.sheets.values import squeeze
from onboarding.listings.sheets.vocabulary import unit_in

_MEASURES: Final = r"[件个副双条套只台盒包袋米斤瓶支把张顶对块箱打枚kg公斤千克吨pcs]*"
_WORDS_OF_TIER: Final = r"(?P<words>moq:?|起[订批]量?:?|(?:采购|订购|拿货)?数?量:?|批发?|拿|订|购|起)?"
_TIER_RANGE: Final = re.compile(
    rf"{_WORDS_OF_TIER}(?P<low>[0-9]+){_MEASURES}[-~—–至到]+(?P<high>[0-9]+)(?P<unit>{_MEASURES})"
)
_TIER_FROM: Final = re.compile(
    rf"{_WORDS_OF_TIER}(?P<sign>≥|>=|>|大于等?于?|满|⩾|≧)?(?P<low>[0-9]+)(?P<unit>{_MEASURES})(?P<more>及?以上|起批?|\+|以上含?|及更多|~|-|↑)?(?P<after>{_MEASURES})"
)
_TIER_BELOW: Final = re.compile(rf"(?:<|≤|<=|少于|小于|不足)[0-9]+{_MEASURES}|[0-9]+{_MEASURES}(?:以下|以内)")
# 一箱起 is of a carton; 一手价 is the price of the first hand.
_IN_PACKS: Final = re.compile(
    r"(?:(?<=[0-9])(?:整?箱|打|手|扎|捆|板|托|ctns?|cartons?|dozen|doz)|(?<=[一单])(?:整?箱|打))(?!装)"
)
_PACK_OF_TIER: Final = re.compile(r"([0-9])(?:整?箱|打|手|扎|捆|板|托|ctns?|cartons?|dozen|doz)")
_THOUSANDS: Final = {"百": 100, "千": 1_000, "万": 10_000}
_PRICE_WORDS: Final = re.compile(r"(?:阶梯|批发|出厂|供货|拿货)?(?:单价|价格|价)|[(（].*[)）]|元")
_PRICE_OF: Final = re.compile(r"(.+?)(?:单?价格?)(?:[(（]?元?[)）]?)?")
_LEAST_NAMED: Final = 5  # 批发价(50) names a quantity, 单价(2) is the second price
_LONGEST_TIER: Final = 100  # no head that names a quantity is so long
_YEARS: Final = range(2010, 2040)
_SHOE_SPAN: Final = 2
_NUMBER: Final = r"[0-9]+(?:\.[0-9]+)?"
_KIND: Final = re.compile(
    rf"{_NUMBER}(?:k?w|瓦|k?g|克|公斤|斤|m|米|珠|头|人|孔|层|抽|格|码|寸|号|座)?(?:床|款|型|规格|装)?"
    rf"|{_NUMBER}(?:[x*×]{_NUMBER})+(?:cm|厘米|公分|mm|毫米|m|米)?(?:床|款)?"
)


@dataclass(frozen=True)
class Head:
    """The words over a column: its own, and those of the merged head above it, if any."""

    own: str
    group: str = ""


def tier_quantity(head: Head) -> int | None:
    """The least quantity of a tier head (`1-49副` → 1, `≥500` → 500), or None."""
    text = _multiplied(squeeze(head.own[:_LONGEST_TIER]), head)
    if len(head.own) >= _LONGEST_TIER or is_in_packs(head):
        return None
    text = _PACK_OF_TIER.sub(r"\1", re.sub(r"^[一单](?=整?箱|打)", "1", text))
    in_prices = bool(re.search(r"价|元|price", squeeze(head.group)))
    if not in_prices and re.search(r"库存|现货|尺码|码数|颜色|stock|size", squeeze(head.group)):
        return None
    inner = re.search(r"[价档阶].*?[(（](.*[0-9].*)[)）]", text)
    core = inner[1] if inner and _tier_core(inner[1], in_prices=True) else _PRICE_WORDS.sub("", text).strip("/:：")
    if core.isdecimal() and core != text and (not inner or int(core[:9]) < _LEAST_NAMED):
        return None  # 单价1, 2026价格: the price's own number or year
    return _tier_core(core, in_prices=in_prices or "价" in text)


def is_in_packs(head: Head) -> bool:
    """Whether a head counts by cartons or dozens, `10箱以上`, and its price is not that of one of them."""
    match = _IN_PACKS.search(squeeze(head.own[:_LONGEST_TIER]))
    priced = unit_in(head.own) or unit_in(head.group)
    return match is not None and not (priced and is_alike(priced, match[0]))


def _multiplied(text: str, head: Head) -> str:
    """`1千件以上` → `1000件以上`, unless the price is that of a thousand."""
    if (unit_in(head.own) or unit_in(head.group) or "")[:1] in _THOUSANDS:
        return re.sub(r"(?<=[0-9])[百千万](?!克)", "", text)
    return re.sub(
        r"(?<![0-9.])([0-9]{1,6})([百千万])(?!克)", lambda match: str(int(match[1]) * _THOUSANDS[match[2]]), text
    )


def _tier_core(core: str, *, in_prices: bool) -> int | None:
    core = core.rstrip("/:")
    if _TIER_BELOW.fullmatch(core):
        return 1
    if match := _TIER_RANGE.fullmatch(core):
        low, high = int(match["low"]), int(match["high"])
        looks_like_size = is_size(match["low"]) and high - low <= _SHOE_SPAN and not match["unit"]
        return low if low < high and (in_prices or not looks_like_size) else None
    match = _TIER_FROM.fullmatch(core)
    if match is None:
        return None
    unit = match["unit"] or match["after"]
    strict = match["sign"] == ">" or match["sign"] == "大于"
    quantity = int(match["low"]) + strict
    if core.isdecimal() and quantity in _YEARS:
        return None
    least = match["sign"] or re.match(r"moq|起", match["words"] or "")
    return quantity if quantity and (least or match["more"] or unit or in_prices) else None


def is_kind(head: Head) -> bool:
    """Whether a head under one of prices measures what is sold: 9W, 1.5m床, 200*230cm."""
    own = squeeze(head.own)
    return "价" in head.group and not own.isdecimal() and _KIND.fullmatch(own) is not None


def size_priced(head: Head) -> str:
    """The size in a head that names its price, S码价 → S码; else empty."""
    match = _PRICE_OF.fullmatch(squeeze(head.own))
    return head.own[: len(match[1])] if match and is_size(match[1]) else ""
