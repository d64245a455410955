"""Options × values as arithmetic: what is renamed stays, what is taken away goes, what is new is made once."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.errors import DomainError
from onboarding.listings.ageing import left_of
from onboarding.listings.batch import Bulk
from onboarding.listings.matrix import Option, Value, options_of, reshape, split_values, with_pasted
from onboarding.listings.rules import Lot

WORDS = st.text(alphabet="红黄蓝绿SMLX", min_size=1, max_size=4)
OPTIONS = st.lists(
    st.tuples(WORDS, st.lists(WORDS, min_size=1, max_size=4, unique=True)),
    min_size=1,
    max_size=3,
    unique_by=lambda option: option[0],
)
SQUARE = [{"颜色": color, "尺码": size} for color, size in product("红黄", "SM")]


def cells(options: list[tuple[str, list[str]]]) -> list[dict[str, str]]:
    names = [name for name, _values in options]
    return [dict(zip(names, cell, strict=True)) for cell in product(*(values for _name, values in options))]


def known(name: str, *values: str, was: str = "") -> Option:
    """An option whose values are those of before; `新=旧` renames one, `+新` is new."""
    told = [Value(one[1:]) if one[0] == "+" else Value(one.split("=")[0], one.split("=")[-1]) for one in values]
    return Option(name, tuple(told), was or name)


@given(OPTIONS)
def test_what_is_not_changed_stays_as_it_is(options: list[tuple[str, list[str]]]) -> None:
    present = cells(options)
    shape = reshape(present, options_of(present))
    assert (list(shape.kept.values()), shape.gone, shape.made) == (present, (), ())


@given(OPTIONS)
def test_a_renaming_keeps_every_variant_in_its_place(options: list[tuple[str, list[str]]]) -> None:
    present = cells(options)
    renamed = [
        Option(f"新{one.name}", tuple(Value(f"新{value.name}", value.name) for value in one.values), one.name)
        for one in options_of(present)
    ]
    shape = reshape(present, renamed)
    said = [{f"新{name}": f"新{value}" for name, value in one.items()} for one in present]
    assert (list(shape.kept.values()), shape.gone, shape.made) == (said, (), ())


@given(OPTIONS, st.lists(WORDS, max_size=3, unique=True))
def test_after_new_values_there_is_every_combination_once(
    options: list[tuple[str, list[str]]], fresh: list[str]
) -> None:
    present = cells(options)
    first, *rest = options_of(present)
    shape = reshape(present, [with_pasted(first, " ".join(fresh)), *rest])
    now = [*shape.kept.values(), *shape.made]
    wanted = len({value.name for value in first.values} | {*fresh}) * len(present) // len(first.values)
    assert (len(now), len({*map(str, now)}), list(shape.kept)) == (wanted, wanted, list(range(len(present))))


def test_two_values_may_take_each_others_names() -> None:
    shape = reshape(SQUARE, [known("颜色", "黄=红", "红=黄"), known("尺码", "S", "M")])
    assert [one["颜色"] for one in shape.kept.values()] == ["黄", "黄", "红", "红"]


def test_a_value_taken_away_takes_its_variants_along() -> None:
    shape = reshape(SQUARE, [known("颜色", "红"), known("尺码", "S", "M")])
    assert (list(shape.kept), shape.gone, shape.made) == ([0, 1], (2, 3), ())


def test_a_new_option_gives_what_is_there_its_first_value() -> None:
    shape = reshape([{}], [Option("颜色", (Value("红"), Value("黄")))])
    assert (shape.kept, shape.made, shape.like) == ({0: {"颜色": "红"}}, ({"颜色": "黄"},), (0,))


def test_of_what_is_told_apart_no_longer_the_first_stays() -> None:
    assert reshape(SQUARE, [known("尺码", "S", "M")]).gone == (2, 3)


def test_a_missing_combination_is_made_only_when_asked_for() -> None:
    options = options_of(SQUARE)
    assert reshape(SQUARE[:3], options).made == ()
    assert reshape(SQUARE[:3], options, fill=True).made == (SQUARE[3],)


def test_a_new_variant_is_like_the_one_that_shares_most() -> None:
    shape = reshape(SQUARE, [known("颜色", "红", "黄"), known("尺码", "S", "M", "+L")])
    assert (shape.made[1], shape.like[1]) == ({"颜色": "黄", "尺码": "L"}, 2)


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ([known("a", "+1"), known("b", "+1"), known("c", "+1"), known("d", "+1")], "variants.options"),
        ([Option("颜色", ())], "variants.empty"),
        ([known("颜色", "+红", "+红")], "variants.doubled"),
        ([known("颜色", "+红"), known("颜色", "+黄")], "variants.doubled"),
        ([Option("颜=色", (Value("红"),))], "variants.name"),
        ([Option("颜色", (Value("红;黄"),))], "variants.value"),
        ([Option("颜色", tuple(Value(str(at)) for at in range(201)))], "variants.too_many"),
        ([Option(name, tuple(Value(str(at)) for at in range(100))) for name in "abc"], "variants.too_many"),
    ],
)
def test_what_cannot_be_laid_out_is_refused(options: list[Option], code: str) -> None:
    with pytest.raises(DomainError, match=code.replace(".", r"\.")):
        reshape([], options)


def test_a_pasted_list_is_split_however_people_write_it() -> None:
    assert split_values("红 黄、蓝/绿，白,黑;灰\n红  ") == ["红", "黄", "蓝", "绿", "白", "黑", "灰"]


@pytest.mark.parametrize(
    ("column", "way", "amount", "value", "becomes"),
    [
        ("price", "set", 500, 900, 500),
        ("price", "set", 500, None, 500),
        ("supply", "more", 500, None, None),
        ("price", "more", 500, 900, 1_400),
        ("price", "less", 500, 300, 1),
        ("stock", "less", 5, 3, 0),
        ("price", "up", 1_000, 1_005, 1_106),
        ("price", "down", 1_000, 1_005, 904),
    ],
)
def test_one_change_for_many(column: str, way: str, amount: int, value: int | None, becomes: int | None) -> None:
    assert Bulk(column, way, amount).applied(value) == becomes


@given(st.integers(1, 9_000), st.integers(1, 1_000), st.integers(0, 20_000))
def test_the_fewest_are_whole_packs_and_no_fewer_than_the_minimum(least: int, pack: int, pieces: int) -> None:
    lot = Lot(least, pack)
    below, above = lot.packs(pieces)
    assert lot.least % pack == 0
    assert least <= lot.least < least + pack
    assert below <= pieces <= above < below + 2 * pack
    assert (below % pack, above % pack) == (0, 0)
    assert (lot.more(pieces) == 0) == (pieces >= lot.least)


@given(st.lists(st.integers(1, 50), max_size=8), st.integers(0, 500))
def test_what_came_first_went_first(arrivals: list[int], taken: int) -> None:
    on_hand = max(sum(arrivals) - taken, 0)
    queue = [place for place, pieces in enumerate(arrivals) for _piece in range(pieces)]
    left = queue[len(queue) - on_hand :]
    assert left_of(arrivals, on_hand) == [left.count(place) for place in range(len(arrivals))]
