"""Price sheets whose prices, codes or heads are not what they seem; the truth lines are as in `habits`."""

import datetime as dt

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font
from openpyxl.worksheet.worksheet import Worksheet

from tests.onboarding.listings.sheets.habits import Habit, dressed
from tests.onboarding.listings.sheets.made import workbook


def _formats(sheet: Worksheet) -> None:
    for row, code in enumerate(['"¥"#,##0.00', "$#,##0.00", "0%", '0.00"元/斤"', "[$¥-804]0.0", "[$€-2] 0.00"], 2):
        sheet.cell(row, 3).number_format = code
        sheet.cell(row, 1).number_format = "000"
        sheet.cell(row, 4).number_format = '0"箱"' if row == 6 else '0"件"'


def _strikes(sheet: Worksheet) -> None:
    sheet["C2"].font = Font(strike=True)
    sheet["B3"].font = Font(strike=True)
    struck = TextBlock(InlineFont(strike=True), "118")
    sheet["C4"] = CellRichText(struck, TextBlock(InlineFont(), " 98"))


def _hides(sheet: Worksheet) -> None:
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True


def _comments(sheet: Worksheet) -> None:
    sheet["C2"].comment = openpyxl.comments.Comment("老客户 40", "王")
    sheet["C3"].comment = openpyxl.comments.Comment("价格 55", "王")


DOUBTS = (
    Habit(
        "numbers whose currency, unit or noughts stand in their format alone",
        dressed(
            [["货号", "品名", "单价", "库存"], *([n, f"茶{n}号", 12.5, 5] for n in range(1, 7))],
            _formats,
        ),
        """001 | 茶1号 | 1:12.5 | ? | ? | :5
        004 | 茶4号 | 1:12.5 | ? | ? | :5
        005 | 茶5号 | 1:12.5 | ? | ? | :?""",
        "price_currency price_unreadable stock_in_packs",
    ),
    Habit(
        "codes that became dates, formulas without a value",
        workbook(
            [
                ["款号", "品名", "单价", "库存"],
                [dt.date(2026, 1, 2), "衬衫", 50, 5],
                ["1-3", "西裤", "=C2*1.2", 6],
                ["1-4", "领带", 20, "=SUM(1,2)"],
            ]
        ),
        """ | 衬衫 | 1:50 | ? | ? | :5
        1-4 | 领带 | 1:20 | ? | ? | :?""",
        "code_mangled formula_unvalued stock_unreadable",
    ),
    Habit(
        "prices and rows struck through, an old price struck beside the new one",
        dressed(
            [
                ["货号", "品名", "单价"],
                ["A1", "卫衣", 50],
                ["A2", "外套", 60],
                ["A3", "风衣", None],
                ["A4", "棉服", 80],
            ],
            _strikes,
        ),
        """A3 | 风衣 | 1:98 | ? | ? | :?
        A4 | 棉服 | 1:80 | ? | ? | :?""",
        "price_struck row_struck",
    ),
    Habit(
        "hidden goods and a hidden price",
        dressed(
            [
                ["货号", "品名", "出厂价", "批发价"],
                ["A1", "台灯", 30, 42],
                ["A2", "吊灯", 50, 66],
                ["A3", "壁灯", 20, 29],
            ],
            _hides,
        ),
        """A1 | 台灯 | 1:42 | ? | ? | :?
        A3 | 壁灯 | 1:29 | ? | ? | :?""",
        "rows_hidden columns_hidden",
    ),
    Habit(
        "prices that only people understand, and a price in a comment",
        dressed(
            [
                ["货号", "品名", "单价"],
                *(
                    [f"P{n}", f"摆件{n}", said]
                    for n, said in enumerate(["50", None, "面议", "电询", "118/108", "118起"])
                ),
                *(
                    [f"Q{n}", f"挂件{n}", said]
                    for n, said in enumerate(["118 98", "①12", "USD 8", "约50", "8折", "12,5"])
                ),
                *([f"R{n}", f"画框{n}", said] for n, said in enumerate(["￥１，２６８．００", "12.5元/只", " 9.9 元"])),
            ],
            _comments,
        ),
        """P0 | 摆件0 | 1:50 | ? | ? | :?
        R0 | 画框0 | 1:1268 | ? | ? | :?
        R1 | 画框1 | 1:12.5 | ? | ? | :?
        R2 | 画框2 | 1:9.9 | ? | ? | :?""",
        "price_missing price_negotiable price_unreadable price_range price_currency",
    ),
    Habit(
        "prices of years, numbered prices, levels of trade, a currency for each row",
        workbook(
            [["货号", "品名", "2025价格", "2026价格"], ["Y1", "茶杯", 6, 5]],
            [["货号", "品名", "单价1", "单价2"], ["Y2", "茶壶", 6, 5]],
            [["货号", "品名", "经销价", "会员价"], ["Y3", "茶盘", 60, 55]],
            [["货号", "品名", "单价", "币种"], ["Y4", "茶罐", 8, "美元"], ["Y5", "茶匙", 9, "人民币"]],
        ),
        """Y1 | 茶杯 | | ? | ? | :?
        Y2 | 茶壶 | 1:6 | ? | ? | :?
        Y3 | 茶盘 | 1:60 | ? | ? | :?
        Y5 | 茶匙 | 1:9 | ? | ? | :?""",
        "price_column_missing price_column_repeated price_currency",
    ),
    Habit(
        "English heads, two currencies, sizes as columns",
        workbook(
            [
                [
                    "Style No",
                    "Style Name",
                    "Colour",
                    "S",
                    "M",
                    "Wholesale Price (RMB)",
                    "FOB (USD)",
                    "RRP",
                    "MOQ (pcs)",
                ],
                ["D100", "Silk dress", "Red", 1, 0, "¥199.00", 30, 599, "1,000"],
                [None, None, "Blue", None, 3, 199, 30, 599, None],
                ["D101", "Silk scarf", "Red/Blue", 4, 4, 60, 9, None, 50],
            ]
        ),
        """D100 | Silk dress | 1000:199 | 599 | 1000 | Red S:1 Red M:0 Blue M:3
        D101 | Silk scarf | 50:60 | ? | 50 | Red S:? Red M:? Blue S:? Blue M:?""",
        "stock_ambiguous",
    ),
    Habit(
        "everything in dollars, said once above the table",
        workbook([["外贸报价单（单位：美元）"], ["货号", "品名", "单价"], ["A1", "茶杯", 2.5]]),
        "",
        "price_currency",
    ),
    Habit(
        "a discount that fits, one that does not, one alone beside a price",
        workbook(
            [
                ["货号", "品名", "吊牌价", "折扣", "单价"],
                ["A1", "衬衫", 100, "5折", 50],
                ["A2", "西裤", 200, 0.4, 80],
                ["A3", "外套", 200, "4折", 90],
                ["A4", "领带", None, "8折", 30],
                ["A5", "皮带", None, "不打折", 30],
            ]
        ),
        """A1 | 衬衫 | 1:50 | 100 | ? | :?
        A2 | 西裤 | 1:80 | 200 | ? | :?
        A5 | 皮带 | 1:30 | ? | ? | :?""",
        "price_discounted",
    ),
    Habit(
        "minimums in the heads of prices, one price per carton, sizes in the heads of prices",
        workbook(
            [["货号", "品名", "单价(MOQ 100)", "MOQ 500", "10箱起"], ["A1", "签字笔", 1.5, 1.2, 1]],
            [["货号", "品名", "S码价", "M码价"], ["B1", "床笠", 30, "35元"]],
        ),
        """A1 | 签字笔 | 100:1.5 500:1.2 | ? | 100 | :?
        B1 | 床笠 | 1:30 | ? | ? | S码:? M码:?@35""",
        "tiers_in_packs",
    ),
    Habit(
        "heads in two languages, one below the other",
        workbook(
            [
                ["货号", "品名", "颜色", "单价", "起订量"],
                ["Item No.", "Description", "Color", "Unit price (USD)", "MOQ"],
                ["A1", "茶杯", "白", 2.5, 100],
            ],
            [
                ["货号", "品名", "颜色", "单价", "起订量"],
                ["Item No.", "Description", "Color", "Unit price (RMB)", "MOQ"],
                ["B1", "茶壶", "白", 25, 100],
            ],
        ),
        "B1 | 茶壶 | 100:25 | ? | 100 | 白:?",
        "price_currency",
    ),
    Habit(
        "a row of units under the heads",
        workbook(
            [["货号", "品名", "单价", "库存", "起订量"], [None, None, "元/斤", "箱", "件"], ["A1", "红枣", 18, 40, 5]],
            [["货号", "品名", "单价", "库存"], [None, None, "USD", "件"], ["B1", "核桃", 3, 40]],
        ),
        "A1 | 红枣 | 5:18 | ? | 5 | :?",
        "price_currency stock_in_packs",
    ),
)
