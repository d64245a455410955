"""What a factory notes in its price sheet for itself does not become public unasked; what describes goods does."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from onboarding.listings.imports import stored
from onboarding.listings.models import Listing
from onboarding.listings.plan import published
from onboarding.listings.sheets.publishing import is_own
from onboarding.listings.sheets.reader import read_sheet
from tests.onboarding.listings.sheets.made import specimen_bytes
from tests.onboarding.listings.test_columns import browser, handed_in, say, wei
from tests.support.goods import price_sheet, write_sheets

__all__ = ["browser", "wei"]
SHEET = price_sheet("A1,羊绒围巾,68,99,9,羊绒,底价25可谈,A-03", head="货号,品名,单价,零售价,库存,材质,备注,库位")


def made(browser: FlaskClient, place: str) -> dict[str, str]:
    assert browser.post(f"{place}/listings", data={}).status_code == 303
    write_sheets(browser.application)
    return session().scalars(select(Listing).order_by(Listing.id.desc()).limit(1)).one().attributes


def test_remarks_and_unknown_columns_stay_with_the_factory(browser: FlaskClient) -> None:
    place = handed_in(browser, SHEET)
    shown = browser.get(place).text
    for part in ("没有公开的列：备注、库位", "顾客看得到的商品参数：材质", "备注（不公开）"):
        assert part in shown
    assert made(browser, place) == {"材质": "羊绒"}


def test_the_owner_may_publish_a_column_and_is_remembered(browser: FlaskClient) -> None:
    place = handed_in(browser, SHEET)
    say(browser, place, column_0_G="attribute")
    assert made(browser, place) == {"材质": "羊绒", "备注": "底价25可谈"}
    assert "顾客看得到的商品参数：材质、备注" in browser.get(handed_in(browser, SHEET)).text


@pytest.mark.parametrize(
    ("head", "own"),
    [
        *(
            (head, False)
            for head in ["材质", "规格", "产地", "执行标准", "成分", "面料", "装箱数", "重量(g)", "条形码"]
        ),
        *((head, False) for head in ["储存方法", "袖长", "生产日期", "material"]),
        *((head, True) for head in ["备注", "说明", "remark", "内部备注", "其他说明", "库位", "运费", "定金"]),
        *((head, True) for head in ["供应商名称", "美元价", "price(USD)", "notes"]),
    ],
)
def test_which_heads_are_the_factorys_own(head: str, *, own: bool) -> None:
    assert is_own(head) is own


@pytest.mark.parametrize(
    ("name", "left_out"),
    [("qinghe-cashmere.xlsx", {"备注"}), ("danyang-glasses.xlsx", set()), ("shishi-garments.xlsx", set())],
)
def test_whole_sheets_are_read_as_before_and_published_without_remarks(name: str, left_out: set[str]) -> None:
    reading = read_sheet(specimen_bytes(name), name)
    for goods in stored(reading)["listings"]:
        assert goods["attributes"].keys() - published(goods).keys() <= left_out
        assert published(goods).keys() == goods["attributes"].keys() - left_out
    assert any(goods.private for goods in reading.listings) is bool(left_out)


def test_a_second_price_is_not_published(browser: FlaskClient) -> None:
    sheet = price_sheet("A1,围巾,68,55,99,9", head="货号,品名,批发价,大客户价,零售价,库存")
    assert made(browser, handed_in(browser, sheet)) == {}


def test_a_file_of_ours_brings_back_what_is_published(browser: FlaskClient) -> None:
    made(browser, handed_in(browser, price_sheet("A1,围巾,68,99,9,新款", head="货号,品名,单价,零售价,库存,属性：备注")))
    again = handed_in(browser, browser.get("/factory/listings/export.xlsx").data)
    assert made(browser, again) == {"备注": "新款"}
