"""Home and belts: provinces as squares, the story of a belt, its factories, and the way in where there are none."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel.permissions import SYSTEM
from onboarding.belts.operations import load_belts
from storefront.catalogue.rules import squares
from tests.cast import NOW
from tests.storefront.shop import Shop
from tests.support.statements import statements


@pytest.fixture
def browser(app: Flask, shop: Shop) -> FlaskClient:
    load_belts(actor=SYSTEM, now=NOW)
    return app.test_client()


class Place:
    """A belt."""

    def __init__(self, slug: str, province: str) -> None:
        self.slug, self.province = slug, province


def test_a_square_counts_the_belts_and_goods_of_its_province() -> None:
    shown = {s.tile.short: s for s in squares([Place("a", "河北省"), Place("b", "河北省")], {"a": 2, "b": 3, "c": 9})}
    assert (shown["河北"].belts, shown["河北"].goods) == (2, 5)
    assert (shown["北京"].belts, shown["北京"].goods, len(shown)) == (0, 0, 34)


@pytest.mark.parametrize("path", ["/", "/belts"])
def test_every_province_is_on_the_grid_and_those_with_belts_lead_to_them(browser: FlaskClient, path: str) -> None:
    page, belts = browser.get(path).text, browser.get("/belts").text
    places = re.findall(r'<li class="map-place".*?</li>', page, re.DOTALL)
    links = [place for place in places if "<a " in place]
    assert len(places) == 34
    assert all('aria-hidden="true">' in place for place in places if place not in links)
    assert len(links) == 22
    for place in links:
        [province] = re.findall('href="/belts#([^"]+)"', place)
        assert f'id="{province}"' in belts
    [busy] = [place for place in links if 'data-state="busy"' in place]
    assert all(word in busy for word in ("河北", "，7 个产业带", "，1 件好货"))


def test_a_belt_tells_its_story_and_shows_its_factory(browser: FlaskClient) -> None:
    page = browser.get("/belts/qinghe-cashmere").text
    assert "20 世纪 70 年代末" in page
    [card] = re.findall(r'<article class="panel">.*?</article>', page, re.DOTALL)
    assert all(word in card for word in ("魏国强羊绒厂", "执照已核验", "清河羊绒", "1 件", "核验于"))
    english = browser.get("/belts/qinghe-cashmere?lang=en").text
    assert "No cashmere goat" in english
    assert "20 世纪" not in english


def test_belts_with_goods_come_first_and_with_a_picture(browser: FlaskClient) -> None:
    for path in ("/", "/belts"):
        page = browser.get(path).text
        [tile] = re.findall(r'<a class="belt-tile".*?</a>', page, re.DOTALL)
        assert all(word in tile for word in ("/belts/qinghe-cashmere", "<img", "1 件好货"))
        assert page.index("belt-tile") < page.index("belt-name")
    assert re.search(r"<b>1</b>\s*家工厂", browser.get("/").text)


def test_an_empty_belt_leads_to_joining(browser: FlaskClient) -> None:
    page = browser.get("/belts/longquan-celadon").text
    assert "这个产业带还没有工厂入驻" in page
    assert re.search(r'class="btn"\s+href="/join"', page)


def test_home_shows_factories_and_merchants_the_way_in(browser: FlaskClient) -> None:
    page = browser.get("/").text
    assert re.search(r'class="btn"\s+href="/join"', page)
    assert re.search(r'class="btn"\s+href="/join/merchant"', page)
    assert page.count('class="how-picture"') == 3


@pytest.mark.parametrize("path", ["/", "/belts/qinghe-cashmere", "/f/FACTORY", "/goods/LISTING", "/join"])
def test_the_room_of_every_picture_is_kept(browser: FlaskClient, shop: Shop, path: str) -> None:
    factory = re.findall('"/f/([^"]+)"', browser.get("/").text)[0]
    address = path.replace("FACTORY", factory).replace("LISTING", shop.listing.public_id)
    pictures = re.findall("<img [^>]*>", browser.get(address, follow_redirects=True).text)
    assert pictures
    assert [tag for tag in pictures if not re.search(r'width="\d+"\s+height="\d+"', tag)] == []


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 3),
        ("/belts", 2),
        ("/belts/qinghe-cashmere", 4),
        ("/sitemap.xml", 1),
        ("/sitemap-places.xml", 3),
        ("/sitemap-goods-1.xml", 2),
    ],
)
def test_they_ask_few_questions_however_many_belts_there_are(browser: FlaskClient, path: str, most: int) -> None:
    browser.get(path)
    with statements() as asked:
        assert browser.get(path).status_code == 200
    assert len(asked) <= most, asked
