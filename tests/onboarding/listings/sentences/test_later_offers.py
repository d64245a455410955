"""Offers of every trade, added after the first: what each says of prices, orders and stock, or that it is asked."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.listings.sentences.reader import SentenceReading, read_sentence
from tests.onboarding.listings.sentences.test_offers import told

LATER = [
    tuple(offer.rstrip("\n").split("\n"))
    for offer in Path(__file__).with_name("later.txt").read_text("utf-8").removeprefix("> ").split("\n> ")
]
AMOUNTS = ("tiers", "moq", "retail", "drop", "own", "stock", "shared")
ASKED = {
    "price": ("price_", "ladder_", "goods_"),
    "moq": ("moq_",),
    "stock": ("stock_unclear", "stock_ambiguous", "stock_per_option"),
}
"""The codes that leave something empty, by what is empty."""
PRICES = ["118元", "118元一条", "出厂价118", "118元/条", "¥118", "批发价118", "118块", "一百一十八元", "批118"]
ORDERS = ["起批5条", "5条起批", "5条起", "moq 5", "起订量5", "最少5条", "混批5条", "五条起", "起批:5"]
STOCKS = ["现货300条", "库存300", "300条现货", "库存：300条", "现货剩300条", "现货三百条"]
BESIDE = [
    *["6色", "S-XL", "2024新款", "包邮", "含税", "100%羊绒", "零售298元", "代发128元", "A118", "180*70cm", "黑/白"],
    *["12针", "支持定制", "7天发货", "买10送1", "满500减20", "38cm", "200g", "500W", "货号8015", "可开票", "运费10元"],
]


def test_an_amount_is_what_a_person_reads_or_it_is_asked() -> None:
    found = {sentence: "; ".join(amounts(read_sentence(sentence))) for sentence, _wanted in LATER}
    assert {sentence: (found[sentence], wanted) for sentence, wanted in LATER if found[sentence] != wanted} == {}


def test_there_are_enough_of_them() -> None:
    assert len({sentence for sentence, _ in LATER}) >= 1400


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_order_of_clauses_changes_no_amount(data: st.DataObject) -> None:
    beside = st.lists(st.sampled_from(BESIDE), max_size=2, unique=True)
    said = [*(data.draw(st.sampled_from(one)) for one in (PRICES, ORDERS, STOCKS)), *data.draw(beside)]
    between = data.draw(st.sampled_from([" ", "  ", "，", ", ", "；"]))
    found = told(read_sentence(between.join(["羊绒围巾", *data.draw(st.permutations(said))])))
    assert (found["tiers"], found["moq"], found["stock"] or found["shared"]) == ("5:118", "5", "300")


@pytest.mark.parametrize(
    "piece", ["9.", "24元12双", "9块9三条", "起批 ", "1，180", "一米二 ", "10斤装 2.5元 ", "打八折"]
)
def test_a_full_line_of_lots_has_its_answer(piece: str) -> None:
    assert read_sentence((piece * 2_000)[:2_000]).listing.row == 1


def amounts(reading: SentenceReading) -> list[str]:
    found = told(reading)
    codes = [problem.code for problem in reading.problems]
    empty = {"price": not found["tiers"], "moq": not found["moq"], "stock": not found["stock"]}
    asked = [name for name, starts in ASKED.items() if empty[name] and any(is_asked(code, starts) for code in codes)]
    kept = [code for code in ("deal_noted", "tax_excluded") if code in codes]
    return sorted(
        [
            *(f"{name}={found[name]}" for name in AMOUNTS if found[name]),
            *(f"asked={name}" for name in asked),
            *(f"told={code}" for code in kept),
        ]
    )


def is_asked(code: str, starts: tuple[str, ...]) -> bool:
    return code.startswith(starts) and code != "price_other"
