"""A factory's face, one glance away: on its goods, its cards and its page; and goods looked at from nearby."""

import re
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel.clock import SystemClock, business_date
from kernel.db import session
from onboarding.accounts.models import Organisation
from onboarding.closings.operations import reopen, rest
from onboarding.terms.operations import promise
from onboarding.terms.rules import Terms
from onboarding.verification.operations import describe
from onboarding.verification.rules import Told
from storefront.catalogue.rules import looks, mixed
from storefront.search.index import Index
from storefront.search.tasks import rebuild
from tests.cast import NOW
from tests.storefront.shop import Shop
from tests.support.goods import make_resale

TOLD = Told(founded=2009, people=86, capacity="1.2 万件", makes="羊绒衫、围巾")


@pytest.fixture
def browser(app: Flask, shop: Shop) -> FlaskClient:
    describe(actor=shop.wei, told=TOLD, now=NOW)
    rebuild(index=app.extensions["ports"].get(Index))
    return app.test_client()


def read(browser: FlaskClient, path: str) -> str:
    return re.sub(r"\s+", " ", browser.get(path, follow_redirects=True).text)


def test_the_page_of_goods_and_of_the_factory_say_what_it_tells(browser: FlaskClient, shop: Shop) -> None:
    goods = read(browser, f"/goods/{shop.listing.public_id}")
    [home] = set(re.findall(r'href="(/f/[^"/]+)"', goods))
    for page in (goods, read(browser, home), read(browser, "/belts/qinghe-cashmere")):
        assert all(word in page for word in ("2009 年，已", "1.2 万件", "86 人", "羊绒衫、围巾", "资料已核验"))
    assert "由工厂自己填写" in read(browser, home)


def test_a_card_says_for_how_many_years(browser: FlaskClient) -> None:
    years = business_date(SystemClock().now()).year - 2009
    for path in ("/", "/factory-goods?q=围巾", "/belts/qinghe-cashmere"):
        assert f"清河羊绒</span> <span>建厂 {years} 年</span>" in read(browser, path)
    assert f"<span>Founded {years} years ago</span>" in read(browser, "/factory-goods?lang=en")


def test_a_merchants_pages_say_nothing_of_it(browser: FlaskClient, shop: Shop) -> None:
    pick_up = make_resale(shop.merchant(), shop.listing, price_fen=9_900, supply_price_fen=6_000)
    sitemap = browser.get("/sitemap-places.xml").text
    [shop_page] = re.findall(r"http://localhost(/m/[^<]+)", sitemap)
    for page in (read(browser, shop_page), read(browser, f"{shop_page}/{pick_up.public_id}")):
        assert not any(word in page for word in ("2009", "1.2 万件", "86 人", "羊绒衫、围巾", "清河"))


def test_who_tells_nothing_shows_nothing(browser: FlaskClient, shop: Shop) -> None:
    describe(actor=shop.wei, told=Told(), now=NOW)
    page = read(browser, f"/goods/{shop.listing.public_id}")
    assert not any(word in page for word in ("建厂", "月产", "工人"))


def test_a_drawn_picture_is_also_seen_from_nearby(browser: FlaskClient, shop: Shop) -> None:
    whole, *nearby = [path for path, _word in looks("img/goods/scarf.svg")]
    assert (whole, len(nearby), all("#svgView(viewBox(" in path for path in nearby)) == ("img/goods/scarf.svg", 2, True)
    page = read(browser, f"/goods/{shop.listing.public_id}")
    assert page.count('class="gallery-look"') == page.count('class="gallery-thumb"') == 3
    assert page.count('fetchpriority="high"') == 1


@dataclass
class Offered:
    """A card."""

    seller: str
    number: int


def test_no_seller_fills_the_new_goods_alone() -> None:
    cards = [Offered(seller, number) for number, seller in enumerate("aaaaabbc")]
    assert [card.number for card in mixed(cards, limit=6)] == [0, 1, 2, 5, 6, 7]
    assert [card.number for card in mixed(cards[:5], limit=4)] == [0, 1, 2, 3]


def test_goods_of_a_factory_that_rests_stand_there_and_cannot_be_taken(browser: FlaskClient, shop: Shop) -> None:
    now = SystemClock().now()
    until = business_date(now) + timedelta(days=4)
    pick_up = make_resale(shop.merchant(), shop.listing, price_fen=9_900, supply_price_fen=6_000)
    home = shop.wei.memberships[0].organisation
    rest(actor=shop.wei, organisation=home, until=until, words="春节放假", now=now)
    goods = read(browser, f"/goods/{shop.listing.public_id}")
    assert "工厂休息" in goods
    assert "春节放假" in goods
    [face] = set(re.findall(r'href="(/f/[^"/]+)"', goods))
    assert "工厂休息" in read(browser, face)
    assert re.search(r"<button[^>]* disabled[^>]*>\s*(<span[^>]*>)?\s*暂停发货", goods)
    assert "休息，" in read(browser, "/factory-goods?q=围巾")
    resold = read(browser, f"/m/{session().get_one(Organisation, pick_up.organisation_id).slug}/{pick_up.public_id}")
    assert "暂停发货" in resold
    assert "春节放假" not in resold
    assert "工厂休息" not in resold
    reopen(actor=shop.wei, organisation=home, now=now)
    assert "暂停发货" not in read(browser, f"/goods/{shop.listing.public_id}")


def test_goods_say_in_how_many_days_they_ship_once_their_factory_did(browser: FlaskClient, shop: Shop) -> None:
    address = f"/goods/{shop.listing.public_id}"
    assert "天内发货" not in read(browser, address)
    home = shop.wei.memberships[0].organisation
    promise(actor=shop.wei, organisation=home, terms=Terms(2, "made_to_order"), now=NOW)
    goods = read(browser, address)
    assert "付款后 2 天内发货" in goods
    assert "签收后 7 天可退" in goods  # in stock, so it can be sent back
