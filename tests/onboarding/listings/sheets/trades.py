"""Sheets of more trades: what prices, minimums and stock count by, and prices that are of something else.

Written like `habits.py`, with the truth by hand before the reader saw them.
"""

from tests.onboarding.listings.sheets.habits import Habit
from tests.onboarding.listings.sheets.made import workbook

_OVER_TWO = ["A1:A2", "B1:B2", "C1:D1", "E1:F1"]

TRADES = (
    Habit(
        "light strips: a price of a metre, minimum and stock in rolls, dollars beside",
        workbook(
            [
                ["型号", "产品", "单价(元/米)", "美金价", "整卷(米)", "起订(卷)", "现货(卷)"],
                ["HL-1", "低压灯带", 2.6, 0.38, 50, 10, 200],
                ["HL-2", "高压灯带", "1.2元/米", None, None, 2, "约30卷"],
            ]
        ),
        """HL-1 | 低压灯带 | 500:2.6 | ? | 500 | :10000
        HL-2 | 高压灯带 | 1:1.2 | ? | ? | :?""",
        "moq_in_packs stock_in_packs",
    ),
    Habit(
        "umbrellas: a 件 is a carton where a column says what it holds",
        workbook(
            [
                ["款号", "品名", "10-59把", "60把以上", "一件(把)", "起订"],
                ["YS-1", "三折伞", 16.8, 15.5, 60, "10把"],
                ["YS-2", "长柄伞", 19, 17.5, 48, "1件"],
            ]
        ),
        """YS-1 | 三折伞 | 10:16.8 60:15.5 | ? | 10 | :?
        YS-2 | 长柄伞 | 10:19 60:17.5 | ? | 48 | :?""",
        "packs_counted",
    ),
    Habit(
        "toys and masks: minimum and stock in cartons, of which a column says what they hold",
        workbook(
            [
                ["货号", "产品名称", "装箱量(PCS)", "出厂价", "起订量(箱)", "库存(千件)"],
                ["LT-1", "遥控车", 36, 46.8, 2, 3],
                ["LT-2", "机甲", "1*144", "8.6元/只", 1, 2],
                ["LT-3", "积木", "36/72", 35, 1, None],
            ],
            [
                ["名称", "单价(元/片)", "每盒数量", "起订(盒)"],
                ["口罩", 0.12, "50片", 100],
                ["消毒片", "18元/盒", 100, 3],
            ],
        ),
        """LT-1 | 遥控车 | 72:46.8 | ? | 72 | :3000
        LT-2 | 机甲 | 144:8.6 | ? | 144 | :2000
        LT-3 | 积木 | 1:35 | ? | ? | :?
         | 口罩 | 5000:0.12 | ? | 5000 | :?
         | 消毒片 | 3:18 | ? | 3 | :?""",
        "packs_counted moq_in_packs",
    ),
    Habit(
        "noodles and slippers: a ladder of cartons by the carton, retail by the bag",
        workbook(
            [
                ["品名", "箱规", "一箱起(元/箱)", "50箱以上(元/箱)", "建议零售价(元/袋)"],
                ["牛肉面", "24袋/箱", 42, 40, 2.5],
                ["粉丝", "12桶/箱", 39.6, "3.2元/桶", "4.5元/桶"],
            ],
            [
                ["款号", "品名", "每件双数", "批发价(元/件)", "起订(件)", "零售价(元/双)"],
                ["TX1", "拖鞋", 60, 420, 2, 15.9],
            ],
        ),
        """ | 牛肉面 | 1:42 50:40 | ? | 1 | :?
        TX1 | 拖鞋 | 2:420 | ? | 2 | :?""",
        "price_units_differ tier_units_differ",
    ),
    Habit(
        "lamps: three rows of heads, a price for each power",
        workbook(
            [
                ["型号", "名称", "价格（元/个）", None, None, "装箱数"],
                [None, None, "开孔75mm", None, "开孔95mm", None],
                [None, None, "3W", "5W", "9W", None],
                ["T1", "筒灯", 6.5, 7.8, 10.5, 60],
                ["T2", "射灯", "—", 9.6, "13.5", 40],
            ],
            merged=["A1:A3", "B1:B3", "C1:E1", "F1:F3", "C2:D2"],
        ),
        """T1 | 筒灯 | 1:6.5 | ? | ? | 3W:? 5W:?@7.8 9W:?@10.5
        T2 | 射灯 | 1:9.6 | ? | ? | 5W:? 9W:?@13.5""",
    ),
    Habit(
        "beds and bulbs: prices of sizes, with those of retail beside them",
        workbook(
            [
                ["款号", "品名", "出厂价(元)", None, "零售价(元)", None],
                [None, None, "1.5m床", "1.8m床", "1.5m床", "1.8m床"],
                ["DS1", "四件套", 118, 128, 299, 319],
            ],
            [
                ["款号", "品名", "出厂价", "成本价", None],
                [None, None, None, "9W", "12W"],
                ["LB1", "灯泡", 3.2, 2.1, 2.6],
            ],
            merged=_OVER_TWO,
        ),
        """DS1 | 四件套 | 1:118 | ? | ? | 1.5m床:? 1.8m床:?@128
        LB1 | 灯泡 | 1:3.2 | ? | ? | :?""",
    ),
    Habit(
        "sockets: the same ladder with and without tax",
        workbook(
            [
                ["型号", "名称", "含税价(元)", None, "不含税价(元)", None],
                [None, None, "1-99", "≥100", "1-99", "≥100"],
                ["EL1", "插座", 12, 11, 10.8, 9.9],
            ],
            merged=_OVER_TWO,
        ),
        "EL1 | 插座 | 1:12 100:11 | ? | 1 | :?",
        "tax_excluded",
    ),
    Habit(
        "detergent: prices of regions, of which none is the price",
        workbook(
            [
                ["货号", "品名", "到货价（元）", None, "起订量", None],
                [None, None, "华东", "西部", None, None],
                ["RG1", "洗衣液", 78, 88, "10件", None],
            ],
            merged=["A1:A2", "B1:B2", "C1:D1", "E1:E2"],
        ),
        "RG1 | 洗衣液 |  | ? | 10 | :?",
        "price_column_missing",
    ),
    Habit(
        "bags: pairs of a quantity and a price, the price of the first hand",
        workbook(
            [["货号", "品名", "数量1", "价格1", "数量2", "价格2"], ["PR1", "帆布袋", 100, 3.5, 1000, 2.8]],
            [["型号", "名称", "一手价", "市场价/吊牌价", "起订(只)"], ["SL1", "面盆龙头", 68, 168, 12]],
        ),
        """PR1 | 帆布袋 |  | ? | ? | :?
        SL1 | 面盆龙头 | 12:68 | 168 | 12 | :?""",
        "price_column_missing",
    ),
    Habit(
        "hair pins: labelled options, one of them sold out, ladders and freight in the cell of the price",
        workbook(
            [
                ["编号", "品名", "可选", "价格", "库存"],
                ["A1", "鲨鱼夹", "颜色:黑,米白", "3.5元(不含运费)", None],
                ["A2", "发圈", "红、蓝(缺货)", "12元/包", 300],
                ["A3", "一字夹", "珍珠款", "10盒起2.2，100盒起1.9", "2000盒"],
                ["A4", "发带", "颜色：黑/白；尺码：S/M", 2.8, None],
                ["A5", "头绳", None, "10起2.2，100起2.5", None],
            ]
        ),
        """A1 | 鲨鱼夹 | 1:3.5 | ? | ? | 黑:? 米白:?
        A2 | 发圈 | 1:12 | ? | ? | 红:300 蓝:0
        A3 | 一字夹 | 10:2.2 100:1.9 | ? | 10 | :2000
        A4 | 发带 | 1:2.8 | ? | ? | 黑 S:? 黑 M:? 白 S:? 白 M:?""",
        "tiers_not_falling",
    ),
    Habit(
        "tea, shoes and bags: names under heads of their trade, sections without a word for it, numbered remarks",
        workbook(
            [
                ["茶名", "等级", "批发价(元/斤)"],
                ["铁观音", "特级", 380],
                ["铁观音", "一级", 220],
                ["▲散装"],
                ["本山", None, 85],
            ],
            [["货号", "鞋名", "批价"], ["WX1", "板鞋", 39], ["说明：①含税运 ②50双起混批"]],
            [
                ["款号", "款式", "备案编号", "拿货价"],
                ["BG1", "小香风链条包", "粤1号", 58],
                ["BG2", "通勤托特包", "粤2号", 168],
            ],
        ),
        """ | 铁观音 | 50:380 | ? | 50 | 特级:? 一级:?@220
         | 本山 | 50:85 | ? | 50 | :?
        WX1 | 板鞋 | 50:39 | ? | 50 | :?
        BG1 | 小香风链条包 | 50:58 | ? | 50 | :?
        BG2 | 通勤托特包 | 50:168 | ? | 50 | :?""",
        "moq_from_note",
    ),
)
