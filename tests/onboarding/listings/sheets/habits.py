"""Price sheets after the habits of factories, each with its truth written by hand before the reader saw it.

A truth line is one listing: `code | title | ladder or - | retail | minimum | variant:stock@own price …`; money is
yuan, `?` is what the sheet does not say.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from tests.onboarding.listings.sheets.made import workbook

Rows = Sequence[Sequence[object]]


@dataclass(frozen=True)
class Habit:
    """One sheet: what it shows, the file, its listings, and the codes of what the reader must tell."""

    shows: str
    file: bytes
    truth: str
    told: str = ""


def dressed(rows: Rows, dress: Callable[[Worksheet], None]) -> bytes:
    """A workbook whose worksheet was formatted by hand."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(list(row))
    dress(sheet)
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


LAYOUTS = (
    Habit(
        "clothing: sizes as columns, stock per size, sum at the foot, sold out and made to order in words",
        workbook(
            [
                ["织里童衣 2026 春款报价"],
                ["款号", "款名", "颜色", 90, 100, 110, "合计", "批发价", "吊牌价"],
                ["Z1", "针织开衫", "黑", 10, 20, "缺货", 30, "￥45.00", 129],
                [None, None, "杏", 5, None, "定做", 5, 45, 129],
                ["Z2", "小背心", "灰", "约30", "2k", "月底到", None, 19.9, 59],
                ["合计", None, None, 15, 20, 0, 35],
            ]
        ),
        """Z1 | 针织开衫 | 1:45 | 129 | ? | 黑 90:10 黑 100:20 黑 110:0 杏 90:5 杏 110:?
        Z2 | 小背心 | 1:19.9 | 59 | ? | 灰 90:30 灰 100:2000 灰 110:?""",
        "stock_about stock_unreadable",
    ),
    Habit(
        "a head of two rows: 阶梯价 over 1-49, 50-199, 200+",
        workbook(
            [
                ["货号", "品名", "阶梯价（元）", None, None, "库存"],
                [None, None, "1-49", "50-199", "200+", None],
                ["C-1", "保温杯", 32, "30元", "￥28.50", "1,200"],
                ["C-2", "水壶", 22, 21, 21, 5],
                ["C-3", "焖烧罐", 62, 60, "面议", 7],
            ],
            merged=["A1:A2", "B1:B2", "C1:E1", "F1:F2"],
        ),
        """C-1 | 保温杯 | 1:32 50:30 200:28.5 | ? | 1 | :1200
        C-3 | 焖烧罐 | 1:62 50:60 | ? | 1 | :7""",
        "tiers_not_falling tier_negotiable",
    ),
    Habit(
        "an export of a marketplace: one row per variant, codes of style and of variant, a status, a cost",
        workbook(
            [
                ["商品标题", "货号", "SKU编码", "颜色", "尺码", "供货价", "成本价", "可售库存", "在途库存", "商品状态"],
                ["加绒卫衣", "W1", "W1-BK-M", "黑色", "M", 59, 41, 10, 999, "上架"],
                ["加绒卫衣", "W1", "W1-BK-L", "黑色", "L", 59, 41, 0, 999, "下架"],
                ["加绒卫衣", "W1", "W1-WH-L", "白色", "L", 62, 43, 7, 0, "上架"],
                ["工装裤", "W2", "W2-M", "卡其色", "M", 79, 50, 3, 0, "草稿"],
            ]
        ),
        """W1 | 加绒卫衣 | 1:59 | ? | ? | 黑色 M:10 黑色 L:0 白色 L:7@62
        W2 | 工装裤 | 1:79 | ? | ? | 卡其色 M:3""",
    ),
    Habit(
        "semicolons in GB18030, with a title, full-width digits and packs",
        "义乌某某百货 报价单;;;;\n品名;规格;批发价;起批;库存\n棉签;１００支/盒;１．２０;100盒;约５００\n"
        "纱布;5*5cm;￥2.50;5箱;12箱\n绷带;;1，268.00;;3千\n".encode("gb18030"),
        """ | 棉签 | 100:1.2 | ? | 100 | :500
         | 纱布 | 1:2.5 | ? | ? | :?
         | 绷带 | 1:1268 | ? | ? | :3000""",
        "stock_about moq_in_packs stock_in_packs",
    ),
    Habit(
        "tabs in GBK without any mark, codes kept as text by signs, a code that became a power of ten",
        '商品编码\t商品名称\t颜色\t价格\t库存\n="00123"\t雨伞\t黑、红\t25.9元\t300\n'
        "'00124\t遮阳伞\t蓝\t39\t\n6.90E+12\t伞袋\t\t2\t9\n".encode("gbk"),
        """00123 | 雨伞 | 1:25.9 | ? | ? | 黑:? 红:?
        00124 | 遮阳伞 | 1:39 | ? | ? | 蓝:?
         | 伞袋 | 1:2 | ? | ? | :9""",
        "stock_ambiguous code_mangled",
    ),
    Habit(
        "prices by weight, sizes of packs, minimum in cartons",
        workbook(
            [
                ["序号", "产品名称", "规格", "箱规", "单价（元/斤）", "起订"],
                [1, "红薯干", "500g/袋", "20袋/箱", "18.5元/斤", "5箱"],
                [2, "紫薯干", "散装", "1*40", 16, "100斤"],
                [3, "芋头干", "散装", None, "16元/公斤", "≥50"],
            ]
        ),
        """ | 红薯干 | 1:18.5 | ? | ? | :?
         | 紫薯干 | 100:16 | ? | 100 | :?
         | 芋头干 | 50:16 | ? | 50 | :?""",
        "moq_in_packs",
    ),
    Habit(
        "section rows, notes between rows, the header again on every page",
        workbook(
            [
                ["货号", "品名", "单价"],
                ["一、羊绒衫系列"],
                ["A1", "圆领衫", 268],
                ["注：以下两款现货"],
                ["A2", "V领衫", 278],
                ["货号", "品名", "单价"],
                ["二、围巾系列", None, None],
                ["B1", "格纹围巾", 88],
                [None, "（三）披肩"],
                ["B2", "流苏披肩", 128],
                ["制表：王会计　电话：0319-0000000"],
            ]
        ),
        """A1 | 圆领衫 | 1:268 | ? | ? | :?
        A2 | V领衫 | 1:278 | ? | ? | :?
        B1 | 格纹围巾 | 1:88 | ? | ? | :?
        B2 | 流苏披肩 | 1:128 | ? | ? | :?""",
    ),
    Habit(
        "two tables side by side",
        workbook(
            [
                ["收纳用品价目表"],
                ["货号", "品名", "单价", None, "货号", "品名", "单价"],
                ["S1", "收纳筐", 5, None, "S3", "挂钩", "0.60"],
                ["S2", "收纳盒", "面议", None, "S4", "衣架", 1.5],
                ["S5", "洗衣袋", 3],
            ],
            merged=["A1:G1"],
        ),
        """S1 | 收纳筐 | 1:5 | ? | ? | :?
        S5 | 洗衣袋 | 1:3 | ? | ? | :?
        S3 | 挂钩 | 1:0.6 | ? | ? | :?
        S4 | 衣架 | 1:1.5 | ? | ? | :?""",
        "price_negotiable",
    ),
    Habit(
        "two tables one below the other, with other sizes and other columns",
        workbook(
            [
                ["货号", "品名", "35", "36", "37", "单价"],
                ["A1", "女单鞋", 5, 6, 7, 88],
                ["童鞋"],
                ["货号", "品名", "26", "27", "28", "单价"],
                ["B1", "学步鞋", 1, 2, 3, 44],
                ["货号", "品名", "库存", "单价"],
                ["C1", "鞋垫", 500, 2],
            ]
        ),
        """A1 | 女单鞋 | 1:88 | ? | ? | 35:5 36:6 37:7
        B1 | 学步鞋 | 1:44 | ? | ? | 26:1 27:2 28:3
        C1 | 鞋垫 | 1:2 | ? | ? | :500""",
    ),
    Habit(
        "colours written once for their sizes, ticks for what is made",
        workbook(
            [
                ["款号", "品名", "颜色", "尺码", "单价", "库存"],
                ["K1", "毛衣", "黑", "S", 268, 10],
                [None, None, None, "M", None, 12],
                [None, None, "白", "M", None, 3],
            ],
            [["款号", "品名", "颜色", "S", "M", "单价"], ["K2", "衬衫", "灰", "√", "×", 66]],
        ),
        """K1 | 毛衣 | 1:268 | ? | ? | 黑 S:10 黑 M:12 白 M:3
        K2 | 衬衫 | 1:66 | ? | ? | 灰 S:? 灰 M:0""",
        "stock_unstated",
    ),
    Habit(
        "code and name merged over colours, one price for all, one of them dearer",
        workbook(
            [
                ["货号", "品名", "颜色", "出厂价", "库存"],
                ["M1", "双肩包", "黑", 50, 10],
                [None, None, "灰", None, 20],
                [None, None, "玫红", 55, 5],
                ["M2", "钱包", "黑/棕", "32元", 8],
            ],
            merged=["A2:A4", "B2:B4"],
        ),
        """M1 | 双肩包 | 1:50 | ? | ? | 黑:10 灰:20 玫红:5@55
        M2 | 钱包 | 1:32 | ? | ? | 黑:? 棕:?""",
        "stock_ambiguous",
    ),
    Habit(
        "twenty worksheets, three of them tables",
        workbook(
            *([[f"第{n}页 封面与说明"], ["工厂简介", "主营：陶瓷"]] for n in range(17)),
            [["货号", "品名", "单价"], ["T1", "汤碗", 8]],
            [["品名", "10个", "100个以上"], ["瓷盘", 9, 8]],
            [["款式编号", "名称", "供货价", "起订量"], ["T3", "茶壶", 60, "20件起"]],
        ),
        """T1 | 汤碗 | 1:8 | ? | ? | :?
         | 瓷盘 | 10:9 100:8 | ? | 10 | :?
        T3 | 茶壶 | 20:60 | ? | 20 | :?""",
    ),
    Habit(
        "colours over sizes in the head, a promotion for some, suggested prices below what is paid",
        workbook(
            [
                ["货号", "品名", "黑色", None, "白色", None, "单价", "促销价", "零售价"],
                [None, None, "S", "M", "S", "M", None, None, None],
                ["A1", "衬衫", 5, 6, 7, 8, 50, None, 99],
                ["A2", "T恤", 1, None, 2, None, 50, 39, 35],
            ],
            merged=["A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:G2", "H1:H2", "I1:I2"],
        ),
        """A1 | 衬衫 | 1:50 | 99 | ? | 黑色 S:5 黑色 M:6 白色 S:7 白色 M:8
        A2 | T恤 | 1:39 | 35 | ? | 黑色 S:1 白色 S:2""",
        "price_column_repeated retail_below_trade",
    ),
)
