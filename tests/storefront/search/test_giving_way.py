"""What is tried when no goods have all the words: characters that stand together, then fewer words."""

import pytest

from storefront.search.index import TantivyIndex
from storefront.search.rules import Query
from tests.storefront.search.listings import Make

GOODS = (
    ("空气炸锅 家用 可视 充电", "小家电"),
    ("香薰蜡烛 大豆蜡 米色", "工艺礼品"),
    ("捞粉 广西柳州", "方便食品"),
    ("帆布双肩包 休闲", "箱包皮具/双肩包"),
    ("双肩包 通勤", "箱包皮具/双肩包"),
    ("跑步腰包 防水", "箱包皮具/腰包"),
    ("不锈钢保温杯 500ml", "日用百货/保温杯"),
    ("洗手盆 陶瓷台上", "家居建材"),
)


@pytest.mark.parametrize("typed", ["电视", "大米", "广州", "水杯架"])
def test_characters_that_lie_apart_are_no_word(goods: TantivyIndex, typed: str) -> None:
    assert goods.search(Query(q=typed)).total == 0


def test_a_long_word_may_be_torn_apart_once(goods: TantivyIndex) -> None:
    found = goods.search(Query(q="洗手台"))
    assert (found.match, [document.title for document in found.documents()]) == ("loose", ["洗手盆 陶瓷台上"])


@pytest.mark.parametrize("typed", ["双肩背包 防水", "防水 双肩背包", "双肩背包 500ml"])
def test_what_only_says_how_a_thing_is_goes_before_the_thing(goods: TantivyIndex, typed: str) -> None:
    found = goods.search(Query(q=typed))
    assert "双肩背包" not in found.relaxed
    assert "双肩包" in found.documents()[0].title


@pytest.mark.parametrize("typed", ["代发", "包邮", "批发", "便宜", "新款", "源头", "工厂", "好货", "现货", "便宜好货"])
def test_words_about_the_trade_alone_show_all_goods(goods: TantivyIndex, typed: str) -> None:
    found = goods.search(Query(q=typed))
    assert (found.total, found.relaxed, found.suggestion) == (len(GOODS), (), "")


def test_words_about_the_trade_that_goods_say_find_these(goods: TantivyIndex, make: Make) -> None:
    goods.put([make(99, "新款风衣", category="服饰")])
    goods.commit()
    assert [document.title for document in goods.search(Query(q="新款")).documents()] == ["新款风衣"]
