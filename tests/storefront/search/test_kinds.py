"""Who asks for a whole sort of goods finds its kinds; who asks for one kind finds no other."""

import pytest

from storefront.search.index import TantivyIndex
from storefront.search.rules import Query
from storefront.search.text import rows
from tests.storefront.search.listings import Make

GOODS = (
    ("宜宾燃面 袋装", "方便食品/粉面"),
    ("鸡蛋挂面 5斤", "粮油"),
    ("日式面碗 大号", "陶瓷"),
    ("电饭煲 3L", "小家电/电饭煲"),
    ("茶叶礼盒 三罐", "茶叶"),
    ("中筒袜 糖果色", "服饰针织/袜子"),
    ("椰子糖 500g", "休闲食品"),
)


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("面条", {"宜宾燃面 袋装", "鸡蛋挂面 5斤"}),
        ("挂面", {"鸡蛋挂面 5斤"}),
        ("泡面", {"宜宾燃面 袋装"}),
        ("方便面", {"宜宾燃面 袋装"}),
        ("家电", {"电饭煲 3L"}),
        ("礼物", {"茶叶礼盒 三罐"}),
        ("gift", {"茶叶礼盒 三罐"}),
        ("零食", {"椰子糖 500g"}),
    ],
)
def test_a_sort_of_goods_finds_its_kinds(goods: TantivyIndex, typed: str, titles: set[str]) -> None:
    found = goods.search(Query(q=typed))
    assert {document.title for document in found.documents()[: found.full]} == titles


def test_the_goods_that_are_called_so_stand_before_their_kinds(goods: TantivyIndex, make: Make) -> None:
    goods.put([make(99, "手工面条 细", category="粮油")])
    goods.commit()
    assert goods.search(Query(q="面条")).documents()[0].title == "手工面条 细"


def test_goods_sorted_anywhere_are_at_home_in_eight_categories_at_most(index: TantivyIndex, make: Make) -> None:
    titles = [(f"{title} {number}", f"柜{number}") for number in range(10) for title in ("木勺", "竹篮")]
    index.rebuild(make(number, title, category=category) for number, (title, category) in enumerate(titles))
    found = index.search(Query(q="木勺"))
    assert (found.full, found.total) == (10, 18)


def test_no_sort_of_goods_is_told_twice_or_is_a_kind_of_itself() -> None:
    told = [row.partition(" = ") for row in rows("kinds")]
    names = [name for names, _, _ in told for name in names.split()]
    assert len(set(names)) == len(names) >= 60
    assert [names for names, _, kinds in told if {*names.split()} & {*kinds.split()}] == []
