"""Writes a town of factories and their goods for `yuantou listings load`: as many lines as asked for, by seed.

python -m benchmarks.town LISTINGS [SEED] > town.jsonl

Titles are put together as factories write them: brand, stuffing, audience, material, use, the thing itself, size and
model. Words come by Zipf's law, prices log-normally. Things come from the house's own tables of categories and trades.
"""

from __future__ import annotations

import csv
import random
import sys
import tomllib
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

ROOT: Final = Path(__file__).parents[1]
SEED: Final = 20260302
FACTORIES: Final = 20_000
AT_ONCE: Final = 5_000
_SKEW: Final = 0.9
_BRANDS: Final = 1_800
_OWN_TRADE: Final = 0.8
_FIRST, _SECOND = (
    "雅岚诺森维顿莱芙尚品惠凯博远恒瑞嘉禾锦绣云裳清晨华盛佳美天语优格贝拉米洛可欧",
    "丝朵曼尔琪卡迪伦斯特莎薇奥妮克图兰雪宁达源泰祥和顺丰隆昌盈利发家园坊庄阁轩",
)
_MATERIALS, _STUFFING, _PEOPLE, _USES, _COLORS, _LAST = (
    tuple(" ".join(line).split())
    for line in (
        (
            "纯棉 羊绒 羊毛 真丝 亚麻 涤纶 锦纶 腈纶 竹纤维 莫代尔",
            "天丝 珊瑚绒 法兰绒 灯芯绒 牛仔 帆布 真皮 牛皮 羊皮 PU皮",
            "超纤 麂皮 不锈钢 304不锈钢 316不锈钢 铝合金 锌合金 铸铁 碳钢 黄铜",
            "纯铜 纯钛 碳纤维 亚克力 ABS PP PVC 硅胶 乳胶 树脂",
            "实木 橡木 胡桃木 松木 竹木 藤编 玻璃 高硼硅玻璃 陶瓷 骨瓷",
            "青瓷 白瓷 紫砂 水晶 玛瑙 珍珠 贝壳 大理石 岩板 软木",
            "记忆棉 海绵 羽绒 鹅绒 蚕丝 棕榈 椰棕 雪纺 欧根纱 网纱",
            "蕾丝 针织 梭织 提花 印花 绗缝 磨毛 水洗棉 新疆棉 长绒棉",
        ),
        (
            "新款 爆款 热卖 厂家直销 一件代发 源头工厂 批发 现货 包邮 网红",
            "同款 高级感 轻奢 简约 北欧 日式 韩版 欧美 复古 国潮",
            "ins风 法式 美式 新中式 加厚 加绒 加大 加长 加宽 轻薄 透气",
            "吸汗 速干 防水 防滑 防晒 防摔 防尘 防爆 防臭 抗菌 保暖 百搭",
            "宽松 修身 显瘦 大容量 多功能 可折叠 可伸缩 可水洗 可定制 可印logo",
            "便携 迷你 超大 特大 双层 三层 静音 节能 智能 无线",
            "充电 遥控 免打孔 免安装 耐磨 耐高温 耐脏 高档 精品 礼盒装",
            "组合装 家庭装 旅行装 试用装 外贸 跨境 出口 春秋 夏季 秋冬 冬季",
        ),
        (
            "男士 女士 儿童 婴儿 宝宝 学生 中老年 情侣 孕妇 男童",
            "女童 大童 小童 青少年 老人 上班族 司机 厨师 护士 工人",
            "新生儿 幼儿园 小学生 初中生 大学生 妈妈 爸爸 闺蜜 新娘 伴娘",
            "教师 医生 酒店 民宿 餐厅 咖啡厅 健身房 美容院 学校 工厂",
        ),
        (
            "家用 商用 车载 户外 露营 旅行 办公 宿舍 厨房 卧室 客厅",
            "浴室 阳台 庭院 玄关 书房 餐厅 酒吧 派对 婚庆 送礼 伴手礼",
            "节日 圣诞 春节 中秋 端午 生日 开业 乔迁 年会 促销 运动",
            "跑步 骑行 登山 钓鱼 游泳 瑜伽 健身 篮球 足球 羽毛球 乒乓球",
            "早餐 烘焙 烧烤 火锅 泡茶 煮面 蒸饭 炒菜 收纳 清洁 除湿",
            "晾晒 装饰 摆件 直播 拍照 摄影 化妆 护肤 美甲 洗澡 睡觉",
        ),
        (
            "黑色 白色 灰色 米色 驼色 咖色 卡其 藏青 深蓝 天蓝 湖蓝",
            "宝蓝 墨绿 军绿 果绿 薄荷绿 大红 酒红 枣红 玫红 粉色 藕粉",
            "紫色 香芋紫 黄色 姜黄 柠檬黄 橙色 橘色 金色 银色 玫瑰金",
            "古铜 透明 撞色 渐变 碎花 条纹 格子 波点 豹纹 迷彩",
        ),
        (
            "套装 两件套 三件套 四件套 六件套 单只装 一对装 12只装 24只装 整箱",
            "礼盒 大号 中号 小号 加大号 均码 升级版 经典款 豪华版 基础款",
        ),
    )
)


class Zipf:
    """Draws from words by Zipf's law, some thousand at once."""

    def __init__(self, words: Sequence[Any], dice: random.Random, skew: float = _SKEW) -> None:
        self._words = list(words)
        dice.shuffle(self._words)
        self._weights = list(accumulate(1 / place**skew for place in range(1, len(self._words) + 1)))
        self._dice = dice

    def draw(self, number: int) -> list[Any]:
        """So many words."""
        return self._dice.choices(self._words, cum_weights=self._weights, k=number)


class Shelves:
    """Things by the category of the first row: a factory mostly makes those of its belt's, sometimes anything."""

    def __init__(self, things: Sequence[tuple[str, str]], dice: random.Random) -> None:
        tops = dict.fromkeys(path.partition("/")[0] for _word, path in things)
        by_top = {top: [thing for thing in things if thing[1].partition("/")[0] == top] for top in tops}
        self._all = _endless(Zipf(things, dice, 0.6))
        self._of = {top: _endless(Zipf(some, dice, 0.6)) for top, some in by_top.items()}
        self._dice = dice

    def take(self, trade: str) -> tuple[str, str]:
        """One thing and its category."""
        shelf = self._of.get(trade, self._all) if self._dice.random() < _OWN_TRADE else self._all
        return next(shelf)


def _endless(words: Zipf) -> Iterator[Any]:
    while True:
        yield from words.draw(1_000)


def main() -> None:
    """Write the lines that are asked for."""
    number = int(sys.argv[1])
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else SEED
    for lines in town(number, seed):
        sys.stdout.write(lines)


def town(number: int, seed: int = SEED) -> Iterator[str]:
    """Lines of JSON, some thousand at once."""
    dice = random.Random(seed)  # noqa: S311  the same town every time
    shelves = Shelves(list(things_made()), dice)
    makers = Zipf(factories(min(FACTORIES, max(number // 20, 1)), dice), dice, 0.5)
    words = [Zipf(each, dice) for each in (brands(dice), _STUFFING, _MATERIALS, _PEOPLE, _USES, _COLORS, _LAST)]
    for start in range(0, number, AT_ONCE):
        some = min(AT_ONCE, number - start)
        houses = makers.draw(some)
        drawn = [[shelves.take(trade) for _name, _belt, trade in houses], houses, *(each.draw(some) for each in words)]
        rolls = [dice.random() for _ in range(some)]
        yield "".join(
            line(start + place, each, roll)
            for place, (each, roll) in enumerate(zip(zip(*drawn, strict=True), rolls, strict=True))
        )


def line(number: int, drawn: tuple[Any, ...], roll: float) -> str:
    """One listing; nothing in it needs to be escaped. Its dice are digits of one roll."""
    (thing, category), (factory, belt, _trade), brand, stuffing, material, people, use, color, last = drawn
    digits = int(roll * 1_000_000_007)
    model = f"{'ABHKMQTXZ'[digits % 9]}{digits % 9_973}"
    size = f"{(digits >> 3) % 90 + 10}*{(digits >> 5) % 60 + 10}cm"
    front = (f"{brand} {stuffing}", f"{stuffing}{people}", brand, f"{people}{use}")[digits & 3]
    middle = (material, f"{material}{use}", f"{color}{material}", "")[(digits >> 2) & 3]
    back = (f" {model}", f" {size}", f" {last} {model}", f" {use}{last}")[(digits >> 4) & 3]
    price = max(int(2.718281828 ** (8.0 + 1.1 * _bell(roll))), 50)
    stock = 0 if digits % 13 == 0 else digits % 2_000
    head = (
        f'{{"code":"{model}-{number}","title":"{front}{middle}{thing}{back}","category":"{category}",'
        f'"belt":"{belt}","factory":"{factory}","moq":{(1, 1, 2, 5, 10, 48, 100)[digits % 7]},'
        f'"attributes":{{"材质":"{material}","颜色":"{color}","适用":"{people}"}},'
    )
    supply = price * 6 // 10 or 1
    if digits % 17 == 0:  # made to order, in two colours: the sheet reader's form
        sku = f'"stock":null,"made_to_order":true,"price_fen":{supply}'
        skus = ",".join(f'{{"options":{{"颜色":"{one}"}},{sku}}}' for one in (color, f"定制{color}"))
        return f'{head}"tiers":[],"retail_price_fen":{price},"drop_ship_price_fen":null,"skus":[{skus}]}}\n'
    return f'{head}"price_fen":{price},"supply_price_fen":{supply},"stock":{stock}}}\n'


def materials() -> tuple[str, ...]:
    """What goods of the town are made of."""
    return _MATERIALS


def things_made() -> Iterator[tuple[str, str]]:
    """Every word for goods that the house knows, and the category it tells."""
    table = tomllib.loads((ROOT / "onboarding/listings/data/categories.toml").read_text(encoding="utf-8"))
    trades = tomllib.loads((ROOT / "onboarding/belts/data/trades.toml").read_text(encoding="utf-8"))
    seen = set[str]()
    for row in table["categories"]:
        for leaf, _english, words in row["leaves"]:
            for word in [leaf, *words.split()]:
                if word not in seen:
                    seen.add(word)
                    yield word, f"{row['zh']}/{leaf}"
    category = {belt["trade_zh"]: belt["category_zh"] for belt in belts()}
    for trade, words in trades["trades"].items():
        for word in words:
            if word not in seen:
                seen.add(word)
                yield word, category.get(trade, "")


def belts() -> list[dict[str, str]]:
    """The belts as the house knows them."""
    with (ROOT / "onboarding/belts/data/belts.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def factories(number: int, dice: random.Random) -> list[tuple[str, str, str]]:
    """Names of factories, their belts (slugs) and the categories of these; big belts have more."""
    places = Zipf(belts(), dice, 0.6).draw(number)
    kinds = ("厂", "有限公司", "制品厂", "实业有限公司", "科技有限公司", "工贸有限公司")
    made = dict.fromkeys(_FIRST)
    firsts, seconds = list(made), list(dict.fromkeys(_SECOND))
    return [
        (
            (
                f"{place['county'] or place['city']}{firsts[i % len(firsts)]}{seconds[i // len(firsts) % len(seconds)]}"
                f"{place['trade_zh']}{kinds[i % 6]}{i // 1_600 or ''}"
            ),
            place["slug"],
            place["category_zh"],
        )
        for i, place in enumerate(places)
    ]


def brands(dice: random.Random) -> list[str]:
    """Names that nobody has registered, as far as we know."""
    made: dict[str, None] = {}
    while len(made) < _BRANDS:
        made["".join(dice.choice(_FIRST + _SECOND) for _ in range(dice.choice((2, 2, 3))))] = None
    return list(made)


def _bell(roll: float) -> float:
    """A normal draw, nearly, from three digits of one roll."""
    parts = (roll * 1_009 % 1, roll * 10_007 % 1, roll * 100_003 % 1, roll * 7 % 1)
    return (sum(parts) - 2) * 1.732


if __name__ == "__main__":
    main()
