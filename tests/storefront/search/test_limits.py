"""Prices and unwanted things said in words narrow a search; sizes, models and attributes are none."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from kernel.permissions import SYSTEM
from onboarding.offers.operations import open_own_offers
from storefront.search.index import Index, TantivyIndex
from storefront.search.limits import limits
from storefront.search.rules import Query
from storefront.search.tasks import rebuild
from tests.cast import NOW
from tests.storefront.search.listings import Make
from tests.support.goods import make_factory, make_listing

PRICED = (
    ("羊绒围巾", 199_00),
    ("羊毛围巾", 99_00),
    ("真丝围巾 非羊毛", 299_00),
    ("无糖饼干", 10_00),
    ("红糖饼干", 20_00),
    ("苏打饼干 不含糖", 25_00),
)


@pytest.fixture
def priced(index: TantivyIndex, make: Make) -> TantivyIndex:
    index.rebuild(make(place, title, price_fen=fen, category="") for place, (title, fen) in enumerate(PRICED))
    return index


@pytest.mark.parametrize(
    ("typed", "words", "price"),
    [
        ("羊绒围巾 200元以内", "羊绒围巾", "0-20000"),
        ("100-200元 围巾", "围巾", "10000-20000"),
        ("50块以下", "", "0-5000"),
        ("围巾不超过100", "围巾", "0-10000"),
        ("100元左右的围巾", "围巾", "8000-12000"),
        ("低于200 围巾", "围巾", "0-20000"),
        ("不低于200元", "", "20000-"),
        ("200以上 围巾", "围巾", "20000-"),
        ("Scarf under 200", "Scarf", "0-20000"),
        ("between 100 and 200", "", "10000-20000"),
        ("预算100-200 围巾", "围巾", "10000-20000"),
        ("一百五以内", "", "0-15000"),
        ("1-2万元", "", "1000000-2000000"),
        ("価格 ￥100-￥200", "価格", "10000-20000"),
        ("200元以內的圍巾", "圍巾", "0-20000"),
        ("500以上200以下", "", "20000-50000"),
        ("9.9元以下", "", "0-990"),
        ("99999999万元以下", "", "0-99999999000000"),
    ],
)
def test_words_say_a_price(typed: str, words: str, price: str) -> None:
    said = limits(typed)
    assert (said.words, said.price, said.unwanted) == (words, price, ())


@pytest.mark.parametrize(
    ("typed", "words", "unwanted"),
    [
        ("围巾 不要羊毛", "围巾", ("羊毛",)),
        ("围巾 -羊毛", "围巾", ("羊毛",)),
        ("-羊毛", "", ("羊毛",)),
        ("除了羊毛的围巾", "围巾", ("羊毛",)),
        ("除羊毛之外的围巾", "围巾", ("羊毛",)),
        ("围巾不要羊毛要羊绒", "围巾 羊绒", ("羊毛",)),
        ("不要羊毛不要腈纶 围巾", "围巾", ("羊毛", "腈纶")),
        ("围巾 不要羊毛和腈纶", "围巾", ("羊毛", "腈纶")),
        ("不要带帽子的卫衣", "卫衣", ("帽子",)),
        ("不要带鱼", "", ("带鱼",)),
        ("scarf without wool", "scarf", ("wool",)),
        ("bag without faux leather strap", "bag strap", ("faux leather",)),
    ],
)
def test_words_say_what_is_unwanted(typed: str, words: str, unwanted: tuple[str, ...]) -> None:
    said = limits(typed)
    assert (said.words, said.unwanted, said.price) == (words, unwanted, "")


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "200*70cm",
            "500ml以下",
            "iphone15以下",
            "A4-80g",
            "T-恤",
            "5斤以内",
            "2-3岁",
            "100%羊绒",
            "USB-C",
            "dy-9001以下",
        ),
        *(
            "身高160以下",
            "100以内加减法",
            "20以内的加减法",
            "5岁以上",
            "under 5 kg",
            "under 20w",
            "不超过100克",
            "最多3个",
        ),
        *(
            "1000块以下 拼图",
            "pro max 256",
            "三以上",
            "200左右",
            "90%以上",
            "under $50",
            "2024新款",
            "1.5米以上",
            "箱内 200内",
        ),
        *(
            "不含糖 饼干",
            "无糖饼干",
            "免洗",
            "不锈钢",
            "不粘锅",
            "不倒翁",
            "尿不湿",
            "要不要 围巾",
            "是不是羊绒",
            "除湿机",
        ),
        *(
            "不要太厚的 外套",
            "不要钱",
            "not too big",
            "不要👓",
            "-",
            "--",
            "- - -",
            "- 羊毛",
            "usb -c",
            "冰袋 -20度",
            "除了",
        ),
    ],
)
def test_sizes_models_and_attributes_are_no_limits(typed: str) -> None:
    assert not limits(typed)
    assert limits(typed).words == " ".join(typed.split())


@given(st.text(st.sampled_from("羊绒围巾真丝女款aBz *·，_"), max_size=60))
def test_words_without_limits_are_left_as_they_are(typed: str) -> None:
    assert (limits(typed).line, limits(typed).said) == (typed, ())


@given(st.text(st.sampled_from("0123456789.-~元块百千万以内下上不要除了外的 羊毛¥under"), max_size=200))
def test_no_mixture_of_limits_raises(typed: str) -> None:
    said = limits(typed)
    low, high = said.bounds
    assert low is None or high is None or low <= high
    assert all(each.start < each.end <= len(said.line) for each in said.said)


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("围巾 200元以内", {"羊绒围巾", "羊毛围巾"}),
        ("围巾 不要羊毛", {"羊绒围巾", "真丝围巾 非羊毛"}),
        ("cashmere scarf without wool", {"羊绒围巾"}),
        ("饼干 不要糖", {"无糖饼干", "苏打饼干 不含糖"}),
        ("20元以下", {"无糖饼干", "红糖饼干"}),
        ("不要围巾", {"无糖饼干", "红糖饼干", "苏打饼干 不含糖"}),
        ("围巾 50元以下", set[str]()),
    ],
)
def test_only_what_keeps_to_the_limits_is_found(priced: TantivyIndex, typed: str, titles: set[str]) -> None:
    found = priced.search(Query(q=typed))
    assert {document.title for document in found.documents()[: found.full]} == titles
    assert not found.relaxed


def test_counts_beside_ignore_the_price_in_words(priced: TantivyIndex) -> None:
    bands = {band.min_fen: band.count for band in priced.search(Query(q="围巾 100元以内")).facets.prices}
    assert (bands[50_00], bands[100_00], bands[200_00]) == (1, 1, 1)
    assert priced.search(Query(q="围巾 50元以下")).without == {"price": 3}
    assert priced.search(Query(q="羊绒 不要围巾")).without == {"unwanted": 1}


def test_a_price_chosen_beside_wins(priced: TantivyIndex) -> None:
    found = priced.search(Query(q="围巾 200元以内", price_min_fen=200_00))
    assert [document.title for document in found.documents()] == ["真丝围巾 非羊毛"]


def test_the_words_as_they_are_have_no_limits(priced: TantivyIndex) -> None:
    assert not priced.search(Query(q="围巾 200元以内", exact=True)).limits
    assert not priced.search(Query(q="围巾 200元以内", unlimited=True)).limits


def test_the_page_says_what_it_read_and_takes_it_back(app: Flask) -> None:
    listing = make_listing(make_factory(), title="羊绒围巾")
    open_own_offers(actor=SYSTEM, listing=listing.public_id, now=NOW)
    rebuild(index=app.extensions["ports"].get(Index))
    client, asked = app.test_client(), {"q": "围巾 900元以内 不要羊毛"}
    page = client.get("/factory-goods", query_string=asked).text
    assert [says in page for says in ("按您说的，只看：", "900 元以下 · 不含羊毛", "exact=1")] == [True] * 3
    assert 'href="/factory-goods?q=%E5%9B%B4%E5%B7%BE+%E4%B8%8D%E8%A6%81%E7%BE%8A%E6%AF%9B"' in page
    assert "按选好的价格筛" in client.get("/factory-goods", query_string=asked | {"price": "0-90000"}).text
    nothing = client.get("/factory-goods", query_string={"q": "围巾 不要围巾"}).text
    assert ("也看围巾" in nothing, "这些条件下没有商品" in nothing) == (True, True)
