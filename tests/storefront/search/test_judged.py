from typing import Any

import pytest

from storefront.search.index import TantivyIndex
from storefront.search.rules import Query


def test_each_judged_query_finds_what_it_must(judged_index: TantivyIndex, judged: dict[str, Any]) -> None:
    titles = [each["title"] for each in judged["titles"]]
    wrong = []
    for case in judged["queries"]:
        result = judged_index.search(Query(q=case["q"], per_page=100))
        found = [each.title for each in result.documents()][: result.full]
        unwanted = case["must_not"]
        if unwanted == "others":
            unwanted = [title for title in titles if title not in case["must"]]
        wrong += [f"{case['q']}: {title} is missing" for title in case["must"] if title not in found]
        wrong += [f"{case['q']}: {title} is found" for title in unwanted if title in found]
    assert wrong == []


def test_each_judged_query_puts_the_better_first(judged_index: TantivyIndex, judged: dict[str, Any]) -> None:
    wrong = []
    for case in judged["queries"]:
        found = [each.title for each in judged_index.search(Query(q=case["q"], per_page=100)).documents()]
        places = {title: place for place, title in enumerate(found)}
        wrong += [
            f"{case['q']}: {worse} stands before {better}"
            for better, worse in case.get("before", [])
            if places[better] > places.get(worse, len(found))
        ]
    assert wrong == []


@pytest.mark.parametrize(
    ("query", "match"),
    [
        ("羊绒围巾", "all"),
        ("女包", "all"),
        ("摆树", "none"),
        ("yangrongshan", "all"),
        ("围巾 紫外线消毒柜", "any"),
        ("？？？", "none"),
        ("", "all"),
    ],
)
def test_a_result_says_how_it_matched(judged_index: TantivyIndex, query: str, match: str) -> None:
    assert judged_index.search(Query(q=query)).match == match
