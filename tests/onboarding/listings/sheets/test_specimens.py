"""Whole sheets of several trades, read completely."""

from typing import Literal

import pytest

from onboarding.listings.sheets.reading import Tier, answer_stock
from onboarding.listings.sheets.report import as_text
from tests.onboarding.listings.sheets.made import ReadRows, ReadSpecimen


def test_the_cashmere_sheet_becomes_a_matrix_and_asks_what_its_stock_means(specimen: ReadSpecimen) -> None:
    reading = specimen("qinghe-cashmere.xlsx")
    assert [len(listing.skus) for listing in reading.listings] == [16, 12, 9, 5, 3, 6, 10, 1]
    first = reading.as_json()["listings"][0]
    assert first["skus"][0] == {
        "options": {"颜色": "驼色", "尺码": "S"},
        "stock": None,
        "made_to_order": False,
        "price_fen": None,
    }
    assert (first["tiers"], first["retail_price_fen"]) == ([{"min_qty": 2, "price_fen": 26800}], 59900)
    asked = [problem for problem in reading.problems if problem.code == "stock_ambiguous"]
    assert [(problem.row, problem.column) for problem in asked] == [(row, "H") for row in range(2, 9)]
    assert reading.listings[7].skus[0].stock == 5000


@pytest.mark.parametrize(("meaning", "first_three"), [("per_sku", [180, 180, 180]), ("total", [20, 20, 20])])
def test_the_owner_answers_what_the_stock_means(
    specimen: ReadSpecimen, meaning: Literal["per_sku", "total"], first_three: list[int]
) -> None:
    answered = answer_stock(specimen("qinghe-cashmere.xlsx"), meaning)
    assert [sku.stock for sku in answered.listings[2].skus][:3] == first_three
    assert not any(problem.code == "stock_ambiguous" for problem in answered.problems)


def test_a_total_is_divided_without_losing_a_piece(read_rows: ReadRows) -> None:
    reading = read_rows([["品名", "颜色", "单价", "库存"], ["帽子", "黑/白/红", 9.9, 100]])
    skus = answer_stock(reading, "total").listings[0].skus
    assert [sku.stock for sku in skus] == [34, 33, 33]


def test_the_garment_sheet_gives_one_sku_per_colour_and_size(specimen: ReadSpecimen) -> None:
    reading = specimen("shishi-garments.xlsx")
    assert reading.as_json()["header_rows"] == [3]
    assert [len(listing.skus) for listing in reading.listings] == [15, 10, 20, 15, 15]
    assert reading.listings[1].skus[5].options == {"颜色": "黑色", "尺码": "S"}
    assert reading.listings[1].skus[5].stock == 120
    assert (reading.listings[4].tiers, reading.listings[4].moq) == ((Tier(50, 1990),), 50)
    assert reading.notes[-1].startswith("备注：以上价格不含税")
    assert [problem.code for problem in reading.problems] == ["tax_excluded"]


def test_the_glasses_sheet_gives_ladders_and_a_minimum_from_its_notes(specimen: ReadSpecimen) -> None:
    reading = specimen("danyang-glasses.xlsx")
    assert reading.as_json()["header_rows"] == [1, 2]
    assert reading.listings[1].tiers == (Tier(1, 3200), Tier(50, 2600), Tier(500, 2180))
    assert [listing.skus[0].stock for listing in reading.listings] == [1200, 5600, 3200, 12000, 860, 300]
    assert {listing.moq for listing in reading.listings} == {10}
    assert [(p.code, p.row, p.column) for p in reading.problems] == [
        ("stock_about", 8, "I"),
        ("moq_from_note", None, None),
    ]
    assert reading.listings[0].attributes == {"镜宽mm": "138", "腿长mm": "145"}


@pytest.mark.parametrize("name", ["yiwu-gifts-floating-pictures.xlsx", "yiwu-gifts-wps-cell-pictures.xlsx"])
def test_sheets_with_pictures_are_read_around_them(specimen: ReadSpecimen, name: str) -> None:
    reading = specimen(name)
    assert len(reading.listings) == 4
    assert "picture" in reading.as_json()["columns"].values()


def test_an_old_xls_reads_like_a_new_one(specimen: ReadSpecimen) -> None:
    reading = specimen("yongkang-tools.xls")
    wrench = reading.listings[0]
    assert [sku.options for sku in wrench.skus] == [{"规格": "8mm"}, {"规格": "10mm"}]
    assert [sku.price_fen for sku in wrench.skus] == [None, 1380]
    assert [sku.stock for sku in wrench.skus] == [800, 650]


def test_the_report_names_listings_problems_and_notes(specimen: ReadSpecimen) -> None:
    text = as_text(specimen("danyang-glasses.xlsx"))
    assert "商品 6 款" in text
    assert "[moq_from_note]" in text
    assert "# 起订量：混批10副起" in text
