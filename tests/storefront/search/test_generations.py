"""An index built anew beside the one in use."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from storefront.search.index import TantivyIndex
from storefront.search.rules import ListingDocument, Query
from tests.storefront.search.listings import Make


def test_who_searches_sees_the_old_until_the_new_is_whole(tmp_path: Path, make: Make) -> None:
    reader, builder = TantivyIndex(tmp_path), TantivyIndex(tmp_path)
    builder.rebuild([make(1)])
    seen = []

    def slowly() -> Iterator[ListingDocument]:
        for number in (2, 3):
            seen.append(reader.search(Query()).hits)
            yield make(number)

    builder.rebuild(slowly())
    assert seen == [("lst_1",), ("lst_1",)]
    assert set(reader.search(Query()).hits) == {"lst_2", "lst_3"}


def test_what_changes_meanwhile_is_done_again(tmp_path: Path, make: Make) -> None:
    worker, builder = TantivyIndex(tmp_path), TantivyIndex(tmp_path)
    builder.rebuild(make(number) for number in (1, 2, 3))

    def meanwhile() -> Iterator[ListingDocument]:
        yield from (make(number) for number in (1, 2, 3))
        worker.put([make(2, price_fen=1)])
        worker.remove(["lst_3"])
        worker.commit()

    def again(public_ids: Sequence[str]) -> list[ListingDocument]:
        assert list(public_ids) == ["lst_2", "lst_3"]
        return [make(2, price_fen=1)]

    builder.rebuild(meanwhile(), again)
    found = {each.public_id: each.price_fen for each in worker.search(Query()).documents()}
    assert found == {"lst_1": 100_00, "lst_2": 1}


def test_the_worker_goes_on_in_the_new_index(tmp_path: Path, make: Make) -> None:
    worker, builder = TantivyIndex(tmp_path), TantivyIndex(tmp_path)
    worker.put([make(1)])
    worker.commit()
    builder.rebuild([make(1)])
    worker.put([make(2)])
    worker.commit()
    assert builder.count() == worker.count() == 2


def test_two_may_not_build_at_once(tmp_path: Path, make: Make) -> None:
    one, other = TantivyIndex(tmp_path), TantivyIndex(tmp_path)

    def greedy() -> Iterator[ListingDocument]:
        with pytest.raises(BlockingIOError):
            other.rebuild([make(2)])
        yield make(1)

    one.rebuild(greedy())
    assert other.search(Query()).hits == ("lst_1",)
    assert len([path for path in next(tmp_path.iterdir()).iterdir() if path.is_dir()]) == 1
