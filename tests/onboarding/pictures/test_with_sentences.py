"""One photo, one sentence: the draft has both, nothing is taken twice, nothing is kept that nobody refers to."""

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from kernel.permissions import Actor
from onboarding.listings.disposal import throw_away
from onboarding.listings.models import Listing, SheetImport
from onboarding.pictures.models import ListingPicture
from onboarding.pictures.tasks import take_from_sheet
from tests.cast import NOW, WEI, YU
from tests.support.goods import make_factory, signed_in, write_sheets
from tests.support.pictures import files_of, jpeg, worked

PAGE = "/factory/sentences"
SCARF = "纯羊绒围巾 驼色/黑色 出厂价118 零售价199 起批5条"
HAT = "羊绒帽 出厂价38 零售价69"


@pytest.fixture
def browser(app: Flask, wei: Actor) -> FlaskClient:
    return signed_in(app, wei)


def say(browser: FlaskClient, text: str, *photos: bytes, **told: str) -> Any:  # noqa: ANN401  an answer
    files = [(BytesIO(one), f"IMG_{n}.jpg") for n, one in enumerate(photos)]
    return browser.post(PAGE, data={"sentences": text, "photos": files, **told})


def drafted(app: Flask, browser: FlaskClient, place: str) -> None:
    browser.post(f"{place}/listings", data={"stock_meaning": "total"})
    write_sheets(app)
    worked(app)


def pictured() -> dict[str, list[tuple[str, bool, str]]]:
    """Titles of goods → state, label and words of their pictures, in order."""
    session().rollback()
    query = select(Listing.title, ListingPicture).outerjoin(ListingPicture, ListingPicture.listing_id == Listing.id)
    told: dict[str, list[tuple[str, bool, str]]] = {}
    for title, one in session().execute(query.order_by(Listing.id, ListingPicture.position)):
        told.setdefault(title, []).extend([(one.state, one.by_ai, one.words)] if one else [])
    return told


def kept(app: Flask) -> int:
    """How many private files there are."""
    folder = files_of(app)._folder  # type: ignore[attr-defined]  # noqa: SLF001
    return sum(1 for one in folder.rglob("*") if one.is_file())


def test_a_sentence_with_photos_becomes_a_draft_that_shows_them(app: Flask, browser: FlaskClient) -> None:
    place = say(browser, SCARF, jpeg(1), jpeg(2)).headers["Location"]
    assert "2 张图片" in browser.get(place).text
    drafted(app, browser, place)
    assert pictured() == {"纯羊绒围巾": [("waiting", False, "纯羊绒围巾")] * 2}
    assert session().scalars(select(Listing.image)).one().startswith("/pictures/")


def test_several_goods_have_one_photo_each_in_the_order_of_the_lines(app: Flask, browser: FlaskClient) -> None:
    drafted(app, browser, say(browser, f"{SCARF}\n{HAT}", jpeg(1), jpeg(2), by_ai="on").headers["Location"])
    assert {title: [one[1] for one in told] for title, told in pictured().items()} == {
        "纯羊绒围巾": [True],
        "羊绒帽": [True],
    }


def test_nobody_guesses_which_photo_is_of_which_goods(app: Flask, browser: FlaskClient) -> None:
    before = kept(app)
    answer = say(browser, f"{SCARF}\n{HAT}\n羊绒手套 出厂价20", jpeg(1), jpeg(2))
    assert answer.status_code == 422
    assert "写了 3 款，选了 2 张照片" in answer.text
    assert (SCARF in answer.text, "照片要再选一次" in answer.text) == (True, True)
    assert kept(app) == before + 1  # the text


@pytest.mark.parametrize("photo", [b"GIF89a", jpeg(1, (90, 60)), b""], ids=["gif", "small", "empty"])
def test_a_photo_that_is_none_is_told_and_nothing_is_made(app: Flask, browser: FlaskClient, photo: bytes) -> None:
    before = kept(app)
    answer = say(browser, SCARF, jpeg(1), photo)
    assert (answer.status_code, kept(app)) == (422, before)
    assert session().scalars(select(SheetImport.id)).all() == []


def test_what_is_written_better_keeps_its_photos(app: Flask, browser: FlaskClient) -> None:
    first = say(browser, "羊绒围巾 价格面议", jpeg(1)).headers["Location"].rsplit("/", 1)[1]
    assert "上次选的 1 张照片还在" in browser.get(f"{PAGE}?of={first}").text
    drafted(app, browser, say(browser, SCARF, of=first).headers["Location"])
    assert [len(told) for told in pictured().values()] == [1]


def test_a_stranger_keeps_nobodys_photos(app: Flask, browser: FlaskClient) -> None:
    first = say(browser, SCARF, jpeg(1)).headers["Location"].rsplit("/", 1)[1]
    yu = signed_in(app, make_factory(YU))
    assert (yu.get(f"{PAGE}?of={first}").status_code, say(yu, HAT, of=first).status_code) == (404, 404)


def test_the_same_again_takes_no_photo_twice(app: Flask, browser: FlaskClient) -> None:
    drafted(app, browser, say(browser, SCARF, jpeg(1)).headers["Location"])
    drafted(app, browser, say(browser, f"{SCARF} 现货5", jpeg(1)).headers["Location"])
    sheets = session().scalars(select(SheetImport.public_id)).all()
    for sheet in sheets:  # as a worker that was killed at the end would
        take_from_sheet({"sheet_import": sheet}, ports=app.extensions["ports"], now=NOW)
    worked(app)
    assert pictured() == {"纯羊绒围巾": [("waiting", False, "纯羊绒围巾")]}


def test_photos_of_a_factory_that_is_thrown_away_are_forgotten(app: Flask) -> None:
    owner = make_factory(WEI, state="draft")
    say(signed_in(app, owner), SCARF, jpeg(1))
    keys = throw_away(actor=owner, organisation=owner.memberships[0].organisation, now=NOW)
    assert len(keys) == kept(app) == 2  # the text and its photo
