"""What is Chinese on an English page says so, once, and nothing else changes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.proofreading import mark_chinese

MARK = re.compile(r'<span lang="zh-CN">(.*?)</span>')


@pytest.mark.parametrize(
    ("page", "marked"),
    [
        ("<p>Sold by 薄荷生活馆, checked</p>", '<p>Sold by <span lang="zh-CN">薄荷生活馆</span>, checked</p>'),
        (
            "<td>羊绒针织背心 V领 200*30cm 素色</td>",
            '<td><span lang="zh-CN">羊绒针织背心 V领 200*30cm 素色</span></td>',
        ),
        (
            "<td>驼色 Sold by 薄荷</td>",
            '<td><span lang="zh-CN">驼色</span> Sold by <span lang="zh-CN">薄荷</span></td>',
        ),
        ("<b>1</b>件 · Yu", '<b>1</b><span lang="zh-CN">件</span> · Yu'),
        ("<option value='a'>浙江省</option>", "<option value='a' lang=\"zh-CN\">浙江省</option>"),
        ("<title>羊绒围巾 · Yuantou</title>", '<title lang="zh-CN">羊绒围巾 · Yuantou</title>'),
    ],
)
def test_chinese_is_marked(page: str, marked: str) -> None:
    assert mark_chinese(page) == marked


@pytest.mark.parametrize(
    "page",
    [
        "<p>Yuantou &middot; 12</p>",
        '<a lang="zh-CN" href="/f/x">清河样绒</a>',
        '<script type="application/ld+json" nonce="x">{"name": "清河"}</script>',
        '<img alt="羊绒围巾" lang="zh-CN" />',
        '<input value="清河" />',
    ],
)
def test_what_is_marked_or_is_no_text_is_left_alone(page: str) -> None:
    assert mark_chinese(page) == page


@given(
    st.lists(st.sampled_from(["<p>", "</p>", "<b title='丹阳'>", "</b>", "工", "厂 ", "V", "Sold by ", "3.5", "&amp;"]))
)
def test_only_marks_are_added_and_no_chinese_is_left_without(pieces: list[str]) -> None:
    page = "<div>" + "".join(pieces) + "</div>"
    marked = mark_chinese(page)
    assert MARK.sub(r"\1", marked) == page
    assert not re.search("[工厂]", re.sub("<[^>]*>", "", MARK.sub("", marked)))
