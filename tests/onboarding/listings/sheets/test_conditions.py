"""Remarks that change what prices mean are asked about, for the sheet or for their row; all others leave them alone."""

import pytest

from onboarding.listings.sheets.conditions import conditions_of, is_in_foreign_money
from onboarding.listings.sheets.reading import SheetReading
from tests.onboarding.listings.sheets.made import ReadRows

# Written down before the rules that meet them.
REMARKS = {
    "prices_by_measure": (
        "以下价格为每打价",
        "以上为每打价格",
        "价格为每箱价",
        "以上均为每箱价格",
        "以下为每百张价",
        "单位:元/百件",
        "单位：元/打",
        "价格单位：元/箱",
        "以上价格为每公斤价",
        "按公斤计价",
        "论斤卖",
        "单价按米算",
        "以上为百只价",
        "千个价",
        "报价单位：元/千只",
        "以上是一打的价格",
        "整箱价",
        "价格为每10双价格",
        "以上价格按箱报价",
        "单位：万元",
        "元/吨",
        "所有价格均为一手价格",
        "价格均按打",
        "price per dozen",
        "Prices are per dozen",
        "人民币/KG",
    ),
    "prices_adjusted": (
        "以上价格需再打八折",
        "价格均为9折前",
        "在此价格上打9折",
        "以上价格上浮10%",
        "加价10%",
        "所有价格加10%",
        "2026年3月1日起涨价5%",
        "原材料涨价",
        "以上价格另加5元",
        "结算时再减3%",
        "老款八五折",
        "价格×0.9",
        "报价下调5%",
        "现在全部优惠10%",
        "大码加价5元",
        "加大码另加3元",
        "以下为打折前价格",
        "Less 10% discount",
        "未打折价格",
        "全场7折",
        "价格*1.1",
    ),
    "prices_not_firm": (
        "价格仅供参考",
        "仅供参考",
        "报价仅供参考，以实际为准",
        "以实际价格为准",
        "价格以当日报价为准",
        "价格随行就市",
        "价格如有变动恕不另行通知",
        "以上为参考价",
        "以合同为准",
        "价格随时调整，以最新报价为准",
        "价格受原料影响会波动",
        "以业务员报价为准",
    ),
    "tax_excluded": (
        "以上价格未含税13%",
        "不含税",
        "价格不含增值税",
        "税点另计",
        "开票另加8个点",
        "需开票加13%税",
        "不含13%的税",
        "不开票",
        "裸价",
        "excl. VAT",
        "税费自理",
        "不包含税",
    ),
    "foreign": (
        "价格单位美元",
        "单位：美元",
        "USD",
        "报价币种：欧元",
        "以上价格均为港币",
        "FOB USD",
        "以美元结算",
        "Price in USD",
        "全部按美金计价",
    ),
    "": (
        "含税价",
        "包邮",
        "现货",
        "一件代发",
        "满5000包邮",
        "打样费另计",
        "含13%增值税",
        "价格含税含运费",
        "运费到付",
        "不含运费",
        "量大从优",
        "量大价优",
        "每箱24个",
        "一打12双",
        "箱规:24个/箱",
        "10双/包",
        "每箱重量15公斤",
        "定制logo加价2元/个",
        "包装另加2元",
        "加急加价10%",
        "偏远地区加运费",
        "图片仅供参考",
        "颜色以实物为准",
        "尺寸手工测量有误差，以实际为准",
        "不打折",
        "谢绝还价",
        "一口价",
        "每打一包",
        "定金30%",
        "交期15天",
        "厂家直销",
        "可开13%专票",
        "以上价格为8折后价格",
        "折后价",
        "满100件9.5折",
        "老客户9折",
        "满1000减50",
        "单位：元",
        "单位：元/件",
        "价格单位：人民币元",
        "每件独立包装",
        "起订量100件",
        "500件以上价格另议",
        "折叠收纳",
        "可接受美元付款",
        "特价",
        "清仓价",
        "活动价",
        "加绒加厚",
        "加微信",
        "打包发货",
        "不涨价",
        "每款独立价",
        "报价有效期30天",
        "已含打包费",
        "支持7天无理由退换",
        "建议零售价仅供参考",
        "混批10件起",
        "东莞市XX制品厂2026年报价单",
        "联系电话：0769-88888888",
        "元旦促销",
        "重量120克/米",
        "克重：280g/㎡",
        "100%棉",
        "每件价格",
        "统一价",
        "含税含票，不含运费",
        "电商控价99元",
        "加厚款",
        "高弹加档",
        "95%棉+5%氨纶",
        "价格含包装",
        "返修率0.1%",
        "1-9件原价",
        "付款方式：30%定金，发货前付清",
        "尺寸±2cm",
        "参考尺寸：30*40cm",
        "每色100件起",
        "开票请提前说",
        "价格美丽",
        "元/双",
        "30*20*10cm/箱",
        "已按8折计算",
    ),
}
HEADS = ["货号", "品名", "出厂价", "备注"]
GOODS = ["A1", "毛衣", 120, ""]


@pytest.mark.parametrize(("code", "remark"), [(code, one) for code, some in REMARKS.items() for one in some])
def test_a_remark_is_about_prices_or_not(code: str, remark: str) -> None:
    found = [one.code for one in conditions_of([remark])]
    assert (is_in_foreign_money(remark), code in found, bool(found) or code == "foreign") == (
        code == "foreign",
        code not in {"", "foreign"},
        code != "",
    )


def told(reading: SheetReading) -> list[tuple[str, int | None, str | None]]:
    return [(one.code, one.row, one.column) for one in reading.problems]


@pytest.mark.parametrize("above", [True, False])
@pytest.mark.parametrize(
    ("remark", "code"),
    [
        ("以下价格为每打价", "prices_by_measure"),
        ("以上价格需再打八折", "prices_adjusted"),
        ("价格仅供参考", "prices_not_firm"),
    ],
)
def test_what_holds_for_all_prices_is_asked_for_the_sheet(
    read_rows: ReadRows, remark: str, code: str, *, above: bool
) -> None:
    rows = [[remark], HEADS, GOODS] if above else [HEADS, GOODS, [remark]]
    reading = read_rows(rows)
    assert (told(reading), [one.tiers[0].price_fen for one in reading.listings]) == ([(code, None, None)], [12_000])


def test_what_a_row_remarks_is_asked_for_that_row(read_rows: ReadRows) -> None:
    reading = read_rows([HEADS, [*GOODS[:3], "以上为每打价格"], ["A2", "毛裤", 80, "含税包邮"]])
    assert told(reading) == [("prices_by_measure", 2, "D")]


def test_a_row_in_dollars_is_refused(read_rows: ReadRows) -> None:
    reading = read_rows([HEADS, [*GOODS[:3], "价格单位美元"], ["A2", "毛裤", 80, ""]])
    assert (told(reading), [one.code for one in reading.listings]) == ([("price_currency", 2, "C")], ["A2"])


def test_dollars_said_below_hold_for_the_whole_table(read_rows: ReadRows) -> None:
    assert read_rows([HEADS, GOODS, ["以上价格均为美元"]]).listings == ()


def test_what_the_head_of_the_price_says_itself_is_not_asked(read_rows: ReadRows) -> None:
    assert told(read_rows([["单位：元/打"], ["品名", "单价(元/打)"], ["棉袜", 36]])) == []


def test_a_unit_of_many_pieces_goes_with_its_price(read_rows: ReadRows) -> None:
    reading = read_rows([["品名", "价格", "单位"], ["袜子", 36, "打"], ["毛衣", 85, "件"]])
    assert [one.attributes.get("计价单位") for one in reading.listings] == ["打", None]


@pytest.mark.parametrize("word", ["小计", "合计", "总计", "累计", "共计", "本页小计", "以上合计：", "金额合计"])
def test_a_numbered_sum_is_no_goods(read_rows: ReadRows, word: str) -> None:
    rows = [["序号", "品名", "单价"], [1, "毛衣", 85], [2, "合计器", 12], [3, "计算器", 20], [4, word, 117]]
    assert [one.title for one in read_rows(rows).listings] == ["毛衣", "合计器", "计算器"]


def test_every_reason_of_a_row_is_told(read_rows: ReadRows) -> None:
    reading = read_rows([["货号", "品名", "1-9件", "10-99件"], ["A1", "", "abc", -3], ["A2", "毛衣", 9, 8]])
    assert [(one.code, one.column) for one in reading.problems] == [
        ("title_missing", "B"),
        ("price_unreadable", "C"),
        ("price_negative", "D"),
    ]


def test_a_name_that_is_a_formula_without_a_value_says_so(read_rows: ReadRows) -> None:
    reading = read_rows([["货号", "品名", "单价"], ["A1", '=C2&"号"', 85], ["A2", "毛裤", 80]])
    assert told(reading) == [("formula_unvalued", 2, "B")]
