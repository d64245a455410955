"""Columns are shown with their values, put right by hand, remembered for the factory's next sheet, and forgotten."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from kernel.permissions import Actor
from onboarding.listings.models import ColumnChoice, SheetImport
from onboarding.listings.tasks import read_sheet
from tests.cast import NOW, YU
from tests.onboarding.listings.sheets.made import workbook
from tests.support.goods import make_factory, price_sheet, send_sheet, signed_in

HEAD = "货号,品名,一口,备用,库存"
ROWS = ("A1,羊绒围巾,68.00,9,30", "A2,羊绒帽,25.50,8,40", "A3,羊绒手套,19.90,7,50")
PRICED = price_sheet(*ROWS, head=HEAD)


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory()


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


def work(browser: FlaskClient) -> None:
    app = browser.application
    for sheet in session().scalars(select(SheetImport.public_id).where(SheetImport.state == "waiting")).all():
        read_sheet({"sheet_import": sheet}, ports=app.extensions["ports"], now=NOW)
    session().rollback()


def handed_in(browser: FlaskClient, data: bytes) -> str:
    place: str = send_sheet(browser, data).headers["Location"]
    work(browser)
    return place


def say(browser: FlaskClient, place: str, **told: str) -> int:
    """Send the form as it stands with some columns changed; the status of the answer."""
    shown = browser.get(place).text
    chosen = re.findall(r'<select[^>]*name="(column_\w+)".*?<option value="([^"]*)"\s+selected', shown, re.DOTALL)
    answer = browser.post(f"{place}/columns", data=dict(chosen) | told)
    work(browser)
    return answer.status_code


def goods(browser: FlaskClient) -> list[tuple[str, list[int], int | None]]:
    work(browser)
    reading = session().scalars(select(SheetImport.reading).order_by(SheetImport.id.desc())).first()
    assert reading is not None
    return [
        (one["code"], [tier["price_fen"] for tier in one["tiers"]], one["skus"][0]["stock"])
        for one in reading["listings"]
    ]


def test_a_column_shows_its_head_and_three_values(browser: FlaskClient) -> None:
    shown = browser.get(handed_in(browser, PRICED)).text
    for part in ("C · 一口", "68.00 · 25.50 · 19.90", "不用这一列", "供货价"):
        assert part in shown


def test_what_she_says_is_read_and_remembered_for_the_next_sheet(browser: FlaskClient) -> None:
    place = handed_in(browser, PRICED)
    assert say(browser, place, column_0_C="trade_price", column_0_D="ignored") == 303
    assert goods(browser) == [("A1", [6_800], 30), ("A2", [2_550], 40), ("A3", [1_990], 50)]
    assert "按您改的读" in browser.get(place).text
    following = handed_in(browser, price_sheet("B1,毛衣,88.00,1,5", head=HEAD))
    assert goods(browser) == [("B1", [8_800], 5)]
    assert "按上次您改的读" in browser.get(following).text


def test_another_factory_reads_as_before(app: Flask, browser: FlaskClient) -> None:
    say(browser, handed_in(browser, PRICED), column_0_C="trade_price")
    other = signed_in(app, make_factory(YU))
    assert "按上次您改的读" not in other.get(handed_in(other, PRICED)).text


def test_what_was_said_is_forgotten_on_demand(browser: FlaskClient) -> None:
    place = handed_in(browser, PRICED)
    say(browser, place, column_0_C="trade_price")
    assert browser.post(f"{place}/columns/forgetting").status_code == 303
    assert [price for _code, price, _stock in goods(browser)] == [[], [], []]
    assert session().scalars(select(ColumnChoice)).all() == []


def test_said_to_be_as_inferred_is_nothing_to_remember(browser: FlaskClient) -> None:
    place = handed_in(browser, PRICED)
    say(browser, place, column_0_C="trade_price")
    say(browser, place, column_0_C="attribute:一口")
    assert session().scalars(select(ColumnChoice)).all() == []


def test_what_does_not_fit_any_more_is_asked_and_not_followed(browser: FlaskClient) -> None:
    say(browser, handed_in(browser, PRICED), column_0_C="trade_price")
    rows = ("C1,毛衣,红色,1,5", "C2,毛裤,黑色,1,5", "C3,毛袜,20,1,5")
    shown = browser.get(handed_in(browser, price_sheet(*rows, head=HEAD))).text
    assert "没有照上次的读" in shown
    assert "“红色”" in shown
    assert [price for _code, price, _stock in goods(browser)] == [[], [], []]


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"column_0_D": "code"}, "A 列已经是这个意思了"),
        ({"column_0_A": "ignored", "column_0_B": "ignored"}, "没有一列是货号或品名"),
        ({"column_0_C": "price"}, "请从列出的选项里选一个"),
        ({"column_0_C": "tier:7"}, "请从列出的选项里选一个"),
    ],
)
def test_what_cannot_be_meant_is_refused(browser: FlaskClient, told: dict[str, str], said: str) -> None:
    place = handed_in(browser, PRICED)
    shown = browser.get(place).text
    chosen = re.findall(r'<select[^>]*name="(column_\w+)".*?<option value="([^"]*)"\s+selected', shown, re.DOTALL)
    answer = browser.post(f"{place}/columns", data=dict(chosen) | told)
    assert (answer.status_code, said in answer.text) == (422, True)


def test_heads_that_repeat_are_told_apart_by_their_place(browser: FlaskClient) -> None:
    data = price_sheet("A1,围巾,5,68.00", head="货号,品名,数据,数据")
    say(browser, handed_in(browser, data), column_0_D="trade_price", column_0_C="stock")
    assert goods(browser) == [("A1", [6_800], 5)]
    handed_in(browser, price_sheet("A2,围巾,6,78.00", head="货号,品名,数据,数据"))
    assert goods(browser) == [("A2", [7_800], 6)]


def test_each_worksheet_is_said_by_itself_and_what_differs_is_not_remembered(browser: FlaskClient) -> None:
    book = workbook([["货号", "品名", "一口"], ["A1", "围巾", 68]], [["货号", "品名", "一口"], ["B1", "帽子", 7]])
    say(browser, handed_in(browser, book), column_0_C="trade_price", column_1_C="stock")
    assert goods(browser) == [("A1", [6_800], None), ("B1", [], 7)]
    assert session().scalars(select(ColumnChoice)).all() == []
