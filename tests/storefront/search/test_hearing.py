"""Latin letters heard as Chinese words, and words misspelled set right."""

import pytest

from storefront.search.index import TantivyIndex
from storefront.search.rules import Query
from tests.storefront.search.listings import Make

TITLES = (
    "羊绒围巾 水波纹",
    "纯棉毛巾 加厚",
    "老花镜 折叠便携",
    "保温杯 不锈钢",
    "蓝牙耳机 bluetooth",
    "螺蛳粉 袋装",
    "纯钛镜架 半框",
)


@pytest.fixture
def goods(index: TantivyIndex, make: Make) -> TantivyIndex:
    index.rebuild(make(number, title) for number, title in enumerate(TITLES))
    return index


def first(goods: TantivyIndex, query: str) -> str:
    found = goods.search(Query(q=query)).documents()
    return found[0].title.split()[0] if found else ""


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("yangrong", "羊绒围巾"),
        ("yangrongweijin", "羊绒围巾"),
        ("yang rong wei jin", "羊绒围巾"),
        ("yrwj", "羊绒围巾"),
        ("羊rong", "羊绒围巾"),
        ("yang绒", "羊绒围巾"),
        ("YANGRONG 围巾", "羊绒围巾"),
        ("bwb", "保温杯"),
    ],
)
def test_goods_are_found_by_their_sound(goods: TantivyIndex, typed: str, title: str) -> None:
    assert first(goods, typed) == title
    assert goods.search(Query(q=typed)).suggestion == ""


@pytest.mark.parametrize(
    ("typed", "meant", "title"),
    [
        ("yagnrong", "羊绒", "羊绒围巾"),
        ("羊融围巾", "羊绒围巾", "羊绒围巾"),
        ("老花境", "老花镜", "老花镜"),
        ("保文杯", "保温杯", "保温杯"),
        ("宝温杯", "保温杯", "保温杯"),
        ("blutooth", "bluetooth", "蓝牙耳机"),
    ],
)
def test_a_slip_is_set_right_and_said(goods: TantivyIndex, typed: str, meant: str, title: str) -> None:
    assert goods.search(Query(q=typed)).suggestion == meant
    assert first(goods, typed) == title


def test_words_that_goods_use_are_never_set_right(goods: TantivyIndex) -> None:
    assert {goods.search(Query(q=title)).suggestion for title in TITLES} == {""}


@pytest.mark.parametrize(
    ("typed", "suggested"),
    [("羊", "羊绒"), ("yangr", "羊绒"), ("yr", "羊绒"), ("镜", "镜架"), ("BLUET", "bluetooth"), ("zzz", ""), ("", "")],
)
def test_words_are_suggested_while_one_types(goods: TantivyIndex, typed: str, suggested: str) -> None:
    assert goods.suggest(typed, limit=5)[:1] == ((suggested,) if suggested else ())


def test_words_of_new_goods_are_heard_at_once(goods: TantivyIndex, make: Make) -> None:
    goods.put([make(99, "景泰蓝花瓶")])
    goods.commit()
    assert first(goods, "huaping") == "景泰蓝花瓶"
