"""What a query asks for."""

import pytest

from storefront.search.meaning import LONGEST_QUERY, MOST_WORDS, words


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("羊绒围巾", ["羊绒", "围巾"]),
        ("燃面", ["燃面"]),
        ("iPhone15手机壳", ["iphone15", "手机壳"]),
        ("羊rong", ["羊", "rong"]),
        ("t恤短袖", ["t恤", "短袖"]),
        ("女的围巾", ["女", "的", "围巾"]),
        ("两斤 苹果", ["两斤", "苹果"]),
        ("200*70cm", ["200", "70cm"]),
        ("👓（）", []),
    ],
)
def test_a_query_asks_for(query: str, asked: list[str]) -> None:
    assert [word.text for word in words(query)] == asked


def test_trade_talk_is_wanted_not_demanded() -> None:
    assert [word.text for word in words("羊绒围巾批发 厂家直销") if not word.optional] == ["羊绒", "围巾"]
    assert [word.optional for word in words("批发")] == [False]


def test_a_long_query_is_cut() -> None:
    assert len(words("羊绒围巾" * 1000)) == MOST_WORDS
    assert len(words("ﷺ" * 10_000)) <= MOST_WORDS < LONGEST_QUERY


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("scarf", ("围巾",)),
        ("scarves", ("围巾",)),
        ("socks", ("袜",)),
        ("T恤", ("短袖",)),
        ("短袖", ("t恤",)),
        ("移动电源", ("充电宝",)),
        ("女裤", ("裤",)),
        ("DY-9001", ("dy", "9001")),
        ("1斤", ("500", "g")),
        ("500g", ("一", "斤")),
        ("2kg", ("4", "斤")),
        ("半斤", ("250", "克")),
        ("1.5米", ("150", "cm")),
    ],
)
def test_a_word_may_be_said_otherwise(query: str, said: tuple[str, ...]) -> None:
    parts = {part for form in words(query)[0].forms for part in form.parts}
    assert said in parts


@pytest.mark.parametrize("word", ["tr90", "yangrong", "xs"])
def test_a_word_that_is_no_english_of_the_trades_stays_itself(word: str) -> None:
    assert all(piece.isascii() for form in words(word)[0].forms for part in form.parts for piece in part)
