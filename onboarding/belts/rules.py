"""What a row of the belts file must hold, and the provinces: in the order of GB/T 2260, and as squares of a tile grid.

A tile grid draws no border, and so needs no map-review number (地图审图号) as a map of China does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kernel.text import lazy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PROVINCES = {
    "11": "北京市",
    "12": "天津市",
    "13": "河北省",
    "14": "山西省",
    "15": "内蒙古自治区",
    "21": "辽宁省",
    "22": "吉林省",
    "23": "黑龙江省",
    "31": "上海市",
    "32": "江苏省",
    "33": "浙江省",
    "34": "安徽省",
    "35": "福建省",
    "36": "江西省",
    "37": "山东省",
    "41": "河南省",
    "42": "湖北省",
    "43": "湖南省",
    "44": "广东省",
    "45": "广西壮族自治区",
    "46": "海南省",
    "50": "重庆市",
    "51": "四川省",
    "52": "贵州省",
    "53": "云南省",
    "54": "西藏自治区",
    "61": "陕西省",
    "62": "甘肃省",
    "63": "青海省",
    "64": "宁夏回族自治区",
    "65": "新疆维吾尔自治区",
    "71": "台湾省",
    "81": "香港特别行政区",
    "82": "澳门特别行政区",
}
# Each province roughly in its place; 7 columns, so that a thumb hits a square on a phone.
_GRID = """
.. .. .. .. .. .. HL
.. .. .. NM BJ LN JL
XJ GS NX SX HE TJ ..
XZ QH SN HA SD .. ..
.. SC CQ HB AH JS SH
.. YN GZ HN JX ZJ ..
.. .. GX GD FJ TW ..
.. .. HI MO HK .. ..
"""
# By GB/T 2260: letters, the name on a tile, the name in English.
_NAMES = {
    "11": ("BJ", "北京", "Beijing"),
    "12": ("TJ", "天津", "Tianjin"),
    "13": ("HE", "河北", "Hebei"),
    "14": ("SX", "山西", "Shanxi"),
    "15": ("NM", "内蒙古", "Inner Mongolia"),
    "21": ("LN", "辽宁", "Liaoning"),
    "22": ("JL", "吉林", "Jilin"),
    "23": ("HL", "黑龙江", "Heilongjiang"),
    "31": ("SH", "上海", "Shanghai"),
    "32": ("JS", "江苏", "Jiangsu"),
    "33": ("ZJ", "浙江", "Zhejiang"),
    "34": ("AH", "安徽", "Anhui"),
    "35": ("FJ", "福建", "Fujian"),
    "36": ("JX", "江西", "Jiangxi"),
    "37": ("SD", "山东", "Shandong"),
    "41": ("HA", "河南", "Henan"),
    "42": ("HB", "湖北", "Hubei"),
    "43": ("HN", "湖南", "Hunan"),
    "44": ("GD", "广东", "Guangdong"),
    "45": ("GX", "广西", "Guangxi"),
    "46": ("HI", "海南", "Hainan"),
    "50": ("CQ", "重庆", "Chongqing"),
    "51": ("SC", "四川", "Sichuan"),
    "52": ("GZ", "贵州", "Guizhou"),
    "53": ("YN", "云南", "Yunnan"),
    "54": ("XZ", "西藏", "Xizang"),
    "61": ("SN", "陕西", "Shaanxi"),
    "62": ("GS", "甘肃", "Gansu"),
    "63": ("QH", "青海", "Qinghai"),
    "64": ("NX", "宁夏", "Ningxia"),
    "65": ("XJ", "新疆", "Xinjiang"),
    "71": ("TW", "台湾", "Taiwan"),
    "81": ("HK", "香港", "Hong Kong"),
    "82": ("MO", "澳门", "Macao"),
}
CATEGORIES = (
    lazy("五金"),
    lazy("休闲食品"),
    lazy("医护用品"),
    lazy("厨具"),
    lazy("家具"),
    lazy("家居建材"),
    lazy("家纺"),
    lazy("小家电"),
    lazy("工艺礼品"),
    lazy("方便食品"),
    lazy("日用百货"),
    lazy("服饰"),
    lazy("服饰针织"),
    lazy("清洁纸品"),
    lazy("滋补"),
    lazy("灯具"),
    lazy("玩具童车"),
    lazy("生鲜食品"),
    lazy("眼镜"),
    lazy("箱包皮具"),
    lazy("粮油"),
    lazy("美妆个护"),
    lazy("茶叶"),
    lazy("调味品"),
    lazy("酒类"),
    lazy("陶瓷"),
    lazy("鞋靴"),
    lazy("鲜花绿植"),
)
"""The categories of the belts file, an interface text each, so that pages translate them; others stand as typed."""
COLUMNS = {
    "slug": "slug",
    "name_zh": "name_zh",
    "name_en": "name_en",
    "province": "province",
    "city": "city",
    "county": "county",
    "trade_zh": "trade",
    "category_zh": "category",
}
_ORDER = {name: place for place, name in enumerate(PROVINCES.values())}
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Tile:
    """One province-level division: its full name, what its square says, and where the square lies, from 1."""

    province: str
    short: str
    english: str
    letters: str
    column: int
    row: int

    @property
    def slug(self) -> str:
        """Its part of an address."""
        return self.english.lower().replace(" ", "-")


def _tiles() -> dict[str, Tile]:
    rows = [line.split() for line in _GRID.split("\n") if line]
    places = {letters: (column, row) for row, line in enumerate(rows, 1) for column, letters in enumerate(line, 1)}
    named = ((PROVINCES[code], *names) for code, names in _NAMES.items())
    return {
        province: Tile(province, short, english, letters, *places[letters])
        for province, letters, short, english in named
    }


TILES = _tiles()


def province_in(language: str, province: str) -> str:
    """A province's name in a language; what is none stays as it is."""
    return province if language == "zh" or province not in TILES else TILES[province].english


def by_province(province: str) -> int:
    """Where a province stands in the order of GB/T 2260."""
    return _ORDER[province]


def faults(rows: Sequence[Mapping[str, str]]) -> list[str]:
    """What is wrong with the rows of a belts file, by line of the file; an empty list when nothing is."""
    found = []
    seen: set[str] = set()
    for line, row in enumerate(rows, start=2):
        found += [f"line {line}: {column} is blank" for column in COLUMNS if not (row.get(column) or "").strip()]
        if not _SLUG.fullmatch(row["slug"]):
            found.append(f"line {line}: {row['slug']!r} is no slug")
        if row["slug"] in seen:
            found.append(f"line {line}: {row['slug']} stands twice")
        if row["province"] not in _ORDER:
            found.append(f"line {line}: {row['province']} is no province")
        seen.add(row["slug"])
    return found
