"""Who else sells the goods of a factory, as the factory's page says it."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel.db import session, transaction
from onboarding.accounts.models import Organisation
from onboarding.listings.models import WayOfSelling
from onboarding.offers.models import Offer, PickUp
from onboarding.verification.models import Application
from tests.cast import FANG
from tests.storefront.shop import Shop
from tests.support.goods import make_merchant, make_resale
from tests.support.statements import statements


@pytest.fixture
def held(shop: Shop) -> PickUp:
    return make_resale(make_merchant(name="薄荷小店"), shop.listing, price_fen=15_900)


def goods_of(browser: FlaskClient, shop: Shop) -> str:
    return browser.get(f"/goods/{shop.listing.public_id}-yang-rong-wei-jin").text


def test_the_factorys_page_names_the_shops_the_cheapest_first(browser: FlaskClient, shop: Shop, held: PickUp) -> None:
    cheap = make_resale(make_merchant(FANG, name="便宜小店"), shop.listing, price_fen=9_900)
    page = goods_of(browser, shop)
    assert "另有 2 家店也在卖这件商品" in page
    assert page.index('id="shops"') < page.index("便宜小店") < page.index("薄荷小店")
    links = re.findall(r'class="product-shop" href="([^"]+)"', page)
    assert [held.public_id in link for link in links] == [False, True]
    assert cheap.public_id in links[0]
    assert [browser.get(link).status_code for link in links] == [200, 200]  # in full: nothing is led on


def keep_copies(shop: Shop) -> None:
    """The factory keeps what merchants resell to their own shops."""
    with transaction():
        session().add(WayOfSelling(listing_id=shop.listing.id, way="supply", min_quantity=1, resold_shown=False))


def test_a_factory_that_keeps_copies_to_their_shops_names_none(browser: FlaskClient, shop: Shop, held: PickUp) -> None:
    assert "薄荷小店" in goods_of(browser, shop)
    keep_copies(shop)
    page = goods_of(browser, shop)
    assert ("薄荷小店" in page, "家店" in page) == (False, False)


def test_nor_does_its_own_shop_count_them(browser: FlaskClient, shop: Shop, held: PickUp) -> None:
    [home] = set(re.findall(r'href="(/f/[^"/]+)"', goods_of(browser, shop)))
    assert "另有 1 家店在卖" in browser.get(home).text
    keep_copies(shop)
    assert "家店在卖" not in browser.get(home).text


def test_copies_that_are_kept_stand_in_their_own_shops(browser: FlaskClient, shop: Shop, held: PickUp) -> None:
    keep_copies(shop)
    [slug] = session().scalars(select(Organisation.slug).where(Organisation.id == held.organisation_id))
    assert held.public_id in browser.get(f"/m/{slug}").text


def test_a_shop_that_may_not_trade_is_not_named(browser: FlaskClient, shop: Shop, held: PickUp) -> None:
    make_resale(make_merchant(FANG, name="便宜小店"), shop.listing, price_fen=9_900)
    with transaction():
        hers = update(Application).where(Application.organisation_id == held.organisation_id)
        session().execute(hers.values(state="suspended", reason="停用"))
    page = goods_of(browser, shop)
    assert ("便宜小店" in page, "薄荷小店" in page) == (True, False)


def test_a_shop_whose_offers_are_off_is_not_named(browser: FlaskClient, shop: Shop, held: PickUp) -> None:
    with transaction():
        session().execute(update(Offer).where(Offer.pick_up_id == held.id).values(state="off"))
    assert "薄荷小店" not in goods_of(browser, shop)


def test_only_goods_that_others_sell_ask_who(browser: FlaskClient, shop: Shop) -> None:
    counts = []
    for resold in (False, True):
        if resold:
            make_resale(make_merchant(), shop.listing)
        goods_of(browser, shop)
        with statements() as asked:
            goods_of(browser, shop)
        counts.append(sum("FROM offers JOIN pick_ups" in " ".join(one.split()) for one in asked))
    assert counts == [0, 1]
