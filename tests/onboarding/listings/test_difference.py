"""Before anything is written the page says what a sheet would change: new, changed from what to what, not named."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel.permissions import Actor
from onboarding.listings.tasks import read_sheet
from tests.cast import NOW
from tests.onboarding.listings.test_import import bring_in, listing
from tests.support.goods import make_factory, price_sheet, send_sheet, signed_in
from tests.support.statements import statements

FIRST = price_sheet("A1,羊绒围巾,驼色,50,59.00,30,2", "A2,羊绒帽,黑,20,39.00,40,5", "A3,羊绒手套,灰色,9,19,10,1")


@pytest.fixture
def wei(app: Flask) -> Actor:
    wei = make_factory()
    bring_in(app, wei, FIRST)
    return wei


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


def handed_in(browser: FlaskClient, *rows: str) -> str:
    place: str = send_sheet(browser, price_sheet(*rows)).headers["Location"]
    sheet = place.rpartition("/")[2]
    read_sheet({"sheet_import": sheet}, ports=browser.application.extensions["ports"], now=NOW)
    return place


def test_old_stands_beside_new_and_nothing_is_written(browser: FlaskClient) -> None:
    rows = ("A1,羊绒围巾,驼色/红色,50,62.00,33,2", "A2,羊绒帽,黑,20,39.00,40,5", "B1,毛衣,黑,50,99,1,1")
    page = browser.get(handed_in(browser, *rows)).text
    shown = " ".join(page[page.index("和现有商品对比") :].split())
    for part in ("¥59.00</del>", "¥62.00</ins>", "新规格", "1 款商品不在这张表里", "羊绒手套"):
        assert part in shown, part
    counted = [shown[shown.index(f">{label}<") :][:120] for label in ("新增", "有变化", "没有变化")]
    assert all('"figure-value" >1<' in part for part in counted)
    assert [sku.retail_price_fen for sku in listing("A1").skus] == [5_900]


def test_words_ladders_and_terms_are_told_too(browser: FlaskClient) -> None:
    page = browser.get(handed_in(browser, "A1,羊绒长围巾,驼色,48,59.00,30,3")).text
    for part in ("羊绒长围巾</ins>", "2 件起 ¥50.00</del>", "3 件起 ¥48.00</ins>", "起订量"):
        assert part in page, part


def test_an_answer_changed_is_compared_anew_and_makes_nothing(app: Flask, browser: FlaskClient) -> None:
    place = handed_in(browser, "A1,羊绒围巾,驼色,50,,30,2")
    assert "¥80.00</ins>" in browser.get(place).text
    answer = browser.post(f"{place}/listings", data={"markup_percent": "100", "then": "compare"})
    assert (answer.status_code, "¥100.00</ins>" in answer.text) == (200, True)
    assert [sku.retail_price_fen for sku in listing("A1").skus] == [5_900]


def test_what_is_shown_is_what_is_written(app: Flask, wei: Actor, browser: FlaskClient) -> None:
    rows = ("A1,羊绒围巾,驼色,51,62.00,33,2", "A2,羊绒帽,黑,20,39.00,40,5")
    page = browser.get(handed_in(browser, *rows)).text
    result = bring_in(app, wei, price_sheet(*rows))
    assert (result["created"], result["updated"], result["unchanged"]) == (0, 1, 1)
    assert page.count("</ins>") == 3
    again = browser.get(handed_in(browser, *rows)).text
    assert "</ins>" not in again


def test_a_long_difference_is_cut_and_counted(app: Flask, wei: Actor, browser: FlaskClient) -> None:
    bring_in(app, wei, price_sheet(*(f"C{number},袜{number},白,5,9,1,1" for number in range(60))))
    place = handed_in(browser, *(f"C{number},袜{number},白,5,8,1,1" for number in range(60)))
    with statements() as told:
        page = browser.get(place).text
    assert "还有 10 款有变化" in page
    assert len(told) < 25


def test_a_first_sheet_is_compared_with_nothing(app: Flask) -> None:
    browser = signed_in(app, make_factory())
    assert "和现有商品对比" not in browser.get(handed_in(browser, "A1,羊绒围巾,驼色,50,59.00,30,2")).text
