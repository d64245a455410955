"""Rows that became no goods go back to their owner as a sheet: each with its number and why, to be mended and sent."""

import io
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from kernel.permissions import Actor
from onboarding.listings.models import Listing, SheetImport
from onboarding.listings.tasks import read_sheet
from tests.cast import NOW, YU
from tests.onboarding.listings.sheets.made import workbook
from tests.support.goods import make_factory, price_sheet, send_sheet, signed_in, write_sheets

SHEET = price_sheet(
    "A1,羊绒围巾,驼色,68.00,128.00,30,2",
    "A2,羊绒帽,黑,abc,59,40,5",
    "A3,羊绒手套,灰色,-3,59,10,1",
    ",羊毛袜,白,5,9,10,1",
    '"=1+1",袜,白,面议,9,10,1',
)


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory()


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


def imported(browser: FlaskClient, data: bytes) -> str:
    place: str = send_sheet(browser, data).headers["Location"]
    sheet = place.rpartition("/")[2]
    read_sheet({"sheet_import": sheet}, ports=browser.application.extensions["ports"], now=NOW)
    assert browser.post(f"{place}/listings", data={"stock_meaning": "total", "markup_percent": "50"}).status_code == 303
    write_sheets(browser.application)
    return place


def refused(browser: FlaskClient, place: str) -> bytes:
    answer = browser.get(f"{place}/refused.xlsx")
    assert answer.status_code == 200
    return answer.data


def rows(data: bytes, sheet: int = 0) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(io.BytesIO(data)).worksheets[sheet].iter_rows(values_only=True))


def test_each_refused_row_stands_as_it_was_with_its_number_and_why(browser: FlaskClient) -> None:
    place = imported(browser, SHEET)
    assert "下载没读入的行" in browser.get(place).text
    head, *told = rows(refused(browser, place))
    assert head == ("货号", "品名", "颜色", "出厂价", "建议零售价", "库存", "起订量", "行号", "原因")
    assert [(row[0], row[3], row[7]) for row in told] == [("A2", "abc", 3), ("A3", "-3", 4), ("=1+1", "面议", 6)]
    assert all(row[8].startswith("D 列：") for row in told)


def test_what_looks_like_a_formula_is_text(browser: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(refused(browser, imported(browser, SHEET))))
    cell = book.worksheets[0]["A4"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)


def test_mended_and_sent_alone_the_rest_is_made(browser: FlaskClient) -> None:
    book = openpyxl.load_workbook(io.BytesIO(refused(browser, imported(browser, SHEET))))
    for row in range(2, 5):
        book.worksheets[0].cell(row, 4).value = 20
    mended = io.BytesIO()
    book.save(mended)
    imported(browser, mended.getvalue())
    result = session().scalars(select(SheetImport.result).order_by(SheetImport.id.desc())).first()
    assert result is not None
    assert (result["created"], result["updated"]) == (3, 0)
    assert all("原因" not in one.attributes for one in session().scalars(select(Listing)))


def test_goods_of_several_rows_come_back_whole_and_a_row_too_many_alone(browser: FlaskClient) -> None:
    lines = [
        ["某某厂报价，2026 年"],
        ["货号", "品名", "颜色", "出厂价", "库存"],
        ["A1", "围巾", "红", "贵", 3],
        [None, None, "黑", None, 4],
        ["A2", "帽子", "红", 5, 3],
        ["A2", "帽子", "红", 5, 3],
        ["A3", "袜子", "红", 5, 3],
    ]
    data = refused(browser, imported(browser, workbook(lines, merged=["A3:A4", "B3:B4", "D3:D4"])))
    assert [row[:5] for row in rows(data)[2:]] == [
        ("A1", "围巾", "红", "贵", "3"),
        (None, None, "黑", None, "4"),
        ("A2", "帽子", "红", "5", "3"),
    ]
    areas = {str(area) for area in openpyxl.load_workbook(io.BytesIO(data)).worksheets[0].merged_cells.ranges}
    assert areas == {"A3:A4", "B3:B4", "D3:D4"}


def test_each_worksheet_comes_back_by_itself(browser: FlaskClient) -> None:
    book = workbook(
        [["货号", "品名", "单价"], ["A1", "杯", "?"]], [["货号", "品名", "单价"], ["B1", "壶", 0], ["B2", "碗", 2]]
    )
    data = refused(browser, imported(browser, book))
    assert [[row[0] for row in rows(data, sheet)[1:]] for sheet in (0, 1)] == [["A1"], ["B1"]]


def test_where_nothing_was_refused_there_is_no_file(browser: FlaskClient) -> None:
    place = imported(browser, price_sheet("A1,羊绒围巾,驼色,68.00,128.00,30,2"))
    assert browser.get(f"{place}/refused.xlsx").status_code == 303


def test_a_stranger_gets_none(app: Flask, browser: FlaskClient) -> None:
    place = imported(browser, SHEET)
    assert signed_in(app, make_factory(YU)).get(f"{place}/refused.xlsx").status_code == 404
