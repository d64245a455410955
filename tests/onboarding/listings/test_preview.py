"""What a sheet says, as its page tells it: the goods and what is asked first, columns folded below."""

import re

import pytest
from flask.testing import FlaskClient

from tests.onboarding.listings.sheets.pictured import floating, one_cell, pic
from tests.onboarding.listings.sheets.test_pictures import ROWS as PICTURED
from tests.onboarding.listings.test_columns import browser, handed_in, wei
from tests.support.goods import price_sheet

__all__ = ["browser", "wei"]
HEAD = "货号,品名,颜色,单价,起订量,库存"
GOODS = [f"Y{number},羊绒围巾{number}号,驼色,{60 + number}.00,10双,9" for number in range(1, 9)]


def test_goods_and_questions_stand_before_the_columns_which_are_folded(browser: FlaskClient) -> None:
    shown = browser.get(handed_in(browser, price_sheet(*GOODS, "以上价格再打八折,,,,,", head=HEAD))).text
    parts = ("以上价格再打八折", "羊绒围巾1号", "看另外 3 款", "羊绒围巾8号", "生成商品草稿", "每一列读成了什么")
    places = [shown.rindex(part) if part == "每一列读成了什么" else shown.index(part) for part in parts]
    assert places == sorted(places)
    assert re.search(r'<details class="panel fold"\s*>', shown)


def test_columns_are_unfolded_where_one_is_doubtful(browser: FlaskClient) -> None:
    shown = browser.get(handed_in(browser, price_sheet("A1,围巾,68", head="货号,品名,一口"))).text
    assert re.search(r'<details class="panel fold"\s+open', shown)


def test_quantities_are_told_in_the_unit_of_the_sheet(browser: FlaskClient) -> None:
    shown = browser.get(handed_in(browser, price_sheet(*GOODS, head=HEAD))).text
    assert ("10 双起" in shown, "10 件起" in shown) == (True, False)


@pytest.mark.parametrize(("word", "told"), [("全国第一", "全国第一"), ("柔软", "")])
def test_words_that_the_advertising_law_forbids_are_remarked_on(browser: FlaskClient, word: str, told: str) -> None:
    shown = browser.get(handed_in(browser, price_sheet(f"A1,{word}羊绒衫,,68,1,9", head=HEAD))).text
    assert ("1 款的品名或规格里有广告法不让用的字" in shown, "有 1 处广告法不让用的字" in shown) == (
        bool(told),
        bool(told),
    )
    assert "生成商品草稿" in shown


def test_a_column_of_pictures_says_how_many(browser: FlaskClient) -> None:
    shown = browser.get(handed_in(browser, floating(one_cell(pic(1), 3, 40), rows=PICTURED))).text
    assert "找到 1 张图片" in shown


@pytest.mark.parametrize(
    ("place", "plain"),
    [
        ("/factory/sheets/template.xlsx", "price-sheet.xlsx"),
        ("/factory/listings/export.xlsx", r"goods-\d{4}-\d\d-\d\d.xlsx"),
        ("/factory/listings/export.csv", r"goods-\d{4}-\d\d-\d\d.csv"),
    ],
)
def test_files_have_a_name_for_programs_that_know_ascii_alone(browser: FlaskClient, place: str, plain: str) -> None:
    said = browser.get(place).headers["Content-Disposition"]
    assert re.fullmatch(rf"attachment; filename=\"{plain}\"; filename\*=UTF-8''%.+", said)
