from collections.abc import Iterator
from pathlib import Path

import pytest

from storefront.search import usage
from storefront.search.index import IndexLockedError, TantivyIndex
from storefront.search.rules import DEEPEST, ListingDocument, Query
from tests.storefront.search.listings import Make


def test_a_new_index_is_empty_and_asks_to_be_built(index: TantivyIndex, make: Make) -> None:
    assert index.needs_rebuild
    assert index.search(Query(q="羊绒")).total == 0
    index.rebuild([make(1)])
    assert not index.needs_rebuild
    assert index.count() == 1


def test_a_listing_comes_back_as_it_was_put(index: TantivyIndex, make: Make) -> None:
    listing = make(7, "羊绒围巾", attributes="山羊绒100%", image_url="/media/a.webp", moq=5)
    index.put([listing])
    index.commit()
    result = index.search(Query(q="山羊绒"))
    assert result.hits == ("lst_7",)
    assert result.documents() == (listing,)


def test_putting_again_replaces(index: TantivyIndex, make: Make) -> None:
    index.put([make(1, "羊绒围巾"), make(2, "毛衣", category="服饰/毛衣")])
    index.commit()
    index.put([make(1, "保温杯", category="日用百货/水杯")])
    index.commit()
    assert index.count() == 2
    assert index.search(Query(q="羊绒围巾")).hits == ()
    assert index.search(Query(q="保温杯")).hits == ("lst_1",)


def test_what_is_removed_is_gone(index: TantivyIndex, make: Make) -> None:
    index.put(make(i) for i in range(10))
    index.commit()
    index.remove(["lst_3", "lst_4", "lst_unknown"])
    index.commit()
    assert index.count() == 8
    assert {"lst_3", "lst_4"}.isdisjoint(index.search(Query(per_page=100)).hits)


def test_nothing_shows_before_the_commit(index: TantivyIndex, make: Make) -> None:
    index.put([make(1)])
    assert index.count() == 0


def test_the_same_query_is_answered_anew_after_a_commit(index: TantivyIndex, make: Make) -> None:
    index.rebuild([make(1)])
    first = index.search(Query(q="羊绒"))
    assert index.search(Query(q="羊绒")) is first
    index.put([make(2)])
    index.commit()
    assert index.search(Query(q="羊绒")).total == 2


def test_what_is_remembered_of_words_has_an_end(
    index: TantivyIndex, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(usage, "_MOST_REMEMBERED", 2)
    index.rebuild([make(number, title) for number, title in enumerate(("围巾", "毛巾", "茶具"))])
    for number in range(9):
        assert index.search(Query(q=f"围巾{number}")).documents()[0].title == "围巾"
        index.search(Query(q=f"没有的东西{number}"))
    assert 1 <= len(index._seen.usage._homes) <= 2  # noqa: SLF001  nobody else sees what it remembers


def test_a_rebuild_that_fails_leaves_the_old_content(index: TantivyIndex, make: Make) -> None:
    def broken() -> Iterator[ListingDocument]:
        yield make(2)
        raise RuntimeError("the database went away")

    index.rebuild([make(1)])
    with pytest.raises(RuntimeError):
        index.rebuild(broken())
    index.commit()
    assert index.search(Query()).hits == ("lst_1",)


def test_only_one_may_write(index: TantivyIndex, make: Make, tmp_path: Path) -> None:
    index.put([make(1)])
    index.commit()
    second = TantivyIndex(tmp_path / "index")
    assert second.count() == 1
    with pytest.raises(IndexLockedError):
        second.put([make(2)])
    index.close()
    second.put([make(2)])
    second.commit()
    assert index.count() == 2
    second.close()


def test_another_shape_is_rebuilt_beside_the_old(tmp_path: Path, make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    old = TantivyIndex(tmp_path)
    old.rebuild([make(1)])
    old.close()
    monkeypatch.setattr("storefront.search.index.shape", lambda: "v0-another")
    new = TantivyIndex(tmp_path)
    assert new.needs_rebuild
    assert (new.count(), old.count()) == (0, 1)
    new.rebuild([make(2)])
    assert old.search(Query()).hits == ("lst_1",)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == ["v0-another"]
    new.close()


@pytest.mark.parametrize(
    ("sort", "hits"),
    [
        ("price", ("lst_4", "lst_1", "lst_2", "lst_3")),
        ("-price", ("lst_3", "lst_1", "lst_2", "lst_4")),
        ("newest", ("lst_4", "lst_3", "lst_2", "lst_1")),
    ],
)
def test_a_sort_puts_equals_with_stock_first(index: TantivyIndex, make: Make, sort: str, hits: tuple[str, ...]) -> None:
    prices = {1: (20_00, True), 2: (20_00, False), 3: (30_00, True), 4: (10_00, True)}
    index.put(make(i, price_fen=fen, in_stock=stock) for i, (fen, stock) in prices.items())
    index.commit()
    assert index.search(Query(q="围巾", sort=sort)).hits == hits  # type: ignore[arg-type]


def test_of_equal_listings_those_in_stock_come_first(index: TantivyIndex, make: Make) -> None:
    index.put(make(i, in_stock=i in {3, 5}, quality=1000 - i) for i in range(8))
    index.commit()
    assert index.search(Query(q="羊绒围巾")).hits[:2] == ("lst_3", "lst_5")


def test_pages_follow_each_other_and_end(index: TantivyIndex, make: Make) -> None:
    index.put(make(i) for i in range(25))
    index.commit()
    pages = [index.search(Query(page=page, per_page=10)) for page in (1, 2, 3, 4)]
    assert [len(page.hits) for page in pages] == [10, 10, 5, 0]
    assert len({hit for page in pages for hit in page.hits}) == 25
    assert {page.total for page in pages} == {25}
    assert index.search(Query(page=DEEPEST, per_page=100)).hits == ()


def test_filters_narrow(index: TantivyIndex, make: Make) -> None:
    index.put([make(1, belt="a", category="服饰/针织"), make(2, belt="b", category="服饰"), make(3, belt="c")])
    index.put([make(4, belt="a", price_fen=1), make(5, belt="a", category="家具", in_stock=False)])
    index.commit()

    def ids(**choice: object) -> set[str]:
        return set(index.search(Query(**choice)).hits)  # type: ignore[arg-type]

    assert ids(belts=("a", "b")) == {"lst_1", "lst_2", "lst_4", "lst_5"}
    assert ids(categories=("服饰",), belts=("b",)) == {"lst_2"}
    assert ids(price_max_fen=1) == {"lst_4"}
    assert ids(price_min_fen=5, price_max_fen=4) == set()
    assert "lst_5" not in ids(in_stock=True)


def test_a_listing_without_a_belt_is_found_and_in_no_belts_count(index: TantivyIndex, make: Make) -> None:
    index.put([make(1, belt="a"), make(2, belt="")])
    index.commit()
    assert index.search(Query()).facets.belts == {"a": 1}
    assert index.search(Query()).total == 2
    assert index.search(Query(belts=("a",))).hits == ("lst_1",)


def test_a_price_bound_of_any_size_is_taken(index: TantivyIndex) -> None:
    assert index.search(Query(price_min_fen=-(10**30), price_max_fen=10**30)).total == 0


@pytest.mark.parametrize("wrong", [{"page": 0}, {"per_page": 101}, {"sort": "cheapest"}])
def test_a_query_out_of_range_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"sort|range"):
        Query(**wrong)  # type: ignore[arg-type]
