"""What a row of the belts file must hold, and the provinces in the order of GB/T 2260."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

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
