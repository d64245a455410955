"""What search engines are told: one address a page, both languages, data that the page shows, and no desk."""

import json
import re
from html import unescape
from xml.etree import ElementTree as ET

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel.db import session, transaction
from onboarding.accounts.models import Organisation
from onboarding.listings.models import Listing
from tests.storefront.shop import Shop
from tests.support.goods import make_resale

HOME = "http://localhost"
PAGES = [
    "/",
    "/factory-goods",
    "/factory-goods?q=羊绒",
    "/belts",
    "/belts/qinghe-cashmere",
    "/rates",
    "/agreements/factory",
    "/tiers",
    "/join",
]


@pytest.fixture
def robot(app: Flask, shop: Shop) -> FlaskClient:
    return app.test_client()


def addresses(robot: FlaskClient) -> list[str]:
    return [path for part in places(robot, "/sitemap.xml") for path in places(robot, part)]


def places(robot: FlaskClient, path: str) -> list[str]:
    root = ET.fromstring(robot.get(path).text)  # noqa: S314  our own
    return [(found.text or "").removeprefix(HOME) for found in root.findall(".//{*}loc")]


def data(page: str) -> dict[str, object]:
    [told] = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    found: dict[str, object] = json.loads(told)
    return found["@graph"][0] if "@graph" in found else found  # type: ignore[index,return-value]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_names_itself_in_both_languages(robot: FlaskClient, path: str) -> None:
    page = robot.get(path).text
    [canonical] = re.findall(r'<link rel="canonical" href="([^"]+)"', page)
    others = dict(re.findall(r'<link rel="alternate" hreflang="([^"]+)" href="([^"]+)"', page))
    assert others["zh-CN"] == others["x-default"] == canonical
    assert canonical.startswith(HOME + "/")
    english = robot.get(others["en"].replace("&amp;", "&")).text
    assert '<html lang="en">' in english
    assert f'<link rel="canonical" href="{others["en"]}"' in english
    assert len(re.findall('<meta name="description"\\s+content="[^"]{10,}"', page)) == 1


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_how_it_is_shared(robot: FlaskClient, path: str) -> None:
    page = robot.get(path).text
    told = {name: unescape(said) for name, said in re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', page)}
    [title] = re.findall("<title>(.*?)</title>", page, re.DOTALL)
    assert " ".join(unescape(title).split()) == f"{told['title']} · {told['site_name']}"
    assert (told["type"], told["locale"], len(told["description"]) > 10) == ("website", "zh_CN", True)
    assert robot.get(told["image"].removeprefix(HOME)).mimetype == "image/png"
    assert told["url"] == unescape(re.findall(r'<link rel="canonical" href="([^"]+)"', page)[0])


def test_choosing_a_language_outweighs_that_of_an_address(robot: FlaskClient) -> None:
    asked = {"Referer": f"{HOME}/factory-goods?q=x&lang=en"}
    answer = robot.post("/language", data={"lang": "zh"}, headers=asked)
    assert answer.location == "/factory-goods?q=x"
    assert '<html lang="zh-CN">' in robot.get(answer.location).text


def test_the_sitemap_leads_to_pages_that_are_there(robot: FlaskClient, shop: Shop) -> None:
    make_resale(shop.merchant(), shop.listing, price_fen=9_900, supply_price_fen=6_000)
    found = addresses(robot)
    assert {path.split("/")[1] for path in found} == {
        "",
        "factory-goods",
        "agreements",
        "belts",
        "rates",
        "tiers",
        "join",
        "f",
        "m",
        "goods",
    }
    assert {robot.get(path).status_code for path in found} == {200}
    assert "pck_" not in "".join(found)


def test_goods_taken_down_are_off_the_sitemap(robot: FlaskClient, shop: Shop) -> None:
    assert any(shop.listing.public_id in path for path in addresses(robot))
    with transaction():
        session().execute(update(Listing).values(state="archived"))
    assert not any(shop.listing.public_id in path for path in addresses(robot))


def test_goods_are_told_as_data_under_who_sells_them(robot: FlaskClient, shop: Shop) -> None:
    merchant = shop.merchant()
    pick_up = make_resale(merchant, shop.listing, price_fen=9_900, supply_price_fen=6_000)
    slug = session().scalars(select(Organisation.slug).where(Organisation.name == "薄荷小店")).one()
    hers = data(robot.get(f"/m/{slug}/{pick_up.public_id}", follow_redirects=True).text)
    own = data(robot.get(f"/goods/{shop.listing.public_id}", follow_redirects=True).text)
    assert (_seller(hers), _seller(own)) == ("薄荷小店", "魏国强羊绒厂")
    assert (_offer(hers)["price"], _offer(own)["price"]) == ("99.00", "128.00")


def test_no_robot_is_asked_to_a_desk(robot: FlaskClient) -> None:
    closed = re.findall("Disallow: (.+)", robot.get("/robots.txt").text)
    assert {"/ops", "/factory/", "/factory$", "/checkout"} <= set(closed)
    assert not any(path.startswith(place) for path in addresses(robot) for place in closed if not place.endswith("$"))


def test_the_channel_can_stand_on_a_home_screen(robot: FlaskClient) -> None:
    told = json.loads(robot.get("/manifest.webmanifest").text)
    assert told["name"] == "源头"
    assert {robot.get(icon["src"]).status_code for icon in told["icons"]} == {200}


def _offer(goods: dict[str, object]) -> dict[str, dict[str, str]]:
    return goods["offers"]  # type: ignore[return-value]


def _seller(goods: dict[str, object]) -> str:
    return _offer(goods)["seller"]["name"]
