"""Six sheets as factories keep them: what they hold and what has to be asked was written down first."""

import time

import pytest

from onboarding.listings.sheets.reader import read_sheet

SOCKS = """\
义乌市暖足袜业 2026秋冬报价,,,,,
,,,,,单位：元/打
序号,款号,品名,颜色,出厂价,起批
1,W-01,中筒棉袜,黑/白/灰,36,50打
2,W-02,船袜,混色,24,50打
,,本页小计,,60,
3,W-03,羊毛袜,驼,66,30打
,,合计,,126,
"""
SCREWS = """\
规格,名称,单价,单位,库存,备注
M3*10,内六角螺丝,45,千只,200000,未税价
M4*12,内六角螺丝圆头,60,千只,,
M5,螺母,18,百个,5000,含税
"""
TEA = """\
安溪茶厂价目表
货号,品名,净含量,批发价,零售价
T1,铁观音一级,250g,68,128
T2,铁观音特级,250g,98,198
累计,,,166,
说明：1、价格含税；2、经销商在批发价基础上再打95折；3、满5000包邮
"""
TOYS = """\
Ref,Picture description,Net,Note
TY-1,Wooden train,3.2,FOB USD
TY-2,Puzzle,18,
"""
SHOES = """\
X801,女单鞋,59,35-40,120
X802,男休闲鞋,79,39-44,80
"""
BEDDING = """\
南通家纺
产品名称,面料,价格,起订量(套),备注
四件套1.5米,全棉,128,10,1.8米加20元
四件套磨毛,磨毛,99,10,现货
夏被,天丝,158,10套,价格以实际为准
3,小计,385,,
"""
SHEETS = [
    (SOCKS, ["中筒棉袜", "船袜", "羊毛袜"], {"moq_in_packs", "prices_by_measure"}),
    (SCREWS, ["内六角螺丝", "内六角螺丝圆头", "螺母"], {"tax_excluded"}),
    (TEA, ["铁观音一级", "铁观音特级"], {"prices_adjusted"}),
    (TOYS, [], {"header_unknown"}),
    (SHOES, [], {"header_unknown"}),
    (BEDDING, ["四件套1.5米", "四件套磨毛", "夏被"], {"prices_not_firm", "prices_adjusted"}),
]
_SECONDS = 10


@pytest.mark.parametrize(("text", "goods", "codes"), SHEETS)
def test_goods_and_questions_of_odd_sheets(text: str, goods: list[str], codes: set[str]) -> None:
    reading = read_sheet(text.encode(), "x.csv", asking=True)
    assert ([one.title for one in reading.listings], {one.code for one in reading.problems}) == (goods, codes)


@pytest.mark.parametrize("sign", ["(", "1", "价", "每1", "9折", "加1", "元/", "合计", "不含", "美元"])
def test_long_cells_in_any_column_keep_nobody_waiting(sign: str) -> None:
    cells = ["货号", "品名", "单价", "库存", "起订量", "尺码", "颜色", "备注", "单位"]
    long = sign * 12_000
    rows = [[long], [long] * 9, cells, *([long if c == k else f"v{c}" for c in range(9)] for k in range(9))]
    begun = time.monotonic()
    read_sheet("\n".join(map(",".join, rows)).encode(), "x.csv")
    assert time.monotonic() - begun < _SECONDS
