"""The belts file and its table."""

import re
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from kernel.db import session
from kernel.errors import ForbiddenError, NotFoundError
from kernel.permissions import SYSTEM
from onboarding.belts.models import Belt
from onboarding.belts.operations import FILE, load_belts
from onboarding.belts.queries import all_belts, belt_by_slug, provinces, stories, story_of
from onboarding.belts.rules import CATEGORIES, PROVINCES, TILES, faults
from tests.cast import NOW, WEI
from tests.onboarding.people import user


def test_loading_twice_is_once(app: Flask) -> None:
    first = load_belts(actor=SYSTEM, now=NOW)
    assert load_belts(actor=SYSTEM, now=NOW) == first
    assert session().scalar(select(func.count(Belt.id))) == first == 70


def test_loading_brings_changes_in(app: Flask, tmp_path: Path) -> None:
    load_belts(actor=SYSTEM, now=NOW)
    changed = tmp_path / "belts.csv"
    changed.write_text(FILE.read_text(encoding="utf-8").replace("Danyang glasses", "Danyang eyewear"), encoding="utf-8")
    load_belts(actor=SYSTEM, now=NOW, file=changed)
    assert belt_by_slug("danyang-glasses").name_en == "Danyang eyewear"


def test_belts_stand_by_province(app: Flask) -> None:
    load_belts(actor=SYSTEM, now=NOW)
    grouped = provinces()
    assert next(iter(grouped)) == "河北省"
    assert [belt for belts in grouped.values() for belt in belts] == all_belts()
    with pytest.raises(NotFoundError):
        belt_by_slug("nowhere")


def test_only_the_system_loads(app: Flask) -> None:
    with pytest.raises(ForbiddenError):
        load_belts(actor=user(WEI), now=NOW)


ROW = {
    "slug": "a-b",
    "name_zh": "甲",
    "name_en": "A",
    "province": "浙江省",
    "city": "市",
    "county": "县",
    "trade_zh": "镜",
    "category_zh": "镜",
}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([ROW, ROW], "stands twice"),
        ([{**ROW, "province": "浙江"}], "no province"),
        ([{**ROW, "city": " "}], "city is blank"),
        ([{**ROW, "slug": "A_B"}], "no slug"),
    ],
)
def test_a_wrong_row_is_named(rows: list[dict[str, str]], said: str) -> None:
    assert said in "; ".join(faults(rows))
    assert not faults([ROW])


def test_every_belt_has_its_story_in_both_languages(app: Flask) -> None:
    load_belts(actor=SYSTEM, now=NOW)
    told = stories()
    assert set(told) == {belt.slug for belt in all_belts()}
    for slug, story in told.items():
        assert 30 <= len(story["zh"]) <= 120, slug
        assert 80 <= len(story["en"]) <= 240, slug
        assert not re.search("[一-鿿]", story["en"]), slug
    assert story_of("nowhere", "zh") == ""


def test_every_category_is_a_text_of_the_interface(app: Flask) -> None:
    load_belts(actor=SYSTEM, now=NOW)
    assert {belt.category for belt in all_belts()} == set(CATEGORIES)


def test_every_province_has_a_square_of_its_own() -> None:
    assert list(TILES) == list(PROVINCES.values())
    assert len({(tile.column, tile.row) for tile in TILES.values()}) == len({t.slug for t in TILES.values()}) == 34
    assert {tile.column for tile in TILES.values()} == set(range(1, 8))
    assert {tile.row for tile in TILES.values()} == set(range(1, 9))


@pytest.mark.parametrize(
    ("one", "side", "other"),
    [("浙江省", "under", "江苏省"), ("新疆维吾尔自治区", "left of", "黑龙江省"), ("海南省", "under", "广西壮族自治区")],
)
def test_a_square_lies_roughly_where_its_province_does(one: str, side: str, other: str) -> None:
    here, there = TILES[one], TILES[other]
    assert here.row > there.row if side == "under" else here.column < there.column
