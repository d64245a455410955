"""Asking with a photo: what is found, by whom, for how long, and what is refused in which words."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from kernel.clock import Clock
from kernel.db import session
from onboarding.listings.takedowns import take_down
from storefront.photos import tasks
from storefront.photos.models import PhotoSearch
from storefront.photos.rules import KEPT, TRIES
from tests.cast import NOW, TAN
from tests.onboarding.people import operator
from tests.storefront.resale import Desk
from tests.storefront.shop import Shop
from tests.support.photo_art import photograph
from tests.support.pictures import drawn, saved
from tests.support.statements import statements

PATH, MARKET = "/factory-goods/by-photo", "/supply/by-photo"
STATIC = Path(__file__).parents[3] / "static"
WHY = {"reason_code": "picture", "told": "图片是别人的", "internal": ""}
DOTS = Image.effect_noise((200, 200), 90)
PLAIN = saved(Image.new("RGB", (600, 400), "beige"), "JPEG")
REFUSED = {
    "nothing": (b"", "没有收到照片"),
    "words": ("这不是照片".encode(), "不是图片"),
    "a drawing": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "矢量图"),
    "an iPhone's": (b"\0\0\0\x18ftypheic" + b"\0" * 40, "HEIC"),
    "something that moves": (saved(DOTS, "GIF"), "GIF"),
    "half a photo": (saved(drawn(), "JPEG")[:900], "损坏"),
    "a bomb": (saved(Image.new("1", (9_000, 9_000)), "PNG"), "百万像素"),
    "a large PNG": (saved(Image.new("1", (4_200, 4_200)), "PNG"), "百万像素"),
    "a line": (saved(Image.new("L", (20_000, 1)), "PNG"), "照片太小"),
    "a band": (saved(Image.new("L", (20_000, 60)), "PNG"), "看不出商品"),
    "a wall": (PLAIN, "看不出商品"),
    "a paper": (b"%PDF-1.7 " + b"0" * 99, "PDF"),
}


def asked(browser: FlaskClient, data: bytes, *, path: str = PATH, field: str = "photo") -> TestResponse:
    return browser.post(path, data={field: (BytesIO(data), "IMG_1.jpg")}, content_type="multipart/form-data")


@pytest.fixture
def photo(scarf: Image.Image) -> bytes:
    """A photo of Wei's scarf as a shopper has it, lying on its side as some cameras save it."""
    part = scarf.crop((0, 0, scarf.width * 4 // 5, scarf.height))
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(part.transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif)


@pytest.mark.parametrize("field", ["photo", "camera"])
def test_a_shopper_finds_the_goods_of_her_photo(app: Flask, desk: Desk, photo: bytes, field: str) -> None:
    shopper = app.test_client()
    answer = asked(shopper, photo, field=field)
    assert answer.status_code == 303
    page = shopper.get(answer.location)
    assert page.headers["Cache-Control"] == "no-store"
    assert desk.scarf.public_id in page.text
    assert "一模一样" in page.text
    thumb = shopper.get(f"{answer.location}/picture")
    assert (thumb.mimetype, thumb.headers["Cache-Control"]) == ("image/jpeg", "no-store")
    assert max(Image.open(BytesIO(thumb.data)).size) == 240


def test_what_is_asked_of_the_database_is_little(app: Flask, desk: Desk, photo: bytes) -> None:
    place = asked(app.test_client(), photo).location
    with statements() as sent:
        app.test_client().get(place)
    assert len([one for one in sent if one.startswith("SELECT")]) <= 3


def test_goods_taken_down_since_are_not_shown(app: Flask, desk: Desk, photo: bytes) -> None:
    place = asked(app.test_client(), photo).location
    take_down(actor=operator(TAN), listing=desk.scarf.public_id, **WHY, now=NOW)
    page = app.test_client().get(place)
    assert (page.status_code, desk.scarf.public_id in page.text) == (200, False)
    assert "没有找到同一款" in page.text


def test_nothing_alike_leads_on(app: Flask, desk: Desk) -> None:
    page = app.test_client().get(asked(app.test_client(), saved(photograph(3), "JPEG")).location).text
    assert "没有找到同一款" in page
    assert desk.scarf.public_id in page.split("刚上新")[1]


def test_a_question_is_forgotten_after_some_minutes(app: Flask, desk: Desk, photo: bytes) -> None:
    ports, browser = app.extensions["ports"], app.test_client()
    place = asked(browser, photo).location
    ports.get(Clock).moment = NOW + KEPT - timedelta(seconds=1)
    tasks.forget_searches({}, ports=ports, now=NOW + KEPT - timedelta(seconds=1))
    assert browser.get(place).status_code == 200
    ports.get(Clock).moment = NOW + KEPT
    assert [browser.get(one).status_code for one in (place, f"{place}/picture")] == [404, 404]
    assert "15 分钟" in browser.get(place).text
    tasks.forget_searches({}, ports=ports, now=NOW + KEPT)
    session().rollback()
    assert session().scalar(select(func.count(PhotoSearch.id))) == 0


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_no_photo_is_refused_in_clear_words(app: Flask, what: str) -> None:
    data, words = REFUSED[what]
    answer = asked(app.test_client(), data)
    assert (answer.status_code, words in answer.text) == (422, True), answer.text
    session().rollback()
    assert session().scalar(select(func.count(PhotoSearch.id))) == 0


@pytest.mark.parametrize("drawing", sorted((STATIC / "img/goods").glob("*.svg"))[::40], ids=lambda path: path.stem)
def test_a_drawing_leads_to_the_search_for_what_it_shows(app: Flask, desk: Desk, drawing: Path) -> None:
    title = drawing.read_text(encoding="utf-8").split("<title>")[1].split("</title>")[0]
    for browser, path, way in ((app.test_client(), PATH, "/factory-goods"), (desk.browser(), MARKET, "/supply")):
        answer = asked(browser, drawing.read_bytes(), path=path)
        assert (answer.status_code, "示意图" in answer.text) == (422, True)
        assert f'href="{way}?q={quote(title)}"' in answer.text


@pytest.mark.parametrize("title", ["", "x", "<b>bold</b>", "x" * 61, "\u202e\u200b"])
def test_a_drawing_that_does_not_say_what_it_shows_is_only_refused(app: Flask, title: str) -> None:
    answer = asked(app.test_client(), f"<svg><title>{title}</title></svg>".encode())
    assert (answer.status_code, "矢量图" in answer.text) == (422, True)


def test_a_form_without_a_photo_or_with_more_than_one_is_told_so(app: Flask) -> None:
    browser = app.test_client()
    assert "还没有照片" in browser.post(PATH).text
    assert "还没有照片" in asked(browser, b"", field="nonsense").text
    assert browser.post(PATH, data={"nonsense": "1"}).status_code == 422
    unread = {"content_type": "multipart/form-data; boundary=x", "environ_overrides": {"CONTENT_LENGTH": str(22 << 20)}}
    answer = browser.post(PATH, data=b"x", **unread)
    assert (answer.status_code, "20 MB" in answer.text) == (422, True)


def test_one_address_asks_only_so_often(app: Flask) -> None:
    browser = app.test_client()
    assert [asked(browser, PLAIN).status_code for _ in range(TRIES[0] + 1)] == [422] * TRIES[0] + [429]


def test_a_merchant_finds_what_she_may_sell(app: Flask, desk: Desk, photo: bytes) -> None:
    hers = desk.browser()
    page = hers.get(asked(hers, photo, path=MARKET).location).text
    assert f'href="/supply/{desk.scarf.public_id}"' in page
    assert "照片里的货" in page
    desk.close_supply()
    gone = hers.get(asked(hers, photo, path=MARKET).location).text
    assert desk.scarf.public_id not in gone
    assert "没有找到同一款货源" in gone
    assert desk.scarf.public_id in app.test_client().get(asked(app.test_client(), photo).location).text


def test_the_market_sees_no_prices_by_photo_without_an_admission(desk: Desk, photo: bytes) -> None:
    desk.stands("refused", "暂不合作")
    hers = desk.browser()
    page = hers.get(asked(hers, photo, path=MARKET).location).text
    assert desk.scarf.public_id in page
    assert "50.00" not in page
    assert "¥50" not in page


def test_who_is_no_merchant_asks_no_market(app: Flask, browser: FlaskClient, desk: Desk, photo: bytes) -> None:
    assert asked(app.test_client(), photo, path=MARKET).status_code == 401
    assert asked(browser, photo, path=MARKET).status_code == 404
    assert browser.get(MARKET).location == "/join/merchant"
    assert desk.browser().get(MARKET).status_code == 200
    assert desk.browser().get("/supply?photo=pho_none").status_code == 404


def test_every_search_field_leads_to_the_camera(app: Flask, shop: Shop) -> None:
    browser = app.test_client()
    for page in ("/", "/factory-goods", "/belts"):
        assert f'href="{PATH}"' in browser.get(page).text
    assert "multipart/form-data" in browser.get(PATH).text
