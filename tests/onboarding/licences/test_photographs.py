"""Photographs read with the engine itself: the specimens, spoilt ones, and pictures of something else."""

import json
import random
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from PIL import Image, ImageDraw, ImageFont

from kernel.files import Files
from kernel.photos import take_photo
from kernel.work import drain
from onboarding.licences import queries
from onboarding.licences.ocr.dates import dates
from onboarding.licences.ocr.reader import read_licence
from onboarding.licences.ocr.reading import ASKED, FIELDS, LicenceReading
from storefront.cli import main
from storefront.jobs import PLAN
from tests.cast import WEI
from tests.support import camera
from tests.support.goods import make_factory, signed_in
from tests.support.licence_art import draw, faces, invented
from tests.support.licence_shots import shot
from tests.support.licences import hand_in

SPECIMENS = Path(__file__).parents[2] / "data" / "licences"
TRUTH = json.loads((SPECIMENS / "truth.json").read_text(encoding="utf-8"))
TOLD = {"uscc": "uscc", "name": "name", "type": "type", "rep": "legal_representative", "addr": "address"}
pytestmark = pytest.mark.slow


def values(reading: LicenceReading) -> dict[str, str]:
    return {name: reading.fields[name].value if name in reading.fields else "" for name in FIELDS}


@pytest.mark.parametrize("specimen", TRUTH)
def test_specimens_are_read_without_error(specimen: str) -> None:
    answer = CliRunner().invoke(main, ["licence", "read", str(SPECIMENS / specimen), "--json"])
    read, truth = json.loads(answer.output), TRUTH[specimen]
    assert (answer.exit_code, read["is_licence"], read["warnings"]) == (0, True, [])
    assert read["uscc"] == {"value": truth["uscc"], "valid": True}
    assert {said: read[field] for said, field in TOLD.items() if said != "uscc"} == {
        said: truth[said] for said in TOLD if said != "uscc"
    }
    assert read["established_on"] == dates(truth["date"])[0].isoformat()
    assert all(read["confidence"][field] > 0.9 for field in ASKED)


def test_the_command_prints_a_table() -> None:
    answer = CliRunner().invoke(main, ["licence", "read", str(SPECIMENS / "03-portrait-rotated.jpg")])
    lines = answer.output.splitlines()
    assert (answer.exit_code, len(lines)) == (0, len(FIELDS))
    assert "统一社会信用代码" in lines[0]
    assert lines[1].endswith("%  丹阳市样镜眼镜店")


@pytest.mark.parametrize(
    ("way", "layout"),
    [("bad phone", "landscape"), ("turned 180", "portrait"), ("bent and tilted", "landscape"), ("small", "portrait")],
)
def test_spoilt_photographs_say_the_same(way: str, layout: str) -> None:
    taken = shot(way, layout)
    reading = read_licence(take_photo(taken.jpeg).jpeg)
    assert values(reading) == {field: getattr(taken.facts, field) for field in FIELDS}


def test_a_photograph_out_of_focus_or_in_the_dark_says_so() -> None:
    dice = random.Random(3)  # noqa: S311  the same each run
    page = draw(invented(dice), "landscape", dice)
    for spoil, code in (
        (camera.blurred(3.5), "blurred"),
        (camera.lit(0.12, 0.2), "dark"),
        (camera.scaled(0.3), "small"),
    ):
        reading = read_licence(take_photo(camera.shot(page, (spoil,), dice)).jpeg)
        assert (reading.is_licence, code in reading.warnings) == (True, True), code


def written(*lines: str) -> Image.Image:
    page = Image.new("RGB", (1200, 900), "white")
    font = ImageFont.truetype(faces()[0], 34, index=2)
    for number, text in enumerate(lines):
        ImageDraw.Draw(page).text((90, 60 + 70 * number), text, font=font, fill="black")
    return page


NOT_LICENCES = {
    "blank": Image.new("RGB", (900, 700), "white"),
    "noise": Image.effect_noise((900, 700), 90).convert("RGB"),
    "an article": written(
        "营业执照", "企业变更名称、住所、法定代表人、经营范围的，", "应当向登记机关申请换领营业执照。"
    ),
    "a permit": written(
        *("食品经营许可证", "经营者名称：清河县样食品店", "社会信用代码：91130534MA07K3R29J", "法定代表人：样本甲"),
        *("住　　所：河北省邢台市清河县泰山路66号", "经营场所：河北省邢台市清河县", "登记机关：清河县市场监督管理局"),
    ),
    "a price sheet": written(
        "价目表", "货号　品名　供货价　零售价", "A1　羊绒围巾　68.00　128.00", "A2　羊绒帽　25.50　59"
    ),
}


@pytest.mark.parametrize("picture", NOT_LICENCES)
def test_what_is_no_licence_is_told_so(picture: str) -> None:
    kept = BytesIO()
    NOT_LICENCES[picture].save(kept, "JPEG")
    reading = read_licence(take_photo(kept.getvalue()).jpeg)
    assert (reading.is_licence, dict(reading.fields), reading.warnings) == (False, {}, ("not_a_licence",))


def test_the_worker_reads_what_an_owner_handed_in_and_shows_her_the_place(app: Flask) -> None:
    wei = make_factory(WEI)
    given = take_photo((SPECIMENS / "03-portrait-rotated.jpg").read_bytes()).jpeg
    licence = hand_in(app, wei, given)
    drain(PLAN, ports=app.extensions["ports"])
    read = queries.newest_licence(wei.memberships[0].organisation_id)
    assert read is not None
    assert (read.state, read.fields["name"].value) == ("read", "丹阳市样镜眼镜店")
    browser = signed_in(app, wei)
    crop = Image.open(BytesIO(browser.get(f"/licences/{licence}/crops/name").data))
    assert (crop.size, crop.width > 3 * crop.height, crop.height >= 60) == (read.fields["name"].crop, True, True)
    assert app.extensions["ports"].get(Files).get(queries.licence_for(wei, licence).photo_key) == given


def test_a_licence_that_ran_out_is_told_when_the_day_is_known() -> None:
    taken = shot("flat scan", "landscape")
    assert taken.facts.expires_on == "2041-11-15"
    [day] = dates("2041年11月16日")
    assert "expired" in read_licence(take_photo(taken.jpeg).jpeg, today=day).warnings
    assert "expired" not in read_licence(take_photo(taken.jpeg).jpeg).warnings
