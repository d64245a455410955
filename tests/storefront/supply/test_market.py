"""The market: found by words, prices for the admitted alone, asking, picking up, and nothing that breaks."""

from dataclasses import replace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel.db import session, transaction
from onboarding.admissions.models import Admission
from onboarding.listings.models import Listing
from onboarding.offers.models import Offer, PickUp
from onboarding.verification.models import Application
from storefront.search.index import Index, all_hits
from storefront.supply import market as of_the_market
from storefront.supply.rules import ASKS_OF_ONE, earned_fen, earning, earnings
from storefront.supply.schemas import chosen_of
from tests.cast import LIN, TAN, YU
from tests.storefront.resale import COST, Desk, flat
from tests.storefront.shop import make_person
from tests.support.goods import make_factory
from tests.support.statements import statements

PRICES = ("50.00", "¥50", "40.00", "¥40", "128.00", "¥128", "65.00")  # supply, tier, suggested retail, resale


def pick(market: FlaskClient, *listings: str, **fields: str) -> int:
    form = {"listing": list(listings), "markup": "30"} | fields
    return market.post("/supply/pick-ups", data=form).status_code


def pick_ups() -> list[PickUp]:
    session().rollback()
    return list(session().scalars(select(PickUp).order_by(PickUp.id)))


@pytest.mark.parametrize("asked", ["", "?q=羊绒围巾", "?q=yangrong", "?belt=qinghe-cashmere", "?category=服饰针织"])
def test_goods_are_found_as_shoppers_find_them(market: FlaskClient, desk: Desk, asked: str) -> None:
    page = market.get(f"/supply{asked}").text
    assert f'href="/supply/{desk.scarf.public_id}"' in page
    assert "魏国强羊绒厂" in page


def test_a_category_holds_the_goods_of_its_leaves(market: FlaskClient, desk: Desk) -> None:
    with transaction():
        session().execute(update(Listing).values(category="服饰针织/围巾披肩"))
    here, link = f'href="/supply/{desk.scarf.public_id}"', "/supply?category=%E6%9C%8D%E9%A5%B0%E9%92%88%E7%BB%87"
    assert here in market.get("/supply?category=服饰针织/围巾披肩").text
    assert here not in market.get("/supply?category=服饰针织/袜子").text
    narrowed = market.get("/supply?category=服饰针织", headers={"Accept-Language": "en"}).text
    assert here in narrowed
    assert "Knitwear / Scarves and shawls" in narrowed
    assert f"{link}%2F" not in market.get("/supply").text
    assert f"{link}%2F" in narrowed


def test_words_that_were_set_right_are_told_and_can_be_taken_as_they_are(market: FlaskClient, desk: Desk) -> None:
    page = market.get("/supply?q=yagnrong").text
    assert desk.scarf.public_id in page
    assert "没找到“yagnrong”，下面是“" in page
    assert 'href="/supply?q=yagnrong&amp;exact=1"' in page
    plain = market.get("/supply?q=yagnrong&exact=1").text
    assert desk.scarf.public_id not in plain
    assert "只看和原话一样的。" in plain


def test_what_matches_in_part_stands_under_its_own_heading(
    market: FlaskClient, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = market.get("/supply?q=羊绒围巾").text
    assert (desk.scarf.public_id in page, "相近的货源" in page) == (True, False)
    found, result = all_hits(market.application.extensions["ports"].get(Index), "羊绒围巾")
    monkeypatch.setattr(of_the_market, "all_hits", lambda *_asked, **_how: (found, replace(result, full=0)))
    page = market.get("/supply?q=羊绒围巾").text
    assert page.index("相近的货源") < page.index(f'href="/supply/{desk.scarf.public_id}"')


def test_only_goods_open_to_merchants_are_there(market: FlaskClient, desk: Desk) -> None:
    assert desk.shop.listing.public_id not in market.get("/supply").text
    desk.close_supply()
    assert desk.scarf.public_id not in market.get("/supply?q=围巾").text
    assert market.get(f"/supply/{desk.scarf.public_id}").status_code == 404


@pytest.mark.parametrize("table", [Listing, Application])
def test_what_is_taken_down_is_gone_at_once(market: FlaskClient, desk: Desk, table: type) -> None:
    values = {"state": "archived"} if table is Listing else {"state": "refused", "reason": "执照过期"}
    with transaction():
        session().execute(update(table).values(**values))
    assert desk.scarf.public_id not in market.get("/supply?q=围巾").text
    assert market.get(f"/supply/{desk.scarf.public_id}").status_code == 404


def test_facets_narrow_count_and_lead_back(market: FlaskClient, desk: Desk) -> None:
    yu = make_factory(YU, belt="danyang-glasses")
    other = desk.supplied(yu, title="丹阳镜框")
    narrowed = market.get("/supply?belt=danyang-glasses").text
    assert other.public_id in narrowed
    assert desk.scarf.public_id not in narrowed
    assert "belt=danyang-glasses&amp;belt=qinghe-cashmere" in narrowed
    only = market.get(f"/supply?factory={yu.memberships[0].organisation}").text
    assert (other.public_id in only, desk.scarf.public_id in only) == (True, False)


def test_the_admitted_see_prices_and_what_they_earn(market: FlaskClient, desk: Desk) -> None:
    card = flat(market.get("/supply").text)
    assert "20 件起 ¥40" in card
    assert "加价 30% 卖 ¥65.00，每件赚 ¥13.96" in card
    assert "建议零售 ¥128" in card
    close = flat(market.get(f"/supply/{desk.scarf.public_id}").text)
    for said in ("20 件起 ¥40.00", "+50%", "卖 ¥75.00", "赚 ¥23.80", "颜色0 现货 10 件", "颜色1 缺货"):
        assert said in close, said


@pytest.mark.parametrize("state", ["none", "asked", "refused", "ended"])
def test_prices_are_hidden_from_everybody_else(market: FlaskClient, desk: Desk, state: str) -> None:
    if state == "none":
        with transaction():
            session().delete(session().merge(desk.admission))
    else:
        desk.stands(state, "货不对路" if state in {"refused", "ended"} else "")
    for path in ("/supply?q=代发", f"/supply/{desk.scarf.public_id}"):
        source = market.get(path).text
        page = flat(source)
        assert [price for price in PRICES if price in page] == [], path
        assert "data-cost" not in source
        assert "申请合作后可见供货价" in page
        assert ('action="/supply/admissions"' in source) == (state != "asked")
        assert ("货不对路" in page) == (state in {"refused", "ended"})


def test_a_merchant_asks_and_is_told_that_she_waits(market: FlaskClient, desk: Desk) -> None:
    yu = make_factory(YU)
    goods = desk.supplied(yu, title="余家围巾")
    form = {"factory": yu.memberships[0].organisation, "words": "抖音小店", "back": "/supply?page=2"}
    assert market.post("/supply/admissions", data=form).location == "/supply?page=2"
    asked = session().scalars(select(Admission).where(Admission.state == "asked")).one()
    assert (asked.factory_id, asked.words) == (yu.memberships[0].organisation_id, "抖音小店")
    assert "已申请，等工厂答复" in market.get(f"/supply/{goods.public_id}").text


def test_who_asks_too_often_is_kept_waiting(market: FlaskClient, desk: Desk) -> None:
    factories = [make_factory(YU).memberships[0].organisation, desk.wei.memberships[0].organisation]
    for factory, status in ((factories[0], 303), (factories[0], 422), (factories[1], 422)):
        assert market.post("/supply/admissions", data={"factory": factory}).status_code == status
    for _ in range(ASKS_OF_ONE[0] - 1):
        last = market.post("/supply/admissions", data={"factory": factories[0]})
    assert (last.status_code, "操作太频繁" in flat(last.text)) == (429, True)
    assert market.post("/supply/admissions", data={"factory": factories[1]}).status_code == 422


def test_too_many_words_are_kept_and_refused(market: FlaskClient, desk: Desk) -> None:
    yu = make_factory(YU)
    goods = desk.supplied(yu, title="余家围巾")
    for back in ("/supply", f"/supply/{goods.public_id}"):
        form = {"factory": yu.memberships[0].organisation, "words": "长" * 201, "back": back}
        refused = market.post("/supply/admissions", data=form)
        assert refused.status_code == 422
        assert "长" * 201 in refused.text


def test_many_goods_are_picked_up_with_one_markup(market: FlaskClient, desk: Desk) -> None:
    other = desk.supplied(desk.wei, title="代发手套", stock=(3,))
    ids = [desk.scarf.public_id, other.public_id]
    done = market.post("/supply/pick-ups", data={"listing": ids, "markup": "20%", "back": "/supply?page=1"})
    assert done.location == "/supply?page=1"
    assert [one.markup_bp for one in pick_ups()] == [2_000, 2_000]
    assert set(session().scalars(select(Offer.price_fen).where(Offer.kind == "resale"))) == {6_000}
    page = market.get("/supply").text
    assert '<a class="link" href="/merchant/goods">' in page
    assert "已铺货 2 款，加价 20%" in flat(page)
    assert 'type="checkbox"' not in page
    assert desk.scarf.public_id not in market.get("/supply?picked=no").text
    assert desk.scarf.public_id in market.get("/supply?picked=yes").text


@pytest.mark.parametrize("markup", ["", "-1", "1001", "12.5", "abc", "９９９９", "1e2", "99999999999"])
def test_a_markup_that_is_none_keeps_the_page(market: FlaskClient, desk: Desk, markup: str) -> None:
    for back in ("/supply?q=围巾", f"/supply/{desk.scarf.public_id}"):
        form = {"listing": desk.scarf.public_id, "markup": markup, "back": back}
        refused = market.post("/supply/pick-ups", data=form)
        assert refused.status_code == 422
        assert "0 到 1000 的整数" in refused.text
        assert f'value="{markup}"' in refused.text
    assert "checked" in market.post("/supply/pick-ups", data=form | {"back": "/supply"}).text
    assert pick_ups() == []


@pytest.mark.parametrize("chosen", [[], ["lst_nothing"], ["x"] * 3, [f"lst_{n}" for n in range(101)]])
def test_goods_that_are_none_are_refused(market: FlaskClient, chosen: list[str]) -> None:
    assert pick(market, *chosen) in {404, 422}
    assert pick_ups() == []


def test_goods_of_who_does_not_supply_her_are_not_picked_up(market: FlaskClient, desk: Desk) -> None:
    goods = desk.supplied(make_factory(YU), title="余家围巾")
    assert pick(market, desk.scarf.public_id, goods.public_id) == 422
    assert pick_ups() == []


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example/supply", "/merchant", "/supply/../x", ""])
def test_a_form_leads_nowhere_else(market: FlaskClient, desk: Desk, back: str) -> None:
    done = market.post("/supply/pick-ups", data={"listing": desk.scarf.public_id, "markup": "30", "back": back})
    assert done.status_code == 303
    assert done.location.startswith("/supply")
    assert pick(market, desk.scarf.public_id, markup="x", back=back) in {404, 422}


@pytest.mark.parametrize(
    "query", ["page=0", "page=x", "page=250", "belt=nowhere", "picked=maybe", "factory=fac_x", "q=%27%22(*", "utm=1"]
)
def test_no_address_of_the_market_breaks(market: FlaskClient, query: str) -> None:
    assert market.get(f"/supply?{query}").status_code == 200


def test_strangers_are_led_to_join_or_to_sign_in(market: FlaskClient, desk: Desk) -> None:
    path = f"/supply/{desk.scarf.public_id}"
    for person in (desk.shop.buyer, make_person(TAN), replace(desk.wei, roles=desk.shop.buyer.roles)):
        browser = desk.browser(person)
        assert {browser.get("/supply").location, browser.get(path).location} == {"/join/merchant"}
        assert pick(browser, desk.scarf.public_id) == 404
        asked = browser.post("/supply/admissions", data={"factory": desk.wei.memberships[0].organisation})
        assert asked.status_code == 404
    visitor = desk.app.test_client()
    assert visitor.get("/supply").location == "/sign-in?next=/supply"
    assert pick(visitor, desk.scarf.public_id) == 401


def test_another_merchant_sees_nothing_of_hers(desk: Desk) -> None:
    desk.picked()
    other = desk.merchant(replace(LIN, phone="13800138099"))
    page = flat(desk.browser(other).get("/supply").text)
    assert "已铺货 ·" not in page
    assert [price for price in PRICES if price in page] == []


@pytest.mark.parametrize(("path", "most"), [("/supply", 9), ("/supply?q=围巾", 9), ("LISTING", 11)])
def test_a_page_asks_as_little_however_much_it_shows(market: FlaskClient, desk: Desk, path: str, most: int) -> None:
    path = path.replace("LISTING", f"/supply/{desk.scarf.public_id}")
    counts = []
    for more in range(3):
        desk.supplied(desk.wei, title=f"围巾第 {more} 款", stock=(5,) * (more + 1))
        browser = desk.browser()
        with statements() as asked:
            assert browser.get(path).status_code == 200
        counts.append(len(asked))
    assert counts == [counts[0]] * 3
    assert counts[0] <= most, asked


@pytest.mark.parametrize(("price", "left"), [(6_500, 1_396), (5_081, 0), (5_082, 1), (100, -4_902)])
def test_what_a_piece_earns(price: int, left: int) -> None:
    assert earned_fen(price, COST, 100) == left


def test_a_price_past_every_limit_earns_nothing_and_breaks_nothing() -> None:
    assert earning(100_000_000, 10, 100) is None
    assert earnings(100_000_000, 100, floor_fen=None) == []
    assert [one.price_fen for one in earnings(COST, 100, floor_fen=6_400)] == [6_500, 7_500]
    assert [one.price_fen for one in earnings(COST, 100, floor_fen=None)] == [5_500, 6_000, 6_500, 7_500]


def test_an_address_is_read_back_as_it_was_written() -> None:
    choice = chosen_of("/supply?q=羊绒&belt=a&belt=b&picked=no&page=3")
    assert chosen_of(choice.url(page=choice.page)) == choice
