"""Which heads are between traders: prices, fees, terms and whatever else a factory tells merchants and nobody else.

Pure. One rule for sheets, catalogues that are loaded whole, and pages: what it names, no shopper reads.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from onboarding.listings.categories import is_asked_of_goods

_LONGEST: Final = 200
_SAYS_A_PRICE: Final = (
    r"(?<!性)[价價](?!值)|(?<![消免])[费費]|(?<![一二三四五六七八九十多])元(?!素)"
    r"|price|cost(?!ume)|内部|供应商|定金|押金|账期|保密|老板|自用|internal"
)
_SAYS_A_TRADE: Final = (
    r"拿[货貨]|批[发發]|供[货貨]|代理|经销|經銷|分销|分銷|加盟|团购|代[发發]|出[厂廠]|进[货貨]|采购|结算|到手"
    r"|[佣傭]金|提成|返[点點利]|扣点|利[润潤]|毛利|成本|金额|折扣|起[订訂批定拿]"
)
_NO_TRADE: Final = r"(?!日期|时间|年|批?号|编号|检|地|周期|市场|证|标准|报告|温度|设[置定]|配置|材料|时效|状态)"
_ABROAD: Final = (
    r".*(?:wholesale|vip|moq|reseller|distributor|commission|rebate|profit).*|(?:fob|exw|cif|ddp|margin|dealer).*"
)
_PEOPLE: Final = r"[老大熟]客.*|会员.*|渠道.*|[批厂底代拿供]"
_PIECES: Final = r"[≥＞>]?=?\d{1,6}(?:[-~]\d{1,6})?(?:[件个只条双套打箱]|pcs?)?(?:及?以上|起|\+)?"  # a rung of a ladder
_OF_BUSINESS: Final = re.compile(
    rf".*(?:{_SAYS_A_PRICE}).*|.*(?:{_SAYS_A_TRADE}){_NO_TRADE}.*|{_ABROAD}|{_PEOPLE}|{_PIECES}", re.DOTALL
)
_BRACKETED: Final = re.compile(r"[(\[【<].*?[)\]】>]|[:：*]+$")


@lru_cache(maxsize=20_000)
def is_of_business(head: str) -> bool:
    """Whether a head is that of another price, a fee, or what concerns the factory and its merchants alone."""
    if is_asked_of_goods(head):
        return False
    plain = "".join(unicodedata.normalize("NFKC", head[:_LONGEST]).lower().split())
    return _OF_BUSINESS.fullmatch(plain) is not None or _OF_BUSINESS.fullmatch(_BRACKETED.sub("", plain)) is not None
