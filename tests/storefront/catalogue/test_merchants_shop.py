"""A merchant's shop: her name and prices, goods that can be bought, and nothing of the factories behind them."""

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.outbox import publish
from kernel.permissions import SYSTEM, Actor
from kernel.work import drain
from onboarding.accounts.models import Organisation
from onboarding.belts.models import Belt
from onboarding.listings.models import Listing, Sku
from onboarding.offers.facts import OffersChanged
from onboarding.offers.models import Offer, PickUp
from onboarding.verification.models import Application
from storefront.jobs import PLAN
from storefront.search.index import Index
from storefront.search.rules import blind
from storefront.search.tasks import rebuild
from tests.cast import FANG, NOW
from tests.storefront.conftest import browser_of
from tests.storefront.shop import Shop
from tests.support.goods import make_merchant, make_resale
from tests.support.statements import statements

SUPPLY_FEN = 8_137  # an amount that stands nowhere else


@pytest.fixture
def merchant(shop: Shop) -> Actor:
    return make_merchant(name="薄荷小店")


@pytest.fixture
def held(shop: Shop, merchant: Actor) -> PickUp:
    """What Bo resells of Wei's, whose sheet says who made it."""
    _set(Listing, attributes={"材质": "羊绒", "供应商名称": "清河老魏", "里料": "清河县纺织", "成本价": "60"})
    return make_resale(merchant, shop.listing, price_fen=15_900, supply_price_fen=SUPPLY_FEN)


@pytest.fixture
def browser(app: Flask, held: PickUp) -> FlaskClient:
    rebuild(index=app.extensions["ports"].get(Index))
    return app.test_client()


def _set(table: type, where: object = None, **values: object) -> None:
    with transaction():
        query = update(table) if where is None else update(table).where(where)  # type: ignore[arg-type]
        session().execute(query.values(**values))


def _close_own(app: Flask) -> None:
    _set(Offer, Offer.kind == "own", state="off")
    rebuild(index=app.extensions["ports"].get(Index))


def home_of(merchant: Actor) -> str:
    slug = select(Organisation.slug).where(Organisation.id == merchant.memberships[0].organisation_id)
    return f"/m/{session().scalars(slug).one()}"


def page_of(merchant: Actor, held: PickUp) -> str:
    return f"{home_of(merchant)}/{held.public_id}-yang-rong-wei-jin"


def offers_of(held: PickUp) -> list[str]:
    return list(session().scalars(select(Offer.public_id).where(Offer.pick_up_id == held.id).order_by(Offer.id)))


def traces_of_the_factory() -> list[str]:
    """Every word and id by which the goods of this shop could be traced to who makes them."""
    belt = session().scalars(select(Belt)).one()
    factory, uscc = (
        session()
        .execute(select(Organisation, Application.uscc).join(Application).where(Application.kind == "factory"))
        .one()
    )
    words = [factory.name, factory.slug, factory.public_id, uscc, belt.slug, belt.name_zh, belt.name_en, "清河"]
    ids = [*session().scalars(select(Listing.public_id)), *session().scalars(select(Sku.public_id))]
    codes = [f">{code}<" for code in session().scalars(select(Listing.code))]
    own = session().scalars(select(Offer.public_id).where(Offer.kind == "own"))
    prices = ["81.37", str(SUPPLY_FEN), "128.00", "¥128", "成本价"]
    return [*words, *ids, *codes, *own, *prices, "lst_", "sku_", "fac_", "/f/", "/belts/", "执照已核验"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_on_her_pages_leads_to_the_factory(
    browser: FlaskClient, merchant: Actor, held: PickUp, language: str
) -> None:
    home, goods = home_of(merchant), page_of(merchant, held)
    with browser.session_transaction() as kept:
        kept["locale"] = language
    for address in (home, goods, f"{goods}?offer={offers_of(held)[1]}"):
        page = browser.get(address)
        assert page.status_code == 200
        assert "薄荷小店" in page.text
        assert [word for word in traces_of_the_factory() if word in page.text] == [], address


def test_a_title_that_names_the_factory_names_it_to_nobody_else(
    app: Flask, browser: FlaskClient, shop: Shop, merchant: Actor, held: PickUp
) -> None:
    factory = session().scalars(select(Organisation.name).where(Organisation.kind == "factory")).one()
    address = page_of(merchant, held)
    _set(Listing, title=f"{factory} 羊绒围巾")
    _close_own(app)
    [order] = shop.bought({offers_of(held)[0]: 1})
    mine = browser_of(app, shop.buyer)
    for page in (home_of(merchant), address, "/factory-goods", f"/orders/{order}"):
        shown = mine.get(page)
        assert (shown.status_code, "羊绒围巾" in shown.text, factory in shown.text) == (200, True, False), page
    _set(Listing, title=factory)
    assert factory not in mine.get(home_of(merchant)).text
    _set(Offer, Offer.kind == "own", state="on")
    assert factory in mine.get(f"/goods/{shop.listing.public_id}", follow_redirects=True).text


@pytest.mark.parametrize("address", ["/", "/factory-goods", "/factory-goods?q=围巾", "/factory-goods?q=薄荷小店"])
def test_a_card_of_hers_in_the_channel_leads_to_her_alone(
    app: Flask, browser: FlaskClient, merchant: Actor, held: PickUp, address: str
) -> None:
    _close_own(app)
    [card] = re.findall(r'<article class="goods">.*?</article>', browser.get(address).text, re.DOTALL)
    assert page_of(merchant, held) in card
    assert "薄荷小店" in card
    assert "159" in card
    assert [word for word in traces_of_the_factory() if word in card] == []


@pytest.mark.parametrize("query", ["q=魏国强", "q=清河", "q=老魏", "belt=qinghe-cashmere"])
def test_the_factorys_words_do_not_find_a_merchants_copy(
    app: Flask, browser: FlaskClient, held: PickUp, query: str
) -> None:
    _close_own(app)
    page = browser.get(f"/factory-goods?{query}").text
    assert held.public_id not in page
    assert "qinghe-cashmere" not in page.replace("belt=qinghe-cashmere", "")


def test_a_card_goes_from_under_its_belt_before_the_index_knows(browser: FlaskClient, held: PickUp) -> None:
    _set(Offer, Offer.kind == "own", state="off")
    assert held.public_id not in browser.get("/factory-goods?belt=qinghe-cashmere").text
    assert held.public_id in browser.get("/factory-goods").text


def test_the_index_follows_what_merchants_ask(app: Flask, browser: FlaskClient, shop: Shop, held: PickUp) -> None:
    _close_own(app)
    assert held.public_id not in browser.get("/factory-goods?price=10000-14999").text
    _set(Offer, Offer.pick_up_id == held.id, price_fen=13_900)
    with transaction():
        publish(OffersChanged(shop.listing.public_id), actor=SYSTEM, now=NOW)
    drain(PLAN, ports=shop.ports)
    assert held.public_id in browser.get("/factory-goods?price=10000-14999").text


def test_a_factorys_card_counts_the_shops_and_names_none(browser: FlaskClient, shop: Shop, held: PickUp) -> None:
    make_resale(make_merchant(FANG), shop.listing, price_fen=9_900)
    for address in ("/", "/factory-goods?q=围巾", "/belts/qinghe-cashmere"):
        page = browser.get(address).text
        assert page.count('<article class="goods">') == 1, address
        assert "另有 2 家店在卖" in page
        assert f'href="/goods/{shop.listing.public_id}-yang-rong-wei-jin#shops"' in page
        assert "/m/" not in page


def test_her_shop_shows_who_she_is_and_her_prices(browser: FlaskClient, merchant: Actor, held: PickUp) -> None:
    _set(Offer, Offer.public_id == offers_of(held)[0], price_fen=13_900)
    page = browser.get(home_of(merchant)).text
    assert page_of(merchant, held) in page
    assert re.search(r"<h1[^>]*>薄荷小店</h1>", page)
    assert re.search(r"2026年3月2日入驻", page)
    assert re.search(r"统一社会信用代码 93\w{16}", page)
    assert re.search(r"139.*–.*159", re.sub(r"<[^>]+>|\s", "", page))


def test_what_is_held_or_sold_out_does_not_show(browser: FlaskClient, merchant: Actor, held: PickUp) -> None:
    first, second = offers_of(held)
    _set(Offer, Offer.public_id == first, state="held", held_reason="below_cost")
    assert first not in browser.get(page_of(merchant, held)).text
    assert browser.get(home_of(merchant)).text.count('class="goods"') == 1
    _set(Sku, on_hand=0)
    assert "这家店现在没有在卖的商品" in browser.get(home_of(merchant)).text
    assert "这个规格卖完了" in browser.get(page_of(merchant, held)).text
    _set(Offer, Offer.public_id == second, state="off")
    assert browser.get(page_of(merchant, held)).status_code == 404


def test_an_empty_shop_leads_on(browser: FlaskClient) -> None:
    page = browser.get(home_of(make_merchant(FANG, name="空空如也"))).text
    assert "这家店现在没有在卖的商品" in page
    assert 'href="/factory-goods"' in page


def test_goods_of_hers_are_gone_with_their_hold_their_listing_or_their_factory(
    browser: FlaskClient, merchant: Actor, held: PickUp
) -> None:
    goods = page_of(merchant, held)
    for table, gone, back in (
        (PickUp, {"state": "off"}, {"state": "on"}),
        (Listing, {"state": "archived"}, {"state": "published"}),
        (Application, {"state": "refused", "reason": "假执照"}, {"state": "approved", "reason": ""}),
    ):
        _set(table, **gone)
        assert browser.get(goods).status_code == 404, table
        _set(table, **back)
    assert browser.get(goods).status_code == 200


@pytest.mark.parametrize(
    "path", ["/m/nobody", "/m/nobody/PCK", "HOME/pck_2222222222222222", "HOME/x", "FACTORY", "OTHER"]
)
def test_other_addresses_find_nothing(
    browser: FlaskClient, shop: Shop, merchant: Actor, held: PickUp, path: str
) -> None:
    factory = session().get_one(Organisation, shop.wei.memberships[0].organisation_id).slug
    path = path.replace("FACTORY", f"/m/{factory}").replace("OTHER", f"{home_of(make_merchant(FANG))}/PCK")
    address = path.replace("PCK", held.public_id).replace("HOME", home_of(merchant))
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("rest", ["", "-old-name", "-"])
def test_an_address_is_put_right(browser: FlaskClient, merchant: Actor, held: PickUp, rest: str) -> None:
    answer = browser.get(f"{home_of(merchant)}/{held.public_id}{rest}?offer=off_x")
    assert (answer.status_code, answer.location) == (301, page_of(merchant, held) + "?offer=off_x")


def test_an_offer_chooses_the_variant_and_goes_into_the_cart(
    browser: FlaskClient, merchant: Actor, held: PickUp
) -> None:
    goods = page_of(merchant, held)
    first, second = offers_of(held)
    page = browser.get(f"{goods}?offer={second}").text
    chips = re.findall(rf'href="{goods}\?offer=(off_\w+)" rel="nofollow" (aria-current="true")?', page)
    assert chips == [(first, ""), (second, 'aria-current="true"')]
    assert f'name="offer" value="{second}"' in page
    assert browser.post("/cart/lines", data={"offer": second, "quantity": "1"}).status_code == 303
    cart = browser.get("/cart").text
    assert f'href="{home_of(merchant)}"' in cart
    assert "魏国强羊绒厂" not in cart


def test_a_long_shop_has_pages(
    browser: FlaskClient, shop: Shop, merchant: Actor, monkeypatch: pytest.MonkeyPatch, held: PickUp
) -> None:
    monkeypatch.setattr("storefront.catalogue.views._PER_PAGE", 1)
    newer = make_resale(merchant, shop.put_on_sale(shop.wei))
    home = home_of(merchant)
    first, second = (browser.get(f"{home}?page={page}").text for page in ("x", "2"))
    assert (newer.public_id in first, held.public_id in first, f"{home}?page=2" in first) == (True, False, True)
    assert (newer.public_id in second, held.public_id in second, f"{home}?page=3" in second) == (False, True, False)


@pytest.mark.parametrize(("path", "most"), [("HOME", 2), ("GOODS", 4)])
def test_her_pages_ask_few_questions(browser: FlaskClient, merchant: Actor, held: PickUp, path: str, most: int) -> None:
    address = {"HOME": home_of(merchant), "GOODS": page_of(merchant, held)}[path]
    browser.get(address)
    with statements() as asked:
        assert browser.get(address).status_code == 200
    assert len(asked) <= most, asked


@pytest.mark.parametrize(
    ("head", "value"),
    [
        ("厂家名称", "老魏"),
        ("产地", "河北"),
        ("条形码", "69012345"),
        ("代发价", "60"),
        ("里料", "清河县纺织"),
        ("Brand", "W"),
    ],
)
def test_what_names_a_factory_is_kept_from_a_merchants_page(head: str, value: str) -> None:
    assert blind({"材质": "羊绒", head: value}, ["魏国强羊绒厂", "邢台市", "清河县"]) == {"材质": "羊绒"}
