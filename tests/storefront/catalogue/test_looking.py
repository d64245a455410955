"""What shoppers look at: the factory goods page, goods, factories, belts; found, counted, and gone when taken down."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from kernel.db import session, transaction
from onboarding.listings.models import Listing
from onboarding.verification.models import Application
from storefront.catalogue.rules import option_chips, selected
from storefront.search.index import Index
from storefront.search.schemas import chosen
from storefront.search.tasks import rebuild
from tests.storefront.shop import Shop
from tests.support.statements import statements


@pytest.fixture
def browser(app: Flask, shop: Shop) -> FlaskClient:
    rebuild(index=app.extensions["ports"].get(Index))
    return app.test_client()


def product_url(shop: Shop) -> str:
    return f"/goods/{shop.listing.public_id}-yang-rong-wei-jin"


@pytest.mark.parametrize("asked", ["羊绒围巾", "yangrong", "yrwj", "围巾", ""])
def test_goods_are_found_by_words_and_by_sound(browser: FlaskClient, shop: Shop, asked: str) -> None:
    page = browser.get("/factory-goods", query_string={"q": asked}).get_data(as_text=True)
    assert product_url(shop) in page
    assert "¥" in page
    assert "魏国强羊绒厂" in page


def test_facets_narrow_and_count_and_their_links_lead_back(browser: FlaskClient, shop: Shop) -> None:
    page = browser.get("/factory-goods?q=围巾&belt=qinghe-cashmere").get_data(as_text=True)
    plain = re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>", "", page, flags=re.DOTALL))
    assert re.search(r'aria-current="true">\s*清河羊绒\s*<span class="chip-count">1</span>', plain)
    assert browser.get("/factory-goods?price=0-1999").get_data(as_text=True).count('class="goods"') == 0
    assert browser.get("/factory-goods?price=10000-19999").get_data(as_text=True).count('class="goods"') == 1


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "sort=up", "price=a-b", "belt=nowhere", "utm_source=x", "q=%27%22(*"]
)
def test_no_address_of_a_search_breaks(browser: FlaskClient, query: str) -> None:
    assert browser.get(f"/factory-goods?{query}").status_code == 200


def test_the_chinese_name_of_the_page_leads_to_it(browser: FlaskClient) -> None:
    answer = browser.get("/工厂货?q=羊绒")
    assert (answer.status_code, answer.headers["Location"]) == (301, "/factory-goods?q=%E7%BE%8A%E7%BB%92")


def test_goods_taken_down_are_gone_from_every_page_at_once(browser: FlaskClient, shop: Shop) -> None:
    with transaction():
        session().execute(update(Listing).values(state="archived"))
    assert browser.get(product_url(shop)).status_code == 404
    assert product_url(shop) not in browser.get("/factory-goods?q=围巾").get_data(as_text=True)
    assert product_url(shop) not in browser.get("/").get_data(as_text=True)


def test_goods_of_a_factory_that_lost_its_approval_are_gone(browser: FlaskClient, shop: Shop) -> None:
    with transaction():
        session().execute(update(Application).values(state="refused", reason="执照过期"))
    assert browser.get(product_url(shop)).status_code == 404
    assert browser.get(f"/f/{shop.wei.memberships[0].organisation}").status_code == 404


def test_a_product_page_puts_its_address_right(browser: FlaskClient, shop: Shop) -> None:
    answer = browser.get(f"/goods/{shop.listing.public_id}-old-name?sku=x")
    assert (answer.status_code, answer.headers["Location"]) == (301, product_url(shop) + "?sku=x")


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/", 3),
        ("/factory-goods?q=围巾", 1),
        ("PRODUCT", 4),
        ("/factory-goods?q=nothing-like-it", 2),
        ("/belts", 2),
        ("/belts/qinghe-cashmere", 4),
    ],
)
def test_pages_ask_few_questions(browser: FlaskClient, shop: Shop, path: str, most: int) -> None:
    address = product_url(shop) if path == "PRODUCT" else path
    browser.get(address)
    with statements() as asked:
        assert browser.get(address).status_code == 200
    assert len(asked) <= most, asked


class Variant:
    """A variant of two options."""

    def __init__(self, color: str, size: str, *, available: bool = True) -> None:
        self.choice = f"sku={color}{size}"
        self.options = {"颜色": color, "尺码": size}
        self.is_available, self.few = available, 0


def test_choosing_an_option_keeps_the_others_as_they_are() -> None:
    variants = [Variant(color, size) for color in ("驼", "黑") for size in ("S", "M")]
    chips = dict(option_chips(variants, variants[1], "/goods/x"))
    assert [chip.url for chip in chips["颜色"]] == ["/goods/x?sku=驼M", "/goods/x?sku=黑M"]
    assert [chip.is_on for chip in chips["尺码"]] == [False, True]


def test_the_first_that_can_be_bought_is_shown_first() -> None:
    gone, there = Variant("驼", "S", available=False), Variant("黑", "S")
    assert selected([gone, there], "") is there
    assert selected([gone, there], "sku=驼S") is gone


def test_a_choice_and_its_address_are_the_same() -> None:
    choice = chosen({"q": ["围巾"], "belt": ["a", "b"], "price": ["0-1999"], "sort": ["-price"], "page": ["2"]})
    assert choice.toggled("belts", "a") == "/factory-goods?q=%E5%9B%B4%E5%B7%BE&belt=b&price=0-1999&sort=-price"
    assert chosen({"page": ["2"]}).url(page=2) == "/factory-goods?page=2"


@pytest.mark.parametrize(("code", "shown"), [("HM-2024", True), ("全国第一羊绒衫", False)])
def test_a_code_made_of_a_title_is_read_by_nobody(browser: FlaskClient, shop: Shop, code: str, *, shown: bool) -> None:
    with transaction():
        session().execute(update(Listing).values(code=code))
    page = browser.get(product_url(shop)).text
    assert (code in page, "图片是示意图" in page) == (shown, True)
