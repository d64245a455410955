"""The factory goods page: the channel itself, ways out of nothing, pages one after the other, what it says of order."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Executable, insert, select, update

from kernel.clock import Clock, FrozenClock
from kernel.db import session, transaction
from kernel.permissions import SYSTEM
from onboarding.accounts.models import Organisation
from onboarding.belts.models import Belt
from onboarding.closings.models import Closing
from onboarding.listings.models import Listing
from onboarding.offers.models import Offer
from onboarding.offers.operations import open_own_offers
from storefront.search.index import Index
from storefront.search.operations import count_sales
from storefront.search.paging import seen_as
from storefront.search.panels import groups
from storefront.search.pieces import Shown, found_piece
from storefront.search.queries import cards
from storefront.search.rules import NEW_DAYS, Facets, PriceBand, Result
from storefront.search.schemas import PER_PAGE, Choice
from storefront.search.tasks import rebuild
from tests.cast import NOW
from tests.support.goods import make_factory, make_listing
from tests.support.statements import statements

GOODS = re.compile(r'<article class="goods">.*?href="(/goods/[^"]+)"', re.DOTALL)


def stock(app: Flask, number: int, title: str = "羊绒围巾") -> list[str]:
    """So many goods of one factory on sale, all in the index (public ids)."""
    factory, made = make_factory(), []
    for place in range(number):
        listing = make_listing(factory, title=f"{title} {place}")
        open_own_offers(actor=SYSTEM, listing=listing.public_id, now=NOW)
        made.append(listing.public_id)
    rebuild(index=app.extensions["ports"].get(Index))
    return made


def change(statement: Executable) -> None:
    with transaction():
        session().execute(statement)


def following(page: str) -> str:
    return unescape(re.findall(r'rel="next"\s+href="(/[^"]+)"', page)[0])


def test_the_channel_itself_is_shown_while_nothing_is_asked_for(app: Flask) -> None:
    made = stock(app, PER_PAGE + 1)
    count_sales(actor=SYSTEM, sold={made[3]: 5}, now=NOW)
    count_sales(actor=SYSTEM, sold={made[4]: 9}, now=NOW - timedelta(days=NEW_DAYS))
    client = app.test_client()
    client.get("/factory-goods")
    with statements() as asked:
        page = client.get("/factory-goods").text
    assert len(asked) <= 2, asked
    assert [word in page for word in ("逛产业带", "这周卖得更好", "常逛的类目")] == [True] * 3
    better = page[page.index("这周卖得更好") : page.index("常逛的类目")]
    assert (made[3] in better, made[4] in better) == (True, False)
    assert "逛产业带" not in client.get("/factory-goods?stock=1").text


@pytest.mark.parametrize("words", ["工厂货", "gongchanghuo", "Factory goods"])
def test_the_channel_sought_by_its_own_name_is_shown_itself(app: Flask, words: str) -> None:
    stock(app, PER_PAGE + 1)
    page = app.test_client().get("/factory-goods", query_string={"q": words}).text
    assert "逛产业带" in page
    assert f"“{words}”的工厂货" not in page


def test_pages_follow_each_other_without_a_repeat(app: Flask) -> None:
    made, client = stock(app, PER_PAGE + 3), app.test_client()
    first = client.get("/factory-goods?q=围巾").text
    second = client.get(following(first)).text
    shown = [*GOODS.findall(first), *GOODS.findall(second)]
    assert len(shown) == len({*shown}) == len(made)
    assert 'rel="canonical" href="http://localhost/factory-goods?q=%E5%9B%B4%E5%B7%BE&amp;page=2"' in second
    assert 'rel="next"' not in second


def test_no_letters_keep_goods_from_the_first_page(app: Flask) -> None:
    [first] = stock(app, 1)
    [key] = session().scalars(select(Listing.id))
    for page in ("", "&page=1"):
        assert first in app.test_client().get(f"/factory-goods?q=围巾&seen={seen_as([key])}{page}").text


@pytest.mark.parametrize("seen", ["!", "A" * 5_000, "AAAA", "é"])
def test_letters_of_somebody_else_hide_nothing(app: Flask, seen: str) -> None:
    made = stock(app, 2)
    page = app.test_client().get(f"/factory-goods?q=围巾&seen={seen}")
    assert (page.status_code, len(GOODS.findall(page.text))) == (200, len(made))


def test_where_filters_leave_nothing_the_page_says_what_each_costs(app: Flask) -> None:
    stock(app, 2)
    page = app.test_client().get("/factory-goods?q=围巾&price=0-1999&stock=1").text
    plain = re.sub(r"\s+", " ", page)
    assert re.search(r'&amp;stock=1" ?> ?不限20 元以下 ?<span class="chip-count">2', plain)
    assert "不限有现货" not in page


@pytest.mark.parametrize(
    ("address", "kept"), [("", True), ("?belt=qinghe-cashmere", True), ("?stock=1&way=direct&least=1", False)]
)
def test_crossings_of_many_filters_are_for_people_only(app: Flask, address: str, *, kept: bool) -> None:
    stock(app, 1)
    assert ('content="noindex' not in app.test_client().get(f"/factory-goods{address}").text) is kept


def test_what_nothing_has_is_not_offered(app: Flask) -> None:
    stock(app, 1)
    page = app.test_client().get("/factory-goods").text
    assert ("10–49 件起" in page, "平台去看过厂" in page) == (False, False)
    assert "平台去看过厂" in app.test_client().get("/factory-goods?verified=inspected").text


def test_the_page_says_how_goods_are_ranked(client: FlaskClient, app: Flask) -> None:
    stock(app, 1)
    assert "没有付费排名" in client.get("/factory-goods").text


def test_a_page_that_was_drawn_follows_the_database_before_the_index_does(client: FlaskClient, app: Flask) -> None:
    first, second = stock(app, 2)
    assert "¥</span>128<" in client.get("/factory-goods?q=围巾").text
    change(update(Offer).values(price_fen=9_900))
    change(update(Listing).where(Listing.public_id == first).values(state="archived"))
    page = client.get("/factory-goods?q=围巾").text
    assert ("¥</span>99<" in page, "¥</span>128<" in page) == (True, False)
    assert (first in page, second in page) == (False, True)


def test_a_rest_that_is_over_is_gone_from_a_page_that_was_drawn(client: FlaskClient, app: Flask) -> None:
    stock(app, 1)
    [factory] = session().scalars(select(Organisation.id))
    rest = {
        "organisation_id": factory,
        "begun_at": NOW,
        "days": 1,
        "reopens_at": NOW + timedelta(minutes=10),
        "words": "",
    }
    change(insert(Closing).values(rest))
    assert "恢复发货" in client.get("/factory-goods?q=围巾").text
    clock: FrozenClock = app.extensions["ports"].get(Clock)
    clock.moment = NOW + timedelta(minutes=10)
    assert "恢复发货" not in client.get("/factory-goods?q=围巾").text


def test_a_belt_that_is_new_is_offered_at_once(client: FlaskClient, app: Flask) -> None:
    stock(app, 1)
    assert "清河羊绒" in client.get("/factory-goods?q=围巾").text
    change(update(Belt).values(slug="new-belt", name_zh="新羊绒"))
    rebuild(index=app.extensions["ports"].get(Index))
    page = client.get("/factory-goods?belt=new-belt").text
    assert page.count("新羊绒") > page.count("·新羊绒")


def test_a_belt_that_is_renamed_is_another_piece(app: Flask) -> None:
    [listing] = stock(app, 1)
    held = Facets(belts={"qinghe-cashmere": 1}, belts_in={"qinghe-cashmere": "河北省"}, provinces={"河北省": 1})
    result, anonymous = Result((listing,), 1, held, "all", full=1), {"belt": None, "province": None}
    shown = Shown((cards([listing])[listing]._replace(**anonymous),))
    for name in ("清河羊绒", "新羊绒"):
        change(update(Belt).values(name_zh=name))
        app.extensions["belts"]._read_at = float("-inf")  # noqa: SLF001  the minute is over
        with app.test_request_context():
            assert name in found_piece(Choice(), result, shown)


def test_what_everything_has_is_no_choice() -> None:
    bands = (PriceBand(0, 1999, 2), PriceBand(2000, None, 1))
    held = Facets(prices=bands, least={"1": 3}, ways={"direct": 3, "supply": 1}, in_stock=3, new=1)

    def offered(choice: Choice) -> dict[str, list[str]]:
        return {key: [str(link.label) for link in links] for key, _title, links in groups(choice, held, {})}

    assert offered(Choice())["marks"] == ["近 7 天上新"]
    assert (offered(Choice())["least"], offered(Choice())["way"]) == ([], ["支持一件代发"])
    assert len(offered(Choice())["price"]) == len(bands)
    assert offered(Choice(in_stock=True))["marks"] == ["近 7 天上新", "有现货"]


def test_a_factory_or_a_belt_named_by_the_words_stands_above_the_goods(app: Flask) -> None:
    stock(app, 1)
    client = app.test_client()
    assert re.search(r'results-home-name" href="/f/[^"]+">魏国强羊绒厂', client.get("/factory-goods?q=魏国强").text)
    assert 'results-home-name" href="/belts/qinghe-cashmere"' in client.get("/factory-goods?q=清河羊绒").text
    assert "results-home" not in client.get("/factory-goods?q=围巾").text


def test_what_is_typed_as_a_price_and_is_none_is_said(app: Flask) -> None:
    stock(app, 1)
    client = app.test_client()
    page = client.get("/factory-goods?q=围巾&low=abc").text
    assert "“abc”不是价格" in page
    assert page.count('aria-describedby="unread"') == 2
    assert page.count("“abc”不是价格") == 2  # beside the field, and above the goods while the field lies folded away
    assert "不是价格" not in client.get("/factory-goods?q=围巾&low=5&high=").text


def test_nothing_found_leads_to_the_category_that_is_meant(app: Flask) -> None:
    stock(app, 1)
    page = app.test_client().get("/factory-goods?q=羊绒衫航天飞机&exact=1").text
    assert "没有找到“羊绒衫航天飞机”" in page
    assert "这已经记下来了" in page
    assert "同一类的货在这里" in page


def test_a_category_has_its_own_heading(app: Flask) -> None:
    stock(app, 1)
    page = app.test_client().get("/factory-goods?category=服饰针织").text
    assert re.search(r'<h1 class="results-title">\s*服饰针织\s', page)


def test_a_slip_and_words_left_out_make_one_notice(app: Flask) -> None:
    stock(app, 1)
    page = app.test_client().get("/factory-goods?q=羊容围斤 航天飞机").text
    assert page.count("就按原话搜") == 1
