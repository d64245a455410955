"""What a page costs does not grow with the channel: slices, pages, counts that are kept a minute."""

import pytest
from flask import Flask
from sqlalchemy import select

from kernel.db import session
from kernel.permissions import SYSTEM
from onboarding.accounts.models import Organisation
from onboarding.belts.operations import load_belts
from onboarding.listings.takedowns import take_down
from onboarding.offers.operations import open_own_offers
from storefront import sitemap
from storefront.catalogue import kept, queries, views
from storefront.catalogue.kept import Kept
from storefront.catalogue.schemas import ShopChoice
from storefront.catalogue.shelves import shop_shelf
from tests.cast import NOW, YU
from tests.storefront.shop import Shop
from tests.support.goods import make_factory, make_listing
from tests.support.statements import statements


def test_an_answer_is_kept_for_its_time_and_as_long_as_it_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(kept.time, "monotonic", lambda: clock[0])
    answers = iter(range(9))
    held = Kept(60, most=2)
    assert [held.get("a", lambda: next(answers)) for _ in range(2)] == [0, 0]
    assert held.get("a", lambda: next(answers), holds=lambda _found: False) == 1
    clock[0] = 60
    assert held.get("a", lambda: next(answers)) == 2
    assert [held.get(key, lambda: next(answers)) for key in "bc"] == [3, 4]
    assert held.get("a", lambda: next(answers)) == 5
    assert [Kept(0).get("a", lambda: next(answers)) for _ in range(2)] == [6, 7]


def test_pictures_of_belts_are_asked_for_again_once_goods_are_gone(shop: Shop) -> None:
    load_belts(actor=SYSTEM, now=NOW)
    held = Kept()
    assert held.get("belts", queries.belt_shelves, holds=queries.still_shown).keys() == {"qinghe-cashmere"}
    with statements() as asked:
        held.get("belts", queries.belt_shelves, holds=queries.still_shown)
    assert len(asked) == 1
    take_down(
        actor=SYSTEM, listing=shop.listing.public_id, reason_code="other", told="不能卖的商品", internal="", now=NOW
    )
    assert held.get("belts", queries.belt_shelves, holds=queries.still_shown) == {}


def test_a_shop_counts_its_kinds_once_a_minute_and_shows_what_is_sold_now(shop: Shop) -> None:
    factory = session().scalars(select(Organisation.public_id).where(Organisation.kind == "factory")).one()
    held, choice = Kept(), ShopChoice(path="/f/x")
    before = shop_shelf(factory, choice, kept=held, now=NOW)
    with statements() as asked:
        assert shop_shelf(factory, choice, kept=held, now=NOW) == before
    assert (len(asked), before.found, len(before.cards)) == (1, 1, 1)
    take_down(
        actor=SYSTEM, listing=shop.listing.public_id, reason_code="other", told="不能卖的商品", internal="", now=NOW
    )
    assert shop_shelf(factory, choice, kept=held, now=NOW).cards == ()


def test_a_shop_shows_its_first_goods_at_once(app: Flask) -> None:
    factory, held, choice = make_factory(), Kept(), ShopChoice(path="/f/x")
    name = factory.memberships[0].organisation
    assert shop_shelf(name, choice, kept=held, now=NOW).found == 0
    listing = make_listing(factory)
    open_own_offers(actor=SYSTEM, listing=listing.public_id, now=NOW)
    assert len(shop_shelf(name, choice, kept=held, now=NOW).cards) == 1


def test_a_belt_shows_its_factories_page_by_page(app: Flask, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert shop.listing
    make_factory(YU)
    monkeypatch.setattr(views, "_FACTORIES", 1)
    browser = app.test_client()
    first, second = (browser.get(f"/belts/qinghe-cashmere?page={number}").text for number in (1, 2))
    assert "2 家工厂" in first
    assert first.count('class="panel"') == second.count('class="panel"') == 1
    assert "?page=2" in first
    assert "?page=2" not in second
    assert browser.get("/belts/qinghe-cashmere?page=99").status_code == 200


def test_a_map_of_goods_holds_a_slice_of_them(app: Flask, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemap, "_SLICE", 1)
    last = shop.listing.id
    browser = app.test_client()
    assert browser.get("/sitemap.xml").text.count("/sitemap-goods-") == last
    assert shop.listing.public_id in browser.get(f"/sitemap-goods-{last}.xml").text
    assert browser.get(f"/sitemap-goods-{last + 1}.xml").status_code == 404
