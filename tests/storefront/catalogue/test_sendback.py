"""What can be sent back without a reason: by the kind of goods, never against what the order form takes."""

import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from kernel.db import session, transaction
from onboarding.listings.categories import categories
from onboarding.listings.models import Listing, Sku
from onboarding.terms.operations import promise
from onboarding.terms.rules import Terms
from storefront.catalogue.sendback import PERISHABLE, SEALED, UNWORN, SendBack, send_back
from tests.cast import NOW
from tests.storefront.shop import Shop


def test_the_lists_name_categories_that_there_are() -> None:
    tree = categories()
    known = {*tree, *(f"{top}/{leaf}" for top, found in tree.items() for leaf in found.leaves)}
    assert {*PERISHABLE, *SEALED, *UNWORN} <= known


@pytest.mark.parametrize(
    ("category", "kind"),
    [
        ("生鲜食品/大闸蟹", SendBack.PERISHABLE),
        ("鲜花绿植", SendBack.PERISHABLE),
        ("茶叶/绿茶", SendBack.SEALED),
        ("服饰/内衣内裤", SendBack.SEALED),
        ("服饰/T恤", SendBack.UNWORN),
        ("服饰针织/毛衣", SendBack.UNWORN),
        ("五金/锁具", SendBack.INTACT),
        ("茶叶罐", SendBack.INTACT),
        ("", SendBack.INTACT),
    ],
)
def test_the_kind_of_goods_decides(category: str, kind: SendBack) -> None:
    assert send_back(category, sold_to_order=False) is kind


@pytest.mark.parametrize("category", ["茶叶/绿茶", "生鲜食品", "五金"])
def test_what_is_made_for_one_buyer_outweighs_its_kind(category: str) -> None:
    kind = send_back(category, sold_to_order=True)
    assert (kind, kind.is_free) == (SendBack.MADE_TO_ORDER, False)


@pytest.mark.parametrize(
    ("category", "words", "policy"),
    [
        ("生鲜食品/水果", "不适用七日无理由退货", "MerchantReturnNotPermitted"),
        ("茶叶/绿茶", "拆封后除外", "MerchantReturnFiniteReturnWindow"),
    ],
)
def test_the_page_says_it_to_people_and_to_machines(
    browser: FlaskClient, shop: Shop, category: str, words: str, policy: str
) -> None:
    with transaction():
        session().execute(update(Listing).values(category=category))
    page = browser.get(f"/goods/{shop.listing.public_id}", follow_redirects=True).text
    assert (words in page, policy in page, "第二十五条" in page) == (True, True, True)


def test_goods_made_to_order_say_so_once_their_factory_does(browser: FlaskClient, shop: Shop) -> None:
    home = shop.wei.memberships[0].organisation
    promise(actor=shop.wei, organisation=home, terms=Terms(2, "made_to_order"), now=NOW)
    with transaction():
        session().execute(update(Sku).values(made_to_order=True))
    page = browser.get(f"/goods/{shop.listing.public_id}", follow_redirects=True).text
    assert re.search(r"<summary>接单后定做，不能无理由退货", page)
