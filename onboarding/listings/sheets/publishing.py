"""Which columns of a sheet buyers get to read: what describes goods, not what a factory notes for itself."""

import re
from functools import lru_cache
from typing import Final

from onboarding.listings.categories import is_asked_of_goods
from onboarding.listings.discretion import is_of_business
from onboarding.listings.sheets.columns import Column
from onboarding.listings.sheets.conditions import REMARKS
from onboarding.listings.sheets.vocabulary import Meaning, bare, meaning_of

_DESCRIBES: Final = re.compile(
    r".*(?:版型|领型|[袖衣裤裙]长|图案|花型|纱支|针[型距]|鞋[跟底面帮]|闭合|填充|充绒|配料|贮存|保存|香型|口味|色温|频率"
    r"|接口|电池|镜[片框架]|证号|许可证|认证|日期|款式|材|型号).*"
    r"|weight|origin|brand|fabric|composition|dimensions?|gsm|pattern|style"
)
_PLAIN: Final = frozenset(
    {Meaning.ATTRIBUTE, Meaning.CODE, Meaning.TITLE, Meaning.CATEGORY, Meaning.COLOR, Meaning.SIZE}
)

_BETWEEN: Final = frozenset(
    {Meaning.INTERNAL, Meaning.TRADE_PRICE, Meaning.DROP_SHIP_PRICE, Meaning.DISCOUNT, Meaning.TOTAL, Meaning.MOQ}
)


def is_private(column: Column) -> bool:
    """Whether a column that would become an attribute of the goods is kept from buyers: nobody said it is for them."""
    return column.meaning is Meaning.ATTRIBUTE and not column.literal and not column.told and is_own(column.detail)


@lru_cache(maxsize=2_000)
def is_own(head: str) -> bool:
    """Whether a head is that of a remark, of another price, of the factory's own business, or one nobody knows."""
    if is_asked_of_goods(head):
        return False
    plain = bare(head)
    if is_remark(head) or is_of_business(head):
        return True
    return meaning_of(head) not in _PLAIN and not _DESCRIBES.fullmatch(plain)


def is_kept(head: str) -> bool:
    """Whether a head of a catalogue is kept from buyers.

    Whoever loads it vouches for heads that nobody knows; remarks and what is between traders go nowhere unasked.
    """
    return is_remark(head) or is_of_business(head) or (meaning_of(head) in _BETWEEN and not is_asked_of_goods(head))


def is_remark(head: str) -> bool:
    """Whether words below a head are written for whoever reads the sheet, not for buyers of the goods."""
    return not is_asked_of_goods(head) and REMARKS.fullmatch(bare(head)) is not None
