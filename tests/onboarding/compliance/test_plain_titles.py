"""Titles as sheets have them, a noun, what it is like, a colour, a place: nothing in them is a claim."""

from itertools import product

import pytest

from onboarding.compliance.lint import lint

NOUNS = ("双肩包", "帆布包", "书包", "手提包", "保温杯", "保鲜盒", "保暖内衣", "环保袋", "面包机", "包装纸", "四件套")
LIKE = ("大容量", "显瘦", "独立包装", "加厚", "新款")
COLOURS = ("白色", "米白", "本白", "黑白拼色", "白")
PLACES = ("保定白沟", "南通", "中国", "清河")
JOINTS = ("", " ", "·")


@pytest.mark.parametrize("joint", JOINTS)
def test_a_plain_title_passes_in_whatever_order(joint: str) -> None:
    for noun, like, colour, place in product(NOUNS, LIKE, COLOURS, PLACES):
        for words in ((place, noun, like, colour), (noun, colour, like, place)):
            assert lint(joint.join(words)).findings == (), words


@pytest.mark.parametrize(
    "text",
    [
        "保定白洋淀松花蛋",
        "保定瘦肉型",
        "帆布包过年新款",
        "书包治愈系图案",
        "红包会员价",
        "化妆包生日礼物",
        "面包有效期三天",
        "中国礼盒装茶叶",
        "南通便携收纳",
        "南通奶白四件套",
        "环保本白纸袋",
    ],
)
def test_a_word_across_two_words_is_none(text: str) -> None:
    assert lint(text).verdict == "pass"


@pytest.mark.parametrize(
    "text",
    [
        "一个月包白",
        "包你瘦十斤",
        "考试包过",
        "三天包会",
        "保证见效",
        "孩子三个月保证长高",
        "包孩子提分",
        "包生儿子",
        "喝了通便",
        "国礼级瓷器",
        "保本理财",
        "保您回本",
    ],
)
def test_what_is_promised_in_these_words_is_found(text: str) -> None:
    assert lint(text).verdict == "block"
