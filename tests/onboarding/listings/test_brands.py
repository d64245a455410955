"""Brands in titles: the judged table was written before the rule, and stays as it was judged."""

import csv
from pathlib import Path

import pytest

from onboarding.listings.brands import brands_in, names_brand

_JUDGED = Path(__file__).parent / "judged_brands.csv"
_USES = {"bad": "confusable", "warn": "named", "info": "nominative"}


def judged() -> list[tuple[str, str, str]]:
    with _JUDGED.open(encoding="utf-8", newline="") as source:
        return [(row["title"], row["brand"], row["verdict"]) for row in csv.DictReader(source)]


def test_the_table_is_large_enough_and_judges_both_ways() -> None:
    verdicts = [verdict for _title, _brand, verdict in judged()]
    assert len(verdicts) >= 80
    assert all(verdicts.count(one) >= 10 for one in ("bad", "warn", "info", "none"))


@pytest.mark.parametrize(("title", "brand", "verdict"), judged(), ids=[row[0] for row in judged()])
def test_a_title_is_judged_as_it_was_judged(title: str, brand: str, verdict: str) -> None:
    found = [(one.brand, one.use) for one in brands_in(title)]
    assert found == ([] if verdict == "none" else [(brand, _USES[verdict])])


@pytest.mark.parametrize("words", ["fantasy 笔袋", "santa 帽子", "电风扇 美的风扇", "戴森风筒", "格力风管机 空调"])
def test_letters_inside_a_word_and_winds_are_no_imitation(words: str) -> None:
    assert all(one.use == "named" for one in brands_in(words))


def test_a_brand_is_told_as_it_was_written() -> None:
    assert [one.term for one in brands_in("NIKE风 卫衣 Addidas")] == ["NIKE", "Addidas"]


def test_a_licence_names_its_brand_in_any_spelling() -> None:
    assert names_brand("第25类：NIKE 运动鞋", "耐克")
    assert not names_brand("第25类：运动鞋", "耐克")
