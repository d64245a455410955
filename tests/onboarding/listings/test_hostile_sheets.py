"""What is handed in as a price sheet and is none: a clear page, never a failure of ours."""

import io
import zipfile

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from kernel.db import session
from kernel.permissions import Actor
from kernel.text import export_cell
from onboarding.listings.models import Listing, SheetImport
from onboarding.listings.rules import SHEET_CAP_BYTES
from onboarding.listings.tasks import read_sheet
from tests.cast import NOW
from tests.onboarding.listings.sheets.made import workbook
from tests.onboarding.listings.sheets.pictured import relations, with_parts
from tests.support.goods import make_factory, price_sheet, send_sheet, signed_in, write_sheets
from tests.support.laws.places import ROOT

MEBIBYTE = 1024 * 1024
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00" * 500


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory()


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


def bomb() -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(5):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", bytes(100 * MEBIBYTE))
    return kept.getvalue()


def send_large(browser: FlaskClient, size: int) -> TestResponse:
    head = b'--b\r\nContent-Disposition: form-data; name="sheet"; filename="x.xlsx"\r\n\r\n'
    body = head + b"x" * size + b"\r\n--b--\r\n"
    return browser.post("/factory/sheets", data=body, content_type="multipart/form-data; boundary=b")


def outcome(app: Flask, browser: FlaskClient, data: bytes, name: str = "价目表.xlsx") -> str:
    place = send_sheet(browser, data, name).headers["Location"]
    sheet = place.rpartition("/")[2]
    read_sheet({"sheet_import": sheet}, ports=app.extensions["ports"], now=NOW)
    shown = browser.get(place)
    assert shown.status_code == 200
    return shown.text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (PICTURE, "这个文件不是 Excel 或 CSV 表格"),
        (b"%PDF-1.7 " + b"x" * 200, "这个文件不是 Excel 或 CSV 表格"),
        (b"PK\x03\x04" + b"\x00" * 40, "损坏"),
        (b"\r\n \r\n", "表格是空的"),
        ("你好\r\n世界".encode(), "这个文件不是 Excel 或 CSV 表格"),
    ],
)
def test_what_is_no_sheet_is_told(app: Flask, browser: FlaskClient, data: bytes, told: str) -> None:
    shown = outcome(app, browser, data)
    assert told in shown
    assert "重新上传" in shown


@pytest.mark.only_on("sqlite")
def test_a_bomb_is_not_opened(app: Flask, browser: FlaskClient) -> None:
    assert "解压后大得不正常" in outcome(app, browser, bomb())


@pytest.mark.only_on("sqlite")
@pytest.mark.parametrize("size", [SHEET_CAP_BYTES + 1, 60 * MEBIBYTE])
def test_a_file_too_large_is_told_and_not_kept(browser: FlaskClient, size: int) -> None:
    refused = send_large(browser, size)
    assert (refused.status_code, "20 MB" in refused.text, "选择价目表" in refused.text) == (413, True, True)
    assert session().scalars(select(SheetImport)).all() == []


@pytest.mark.only_on("sqlite")
def test_a_large_file_from_nobody_is_refused_unread(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert send_large(app.test_client(), 60 * MEBIBYTE).status_code == 413


@pytest.mark.parametrize("price", ["-3", "abc", "1000000000", "0", "面议"])
def test_a_senseless_price_leaves_its_row_out(app: Flask, browser: FlaskClient, price: str) -> None:
    shown = outcome(app, browser, price_sheet(f"A1,围巾,驼色,{price},99,10,1", "A2,帽子,黑,20,59,10,1"))
    assert "读出 1 款商品" in shown
    assert "第 2 行 D 列" in shown


def test_markup_in_a_title_is_only_text(app: Flask, browser: FlaskClient) -> None:
    hostile = "<script>alert(1)</script>围巾"
    shown = outcome(app, browser, price_sheet(f"A1,{hostile},驼色,20,59,10,1"))
    place = session().scalars(select(SheetImport.public_id)).one()
    assert browser.post(f"/factory/sheets/{place}/listings", data={}).status_code == 303
    write_sheets(app)
    listing = session().scalars(select(Listing)).one()
    places = ("/factory/listings", f"/factory/listings/{listing.public_id}")
    for page in (shown, *(browser.get(place).text for place in places)):
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


@pytest.mark.parametrize("formula", ["=1+1", '=HYPERLINK("http://x")', "@SUM(A1)", "+1", "＝cmd"])
def test_a_formula_stays_text_and_leaves_as_text(app: Flask, browser: FlaskClient, formula: str) -> None:
    outcome(app, browser, price_sheet(f'A1,"{formula.replace(chr(34), chr(34) * 2)}围巾",驼色,20,59,10,1'), "x.csv")
    reading = session().scalars(select(SheetImport.reading)).one()
    title = reading["listings"][0]["title"]
    assert export_cell(title).startswith("'")


def all_at_once() -> bytes:
    """One workbook with everything that was ever tried in one."""
    rows = [
        ["货号", "品名", "单价", "库存"],
        ["A1", "<script>alert(1)</script>", 5, 1],
        ["A2", '=HYPERLINK("http://x")', 5, 1],
        ["A3", "杯", -3, 1],
        ["A1", "杯二", 6, 1],
        ["A4", "杯三", 6, 10**12],
        ["A5", "杯四", "=[1]Sheet1!A1", 1],
        ["A6", "杯五", "=cmd|'/c calc'!A0", 1],
        ["A7", "杯六", 1e300, 1],
        ["A8", "杯七", 7, -1],
    ]
    link = b'<externalLink><externalBook r:id="rId1"/></externalLink>'
    away = relations(["http://127.0.0.1:9/x.xlsx"], "externalLinkPath")
    parts = {"xl/externalLinks/externalLink1.xml": link, "xl/externalLinks/_rels/externalLink1.xml.rels": away}
    return with_parts(parts, workbook(rows))


def test_everything_hostile_at_once_costs_its_own_rows_alone(app: Flask, browser: FlaskClient) -> None:
    shown = outcome(app, browser, all_at_once())
    reading = session().scalars(select(SheetImport.reading)).one()
    assert [(one["code"], one["skus"][0]["stock"]) for one in reading["listings"]] == [
        ("A1", 1),
        ("A4", None),
        ("A8", None),
    ]
    assert [(one["row"], one["column"], one["code"]) for one in reading["problems"]] == [
        (3, "B", "formula_unvalued"),
        (4, "C", "price_negative"),
        (5, "A", "code_duplicate"),
        (6, "D", "stock_unreadable"),
        (7, "C", "formula_unvalued"),
        (8, "C", "formula_unvalued"),
        (9, "C", "price_too_high"),
        (10, "D", "stock_negative"),
    ]
    assert "<script>alert" not in shown


def test_what_is_refused_of_it_comes_back_harmless(app: Flask, browser: FlaskClient) -> None:
    outcome(app, browser, all_at_once())
    place = f"/factory/sheets/{session().scalars(select(SheetImport.public_id)).one()}"
    answers = {"stock_meaning": "total", "markup_percent": "50"}
    assert browser.post(f"{place}/listings", data=answers).status_code == 303
    write_sheets(app)
    book = openpyxl.load_workbook(io.BytesIO(browser.get(f"{place}/refused.xlsx").data))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert [row[0].value for row in book.worksheets[0].iter_rows(min_row=2)] == ["A2", "A3", "A1", "A5", "A6", "A7"]
    assert [one.code for one in session().scalars(select(Listing).order_by(Listing.id))] == ["A1", "A4", "A8"]


@pytest.mark.parametrize("told", [{}, {"column_0_A": "x" * 61}, {"column_0_A": "tier:0"}, {"column_9_ZZ": "code"}])
def test_senseless_columns_are_refused_with_the_page(app: Flask, browser: FlaskClient, told: dict[str, str]) -> None:
    outcome(app, browser, all_at_once())
    place = f"/factory/sheets/{session().scalars(select(SheetImport.public_id)).one()}"
    refused = browser.post(f"{place}/columns", data=told)
    assert (refused.status_code, "每一列读成了什么" in refused.text) == (422, True)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (",".join(["货号", "品名", "单价", *["x"] * 10_000]).encode(), "超过 200 列"),
        (workbook([["货号", "品名", *["x"] * 300]]), "超过 200 列"),
        ("货号,品名,单价\n".encode() + b"A,B,1\n" * 25_001, "超过 25000 行"),
    ],
    ids=["columns of text", "columns of a workbook", "rows"],
)
def test_a_sheet_too_wide_or_too_long_is_told_what_to_do(
    app: Flask, browser: FlaskClient, data: bytes, told: str
) -> None:
    assert told in outcome(app, browser, data)


@pytest.mark.parametrize("name", ["../../etc/passwd.csv", "a\x00b.csv", "C:\\x\\价目表.csv", "", "." * 400])
def test_a_name_is_only_shown(app: Flask, browser: FlaskClient, name: str) -> None:
    sent = send_sheet(browser, price_sheet("A1,围巾,驼色,20,59,10,1"), name or "x")
    assert sent.status_code == 303
    assert len(session().scalars(select(SheetImport.filename)).one()) <= 200


@pytest.mark.parametrize("column", ["出厂价", "零售价", "现货库存", "起订量", "规格", "备注"])
def test_a_cell_of_endless_figures_is_answered_like_any_other(app: Flask, browser: FlaskClient, column: str) -> None:
    heads = dict.fromkeys(("品名", "出厂价", column), "")
    row = heads | {"品名": "围巾", "出厂价": "50"} | {column: "9" * 9_000}
    shown = outcome(app, browser, f"{','.join(row)}\n{','.join(row.values())}\n".encode(), "x.csv")
    assert "围巾" in shown
    assert "9" * 20 not in shown


def test_the_specimens_of_real_sheets_are_understood(app: Flask, browser: FlaskClient) -> None:
    for specimen in sorted((ROOT / "tests/data/price-sheets").iterdir()):
        shown = outcome(app, browser, specimen.read_bytes(), specimen.name)
        assert "生成商品草稿" in shown, specimen.name
