"""Photographs of goods wherever goods are shown: in lists, on their page, in a merchant's shop, in orders."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from kernel.permissions import SYSTEM
from onboarding.accounts.models import Organisation
from onboarding.pictures.models import ListingPicture
from onboarding.pictures.operations import remove, show_waiting
from storefront.orders.queries import checkout_of
from tests.cast import NOW
from tests.storefront.conftest import browser_of
from tests.storefront.shop import Shop
from tests.support.goods import make_merchant, make_resale
from tests.support.pictures import jpeg, made
from tests.support.statements import statements


@pytest.fixture
def photographs(shop: Shop) -> list[ListingPicture]:
    """Two of Wei's scarf, the second made by AI, on show; a third waits."""
    two = [made(shop.app, shop.wei, shop.listing.public_id, jpeg(seed), by_ai=seed == 2) for seed in (1, 2)]
    show_waiting(actor=SYSTEM, listing=shop.listing.public_id, now=NOW)
    return [*two, made(shop.app, shop.wei, shop.listing.public_id, jpeg(3))]


def read(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path, follow_redirects=True)
    assert answer.status_code == 200
    return answer.text


def test_the_page_of_goods_shows_all_that_may_be_seen(
    browser: FlaskClient, shop: Shop, photographs: list[ListingPicture]
) -> None:
    page = read(browser, f"/goods/{shop.listing.public_id}")
    first, second, waiting = photographs
    assert page.count('class="gallery-look"') == page.count('class="gallery-thumb"') == 2
    assert (page.count('fetchpriority="high"'), waiting.public_id in page) == (1, False)
    assert f'srcset="{first.look.srcset()}"' in page
    assert f'type="image/avif" srcset="{first.look.srcset("avif")}"' in page
    assert 'alt="羊绒围巾（AI 生成）"' in page
    assert re.search(rf'property="og:image" content="http[^"]+{first.address}"', page)
    assert (second.look.by_ai, "示意图" in page) == (True, False)


def test_lists_show_the_main_one_with_its_room_reserved(
    browser: FlaskClient, shop: Shop, photographs: list[ListingPicture]
) -> None:
    for path in ("/", "/factory-goods", f"/goods/{shop.listing.public_id}"):
        page = read(browser, path)
        assert photographs[0].address in page, path
        assert all('width="' in one and 'height="' in one for one in re.findall(r"<img [^>]*photo[^>]*>", page))


def test_photographs_cost_the_page_of_goods_one_question(
    browser: FlaskClient, shop: Shop, photographs: list[ListingPicture]
) -> None:
    address = browser.get(f"/goods/{shop.listing.public_id}").headers["Location"]
    main = photographs[0].address
    for path, most in ((address, 5), ("/", 3)):
        browser.get(path)
        with statements() as asked:
            assert main in read(browser, path)
        assert len(asked) <= most, (path, asked)


def test_a_merchants_shop_shows_them_under_her_own_words(
    browser: FlaskClient, shop: Shop, photographs: list[ListingPicture]
) -> None:
    held = make_resale(make_merchant(), shop.listing)
    page = read(browser, f"/m/{_slug()}/{held.public_id}")
    assert photographs[0].address in page
    assert photographs[2].public_id not in page


def test_an_order_keeps_the_picture_that_was_shown(shop: Shop, photographs: list[ListingPicture]) -> None:
    main = photographs[0]
    payment = shop.order({shop.offers[0]: 1})
    remove(actor=shop.wei, listing=shop.listing.public_id, picture=main.public_id, now=NOW)
    [order] = checkout_of(shop.buyer, payment).orders
    assert [line.image for line in order.lines] == [main.address]
    browser = browser_of(shop.app, shop.buyer)
    assert browser.get(main.address).status_code == 200
    assert main.address in read(browser, f"/orders/{order.public_id}")


def _slug() -> str:
    return session().scalars(select(Organisation.slug).where(Organisation.kind == "merchant")).one()
