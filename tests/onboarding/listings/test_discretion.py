"""What is between traders stays between them: whichever way it comes in, no shopper reads it."""

import json
from typing import Any

import pytest

from onboarding.listings.catalogue import read_goods
from onboarding.listings.discretion import is_of_business
from onboarding.listings.sheets.reader import read_sheet
from storefront.search.rules import blind, untraded
from tests.support.goods import price_sheet

TRADE = ["拿货", "批发", "供货", "代理", "VIP", "出厂", "佣金", "利润", "FOB", "wholesale", "底", "3件", "≥100", "批發"]
TRADE += ["起订量", "代发", "批发价（元/斤）", "运费", "大客户", "会员专享", "Price (USD)", "10-49件", "EXW Ningbo"]
OF_GOODS = ["材质", "流行元素", "出厂日期", "出厂编号", "功能", "是否消费级", "执行标准", "Style", "层数", "跟高"]
OF_GOODS += ["电池容量", "多元风格", "代码", "采购地", "性价比"]


@pytest.mark.parametrize("head", TRADE)
def test_a_head_of_traders_is_read_by_nobody_else(head: str) -> None:
    assert is_of_business(head)
    assert untraded({head: "38.5", "材质": "羊绒"}) == blind({head: "38.5", "材质": "羊绒"}, []) == {"材质": "羊绒"}
    assert published({head: "38.5", "材质": "羊绒"}) == {"材质": "羊绒"}


@pytest.mark.parametrize("head", OF_GOODS)
def test_what_describes_goods_is_told(head: str) -> None:
    assert not is_of_business(head)
    assert published({head: "一层"}) == untraded({head: "一层"}) == {head: "一层"}


@pytest.mark.parametrize("head", ["备注", "remark", "内部说明", "联系电话"])
def test_remarks_are_not_loaded_into_public(head: str) -> None:
    assert published({head: "底价 25", "材质": "羊绒"}) == {"材质": "羊绒"}


def test_what_the_reader_of_sheets_keeps_is_kept_when_it_is_loaded() -> None:
    sheet = price_sheet("A1,羊绒围巾,68,99,9,羊绒,38.5,A-03", head="货号,品名,单价,零售价,库存,材质,老张,库位")
    told = read_sheet(sheet, "goods.csv").as_json()["listings"][0]
    assert set(told["private"]) == {"老张", "库位"}
    goods = read_goods(json.dumps(told).encode(), 1)
    assert goods.planned(markup_bp=0, category="服饰").attributes == {"材质": "羊绒"}
    assert {"attributes.老张", "attributes.库位"} <= goods.unknown


def published(attributes: dict[str, Any]) -> dict[str, str]:
    """What buyers read of goods of these attributes that are loaded."""
    told = {"code": "A1", "title": "羊绒围巾", "price_fen": 9_900, "stock": 1, "attributes": attributes}
    return read_goods(json.dumps(told).encode(), 1).planned(markup_bp=0, category="服饰").attributes
