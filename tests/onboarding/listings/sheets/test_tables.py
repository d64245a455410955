"""Heads, layouts and faulty cells of many trades."""

import pytest

from onboarding.listings.categories import guess_category, top_of
from onboarding.listings.sheets.messages import PROBLEMS, message
from onboarding.listings.sheets.reader import read_sheet
from onboarding.listings.sheets.reading import Tier, answer_stock
from onboarding.listings.sheets.vocabulary import meaning_of
from tests.onboarding.listings.sheets.made import ReadRows

HEADS = {
    "code": "货号 款号 型号 编号 SKU 产品编号 商品编码 款式编号",
    "title": "茶名 鞋名 品名 产品名称 名称 商品名称 标题 商品标题 品名规格",
    "trade_price": "一手价 批价 单价 出厂价 批发价 供货价 拿货价 出厂价(元) 单价（元/斤） 价格 含税单价 不含税价",
    "retail_price": "建议零售价 零售价 市场价 吊牌价 建议售价",
    "stock": "库存 现货 库存数量 现货库存(件)",
    "color": "颜色 花色 颜色分类",
    "moq": "起订量 起批 MOQ 起批(件) 最小起订量 起订量(双)",
    "size": "尺码 鞋码 码数",
    "picture": "图片 产品图 主图",
    "index": "序号",
    "attribute": "备案编号 成分 面料 装箱数 单位 备注 重量(g) 材质 条形码",
    "drop_ship_price": "一件代发价 代发价",
    "category": "类目 分类",
}
TIER_HEADS = [
    "1-49|50+",
    "1~49件|≥50件",
    "1-49副|50副以上",
    "批发价(1-49件)|批发价(50件以上)",
    "<50件|50件起",
    "1–49个|>=50",
]
CATEGORIES = {
    "羊绒围巾 水波纹": "服饰针织",
    "陶瓷马克杯 350ml": "陶瓷",
    "毛绒玩具 小熊": "玩具童车",
    "茶叶罐": None,
    "鞋架 三层": None,
    "钢卷尺 5米": "五金",
    "眼镜盒": None,
    "螺蛳粉 300g": "方便食品",
    "无名之物": None,
    "LED吸顶灯": "灯具",
    "男士T恤": "服饰",
}
FAULTS = {
    "-3": "price_negative",
    "abc": "price_unreadable",
    1e9: "price_too_high",
    0: "price_zero",
    1.234: "price_precision",
    None: "price_missing",
    "10-12": "price_range",
    "=1+1": "formula_unvalued",
}


@pytest.mark.parametrize(("head", "meaning"), [(h, m) for m, heads in HEADS.items() for h in heads.split()])
def test_heads_are_understood(head: str, meaning: str) -> None:
    assert meaning_of(head) == meaning


@pytest.mark.parametrize(("title", "category"), CATEGORIES.items())
def test_a_title_tells_its_category_or_nothing(title: str, category: str | None) -> None:
    assert top_of(guess_category(title) or "") == (category or "")


@pytest.mark.parametrize("heads", TIER_HEADS)
def test_quantities_in_heads_are_tiers(read_rows: ReadRows, heads: str) -> None:
    reading = read_rows([["名称", *heads.split("|"), "库存"], ["扳手", 12.5, "11元", 8]])
    assert reading.listings[0].tiers == (Tier(1, 1250), Tier(50, 1100))


@pytest.mark.parametrize(("cell", "code"), FAULTS.items())
def test_a_bad_price_leaves_its_row_out_and_says_where(read_rows: ReadRows, cell: object, code: str) -> None:
    reading = read_rows([["货号", "品名", "单价"], ["A1", "茶杯", 5], ["A2", "茶壶", cell], ["A3", "茶盘", 7]])
    assert [listing.code for listing in reading.listings] == ["A1", "A3"]
    assert [(p.row, p.column, p.code) for p in reading.problems] == [(3, "C", code)]


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (["A2", None, 5, 10, 1], ("title_missing", "B", 1)),
        (["A1", "别的", 5, 10, 1], ("code_duplicate", "A", 1)),
        (["A1", "茶杯", 5, 10, 1], ("code_duplicate", "A", 1)),
        (["A2", "茶壶", 5, -1, 1], ("stock_negative", "D", 2)),
        (["A2", "茶壶", 5, "几个", 1], ("stock_unreadable", "D", 2)),
        (["A2", "茶壶", 5, 10, "看量"], ("moq_unreadable", "E", 2)),
    ],
)
def test_other_faults_say_where(read_rows: ReadRows, row: list[object], place: tuple[str, str, int]) -> None:
    reading = read_rows([["货号", "品名", "单价", "库存", "起订量"], ["A1", "茶杯", 5, 10, 1], row])
    assert [(p.code, p.column, len(reading.listings)) for p in reading.problems] == [place]
    assert reading.problems[0].row == 3


def test_a_leaf_that_is_asked_for_is_told_by_the_title_where_the_sheet_says_only_the_whole(read_rows: ReadRows) -> None:
    rows = [["品名", "类目", "单价"], ["原木抽纸", "清洁纸品", 9], ["招财猫", "工艺礼品", 22]]
    assert [one.path for one in read_rows(rows).listings] == [None, "工艺礼品"]


def test_a_ladder_that_rises_is_refused(read_rows: ReadRows) -> None:
    reading = read_rows([["品名", "1-9件", "10件以上"], ["甲", 10, 10], ["乙", 10, 9]])
    assert [listing.title for listing in reading.listings] == ["乙"]
    assert [(p.row, p.column, p.code) for p in reading.problems] == [(2, "C", "tiers_not_falling")]


def test_shoe_sizes_as_columns_under_a_merged_head(read_rows: ReadRows) -> None:
    rows = [
        ["款号", "品名", "颜色", "库存", None, None, "批发价"],
        [None, None, None, 36, 37, 38, None],
        ["X1", "皮鞋", "黑", 5, None, 0, 88],
        ["X1", "皮鞋", "棕", 1, 2, "定做", 88],
    ]
    reading = read_rows(rows, merged=["D1:F1", "A1:A2", "B1:B2", "C1:C2", "G1:G2"])
    assert reading.as_json()["header_rows"] == [1, 2]
    skus = [(s.options["颜色"], s.options["尺码"], s.stock, s.made_to_order) for s in reading.listings[0].skus]
    assert skus == [
        ("黑", "36", 5, False),
        ("黑", "38", 0, False),
        ("棕", "36", 1, False),
        ("棕", "37", 2, False),
        ("棕", "38", None, True),
    ]


def test_colours_as_columns(read_rows: ReadRows) -> None:
    reading = read_rows([["品名", "单价", "黑色", "白色"], ["雨伞", 15, 30, 40]])
    assert [(s.options, s.stock) for s in reading.listings[0].skus] == [({"颜色": "黑色"}, 30), ({"颜色": "白色"}, 40)]


def test_a_number_merged_over_several_rows_is_asked_about(read_rows: ReadRows) -> None:
    rows = [
        ["货号", "名称", "颜色", "单价", "库存"],
        ["A", "双肩包", "黑", 50, 101],
        [None, None, "红"],
        ["B", "钱包", "黑", 20, 5],
    ]
    reading = read_rows(rows, merged=["A2:A3", "B2:B3", "D2:D3", "E2:E3"])
    assert [(p.code, p.row, p.column) for p in reading.problems] == [("stock_ambiguous", 2, "E")]
    assert [sku.stock for sku in answer_stock(reading, "total").listings[0].skus] == [51, 50]


def test_variants_may_have_codes_and_prices_of_their_own(read_rows: ReadRows) -> None:
    rows = [["货号", "名称", "颜色", "单价"], ["A-1", "双肩包", "黑", 50], ["A-2", None, "红", 55]]
    listing = read_rows(rows, merged=["B2:B3"]).listings[0]
    assert (listing.code, [sku.price_fen for sku in listing.skus]) == ("A-1", [None, 5500])


def test_prices_under_sizes(read_rows: ReadRows) -> None:
    rows = [["名称", "价格", None, "库存"], [None, "S", "M", None], ["床笠", 30, 35, 90]]
    listing = read_rows(rows, merged=["B1:C1", "A1:A2", "D1:D2"]).listings[0]
    assert [(sku.options["尺码"], sku.price_fen) for sku in listing.skus] == [("S", None), ("M", 3500)]


def test_group_heads_above_the_header(read_rows: ReadRows) -> None:
    rows = [[None, None, "库存(件)", None, None], ["款号", "品名", "S", "M", "单价"], ["a", "T恤", 1, 2, 20]]
    reading = read_rows(rows, merged=["C1:D1"])
    assert reading.as_json()["header_rows"] == [1, 2]
    assert [sku.stock for sku in reading.listings[0].skus] == [1, 2]


def test_another_currency_and_another_price_are_not_guessed(read_rows: ReadRows) -> None:
    assert [p.code for p in read_rows([["品名", "单价(USD)"], ["碗", 5]]).problems] == ["price_currency"]
    reading = read_rows([["品名", "不含税单价", "含税单价", "代发价"], ["碗", 5, 5.5, 7]])
    assert (reading.listings[0].tiers, reading.listings[0].drop_ship_price_fen) == ((Tier(1, 550),), 700)
    assert [(p.code, p.column) for p in reading.problems] == [("price_column_repeated", "B")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_tables_in_every_usual_encoding(encoding: str) -> None:
    text = "某某厂报价,,,\n货号,品名,颜色,单价\nA1,毛巾,蓝,￥9.90\n,,粉,\n"
    reading = read_sheet(text.encode(encoding), "报价.csv")
    assert [sku.options for sku in reading.listings[0].skus] == [{"颜色": "蓝"}, {"颜色": "粉"}]
    assert reading.listings[0].tiers == (Tier(1, 990),)


def test_several_goods_worksheets_are_all_read_and_named(read_rows: ReadRows) -> None:
    table = [["货号", "品名", "单价"], ["A1", "台灯", 50]]
    reading = read_rows(table, [["货号", "品名", "单价"], ["B1", "吊灯", -1]], [["电话 0576-0000"]])
    assert [sheet["name"] for sheet in reading.as_json()["worksheets"]] == ["Sheet", "表2"]
    assert reading.problems[0].worksheet == "表2"
    assert reading.notes == ("电话 0576-0000",)


def test_printed_headers_totals_and_remarks_are_no_goods(read_rows: ReadRows) -> None:
    head = ["货号", "品名", "单价"]
    rows = [["某某厂"], head, ["A1", "台灯", 50], head, ["A2", "吊灯", 60], ["合计", None, 110], ["备注：含税"]]
    reading = read_rows(rows)
    assert [listing.code for listing in reading.listings] == ["A1", "A2"]
    assert reading.notes == ("某某厂", "合计 110", "备注：含税")


def test_script_in_a_title_is_text_and_hidden_marks_are_gone(read_rows: ReadRows) -> None:
    reading = read_rows([["品名", "单价"], ["<script>alert(1)</script>\u202e 杯\u200b子", 5]])
    assert reading.listings[0].title == "<script>alert(1)</script> 杯子"


def test_every_problem_speaks_both_languages() -> None:
    params = dict.fromkeys(["text", "limit", "code", "first", "quantity", "skus", "name", "limit_mb", "count"], "7")
    for code in PROBLEMS:
        assert message(code, params) != message(code, params, language="en")


def test_measures_over_prices_are_sizes(read_rows: ReadRows) -> None:
    reading = read_rows([["货号", "品名", "3.5寸", "5寸"], ["A1", "盖碗", "12元/个", "15元"], ["A2", "茶杯", "￥8"]])
    bowl, cup = reading.listings
    assert [(sku.options["尺码"], sku.price_fen) for sku in bowl.skus] == [("3.5寸", None), ("5寸", 1500)]
    assert [listing.tiers for listing in (bowl, cup)] == [(Tier(1, 1200),), (Tier(1, 800),)]


def test_measures_over_words_stay_attributes(read_rows: ReadRows) -> None:
    reading = read_rows([["品名", "单价", "500ml", "1L"], ["水壶", 30, "有盖", "无盖"]])
    assert [sku.options for sku in reading.listings[0].skus] == [{}]
