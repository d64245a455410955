"""The judged set is whole, its measure measures, and the search does not fall below what it has reached."""

from collections import Counter
from collections.abc import Iterator

import pytest

from benchmarks.relevance.judged import JUST_THAT, NEAR, Asked, Goods, JudgedSet, load, selector, selects
from benchmarks.relevance.measuring import Answer, answers, figures, ndcg, parts

# Raise these with the ranking: 0.632, 0.623, 0.645 and 0.066 were measured on the day the set was frozen.
FLOORS = {"all": 0.90, "learn": 0.915, "held": 0.88}
MOST_FINDING_NOTHING = 0.01

MAIN_KINDS = {"slip-latin": 10, "use": 14}  # of all other kinds there are fifteen or more


@pytest.fixture(scope="module")
def judged_set() -> JudgedSet:
    return load()


@pytest.fixture(scope="module")
def found(judged_set: JudgedSet, tmp_path_factory: pytest.TempPathFactory) -> list[Answer]:
    return answers(judged_set, tmp_path_factory.mktemp("relevance"))


@pytest.mark.parametrize("part", FLOORS)
def test_the_search_stays_above_its_floor(found: list[Answer], part: str) -> None:
    some = ({"all": found} | parts(found))[part]
    assert figures(some).ndcg >= FLOORS[part]


def test_few_queries_find_nothing(found: list[Answer]) -> None:
    assert figures(found).nothing <= MOST_FINDING_NOTHING


def test_the_parts_are_drawn_once_for_all_and_share_nothing(found: list[Answer]) -> None:
    drawn = parts(found)
    learn, held = ({one.asked.query for one in drawn[name]} for name in ("learn", "held"))
    assert not learn & held
    assert len(learn) == round(0.6 * len(found))
    assert len(learn | held) == len(found)
    again = parts(found[::-1])
    assert [one.asked for one in again["held"]] == [one.asked for one in drawn["held"]]


def test_the_titles_are_many_and_no_two_alike(judged_set: JudgedSet) -> None:
    spelled = {"".join(filter(str.isalnum, goods.title.lower())) for goods in judged_set.titles}
    assert len(spelled) == len({goods.id for goods in judged_set.titles}) == len(judged_set.titles) >= 3_000


def test_every_trade_has_titles_written_by_hand(judged_set: JudgedSet) -> None:
    all_titles = Counter(goods.trade for goods in judged_set.titles)
    by_hand = Counter(goods.trade for goods in judged_set.titles if goods.made == "hand")
    assert len(all_titles) >= 40
    assert [trade for trade, count in all_titles.items() if by_hand[trade] < 0.4 * count] == []


def test_the_queries_are_many_and_of_each_kind_enough(judged_set: JudgedSet) -> None:
    queries = [asked.query for asked in judged_set.queries]
    assert len(set(queries)) == len(queries) >= 240
    kinds = Counter(asked.kind for asked in judged_set.queries)
    assert [kind for kind, count in kinds.items() if count < MAIN_KINDS.get(kind, 15)] == []


def test_every_query_has_goods_that_are_just_that(judged_set: JudgedSet) -> None:
    graded = {asked.query: asked.grades(judged_set.titles) for asked in judged_set.queries}
    assert [query for query, grades in graded.items() if JUST_THAT not in grades.values()] == []


def test_every_alternative_of_every_selector_selects_something(judged_set: JudgedSet) -> None:
    idle = [
        f"{asked.query}: {alternative}"
        for asked in judged_set.queries
        for alternative in _alternatives(asked)
        if not _selects_any(alternative, judged_set)
    ]
    assert idle == []


def _alternatives(asked: Asked) -> Iterator[str]:
    for told in (asked.just_that, asked.near):
        yield from filter(None, told.split(" / "))


def _selects_any(told: str, judged_set: JudgedSet) -> bool:
    ways = selector(told)
    return any(selects(ways, goods) for goods in judged_set.titles)


@pytest.mark.parametrize(
    ("told", "fits"),
    [
        ("围巾", True),
        ("围巾|披肩", True),
        ("披肩", False),
        ("围巾 material=羊绒", True),
        ("围巾 material=羊绒 audience=男", False),
        ("围巾 audience!=男", True),
        ("围巾 audience!=儿童", False),
        ("披肩 / 围巾", True),
        ("category=服饰针织", True),
        ("category=服饰", False),
        ("trade=羊绒 kind!=毛衣", True),
        ("", False),
    ],
)
def test_a_selector_goes_by_kind_and_facts(told: str, *, fits: bool) -> None:
    facts = "material=羊绒 audience=女,儿童"
    scarf = Goods.read(["1", "羊绒", "围巾", "服饰针织/围巾披肩", "hand", "毛衣链 手机", facts])
    assert selects(selector(told), scarf) == fits


@pytest.mark.parametrize(
    ("hits", "value"),
    [
        ("abc", 1.0),
        ("acb", 0.951),
        ("cba", 0.815),
        ("xabc", 0.709),
        ("xxxxxxxxxxabc", 0.0),
        ("", 0.0),
    ],
)
def test_the_measure_falls_with_each_place_lost(hits: str, value: float) -> None:
    grades = {"a": JUST_THAT, "b": JUST_THAT, "c": NEAR}
    assert ndcg(hits, grades) == pytest.approx(value, abs=0.0006)
