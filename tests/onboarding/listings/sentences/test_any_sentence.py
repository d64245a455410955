"""Whatever is typed: an answer, no price that was not written, none that changes with a greeting."""

import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kernel.text import clean
from onboarding.listings.sentences.figures import amount
from onboarding.listings.sentences.reader import MAX_CHARS, read_sentence
from onboarding.listings.sheets.reading import SheetListing
from tests.onboarding.listings.sentences.test_offers import OFFERS

WRITTEN = st.sampled_from([sentence for sentence, _ in OFFERS])
PIECES = st.sampled_from(
    [*Path(__file__).with_name("pieces.txt").read_text("utf-8").strip().split(" "), "\0", "\u202e"]
)
NOISE = [
    "，欢迎咨询",
    " 诚信经营",
    "！质量保证",
    "，支持来样定制",
    "，电话13812345678",
    "🔥🔥",
    "，微信 abc_123456",
    "，量大从优",
]


@given(st.text(max_size=200) | st.lists(PIECES, max_size=20).map("".join) | st.lists(PIECES, max_size=20).map(" ".join))
@example("0千10元")
@example("1起0万1.")
@example("0块1一")
@example("0:块0块1")
@settings(max_examples=150, deadline=None)
def test_every_text_has_an_answer_and_only_prices_that_stand_in_it(text: str) -> None:
    reading = read_sentence(text, 7)
    assert reading.listing.row == 7
    assert reading.listing.title or any(problem.gravity == "left_out" for problem in reading.problems)
    assert all(problem.text("en") for problem in reading.problems)
    said = figures(text)
    assert [price for price in prices(reading.listing) if price not in said] == []


@pytest.mark.parametrize("text", ["羊绒帽5千10元", "羊绒帽 1.5千10元一顶", "0千10元", "羊绒帽2百15元"])
def test_a_price_that_runs_into_a_bare_thousand_is_asked_for(text: str) -> None:
    reading = read_sentence(text, 7)
    assert (prices(reading.listing), "price_unclear" in {one.code for one in reading.problems}) == ([], True)


@pytest.mark.parametrize("text", ["羊绒帽 起订1千 10元", "羊绒帽10元", "羊绒帽库存5千 10元"])
def test_a_thousand_of_something_is_no_part_of_a_price(text: str) -> None:
    assert prices(read_sentence(text, 7).listing) == [1_000]


@given(WRITTEN, st.lists(st.sampled_from(NOISE), min_size=1, max_size=3))
@settings(max_examples=100, deadline=None)
def test_noise_changes_no_price_and_no_quantity(sentence: str, noise: list[str]) -> None:
    plain, noisy = read_sentence(sentence).listing, read_sentence(sentence + "".join(noise)).listing
    assert (prices(noisy), noisy.moq, [sku.stock for sku in noisy.skus]) == (
        prices(plain),
        plain.moq,
        [sku.stock for sku in plain.skus],
    )
    assert not re.search("咨询|诚信|13812345678|abc_123456", noisy.title)


@given(WRITTEN)
@settings(max_examples=60, deadline=None)
def test_full_width_figures_say_the_same(sentence: str) -> None:
    wide = sentence.translate({ord(char): ord(char) + 0xFEE0 for char in "0123456789"})
    assert prices(read_sentence(wide).listing) == prices(read_sentence(sentence).listing)


def test_a_long_line_is_refused_and_a_full_one_is_read_quickly() -> None:
    assert [problem.code for problem in read_sentence("羊" * 5000).problems] == ["line_too_long"]
    for piece in ("一", "黑/", "10件起85 ", "8寸5元 ", "价", "颜色：", "1,234", "材质："):
        assert read_sentence((piece * MAX_CHARS)[:MAX_CHARS]).listing.row == 1


def prices(listing: SheetListing) -> list[int]:
    """Every price of a listing, in fen."""
    told = [tier.price_fen for tier in listing.tiers] + [sku.price_fen for sku in listing.skus]
    return [price for price in [*told, listing.retail_price_fen, listing.drop_ship_price_fen] if price is not None]


def figures(text: str) -> set[int]:
    """Every amount that any part of a text can mean, in fen, however it is written."""
    narrow = "".join(chr(ord(char) - 0xFEE0) if "！" <= char <= "～" else char for char in clean(text)).replace(
        "，", " "
    )
    plain = re.sub(r"[^0-9.,一二两俩三四五六七八九十百千万零〇元块毛角分半k]", " ", narrow.lower())
    said = {
        value * 100
        for end in ("[0-9]?", "(?:[0-9](?![0-9]))?")  # 0千10: a tenth of the unit, or a figure of its own
        for word in re.findall(rf"[0-9.,]+[万千百k]?{end}", plain)
        for value in parts(word)
    }
    said |= {
        value * 100 for word in re.findall(r"[一二两俩三四五六七八九十百千万零〇]+", plain) for value in parts(word)
    }
    return {int(value) for value in said | mixed(plain) if value == int(value)}


def parts(word: str) -> set[Decimal]:
    """What a figure and every piece of it are worth."""
    pieces = {word[start:end] for start in range(len(word)) for end in range(start + 1, min(len(word), start + 14) + 1)}
    return {value for piece in pieces if (value := amount(piece.strip(","))) is not None}


def mixed(plain: str) -> set[Decimal]:
    """12块8, 12元8角5分, 8毛5."""
    found: set[Decimal] = set()
    digit = "[0-9一二两三四五六七八九半]"
    for many in (1, 2):  # one may begin within another: 0块0块1
        small = (
            rf"(?=([0-9.,万千百]+|[一二两俩三四五六七八九十百千万零〇]+)\s*[元块]({digit}{{{many}}})[毛角]?({digit})?)"
        )
        for match in re.finditer(small, plain):
            tenths = Decimal(5) if match[2] == "半" else amount(match[2]) or Decimal(0)
            rest = tenths / 10**many + (amount(match[3] or "0") or Decimal(0)) / 100
            found |= {(yuan + rest) * 100 for yuan in parts(match[1])}
    for match in re.finditer(rf"([0-9.]+|[一二两三四五六七八九])\s*[毛角]({digit})?", plain):
        found |= {dimes * 10 + (amount(match[2] or "0") or 0) for dimes in parts(match[1])}
    return found | {value for match in re.finditer(r"([0-9一二三四五六七八九])分", plain) for value in parts(match[1])}
