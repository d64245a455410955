"""How a division may be written: in full, without or with an old suffix, autonomous ones without their peoples."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

FULL: Final = 3.0
FORMER: Final = 2.8
OTHER_SUFFIX: Final = 2.0  # 满城县 for what is 满城区 today
SHORT: Final = 1.5
OF_EVERY_CITY: Final = 1.4  # 经济开发区 says little but after its city
_LEAST: Final = 2

_SUFFIX = re.compile(r"(特别行政区|自治区|自治州|自治县|自治旗|地区|林区|新区|矿区|省|市|县|区|旗|盟)$")
_PEOPLES = (
    "蒙古|回|藏|维吾尔|苗|彝|壮|布依|朝鲜|满|侗|瑶|白|土家|哈尼|哈萨克|傣|黎|傈僳|佤|畲|高山|拉祜|水|东乡|纳西|景颇|"
    "柯尔克孜|土|达斡尔|仫佬|羌|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|怒|乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|京|"
    "塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|各"
)
# 博尔塔拉蒙古自治州 and 察布查尔锡伯自治县 leave the 族 out.
_WITH_PEOPLES = re.compile(rf"^(.{{2,}}?)(?:(?:{_PEOPLES})族|(?:蒙古|哈萨克|柯尔克孜|塔吉克|锡伯|维吾尔))+$")
_ZONES = (("高新技术产业开发区", "高新区"), ("经济技术开发区", "经开区"), ("高新技术产业开发区", "高新技术开发区"))
_EVERY_CITY = re.compile(r"市?(经济|高新|技术|产业|开发|城乡|一体化|示范|新|区)+$")
_KINDS = {"州": "州", "县": "县", "旗": "旗"}


def spellings(name: str, above: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    """Every way to write a division and how surely it means it; `above` are the names over it."""
    yield name, FULL
    for whole, short in _ZONES:
        if name.endswith(whole):
            yield name.replace(whole, short), FULL
    yield from _without_names_above(name, above)
    stem = short_name(name)
    if len(stem) < _LEAST or stem in (name, *map(short_name, above)):
        return  # 新乡 alone is the city, not its 新乡县; 镇江新区 is a part of 镇江
    yield stem, SHORT
    for suffix in "市县区":
        yield stem + suffix, OTHER_SUFFIX
    if kind := _KINDS.get(name[-1]):
        yield stem + kind, FULL


def short_name(name: str) -> str:
    """丹阳市 → 丹阳, 恩施土家族苗族自治州 → 恩施, 内蒙古自治区 → 内蒙古; what has no shorter form stays as it is."""
    stem = _SUFFIX.sub("", name)
    autonomous = _WITH_PEOPLES.match(stem) if "自治" in name and name != "内蒙古自治区" else None
    return autonomous[1] if autonomous else stem


def _without_names_above(name: str, above: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    """保定白沟新城 and 河北沧州经济开发区 repeat what stands before them in an address."""
    rest = name
    for over in above:
        rest = rest.removeprefix(over).removeprefix(short_name(over))
    if rest != name and len(rest) > _LEAST:
        yield rest, OF_EVERY_CITY if _EVERY_CITY.match(rest) else FORMER
