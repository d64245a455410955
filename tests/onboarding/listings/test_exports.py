"""All goods of a factory as a file: read again it changes nothing, whatever they are called; and the empty sheet."""

import io
from collections.abc import Callable
from itertools import count
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from kernel.db import session, transaction
from kernel.permissions import SYSTEM, Actor
from kernel.text import clean
from onboarding.listings.categories import categories, paths_in
from onboarding.listings.exports import goods_csv, goods_sheets, template_sheets
from onboarding.listings.imports import stored, write
from onboarding.listings.models import Listing, SheetImport
from onboarding.listings.plan import PlannedListing, PlannedSku
from onboarding.listings.rules import options_key
from onboarding.listings.settled import difference
from onboarding.listings.sheets.reader import read_sheet
from onboarding.listings.sheets.reading import SheetReading
from onboarding.listings.sheets.writer import write_workbook
from tests.cast import NOW, YU
from tests.support.goods import make_factory, signed_in

ANSWERS: dict[str, Any] = {
    "stock": None,
    "markup_bp": 0,
    "category": "服饰针织",
    "recount": True,
    "on_sale": True,
    "by": None,
}
ODD = [
    "=1+1",
    "+3",
    "-5",
    "@x",
    "'quoted",
    "'=1",
    "3月5日",
    "1E+05",
    "00123",
    "合计",
    "备注：含税",
    "无",
    "#N/A",
    "<b>",
    "红/黑",
    'a,b"c',
]
TEXT = st.one_of(st.sampled_from(ODD), st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12))
WORD = TEXT.map(lambda text: " ".join(clean(text).split())).filter(bool)
FEN = st.integers(1, 100_000_000)
PATHS = [path for top in categories() for path in paths_in(top)]
_numbers = count()


@st.composite
def skus(draw: st.DrawFn) -> tuple[PlannedSku, ...]:
    names = draw(st.lists(st.sampled_from(["颜色", "尺码", "规格", "度数"]), max_size=2, unique=True))
    values = draw(st.lists(st.tuples(*(WORD for _ in names)), min_size=1, max_size=3 if names else 1, unique=True))
    made = []
    for value in values:
        options = dict(zip(names, value, strict=True))
        to_order = draw(st.booleans())
        stock = None if to_order else draw(st.integers(0, 10_000_000))
        retail, supply = draw(FEN), draw(st.none() | FEN)
        made.append(PlannedSku(options_key(options), options, retail, supply, stock, to_order))
    return tuple(made)


@st.composite
def goods(draw: st.DrawFn) -> PlannedListing:
    falling = sorted(draw(st.sets(st.integers(1, 100_000_000), max_size=3)), reverse=True)
    least = sorted(draw(st.sets(st.integers(1, 9_999), min_size=len(falling), max_size=len(falling))))
    attributes = draw(
        st.dictionaries(st.sampled_from(["材质", "原价", "货号", "图片", "颜色", "单位"]), WORD, max_size=3)
    )
    return PlannedListing(
        code=f"{draw(st.sampled_from(ODD[:13]))}-{next(_numbers)}"[:60],
        title=draw(WORD),
        category=draw(st.sampled_from(PATHS)),
        attributes=attributes,
        tiers=tuple(zip(least, falling, strict=True)),
        moq=draw(st.integers(1, 9_999)),
        drop_ship_price_fen=draw(st.none() | FEN),
        skus=draw(skus()),
    )


def workbook(house: int) -> bytes:
    kept = io.BytesIO()
    write_workbook(kept, goods_sheets(house))
    return kept.getvalue()


def text(house: int) -> bytes:
    return "".join(goods_csv(house)).encode()


def wrote(listings: list[PlannedListing], house: int, source: str) -> None:
    write(listings, actor=SYSTEM, organisation_id=house, source=source, answers=ANSWERS, now=NOW)


def changes(house: int, reading: SheetReading) -> tuple[int, list[Any], dict[str, str]]:
    """What a file would make, change and not name; a sheet that is never kept."""
    sheet = SheetImport(organisation_id=house, reading=stored(reading))
    found = difference(sheet, ANSWERS, limit=9)
    return found.new, [change for _known, changes in found.shown for change in changes], found.missing


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listings=st.lists(goods(), min_size=1, max_size=4))
@pytest.mark.parametrize("exported", [workbook, text])
def test_read_again_nothing_is_made_and_nothing_changes(
    app: Flask,
    exported: Callable[[int], bytes],
    listings: list[PlannedListing],
) -> None:
    house = make_factory().memberships[0].organisation_id
    with transaction():
        wrote(listings, house, f"imp_{next(_numbers)}")
    reading = read_sheet(exported(house), "x")
    assert [problem for problem in reading.problems if problem.gravity == "left_out"] == []
    assert changes(house, reading) == (0, [], {})


def test_a_price_changed_in_the_file_is_the_one_change(app: Flask) -> None:
    house = make_factory().memberships[0].organisation_id
    red, black = ({"颜色": color} for color in ("红", "黑"))
    pair = tuple(PlannedSku(options_key(one), one, 9_900, None, 5, made_to_order=False) for one in (red, black))
    with transaction():
        one = PlannedListing("A1", "围巾", "服饰针织", {}, ((2, 5_900),), 2, None, pair)
        wrote([one], house, "imp_1")
    book = openpyxl.load_workbook(io.BytesIO(workbook(house)))
    head = [cell.value for cell in book.worksheets[0][1]]
    book.worksheets[0].cell(3, head.index("建议零售价") + 1).value = 88
    changed = io.BytesIO()
    book.save(changed)
    _new, found, _missing = changes(house, read_sheet(changed.getvalue(), "x"))
    assert [(one.name, one.old, one.new, one.sku) for one in found] == [("retail_price_fen", 9_900, 8_800, "颜色=黑")]


def test_the_template_holds_no_goods_and_asks_nothing() -> None:
    kept = io.BytesIO()
    write_workbook(kept, template_sheets("服饰针织"))
    reading = read_sheet(kept.getvalue(), "x")
    assert (reading.listings, [problem.code for problem in reading.problems]) == ((), ["example_skipped"])
    book = openpyxl.load_workbook(io.BytesIO(kept.getvalue()))
    book.worksheets[0].append(["A1", "围巾", None, "红/黑", None, 68, "10件起 65；50件起 62", 128, None, 30, 2])
    filled = io.BytesIO()
    book.save(filled)
    (made,) = read_sheet(filled.getvalue(), "x").listings
    assert [(tier.min_qty, tier.price_fen) for tier in made.tiers] == [(10, 6_500), (50, 6_200)]
    assert (made.code, made.retail_price_fen, len(made.skus)) == ("A1", 12_800, 2)


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory()


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


@pytest.mark.parametrize("name", ["listings/export.xlsx", "listings/export.csv", "sheets/template.xlsx"])
def test_the_files_are_had_from_their_pages(browser: FlaskClient, name: str) -> None:
    answer = browser.get(f"/factory/{name}")
    assert (answer.status_code, "attachment" in answer.headers["Content-Disposition"]) == (200, True)
    assert f"/factory/{name}" in browser.get("/factory/sheets").text


def test_the_file_has_goods_of_every_state_and_nobody_elses(app: Flask, browser: FlaskClient, wei: Actor) -> None:
    mine, other = wei.memberships[0].organisation_id, make_factory(YU).memberships[0].organisation_id
    single = (PlannedSku("", {}, 9_900, None, 5, made_to_order=False),)
    with transaction():
        for house, code in ((mine, "A1"), (other, "B1")):
            one = PlannedListing(code, "围巾", "服饰针织", {}, (), 1, None, single)
            wrote([one], house, f"imp_{code}")
    with transaction():
        session().execute(update(Listing).where(Listing.code == "A1").values(state="archived"))
    told = browser.get("/factory/listings/export.csv").text
    assert ("A1,围巾" in told, "已下架" in told, "B1" in told) == (True, True, False)
