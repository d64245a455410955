"""A merchant's goods: what each piece earns, other prices, why something is held, letting go; hers alone."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.permissions import Actor, Role
from onboarding.listings.models import Listing
from onboarding.offers.models import Offer, PickUp
from storefront.merchants.queries import PAGE, goods_counts, picked_goods
from tests.cast import LIN, NOW, YU
from tests.storefront.resale import Desk, flat
from tests.support.goods import make_factory
from tests.support.statements import statements

GOODS = "/merchant/goods"


@pytest.fixture
def pick_up(desk: Desk) -> str:
    """Bo sells the scarf at 65.00."""
    [made] = desk.picked()
    return made


def resales() -> list[Offer]:
    session().rollback()
    return list(session().scalars(select(Offer).where(Offer.kind == "resale").order_by(Offer.id)))


def hold(reason: str = "below_cost") -> None:
    with transaction():
        session().execute(update(Offer).where(Offer.kind == "resale").values(state="held", held_reason=reason))


def test_she_sees_cost_price_and_what_a_piece_earns(market: FlaskClient, pick_up: str) -> None:
    page = market.get(GOODS).text
    for said in (
        "代发羊绒围巾",
        "魏国强羊绒厂",
        "加价 30%",
        "成本 ¥50.00",
        "每件赚 ¥13.96",
        "现货 10 件",
        "缺货",
        "在售",
    ):
        assert said in flat(page), said
    assert page.count('value="65.00"') == 2
    assert f'id="{pick_up}"' in page


def test_nothing_picked_up_leads_to_the_market(market: FlaskClient, desk: Desk) -> None:
    assert 'href="/supply"' in market.get(GOODS).text
    assert "还没有铺货" in flat(market.get(GOODS).text)


def test_another_markup_moves_all_prices(market: FlaskClient, pick_up: str) -> None:
    done = market.post(f"{GOODS}/{pick_up}/markup", data={"markup": "50", "back": f"{GOODS}?page=1"})
    assert (done.status_code, done.location) == (303, f"{GOODS}?page=1")
    assert {offer.price_fen for offer in resales()} == {7_500}


def test_one_price_is_set_by_hand(market: FlaskClient, pick_up: str) -> None:
    first, second = (offer.public_id for offer in resales())
    assert market.post(f"/merchant/offers/{first}/price", data={"price": "99.9"}).status_code == 303
    assert [(offer.price_fen, offer.by_hand) for offer in resales()] == [(9_990, True), (6_500, False)]
    assert "自己定的价" in flat(market.get(GOODS).text)
    assert second


@pytest.mark.parametrize("price", ["", "abc", "-1", "0", "1.234", "99999999", "50", "50.81"])
def test_a_price_that_cannot_be_is_kept_and_refused(market: FlaskClient, pick_up: str, price: str) -> None:
    offer = resales()[0].public_id
    refused = market.post(f"/merchant/offers/{offer}/price", data={"price": price, "back": GOODS})
    assert refused.status_code == 422
    assert f'value="{price}"' in refused.text
    assert f"price-{offer}-error" in refused.text
    assert resales()[0].price_fen == 6_500


@pytest.mark.parametrize("markup", ["", "x", "-5", "1001", "3.5"])
def test_a_markup_that_cannot_be_is_kept_and_refused(market: FlaskClient, pick_up: str, markup: str) -> None:
    refused = market.post(f"{GOODS}/{pick_up}/markup", data={"markup": markup, "back": f"{GOODS}?state=held&page=9"})
    assert refused.status_code == 422
    refused = market.post(f"{GOODS}/{pick_up}/markup", data={"markup": markup})
    assert f'value="{markup}"' in refused.text
    assert f"markup-{pick_up}-error" in refused.text


@pytest.mark.parametrize("reason", ["below_cost", "not_admitted", "not_supplied"])
def test_what_is_held_says_why_and_is_found(market: FlaskClient, pick_up: str, reason: str) -> None:
    assert "没有要处理的" in flat(market.get(f"{GOODS}?state=held").text)
    hold(reason)
    page = flat(market.get(f"{GOODS}?state=held").text)
    said = {"below_cost": "不赚钱", "not_admitted": "结束了合作", "not_supplied": "暂时不供货"}[reason]
    assert page.count(said) == 1
    assert "要处理 1" in page


def test_goods_let_go_are_gone_from_her_list(market: FlaskClient, pick_up: str) -> None:
    assert market.post(f"{GOODS}/{pick_up}/removal", data={}).location == GOODS
    assert pick_up not in market.get(GOODS).text
    assert {offer.state for offer in resales()} == {"off"}


def test_goods_a_factory_took_down_say_so(market: FlaskClient, pick_up: str) -> None:
    with transaction():
        session().execute(update(Listing).values(state="archived"))
        session().execute(update(Offer).values(state="off"))
    page = market.get(GOODS)
    assert "工厂已下架" in flat(page.text)
    offer = resales()[0].public_id
    assert market.post(f"/merchant/offers/{offer}/price", data={"price": "80"}).status_code == 422


def strangers(desk: Desk) -> list[Actor]:
    other = desk.merchant(replace(LIN, phone="13800138098"))
    return [desk.shop.buyer, desk.wei, make_factory(YU), other]


def test_nobody_else_changes_her_goods(desk: Desk, pick_up: str) -> None:
    offer = resales()[0].public_id
    writes = {
        f"{GOODS}/{pick_up}/markup": {"markup": "50"},
        f"/merchant/offers/{offer}/price": {"price": "80"},
        f"{GOODS}/{pick_up}/removal": {},
    }
    for stranger in strangers(desk):
        browser = desk.browser(stranger)
        assert pick_up not in browser.get(GOODS).text
        assert {browser.post(path, data=form).status_code for path, form in writes.items()} == {404}
    visitor = desk.app.test_client()
    assert {visitor.post(path, data=form).status_code for path, form in writes.items()} == {401}
    assert {(one.price_fen, one.state) for one in resales()} == {(6_500, "on")}


def test_a_clerk_works_on_goods_too(desk: Desk, pick_up: str) -> None:
    [home] = desk.bo.memberships
    clerk = desk.browser(replace(desk.bo, user="usr_clerk", memberships=(replace(home, role=Role.CLERK),)))
    assert clerk.post(f"{GOODS}/{pick_up}/markup", data={"markup": "40"}).status_code == 303


@pytest.mark.parametrize("path", [f"{GOODS}/pck_nothing/markup", "/merchant/offers/off_x/price", f"{GOODS}/x/removal"])
def test_unknown_goods_are_not_found(market: FlaskClient, pick_up: str, path: str) -> None:
    form = {"markup": "30"} if "markup" in path else {"price": "80"} if "price" in path else {}
    assert market.post(path, data=form).status_code == 404


def test_the_factorys_own_offer_is_not_hers_to_price(market: FlaskClient, desk: Desk, pick_up: str) -> None:
    assert market.post(f"/merchant/offers/{desk.shop.offers[0]}/price", data={"price": "1"}).status_code == 404


@pytest.mark.parametrize("query", ["page=0", "page=x", "page=99999999999", "page=²", "state=odd", "page=-1", "page="])
def test_no_address_of_her_goods_breaks(market: FlaskClient, pick_up: str, query: str) -> None:
    assert market.get(f"{GOODS}?{query}").status_code == 200


def test_many_goods_come_in_pages(market: FlaskClient, desk: Desk, pick_up: str) -> None:
    factory, mine = desk.wei.memberships[0].organisation_id, desk.bo.memberships[0].organisation_id
    with transaction():
        for number in range(PAGE):
            listing = Listing(public_id=f"lst_{number}", organisation_id=factory, code=f"P{number}", title="围巾")
            listing.category = listing.description = listing.reason = ""
            listing.attributes, listing.image, listing.state, listing.created_at = (
                {},
                "img/goods/scarf.svg",
                "draft",
                NOW,
            )
            session().add(listing)
            session().flush()
            made = PickUp(public_id=f"pck_{number}", organisation_id=mine, factory_id=factory, listing_id=listing.id)
            made.markup_bp, made.state, made.picked_at = 0, "on", NOW + timedelta(minutes=number + 1)
            session().add(made)
    assert goods_counts(mine) == (PAGE + 1, 0)
    assert [one.pick_up for one in picked_goods(mine, held=False, page=2, rate_bp=100)] == [pick_up]
    assert f"{GOODS}?page=2" in market.get(GOODS).text
    assert pick_up in market.get(f"{GOODS}?page=2").text


def test_her_goods_cost_few_statements_however_many(market: FlaskClient, desk: Desk) -> None:
    counts = []
    for number in range(3):
        desk.picked(desk.supplied(desk.wei, title=f"围巾 {number}", stock=(1, 2, 3)))
        with statements() as asked:
            assert market.get(GOODS).status_code == 200
        counts.append(len(asked))
    assert counts == [counts[0]] * 3
    assert counts[0] <= 6, asked
