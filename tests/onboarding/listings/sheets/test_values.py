"""What one cell may say."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.listings.sheets.crammed import split_both
from onboarding.listings.sheets.options import is_color, is_size, split_colors, split_sizes
from onboarding.listings.sheets.values import Price, Stock, Unreadable, read_moq, read_price, read_stock
from onboarding.listings.sheets.workbook import cell_text

PRICES = {
    "￥68.00": (6800, None),
    "32元": (3200, None),
    "1,268.00": (126800, None),
    "￥1，268": (126800, None),
    "150元/斤": (15000, "斤"),
    "12.5/个": (1250, "个"),
    "１２．５": (1250, None),
    "¥ 9.9": (990, None),
    "19.9": (1990, None),
    "12.500": (1250, None),
    "RMB 20": (2000, None),
    "0.01": (1, None),
    "1000000": (100_000_000, None),
}
BAD_PRICES = {
    "-3": "negative",
    "￥-3": "negative",
    "abc": "unreadable",
    "1e9": "too_high",
    "1000000000": "too_high",
    "0": "zero",
    "12.345": "precision",
    "12-15": "range",
    "12元起": "range",
    "面议": "negotiable",
    "$12": "currency",
    "1,2,3": "unreadable",
    "٣": "unreadable",
    "1.2.3": "unreadable",
    "NaN": "unreadable",
    "inf": "unreadable",
    "118 98": "unreadable",
    "118\n98": "unreadable",
    "①12": "unreadable",
    "12½": "unreadable",
    "12.50元/件起": "range",
    "2.5万": "unreadable",
    "8折": "unreadable",
    "12港币": "currency",
    "JPY500": "currency",
    "1e3": "unreadable",
    "9" * 5000: "unreadable",
}
STOCKS = {
    "1,200": Stock(1200),
    "约300": Stock(300, warning="stock_about"),
    "300+": Stock(300, warning="stock_about"),
    "0": Stock(0),
    "现货": Stock(None, warning="stock_unstated"),
    "充足": Stock(None, warning="stock_unstated"),
    "断货": Stock(0),
    "定做": Stock(None, made_to_order=True),
    "1.2万": Stock(12000),
    "500件": Stock(500),
    "现货300": Stock(300),
    "2k": Stock(2000),
    "3千件": Stock(3000),
    "5百": Stock(500),
    "2w+": Stock(20000, warning="stock_about"),
    "20kg": Stock(20),
    "about 300 pcs": Stock(300, warning="stock_about"),
}
MINIMUMS = {
    "20": 20,
    "≥20": 20,
    "混批10副起": 10,
    "20件": 20,
    "不限": 1,
    "起订100个": 100,
    "1,000": 1000,
    "５": 5,
    "2k": 2000,
    "100件/色": 100,
}
SIZES = {
    "S/M/L/XL": ["S", "M", "L", "XL"],
    "S-XL": ["S", "M", "L", "XL"],
    "36-39": ["36", "37", "38", "39"],
    "36#-38#": ["36", "37", "38"],
    "均码": ["均码"],
    "100-130": ["100", "110", "120", "130"],
    "M、L": ["M", "L"],
    "100 110 120": ["100", "110", "120"],
    "M(80-100斤)/L(100-120斤)": ["M(80-100斤)", "L(100-120斤)"],
    "M-3XL": ["M", "L", "XL", "2XL", "3XL"],
}
COLORS = {
    "驼色/黑色": ["驼色", "黑色"],
    "黑 白 灰": ["黑", "白", "灰"],
    "红（亮/哑）/黑": ["红（亮/哑）", "黑"],
    "混色": ["混色"],
    "-": [],
}


CRAMMED = {
    "黑(S/M) 白(M)": "黑S 黑M 白M",
    "黑：S、M；白：M": "黑S 黑M 白M",
    "黑S、黑M、白L": "黑S 黑M 白L",
    "黑色-M，白色-L": "黑色M 白色L",
    "黑色/白色 S-L": "黑色S 黑色M 黑色L 白色S 白色M 白色L",
    "黑、白；均码": "黑均码 白均码",
    "黑36": "黑36",
    "驼色/黑色": "",
    "红（亮/哑）/黑": "",
    "S/M": "",
    "混色": "",
    "白色 10支装": "",
    "A款:红": "",
}


@pytest.mark.parametrize(("text", "price"), PRICES.items())
def test_prices_are_exact_fen(text: str, price: tuple[int, str | None]) -> None:
    assert read_price(text) == Price(*price)


@pytest.mark.parametrize(("text", "code"), BAD_PRICES.items())
def test_bad_prices_say_why(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as found:
        read_price(text)
    assert found.value.code == f"price_{code}"


@given(st.integers(1, 100_000_000))
def test_every_fen_survives_a_spreadsheet_number(fen: int) -> None:
    assert read_price(cell_text(fen / 100)).fen == fen


@pytest.mark.parametrize(("text", "stock"), STOCKS.items())
def test_stock_is_read_as_said(text: str, stock: Stock) -> None:
    assert read_stock(text) == stock


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("-5", "negative"),
        ("12.5", "unreadable"),
        ("很多吧也许", "unreadable"),
        ("12箱", "in_packs"),
        ("5打", "in_packs"),
        ("7天", "unreadable"),
        ("15号到货", "unreadable"),
        ("100 200", "unreadable"),
        ("100/色", "unreadable"),
        ("10,20,30", "unreadable"),
    ],
)
def test_bad_stock_says_why(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as found:
        read_stock(text)
    assert found.value.code == f"stock_{code}"


@pytest.mark.parametrize(("text", "quantity"), MINIMUMS.items())
def test_minimum_orders(text: str, quantity: int) -> None:
    assert read_moq(text) == quantity


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2箱", "moq_in_packs"),
        ("看情况", "moq_unreadable"),
        ("-1", "moq_unreadable"),
        ("满500元", "moq_unreadable"),
        ("3天", "moq_unreadable"),
    ],
)
def test_bad_minimum_orders_say_why(text: str, code: str) -> None:
    with pytest.raises(Unreadable) as found:
        read_moq(text)
    assert found.value.code == code


@pytest.mark.parametrize(("text", "sizes"), SIZES.items())
def test_sizes_come_apart(text: str, sizes: list[str]) -> None:
    assert split_sizes(text) == sizes


@pytest.mark.parametrize(("text", "both"), CRAMMED.items())
def test_colours_and_sizes_in_one_cell_come_apart(text: str, both: str) -> None:
    assert " ".join(color + size for color, size in split_both(text)) == both


@pytest.mark.parametrize(("text", "colors"), COLORS.items())
def test_colours_come_apart(text: str, colors: list[str]) -> None:
    assert split_colors(text) == colors


def test_sizes_and_colours_are_told_by_their_look() -> None:
    assert all(map(is_size, ["均码", "XS", "3XL", "XXL", "35", "46", "160", "165/84A", "大码"]))
    assert not any(map(is_size, ["颜色", "9", "500", "单价", "12cm"]))
    assert all(map(is_color, ["黑色", "黑", "雾霾蓝", "荧光绿", "深灰", "香槟色"]))
    assert not any(map(is_color, ["颜色", "单价", "特色", "备注"]))


@given(st.text(max_size=60))
def test_no_cell_breaks_a_reader(text: str) -> None:
    for read in (read_price, read_stock, read_moq):
        with contextlib.suppress(Unreadable):
            read(text)
    split_sizes(text)
    split_colors(text)
