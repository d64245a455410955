"""What people mistype, and what it was."""

import pytest

from storefront.search.index import TantivyIndex
from storefront.search.rules import Query
from storefront.search.slips import heard_alike, slip, swapped
from tests.storefront.search.listings import Make


@pytest.mark.parametrize(
    ("typed", "likelier", "other"),
    [
        ("drnoe", "drone", "drove"),  # swapped before changed
        ("leter", "letter", "later"),  # a letter typed once too few before another letter
        ("camara", "camera", "samara"),  # people know how a word begins
        ("carpwt", "carpet", "carpot"),  # the key beside it
    ],
)
def test_a_likelier_slip_costs_less(typed: str, likelier: str, other: str) -> None:
    assert 0 < slip(typed, likelier) < slip(typed, other)


def test_no_slip_costs_nothing() -> None:
    assert slip("carpet", "carpet") == 0


def test_sounds_that_many_confuse_are_alike() -> None:
    assert heard_alike("zhuolang") == heard_alike("zuonan")
    assert heard_alike("weijin") != heard_alike("maojin")


def test_only_neighbouring_letters_change_places() -> None:
    assert swapped("ucp20") == ["cup20", "upc20"]


@pytest.mark.parametrize(
    ("typed", "meant", "title"),
    [("UPC205 轴承", "ucp205轴承", "轴承 UCP205"), ("drnoe", "drone", "无人机 航拍")],
)
def test_what_was_meant_is_found(index: TantivyIndex, make: Make, typed: str, meant: str, title: str) -> None:
    index.rebuild(make(number, text) for number, text in enumerate(("轴承 UCP205", "无人机 航拍", "平底锅")))
    result = index.search(Query(q=typed))
    assert result.suggestion.replace(" ", "") == meant.replace(" ", "")
    assert result.documents()[0].title == title


def test_parts_at_large_are_the_parts_of_the_thing(index: TantivyIndex, make: Make) -> None:
    index.rebuild(make(number, text) for number, text in enumerate(("缝纫机 家用", "缝纫机针 14号", "拉链头 配件")))
    assert index.search(Query(q="缝纫机配件")).documents()[0].title == "缝纫机针 14号"
