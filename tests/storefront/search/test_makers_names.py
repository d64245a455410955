"""What has a word only in the name of its maker or belt is near, where there are goods that are it."""

import pytest

from storefront.search.index import TantivyIndex
from storefront.search.rules import Query
from tests.storefront.search.listings import Make

QINGHE = {"belt_name": "清河羊绒", "factory": "清河样驼绒毛制品厂", "province": "河北省"}
SHISHI = {"belt_name": "石狮服装", "factory": "石狮市海样服装有限公司", "province": "福建省"}
GOODS = (
    ("羊毛围巾 纯色", QINGHE, ""),
    ("羊绒围巾 水波纹", QINGHE, ""),
    ("双面呢大衣", QINGHE, "羊毛90% 羊绒10%"),
    ("加绒卫衣", SHISHI, ""),
    ("轨道射灯 服装店", {"belt_name": "古镇灯饰"}, ""),
)


@pytest.fixture
def goods(index: TantivyIndex, make: Make) -> TantivyIndex:
    index.rebuild(
        make(number, title, category="", attributes=attributes, **home)
        for number, (title, home, attributes) in enumerate(GOODS)
    )
    return index


def full_and_near(goods: TantivyIndex, query: str) -> tuple[list[str], list[str]]:
    result = goods.search(Query(q=query))
    titles = [document.title for document in result.documents()]
    return titles[: result.full], titles[result.full :]


def test_goods_of_another_stuff_are_near_though_their_belt_is_named_after_it(goods: TantivyIndex) -> None:
    full, near = full_and_near(goods, "羊绒")
    assert full == ["羊绒围巾 水波纹", "双面呢大衣"]
    assert near == ["羊毛围巾 纯色"]


@pytest.mark.parametrize("typed", ["清河", "河北", "清河样驼绒毛制品厂"])
def test_a_place_and_a_maker_are_matched_in_full(goods: TantivyIndex, typed: str) -> None:
    assert len(full_and_near(goods, typed)[0]) == 3


def test_a_belt_and_its_goods_together_are_matched_in_full(goods: TantivyIndex) -> None:
    assert full_and_near(goods, "清河羊绒")[0] == ["羊绒围巾 水波纹", "双面呢大衣"]


@pytest.mark.parametrize("typed", ["服装", "石狮服装"])
def test_what_no_goods_are_themselves_is_found_by_its_belt(goods: TantivyIndex, typed: str) -> None:
    assert "加绒卫衣" in full_and_near(goods, typed)[0]
