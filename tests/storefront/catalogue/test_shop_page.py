"""A factory's shop: its categories, its search, its order, its pages; few questions however much it sells."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from kernel.db import session, transaction
from onboarding.accounts.models import Organisation
from onboarding.listings.models import Listing
from onboarding.offers.models import Offer
from storefront.catalogue.schemas import ShopChoice
from tests.storefront.shop import Shop
from tests.support.statements import statements

GOODS = (
    ("羊绒围巾", "服饰针织/围巾披肩", 12_800),
    ("羊绒手套", "服饰针织/手套", 5_900),
    ("100%棉T恤", "服饰/T恤", 3_900),
)


@pytest.fixture
def home(shop: Shop) -> str:
    """Wei's shop with three kinds of goods."""
    listings = [shop.listing, shop.put_on_sale(shop.wei), shop.put_on_sale(shop.wei)]
    with transaction():
        for listing, (title, category, fen) in zip(listings, GOODS, strict=True):
            session().execute(update(Listing).where(Listing.id == listing.id).values(title=title, category=category))
            session().execute(update(Offer).where(Offer.listing_id == listing.id).values(price_fen=fen))
    slug = session().get_one(Organisation, shop.listing.organisation_id).slug
    return f"/f/{slug}"


def titles(browser: FlaskClient, path: str) -> list[str]:
    answer = browser.get(path)
    assert answer.status_code == 200
    return re.findall(r'class="goods-link" href="/goods/[^"]+" lang="zh-CN">([^<]+)<', answer.text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["100%棉T恤", "羊绒手套", "羊绒围巾"]),
        ("?sort=price", ["100%棉T恤", "羊绒手套", "羊绒围巾"]),
        ("?sort=-price", ["羊绒围巾", "羊绒手套", "100%棉T恤"]),
        ("?q=羊绒", ["羊绒手套", "羊绒围巾"]),
        ("?q=羊绒 手套", ["羊绒手套"]),
        ("?q=t恤", ["100%棉T恤"]),
        ("?q=100%25", ["100%棉T恤"]),
        ("?q=_", []),
        ("?category=服饰针织", ["羊绒手套", "羊绒围巾"]),
        ("?category=服饰针织/手套", ["羊绒手套"]),
        ("?category=服饰针织&q=T恤", []),
        ("?category=没有", []),
        ("?page=2", []),
    ],
)
def test_goods_are_found_by_what_she_asks_for(browser: FlaskClient, home: str, query: str, found: list[str]) -> None:
    assert titles(browser, home + query) == found


def test_categories_count_what_was_found_and_open(browser: FlaskClient, home: str) -> None:
    links = r'<a class="chip"\s+href="([^"]+)"[^>]*>\s*([^<]+?)\s*<span class="chip-count">(\d+)'
    chips = {label: (href, int(count)) for href, label, count in re.findall(links, browser.get(home).text)}
    assert {label: count for label, (_href, count) in chips.items()} == {"服饰针织": 2, "服饰": 1}
    opened = browser.get(chips["服饰针织"][0]).text
    assert {label for _href, label, _count in re.findall(links, opened)} == {"服饰针织", "服饰", "手套", "围巾披肩"}


def test_a_long_shop_has_pages(browser: FlaskClient, home: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("shelves", "views"):
        monkeypatch.setattr(f"storefront.catalogue.{place}.PER_PAGE", 2)
    first, second = browser.get(f"{home}?sort=price").text, browser.get(f"{home}?sort=price&page=2").text
    assert f'rel="next"\n                          href="{home}?sort=price&amp;page=2"' in first or "page=2" in first
    assert ("page=3" in second, titles(browser, f"{home}?sort=price&page=2")) == (False, ["羊绒围巾"])


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=99999999999999999999", "sort=up", "q=%00", "q=%27%22(*%5C", "category=%2e"]
)
def test_no_address_of_a_shop_breaks(browser: FlaskClient, home: str, query: str) -> None:
    assert browser.get(f"{home}?{query}").status_code in {200, 400}


def test_a_choice_and_its_address_are_the_same() -> None:
    choice = ShopChoice.read("/f/x", {"q": " 羊绒 ", "sort": "price", "page": "3", "utm": "x"})
    assert (choice.url(page=3), choice.url(q="")) == (
        "/f/x?q=%E7%BE%8A%E7%BB%92&sort=price&page=3",
        "/f/x?sort=price",
    )


def test_the_shop_counts_its_goods_whatever_was_asked_for(browser: FlaskClient, home: str) -> None:
    for query in ("", "?q=手套"):
        assert "<b>3 件好货</b>" in re.sub(r"\s+", " ", browser.get(home + query).text)


def test_a_shop_asks_three_questions_however_much_it_sells(browser: FlaskClient, shop: Shop, home: str) -> None:
    for path in (home, f"{home}?q=羊绒&category=服饰针织&sort=price"):
        browser.get(path)
        with statements() as asked:
            browser.get(path)
        assert len(asked) <= 3, asked
        shop.put_on_sale(shop.wei)


def test_what_was_searched_in_a_shop_is_not_for_search_engines(browser: FlaskClient, home: str) -> None:
    assert 'content="noindex' not in browser.get(f"{home}?category=服饰针织").text
    assert 'content="noindex' in browser.get(f"{home}?q=羊绒").text
