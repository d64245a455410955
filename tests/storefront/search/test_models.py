"""Models by how they begin, sizes that are no initials, and English words for several Chinese ones."""

import pytest

from storefront.search.index import TantivyIndex
from storefront.search.rules import Query
from tests.storefront.search.listings import Make

GOODS = (
    ("太阳镜 DY-9001", ""),
    ("镜架 纯钛", "DY-9002"),
    ("卫衣 男", "M L XL"),
    ("倒流香炉", ""),
    ("羊绒袜 中筒", ""),
    ("加厚羊毛袜", ""),
)


@pytest.fixture
def goods(index: TantivyIndex, make: Make) -> TantivyIndex:
    index.rebuild(
        make(number, title, category="", belt_name="", attributes=attributes)
        for number, (title, attributes) in enumerate(GOODS)
    )
    return index


def titles(goods: TantivyIndex, query: str) -> list[str]:
    return [document.title for document in goods.search(Query(q=query)).documents()]


@pytest.mark.parametrize("typed", ["dy-90", "DY-9", "dy900"])
def test_a_model_is_found_by_how_it_begins(goods: TantivyIndex, typed: str) -> None:
    assert set(titles(goods, typed)) == {"太阳镜 DY-9001", "镜架 纯钛"}


def test_a_whole_model_finds_no_other(goods: TantivyIndex) -> None:
    assert titles(goods, "DY-9001") == ["太阳镜 DY-9001"]


def test_a_size_that_goods_have_is_no_initials(goods: TantivyIndex) -> None:
    assert titles(goods, "XL") == ["卫衣 男"]


def test_the_first_chinese_word_for_an_english_one_is_meant_first(goods: TantivyIndex) -> None:
    found = goods.search(Query(q="wool socks"))
    assert found.suggestion == ""
    assert [document.title for document in found.documents()][:2] == ["加厚羊毛袜", "羊绒袜 中筒"]
