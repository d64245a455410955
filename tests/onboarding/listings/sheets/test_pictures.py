"""Which pictures belong to which goods: floating over rows, in cells, shared, missing, hostile."""

import pytest

from onboarding.listings.sheets import album, drawing
from onboarding.listings.sheets.reader import read_sheet
from tests.onboarding.listings.sheets.made import ReadSpecimen, workbook
from tests.onboarding.listings.sheets.pictured import (
    NAMES,
    SHEET,
    absolute,
    floating,
    group,
    in_cells,
    one_cell,
    part,
    pic,
    relations,
    two_cells,
    with_parts,
)

HEAD = ["图片", "货号", "品名", "单价"]
ROWS = [["某某厂 报价单"], HEAD, ["", "A1", "茶杯", 5], ["", "A2", "茶壶", 6], ["", "A3", "茶盘", 7], ["备注：含税"]]
TALL = {1: 60, 2: 20, 3: 60, 4: 60, 5: 60, 6: 60}
SHOWS = [
    ("each over its own row", [one_cell(pic(n), n + 2, 50, below=5) for n in (1, 2, 3)], TALL, [[1], [2], [3]]),
    ("heights nobody wrote", [one_cell(pic(n), n + 2, 54) for n in (1, 2, 3)], {}, [[1], [2], [3]]),
    ("a little above its row", [one_cell(pic(1), 3, 60, below=45)], TALL, [[], [1], []]),
    ("most of it in the row below", [two_cells(pic(2), (4, 40), (5, 55))], TALL, [[], [], [2]]),
    ("three rows evenly", [two_cells(pic(1), (3, 0), (5, 60))], TALL, [[1], [], []]),
    ("placed by inches", [absolute(pic(1), 145, 50)], TALL, [[], [1], []]),
    ("a logo on the title", [one_cell(pic(1), 1, 55)], TALL, [[], [], []]),
    ("a logo from title to header", [one_cell(pic(1), 1, 78)], TALL, [[], [], []]),
    ("a stamp on the remarks", [one_cell(pic(1), 6, 50)], TALL, [[], [], []]),
    ("two in one row", [one_cell(pic(1), 3, 40), one_cell(pic(2), 3, 40)], TALL, [[1, 2], [], []]),
    ("one file in two rows", [one_cell(pic(1), 3, 40), one_cell(pic(1), 4, 40)], TALL, [[1], [1], []]),
    ("grouped", [two_cells(group(pic(1, cy=9) + pic(2, y=20, cy=9), 30), (3, 0), (5, 60))], TALL, [[1], [], [2]]),
    ("a background", [two_cells(pic(1), (1, 0), (900, 0))], TALL, [[], [], []]),
    ("of a hidden row", [one_cell(pic(1), 4, 40), one_cell(pic(2), 5, 40)], TALL | {4: 0}, [[], [2]]),
]
BRANCHES = (
    '<mc:AlternateContent {names}><mc:Choice Requires="x">{first}</mc:Choice><mc:Fallback>{second}</mc:Fallback>'
    "</mc:AlternateContent>"
)


def shown(data: bytes) -> list[list[int]]:
    """The numbers of the pictures of each listing."""
    listings = read_sheet(data, "x.xlsx").listings
    return [[int(name.removesuffix(".png")[-1]) for name in listing.pictures] for listing in listings]


@pytest.mark.parametrize(("anchors", "heights", "truth"), [one[1:] for one in SHOWS], ids=[one[0] for one in SHOWS])
def test_a_floating_picture_belongs_to_the_row_that_it_lies_on(
    anchors: list[str], heights: dict[int, float], truth: list[list[int]]
) -> None:
    assert shown(floating(*anchors, rows=ROWS, heights=heights)) == truth


@pytest.mark.parametrize(("first", "second", "truth"), [(pic(1), pic(2), [1]), ("<xdr:graphicFrame/>", pic(2), [2])])
def test_of_alternate_content_the_first_branch_with_a_picture_counts(first: str, second: str, truth: list[int]) -> None:
    inside = one_cell(BRANCHES.format(names=NAMES, first=first, second=second), 3, 40)
    anchors = [one_cell(one, 3, 40) for one in (first, second)]
    around = BRANCHES.format(names=NAMES, first=anchors[0], second=anchors[1])
    for content in (inside, around):
        assert shown(floating(content, rows=ROWS, heights=TALL)) == [truth, [], []]


def test_a_picture_over_merged_rows_belongs_to_their_goods() -> None:
    rows = [[*HEAD, "颜色"], ["", "A1", "茶杯", 5, "红"], ["", "", "", "", "白"], [], ["", "A2", "茶壶", 6, "红"]]
    data = floating(one_cell(pic(1), 2, 40, below=9), one_cell(pic(2), 5, 10), rows=rows)
    merges = '<mergeCells count="2"><mergeCell ref="B2:B4"/><mergeCell ref="C2:C4"/></mergeCells><pageMargins'
    merged = with_parts({SHEET: part(data, SHEET).replace("<pageMargins", merges).encode()}, data)
    assert shown(merged) == [[1], [2]]


def test_a_hidden_picture_is_not_there() -> None:
    hidden = pic(1).replace('name="图片 1"', 'name="图片 1" hidden="1"')
    assert shown(floating(one_cell(hidden, 3, 40), rows=ROWS, heights=TALL)) == [[], [], []]


def test_pictures_in_cells_of_excel() -> None:
    rows = [HEAD, [None, "A1", "茶杯", 5], [None, "A2", "茶壶", 6], [None, "A3", "茶盘", 7]]
    media = ["../media/image1.png", "../media/image2.png"]
    reading = read_sheet(in_cells(rows, {"A2": 2, "A3": 1, "A4": 2}, media), "x.xlsx")
    assert [listing.pictures for listing in reading.listings] == [
        ("xl/media/image2.png",),
        ("xl/media/image1.png",),
        ("xl/media/image2.png",),
    ]
    assert reading.as_json()["columns"]["A"] == "picture"


@pytest.mark.parametrize("name", ["yiwu-gifts-floating-pictures.xlsx", "yiwu-gifts-wps-cell-pictures.xlsx"])
def test_the_specimens_have_a_picture_for_every_listing(specimen: ReadSpecimen, name: str) -> None:
    reading = specimen(name).as_json()
    assert [listing["pictures"] for listing in reading["listings"]] == [1, 1, 1, 1]


def test_one_file_serves_two_rows_of_wps(specimen: ReadSpecimen) -> None:
    files = [listing.pictures for listing in specimen("yiwu-gifts-wps-cell-pictures.xlsx").listings]
    assert files[2] == files[3] == ("xl/media/image3.png",)


@pytest.mark.parametrize("target", ["http://example.org/a.png", "../media/gone9.png", "../../docProps/app.xml"])
def test_a_picture_that_is_not_in_the_file_is_told_gently(target: str) -> None:
    media = ["../media/image1.png", target]
    data = floating(one_cell(pic(1), 3, 40), one_cell(pic(2), 4, 40), rows=ROWS, heights=TALL, media=media)
    reading = read_sheet(with_parts({"xl/media/gone9.png": None}, data), "x.xlsx")
    assert [len(listing.pictures) for listing in reading.listings] == [1, 0, 0]
    assert [(one.code, one.row, one.column) for one in reading.problems] == [("picture_missing", 4, "A")]


def test_a_picture_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(album, "PHOTO_CAP_BYTES", 3)
    reading = read_sheet(floating(one_cell(pic(1), 3, 40), rows=ROWS, heights=TALL), "x.xlsx")
    assert [one.code for one in reading.problems] == ["picture_too_large"]


@pytest.mark.parametrize(
    "content",
    ["<xdr:wsDr><xdr:pic>", "<!DOCTYPE x><x/>", f"<wsDr>{'<oneCellAnchor>' + '<pic>' * 90}", "深" * 90],
    ids=["cut off", "doctype", "deep", "rubbish"],
)
def test_a_damaged_drawing_costs_its_pictures_and_no_row(content: str) -> None:
    good = floating(one_cell(pic(1), 3, 40), rows=ROWS, heights=TALL)
    reading = read_sheet(with_parts({"xl/drawings/drawing1.xml": content.encode()}, good), "x.xlsx")
    assert (len(reading.listings), [one.code for one in reading.problems]) == (3, ["pictures_unreadable"])


def test_no_number_of_anchors_is_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "MAX_PICTURES", 5)
    data = floating(*[one_cell(pic(1), 3, 40)] * 50, rows=ROWS, heights=TALL)
    assert shown(data) == [[1], [], []]


def test_a_picture_formula_without_its_file_is_told_and_is_no_text() -> None:
    rows = [HEAD, ['=DISPIMG("ID_7",1)', "A1", "茶杯", 5]]
    reading = read_sheet(workbook(rows), "x.xlsx")
    assert [(one.code, one.row) for one in reading.problems] == [("picture_missing", 2)]
    assert (reading.as_json()["columns"]["A"], reading.listings[0].attributes) == ("picture", {})


def test_old_and_text_sheets_have_no_pictures(specimen: ReadSpecimen) -> None:
    assert {one["pictures"] for one in specimen("yongkang-tools.xls").as_json()["listings"]} == {0}


def test_relations_of_the_maker_are_as_the_reader_expects() -> None:
    assert b'Id="rId2"' in relations(["a", "b"])
