"""What is right is left as it is: names of places, belts and factories, and every real word."""

import pytest

from storefront.search.index import TantivyIndex
from storefront.search.names import is_place
from storefront.search.rules import Query
from tests.storefront.search.listings import Make

GOODS = (
    ("羊绒围巾 轻奢", "清河羊绒", "清河样绒羊绒制品厂", "服饰针织/围巾披肩"),
    ("护脊书包 卡通", "白沟箱包", "白沟样途箱包厂", "箱包皮具/书包"),
    ("撕式挂历", "义乌小商品", "义乌市样百日用品厂", "日用百货"),
    ("积木 桶装", "澄海玩具", "汕头市样趣玩具厂", "玩具童车/积木"),
    ("链条 薄款", "永康五金", "永康市样钢五金厂", "五金"),
    ("儿童卫衣", "织里童装", "湖州织里样童服饰厂", "服饰/童装"),
    *((f"偏光太阳镜 {colour}", "丹阳眼镜", "丹阳样镜眼镜厂", "眼镜/太阳镜") for colour in "黑白红绿蓝紫"),
)


@pytest.fixture
def goods(index: TantivyIndex, make: Make) -> TantivyIndex:
    index.rebuild(
        make(number, title, belt_name=belt, factory=factory, category=category)
        for number, (title, belt, factory, category) in enumerate(GOODS)
    )
    return index


def told(goods: TantivyIndex, query: str) -> tuple[str, tuple[str, ...]]:
    result = goods.search(Query(q=query))
    return result.suggestion, tuple(document.title for document in result.documents())


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("清河", "羊绒围巾 轻奢"),
        ("清河羊绒", "羊绒围巾 轻奢"),
        ("清河样绒羊绒制品厂", "羊绒围巾 轻奢"),
        ("样绒", "羊绒围巾 轻奢"),
        ("织里", "儿童卫衣"),
        ("织里童装", "儿童卫衣"),
        ("童装", "儿童卫衣"),
        ("澄海玩具", "积木 桶装"),
    ],
)
def test_a_place_a_belt_and_a_factory_find_their_goods(goods: TantivyIndex, typed: str, title: str) -> None:
    suggestion, titles = told(goods, typed)
    assert (suggestion, titles[0]) == ("", title)


@pytest.mark.parametrize("typed", ["诸暨", "石狮", "石狮服装", "湖州", "诸暨市"])
def test_a_place_without_goods_is_no_slip(goods: TantivyIndex, typed: str) -> None:
    assert told(goods, typed)[0] == ""


@pytest.mark.parametrize("typed", ["面条", "剪刀", "老人", "西瓜", "手表", "爆款"])
def test_a_word_that_goods_lack_becomes_no_other(goods: TantivyIndex, typed: str) -> None:
    assert told(goods, typed)[0] == ""


@pytest.mark.parametrize(
    ("typed", "meant"), [("眼睛", "眼镜"), ("眼睛框", "眼镜框"), ("洋绒", "羊绒"), ("羊容围巾", "羊绒围巾")]
)
def test_a_word_of_the_same_sound_is_taken_and_said(goods: TantivyIndex, typed: str, meant: str) -> None:
    suggestion, titles = told(goods, typed)
    assert suggestion == meant
    assert titles


def test_a_real_word_that_finds_goods_stays(goods: TantivyIndex, make: Make) -> None:
    goods.put([make(99, "眼睛按摩仪", category="小家电")])
    goods.commit()
    assert told(goods, "眼睛") == ("", ("眼睛按摩仪",))


def test_a_real_word_is_no_slip_of_one_that_few_goods_are_called(index: TantivyIndex, make: Make) -> None:
    index.rebuild(make(number, f"偏光太阳镜 {number}", category="眼镜/太阳镜") for number in range(3))
    assert told(index, "眼睛") == ("", ())


@pytest.mark.parametrize(
    ("word", "known"),
    [("清河", True), ("清河县", True), ("织里", True), ("浙江", True), ("羊绒", False)],
)
def test_places_are_those_of_the_belts(word: str, *, known: bool) -> None:
    assert is_place(word) == known
