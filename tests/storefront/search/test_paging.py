"""Pages of a result while goods come, go and move: nothing twice, nothing left out that was there throughout."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storefront.search.index import TantivyIndex
from storefront.search.paging import LONGEST, MOST_SEEN, added, seen_as, seen_in
from storefront.search.rules import Query, Sort
from storefront.search.schemas import chosen
from tests.storefront.search.listings import make_listing

KEYS = st.sets(st.integers(0, 1 << 40), max_size=200)


@given(keys=KEYS)
def test_what_was_seen_comes_back_from_its_letters(keys: set[int]) -> None:
    assert seen_in(seen_as(keys)) == tuple(sorted(keys))


@pytest.mark.parametrize(
    "letters", ["", "!", "é", "AAA", "AQ==", "gICAgICAgICAgICAgIA", "A" * (LONGEST + 1), "_" * 2_000, "AQ\n"]
)
def test_letters_that_nobody_gave_out_say_nothing(letters: str) -> None:
    assert seen_in(letters) == ()


@given(letters=st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9_-]{0,60}", fullmatch=True))
def test_any_letters_at_all_can_be_read(letters: str) -> None:
    assert seen_in(letters) == () or seen_as(seen_in(letters)) == letters


def test_an_address_carries_no_more_than_servers_take() -> None:
    first = tuple(range(MOST_SEEN - 1))
    assert added(first, [5_000]) == (*first, 5_000)
    assert added(first, [5_000, 5_001]) == first
    far = tuple(number << 43 for number in range(300))
    assert len(seen_as(added(far, [number << 43 for number in range(300, 340)]))) <= LONGEST


@pytest.mark.parametrize("sort", ["relevance", "sales", "price", "-price", "newest"])
def test_pages_neither_repeat_nor_skip_while_goods_move(index: TantivyIndex, sort: Sort) -> None:
    dice = random.Random(sort)  # noqa: S311  the same moves every time
    goods = {n: make_listing(n, price_fen=dice.randrange(1, 99), sold=dice.randrange(9)) for n in range(120)}
    index.rebuild(goods.values())
    shown: list[int] = []
    gone: set[int] = set()
    seen: tuple[int, ...] = ()
    for page in range(1, 20):
        result = index.search(Query(q="围巾", sort=sort, page=page, per_page=10, seen=seen))
        if not result.hits:
            break
        shown += result.keys
        seen = added(seen, result.keys)
        gone |= move(index, dice, len(goods))
    assert len(shown) == len({*shown})
    assert {*goods} - gone <= {*shown}


def move(index: TantivyIndex, dice: random.Random, number: int) -> set[int]:
    """Between two pages: other prices, stock and sales, and a few that are taken down for good."""
    moved, gone = dice.sample(range(number), 30), {*dice.sample(range(number), 2)}
    facts = (
        {"price_fen": dice.randrange(1, 99), "sold": dice.randrange(9), "in_stock": dice.random() < 0.5} for _ in moved
    )
    index.put(make_listing(n, **each) for n, each in zip(moved, facts, strict=True))
    index.remove(f"lst_{n}" for n in gone)
    index.commit()
    return gone


def test_plain_pages_would_skip(index: TantivyIndex) -> None:
    """The control: by numbers alone, what moves up meanwhile is lost."""
    index.rebuild(make_listing(n) for n in range(20))
    first = index.search(Query(sort="newest", per_page=10))
    index.remove(first.hits[:5])
    index.commit()
    second = index.search(Query(sort="newest", per_page=10, page=2))
    told = index.search(Query(sort="newest", per_page=10, page=2, seen=first.keys))
    assert (len({*first.hits, *second.hits}), len({*first.hits, *told.hits})) == (15, 20)
    assert (second.total, told.total) == (15, 15)


def test_pages_beyond_what_is_carried_are_counted_off(index: TantivyIndex) -> None:
    index.rebuild(make_listing(n) for n in range(60))
    pages = [
        index.search(Query(sort="newest", per_page=10, page=page, seen=tuple(range(50, 60)))) for page in (2, 3, 6)
    ]
    assert [(page.keys[0], len(page.hits), page.total) for page in pages] == [(49, 10, 60), (39, 10, 60), (9, 10, 60)]


STEPS = ("羊绒围巾 女", "羊毛围巾 男", "亚麻围巾 薄", "真丝披肩", "羊绒围巾架 铁艺")


@pytest.mark.parametrize("per_page", [1, 2, 3, 5, 7])
@pytest.mark.parametrize("carries", [True, False])
def test_pages_go_on_from_what_matches_to_what_lies_beside(
    index: TantivyIndex, per_page: int, *, carries: bool
) -> None:
    """As one long page would, whether an address carries what was seen or pages are counted off."""
    titles = [STEPS[n % len(STEPS)] + f" {n}号" for n in range(25)]
    index.rebuild(make_listing(n, title=title, category="服饰/围巾") for n, title in enumerate(titles))
    whole = index.search(Query(q="羊绒围巾", per_page=40))
    seen: tuple[int, ...] = ()
    for page in range(1, whole.total // per_page + 2):
        found = index.search(Query(q="羊绒围巾", page=page, per_page=per_page, seen=seen if carries else ()))
        seen = (*seen, *found.keys)
    assert (seen, len(seen)) == (whole.keys, whole.total)
    assert (whole.total, whole.full) == (25, 5)


def test_an_address_says_the_same_in_one_way_only() -> None:
    mixed = chosen(
        {"belt": ["b", "a"], "from": ["江苏省"], "least": ["2-9", "1", "1"], "sort": ["price"], "exact": ["1"]}
    )
    other = chosen({"least": ["1", "2-9"], "from": ["江苏省"], "belt": ["a", "b"], "page": ["1"], "seen": ["AQ"]})
    assert mixed.canonical() == other.canonical()
    assert other.canonical() == "/factory-goods?belt=a&belt=b&least=1&least=2-9&from=%E6%B1%9F%E8%8B%8F%E7%9C%81"


@pytest.mark.parametrize(
    ("given_", "price"),
    [
        ({"low": ["12.5"]}, "1250-"),
        ({"high": ["3"]}, "0-300"),
        ({"low": ["9"], "high": ["3.05"]}, "305-900"),
        ({"low": ["x"], "price": ["0-1999"]}, "0-1999"),
        ({"low": ["-1"], "high": ["１２"]}, "0-1200"),
        ({"low": [""], "high": [""]}, ""),
    ],
)
def test_a_price_is_typed_in_yuan(given_: dict[str, list[str]], price: str) -> None:
    assert chosen(given_).price == price


@pytest.mark.parametrize(("belts", "kept"), [([], True), (["a"], True), (["a", "b"], True), (["a", "b", "c"], False)])
def test_only_plain_choices_are_for_engines(belts: list[str], *, kept: bool) -> None:
    assert chosen({"belt": belts}).is_for_engines is kept
