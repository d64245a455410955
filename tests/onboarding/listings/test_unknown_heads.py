"""A sheet whose heads nobody knows is no dead end: its owner says where they stand and what columns are."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from onboarding.listings.models import ColumnChoice, Listing, SheetImport
from onboarding.listings.sheets.unheaded import LEFT_ALONE
from tests.onboarding.listings.sheets.made import workbook
from tests.onboarding.listings.test_columns import browser, goods, handed_in, wei, work
from tests.support.goods import price_sheet, write_sheets

__all__ = ["browser", "wei"]
ROWS = ("A1,羊绒围巾,68.00,30", "A2,羊绒帽,25.50,40")
READ = [("A1", [6_800], 30), ("A2", [2_550], 40)]
SAID = {
    "column_0_A": "code",
    "column_0_B": "title",
    "column_0_C": "trade_price",
    "column_0_D": "stock",
}
ODD = price_sheet(*ROWS, head="Ref,Descr,Net,Pcs left")


def say(browser: FlaskClient, place: str, row: int, **told: str) -> str:
    answer = browser.post(f"{place}/columns", data=SAID | {"header_0": str(row)} | told)
    work(browser)
    return "" if answer.status_code == 303 else answer.text


def proposed(browser: FlaskClient, place: str) -> dict[str, str]:
    shown = browser.get(place).text
    return dict(re.findall(r'<select[^>]*name="(\w+)".*?<option value="([^"]*)"\s+selected', shown, re.DOTALL))


@pytest.mark.parametrize("head", ["A,B,C,D", "Ref,Descr,Net,Pcs left", "一,二,三,四"])
def test_the_first_rows_are_shown_and_what_she_says_is_read(browser: FlaskClient, head: str) -> None:
    place = handed_in(browser, price_sheet(*ROWS, head=head))
    shown = browser.get(place).text
    assert all(part in shown for part in ("这张表怎么读", "羊绒帽", "25.50", "哪一行是表头", "没有表头"))
    assert "生成商品草稿" not in shown
    assert say(browser, place, 1) == ""
    assert goods(browser) == READ


def test_a_table_without_heads_begins_with_its_goods(browser: FlaskClient) -> None:
    place = handed_in(browser, price_sheet(*ROWS[1:], head=ROWS[0]))
    assert proposed(browser, place)["header_0"] == "0"
    say(browser, place, 0)
    assert goods(browser) == READ
    assert browser.post(f"{place}/listings", data={"markup_percent": "50"}).status_code == 303
    write_sheets(browser.application)
    assert len(session().scalars(select(Listing)).all()) == 2


def test_telling_heads_are_remembered_for_the_next_sheet(browser: FlaskClient) -> None:
    say(browser, handed_in(browser, ODD), 1)
    place = handed_in(browser, price_sheet("B1,毛衣,88.00,5", head="Ref,Descr,Net,Pcs left"))
    assert goods(browser) == [("B1", [8_800], 5)]
    assert "按上次您改的读" in browser.get(place).text


@pytest.mark.parametrize(("head", "row"), [("A,B,C,D", 1), ("B1,毛衣,7,88.00", 0)])
def test_heads_that_say_nothing_are_proposed_and_asked_again(browser: FlaskClient, head: str, row: int) -> None:
    first = "A,B,C,D" if row else "A0,毛毯,98.00,3"
    say(browser, handed_in(browser, price_sheet(*ROWS, head=first)), row)
    place = handed_in(browser, price_sheet("B2,毛裤,5,78.00", head=head))
    assert goods(browser) == []
    assert proposed(browser, place) == SAID | {"header_0": str(row)}


def test_what_was_said_is_forgotten(browser: FlaskClient) -> None:
    place = handed_in(browser, ODD)
    say(browser, place, 1)
    assert browser.post(f"{place}/columns/forgetting").status_code == 303
    assert (goods(browser), session().scalars(select(ColumnChoice)).all()) == ([], [])


def test_another_row_of_heads_may_be_said_afterwards(browser: FlaskClient) -> None:
    place = handed_in(browser, price_sheet("Ref,Descr,Net,Left", *ROWS, head="Offer,No,7,2026"))
    say(browser, place, 1)
    say(browser, place, 2)
    assert goods(browser) == READ


@pytest.mark.parametrize(
    ("row", "told", "said"),
    [
        (9, {}, "请从列出的选项里选一个"),
        (LEFT_ALONE, {}, "请从列出的选项里选一个"),
        (1, {"column_0_A": "ignored", "column_0_B": "ignored"}, "没有一列是货号或品名"),
        (1, {"column_0_D": "code"}, "A 列已经是这个意思了"),
        (1, {"column_0_D": "tier:7"}, "请从列出的选项里选一个"),
    ],
)
def test_what_cannot_be_meant_is_refused(browser: FlaskClient, row: int, told: dict[str, str], said: str) -> None:
    assert said in say(browser, handed_in(browser, ODD), row, **told)


def test_a_worksheet_that_is_no_price_sheet_is_left_out(browser: FlaskClient) -> None:
    book = workbook([["Terms", "Days"], ["Pay", 30]], [["Ref", "Net"], ["A1", 68]])
    place = handed_in(browser, book)
    told = {"column_0_B": "ignored", "column_1_A": "title", "column_1_B": "trade_price"}
    none = {name: meaning for name, meaning in (SAID | told).items() if name[-1] in "AB"}
    assert "至少留一张" in browser.post(f"{place}/columns", data=none | {"header_0": "-1", "header_1": "-1"}).text
    browser.post(f"{place}/columns", data=none | {"header_0": "-1", "header_1": "1"})
    assert goods(browser) == [(None, [6_800], None)]


def test_the_refused_rows_of_a_table_without_heads_get_heads(browser: FlaskClient) -> None:
    place = handed_in(browser, price_sheet(ROWS[0], head="A3,羊绒袜,abc,5"))
    say(browser, place, 0)
    browser.post(f"{place}/listings", data={"markup_percent": "50"})
    write_sheets(browser.application)
    again = handed_in(browser, browser.get(f"{place}/refused.xlsx").data)
    assert "第 2 行" in browser.get(again).text
    assert session().scalars(select(SheetImport.state).order_by(SheetImport.id)).all() == ["imported", "read"]


def test_a_letter_is_no_price_sheet(browser: FlaskClient) -> None:
    shown = browser.get(handed_in(browser, "今天天气很好\n明天也好，后天再说".encode())).text
    assert "不是 Excel 或 CSV 表格" in shown
