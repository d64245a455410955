"""What goes on from a text: models as their goods write them, English words, a second word; only what finds goods."""

import pytest

from storefront.search.index import TantivyIndex
from tests.storefront.search.listings import make_listing


@pytest.mark.parametrize(
    ("text", "gone_on"),
    [
        ("DY-9", ("DY-9001", "DY-9002")),
        ("dy9001", ("DY-9001",)),
        ("QH26", ("QH2601",)),
        ("wool", ("wool",)),
        ("tita", ("titanium",)),
        ("镜框 纯", ("镜框 纯钛",)),
        ("围巾 纯钛", ()),
        ("XX-9", ()),
        ("9", ()),
    ],
)
def test_a_text_goes_on_to_what_finds_goods(index: TantivyIndex, text: str, gone_on: tuple[str, ...]) -> None:
    goods = ("纯钛镜框 DY-9001", "纯钛镜框 DY-9002", "羊毛围巾")
    index.rebuild([make_listing(at, title=title, attributes="货号 QH2601") for at, title in enumerate(goods, 1)])
    found = index.suggest(text, limit=6)
    assert found[: len(gone_on)] == gone_on
    assert bool(found) is bool(gone_on)


def test_words_of_goods_taken_down_are_offered_no_more(index: TantivyIndex) -> None:
    index.rebuild([make_listing(1, title="羊毛围巾"), make_listing(2, title="羊毫毛笔")])
    assert set(index.suggest("羊", limit=6)) >= {"羊毛", "羊毫"}
    index.remove(["lst_2"])
    index.commit()
    found = index.suggest("羊", limit=6)
    assert ("羊毛" in found, "羊毫" in found) == (True, False)
