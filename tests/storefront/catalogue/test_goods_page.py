"""The page of goods: stock by variant, sums, when it arrives, what a merchant pays, pictures, what machines read."""

import json
import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import update

from kernel.db import session, transaction
from kernel.permissions import Actor
from onboarding.listings.models import Listing, Sku, SupplyTier, WayOfSelling
from onboarding.offers.models import Offer
from onboarding.terms.operations import promise
from onboarding.terms.rules import Terms
from storefront.catalogue.rules import Quote, option_chips, quote
from tests.cast import FANG, NOW
from tests.storefront.conftest import browser_of
from tests.storefront.shop import Shop
from tests.support.goods import make_factory, make_merchant
from tests.support.merchants import admit

LADDER = ((10, 5_500), (50, 5_000))
ladders = st.lists(st.tuples(st.integers(1, 500), st.integers(1, 9_999)), max_size=4, unique_by=(lambda rung: rung[0],))


def address(shop: Shop) -> str:
    return f"/goods/{shop.listing.public_id}-yang-rong-wei-jin"


def read(browser: FlaskClient, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def graph(page: str) -> dict[str, Any]:
    [told] = re.findall(r'<script type="application/ld\+json"[^>]*>(.*?)</script>', page, re.DOTALL)
    return {node["@type"]: node for node in json.loads(told)["@graph"]}


@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        (1, Quote(1, 6_000, 9, 5_500)),
        (9, Quote(9, 6_000, 1, 5_500)),
        (10, Quote(10, 5_500, 40, 5_000)),
        (50, Quote(50, 5_000)),
        (1_000_000, Quote(1_000_000, 5_000)),
    ],
)
def test_the_ladder_in_figures(pieces: int, told: Quote) -> None:
    assert quote(6_000, LADDER, pieces) == told
    assert told.total_fen == told.pieces * told.unit_fen


@given(single=st.integers(1, 9_999), rungs=ladders, pieces=st.integers(1, 600))
def test_more_pieces_never_cost_more_each(single: int, rungs: list[tuple[int, int]], pieces: int) -> None:
    ladder = sorted(rungs)
    now, then = quote(single, ladder, pieces), quote(single, ladder, pieces + 1)
    assert then.unit_fen <= now.unit_fen <= single
    if now.more:
        assert quote(single, ladder, pieces + now.more).unit_fen == now.next_fen < now.unit_fen


class Variant:
    """A variant of two options."""

    def __init__(self, color: str, size: str) -> None:
        self.choice, self.options, self.is_available, self.few = (
            f"sku={color}{size}",
            {"颜色": color, "尺码": size},
            True,
            0,
        )


def test_a_combination_that_is_not_there_is_told() -> None:
    variants = [Variant("驼", "S"), Variant("驼", "M"), Variant("黑", "M")]
    chips = dict(option_chips(variants, variants[0], "/goods/x"))
    assert [(chip.label, chip.fits, chip.url[-2:]) for chip in chips["颜色"]] == [
        ("驼", True, "驼S"),
        ("黑", False, "黑M"),
    ]
    assert [chip.fits for chip in chips["尺码"]] == [True, True]


def test_each_variant_says_its_own_stock_and_sum(browser: FlaskClient, shop: Shop) -> None:
    first, second = shop.listing.skus
    with transaction():
        session().execute(update(Sku).where(Sku.id == second.id).values(on_hand=3))
        session().execute(update(Offer).where(Offer.sku_id == second.id).values(price_fen=9_950))
    one, other = (read(browser, f"{address(shop)}?sku={sku.public_id}") for sku in (first, second))
    assert ("现货 10 件" in one, "合计 ¥128.00" in one) == (True, True)
    assert ("只剩 3 件" in other, "合计 ¥99.50" in other, 'data-unit="9950"' in other) == (True, True, True)


def test_it_arrives_where_she_has_parcels_sent(browser: FlaskClient, shop: Shop) -> None:
    home = shop.wei.memberships[0].organisation
    promise(actor=shop.wei, organisation=home, terms=Terms(2, "seven_days"), now=NOW)
    assert "选好省份" in read(browser, address(shop))
    sent = browser.post("/delivery-province", data={"province": "65", "back": address(shop)})
    assert (sent.status_code, sent.location) == (303, address(shop))
    page = read(browser, address(shop))
    assert ("预计 5–10 天送达" in page, "付款后 2 天内发货" in page) == (True, True)
    assert '<option value="65" selected>' in page
    browser.post("/delivery-province", data={"province": "", "back": "https://evil.example/"})
    assert "选好省份" in read(browser, address(shop))


@pytest.mark.parametrize("data", [{}, {"province": "71"}, {"province": "x" * 9_999}, {"province": "\0"}])
def test_no_province_is_taken_that_nobody_sends_to(browser: FlaskClient, shop: Shop, data: dict[str, str]) -> None:
    sent = browser.post("/delivery-province", data={**data, "back": "//evil.example"})
    assert (sent.status_code, sent.location) == (303, "/")
    assert "预计" not in read(browser, address(shop))


def _supplied(shop: Shop, merchant: Actor) -> str:
    """The page as a merchant sees it whom the factory admitted: 60.00 apiece, less by the ladder."""
    admit(shop.wei, merchant)
    way = {"way": "supply", "min_quantity": 1, "drop_ship_price_fen": 6_000}
    with transaction():
        session().add(WayOfSelling(listing_id=shop.listing.id, **way))
        for least, fen in LADDER:
            session().add(SupplyTier(listing_id=shop.listing.id, min_quantity=least, unit_price_fen=fen))
    return read(browser_of(shop.app, merchant), f"{address(shop)}?pieces=10")


def test_a_merchant_who_was_admitted_reads_her_price(shop: Shop, bo: Actor) -> None:
    page = _supplied(shop, bo)
    assert all(word in page for word in ("您的供货价", "单价 ¥55.00，合计 ¥550.00", "再加 40 件，单价降到 ¥50.00"))
    assert json.loads(unescape(re.findall('data-ladder="([^"]+)"', page)[0])) == [list(rung) for rung in LADDER]


def test_nobody_else_reads_it(browser: FlaskClient, shop: Shop, bo: Actor, app: Flask) -> None:
    _supplied(shop, bo)
    other = browser_of(app, make_merchant(FANG, name="别家"))
    for one in (browser, app.test_client(), other, browser_of(app, shop.wei)):
        page = read(one, f"{address(shop)}?pieces=10")
        assert not any(word in page for word in ("供货价", "data-ladder", "¥55.00", "5500"))


@pytest.mark.parametrize("pieces", ["0", "-5", "x", "1" * 30, "１０", "%00"])
def test_any_number_of_pieces_is_answered(shop: Shop, bo: Actor, pieces: str) -> None:
    _supplied(shop, bo)
    status = browser_of(shop.app, bo).get(f"{address(shop)}?pieces={pieces}").status_code
    assert status in {200, 400}


def test_a_picture_leads_to_its_largest_without_script(browser: FlaskClient, shop: Shop) -> None:
    page = read(browser, address(shop))
    links = re.findall(r'class="gallery-open" href="([^"]+)"', page)
    assert len(links) == 3
    assert {browser.get(link.partition("#")[0]).status_code for link in links} == {200}
    assert re.search(r"<dialog class=\"zoom\" aria-label", page)


def test_machines_read_goods_offers_and_the_way_there(browser: FlaskClient, shop: Shop) -> None:
    nodes = graph(browser.get(address(shop)).text)
    goods, crumbs = nodes["Product"], nodes["BreadcrumbList"]["itemListElement"]
    assert (goods["offers"]["@type"], goods["offers"]["price"]) == ("Offer", "128.00")
    assert goods["offers"]["availability"].endswith("/InStock")
    assert all(image.startswith("http://localhost/") and "#" not in image for image in goods["image"])
    assert [one["position"] for one in crumbs] == [1, 2, 3]
    assert [("item" in one) for one in crumbs] == [True, True, False]


def test_several_prices_are_told_from_the_lowest_to_the_highest(browser: FlaskClient, shop: Shop) -> None:
    with transaction():
        session().execute(update(Offer).where(Offer.sku_id == shop.skus[1]).values(price_fen=9_950))
    offers = graph(browser.get(address(shop)).text)["Product"]["offers"]
    assert (offers["@type"], offers["lowPrice"], offers["highPrice"]) == ("AggregateOffer", "99.50", "128.00")
    assert (offers["offerCount"], "price" in offers) == (2, False)


def test_sold_out_is_sold_out_for_machines_too(browser: FlaskClient, shop: Shop) -> None:
    with transaction():
        session().execute(update(Sku).values(on_hand=0))
    assert graph(browser.get(address(shop)).text)["Product"]["offers"]["availability"].endswith("/OutOfStock")


def test_a_chat_is_told_that_these_are_goods(browser: FlaskClient, shop: Shop) -> None:
    told = dict(re.findall(r'<meta property="([a-z:]+)" content="([^"]*)"', browser.get(address(shop)).text))
    assert (told["og:type"], told["product:price:amount"]) == ("product", "128.00")
    assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")


def test_others_of_the_kind_stand_beside_it_and_those_taken_down_do_not(browser: FlaskClient, shop: Shop) -> None:
    other = shop.put_on_sale(make_factory(FANG))
    mine = shop.put_on_sale(shop.wei)
    rows = dict(
        re.findall(r'<section class="section" aria-labelledby="(\w+)">(.*?)</section>', read(browser, address(shop)))
    )
    assert (mine.public_id in rows["more"], other.public_id in rows["more"]) == (True, False)
    assert (mine.public_id in rows["beside"], other.public_id in rows["beside"]) == (False, True)
    with transaction():
        session().execute(update(Listing).where(Listing.id.in_([other.id, mine.id])).values(state="archived"))
    assert not {"more", "beside"} & set(re.findall('aria-labelledby="(\\w+)"', read(browser, address(shop))))
