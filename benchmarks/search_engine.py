"""Build an index of invented listings, then time what a search page asks of it.

python benchmarks/search_engine.py [LISTINGS] [SEARCHES]
"""

import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from time import perf_counter, process_time

from storefront.search.index import TantivyIndex
from storefront.search.rules import ListingDocument, Query

START = datetime(2026, 1, 1, tzinfo=UTC)
TODAY = date(2026, 1, 8)
IN_STOCK, SUPPLIED, TO_ORDER, VISITED, SELLING = 0.9, 0.5, 0.1, 0.2, 0.3  # of all goods
# Separate words, as `split` gives them: lists of forty strings would fill the page.
KINDS, STUFF, GOODS, CALLS = (
    " ".join(line).split()
    for line in (
        ("男士 女士 儿童 学生 商务 户外 家用 车载 便携 加厚 轻薄 纯棉 真丝 实木 不锈钢 陶瓷 硅胶 复古 北欧",),
        ("羊绒 羊毛 纯钛 亚克力 帆布 真皮 树脂 玻璃 竹木 锦纶 涤纶 毛绒 水晶 青瓷 白瓷 铝合金 亚麻",),
        (
            "围巾 毛衣 大衣 帽子 镜架 太阳镜 老花镜 夹克 休闲裤 卫衣 马甲 短袖 摆件 马克杯 钥匙扣",
            "音乐盒 收纳筐 双肩包 拉杆箱 保温杯 四件套 毛巾 台灯 吊灯 吸顶灯 手机壳 手机支架 数据线",
            "自行车 滑板车 衣柜 沙发 炒锅 菜刀 茶具 花瓶 领带 袜子 拖鞋",
        ),
        ("秋冬新款 一件代发 大容量 可定制logo 三件套 高级感 送礼 宿舍 办公室 跨境",),
    )
)


def main(listings: int, searches: int) -> None:
    """Print build time, size, and the 50th and 95th percentile of each kind of search."""
    dice = random.Random(7)  # noqa: S311 the same listings each run
    with tempfile.TemporaryDirectory() as place:
        index = TantivyIndex(Path(place), answers=0)
        began = perf_counter()
        index.rebuild(invented(dice, listings))
        took = perf_counter() - began
        size = sum(path.stat().st_size for path in Path(place).rglob("*") if path.is_file())
        print(f"{listings} listings in {took:.1f} s ({listings / took:.0f}/s), {size / 1e6:.0f} MB")
        update(index, dice)
        for name, queries in kinds(dice, searches).items():
            measure(index, name, queries)
        index.close()


def invented(dice: random.Random, number: int) -> Iterator[ListingDocument]:
    """Listings whose words are drawn anew each time; models and sizes make titles differ."""
    for i in range(number):
        belt = min(int(dice.paretovariate(1.0)), 73)
        yield ListingDocument(
            id=i,
            public_id=f"lst_{i:08x}",
            title=title(dice),
            factory=f"第{dice.randrange(number // 20 + 1)}制造厂",
            belt=f"belt-{belt}",
            belt_name="清河产业带",
            province=f"省{belt % 20}",
            category=f"类目{dice.randrange(12)}/子类{dice.randrange(8)}",
            price_fen=int(dice.lognormvariate(8.5, 1)),
            created_at=START + timedelta(seconds=i),
            quality=dice.randrange(1000),
            in_stock=dice.random() < IN_STOCK,
            moq=dice.choice((1, 1, 1, 2, 5, 20, 100)),
            ships_from=dice.choice(("河北省", "江苏省", "浙江省", "广东省", "福建省")),
            is_supplied=dice.random() < SUPPLIED,
            made_to_order=dice.random() < TO_ORDER,
            inspected_until=TODAY.toordinal() if dice.random() < VISITED else 0,
            sold=int(dice.paretovariate(0.5)) if dice.random() < SELLING else 0,
            attributes=f"{dice.choice(STUFF)} {dice.choice(STUFF)} 颜色 驼色 黑色",
        )


def title(dice: random.Random) -> str:
    """As a factory would write it: thing, use, call, model."""
    thing = dice.choice(KINDS) + dice.choice(STUFF) + dice.choice(GOODS)
    return f"{thing} {dice.choice(KINDS)} {dice.choice(CALLS)} {dice.choice('ABQ')}{dice.randrange(9_999)}"


def kinds(dice: random.Random, number: int) -> dict[str, list[Query]]:
    """Queries by kind."""

    def each(**how: object) -> list[Query]:
        return [Query(q=dice.choice(STUFF) + dice.choice(GOODS), today=TODAY, **how) for _ in range(number)]  # type: ignore[arg-type]

    filters = {"belts": ("belt-1", "belt-2"), "price_max_fen": 100_00, "in_stock": True}
    return {
        "two words": each(),
        "two words, three filters": each(**filters),
        "two words, three filters, by price": each(**filters, sort="price"),
        "one word": [Query(q=dice.choice(GOODS)) for _ in range(number)],
        "one character": [Query(q=dice.choice("灯镜袜杯包")) for _ in range(number)],
        "pinyin": [Query(q=dice.choice(("yangrong", "taiyangjing", "sjk", "maojin"))) for _ in range(number)],
        "model": [Query(q=f"a{dice.randrange(9_999)}") for _ in range(number)],
        "nothing matches all": [Query(q=f"围巾 紫外线{dice.randrange(99)}") for _ in range(number)],
        "browse": [Query(page=dice.randrange(1, 9), today=TODAY) for _ in range(number)],
    }


def measure(index: TantivyIndex, name: str, queries: list[Query]) -> None:
    """Print milliseconds per search and how many hits it had."""
    walls, total = [], 0
    cpu = process_time()
    for query in queries:
        began = perf_counter()
        total += index.search(query).total
        walls.append((perf_counter() - began) * 1_000)
    cpu = (process_time() - cpu) * 1_000 / len(queries)
    cuts = quantiles(walls, n=20)
    print(f"{name:36} p50 {cuts[9]:6.2f}  p95 {cuts[18]:6.2f}  cpu {cpu:6.2f} ms  {total // len(queries)} hits")


def update(index: TantivyIndex, dice: random.Random) -> None:
    """Print what it takes until one changed listing can be found."""
    began = perf_counter()
    index.put(invented(dice, 1))
    index.commit()
    index.count()
    print(f"one update, committed and visible: {(perf_counter() - began) * 1_000:.1f} ms")


if __name__ == "__main__":
    main(*(int(each) for each in [*sys.argv[1:], "50000", "300"][:2]))
