"""Operators take goods off sale and put them back on their pages; owners see why, and appeal."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.db import session
from kernel.permissions import SYSTEM, Actor
from onboarding.listings.models import Listing
from onboarding.moderation import operations
from tests.cast import HUA, TAN, WEI
from tests.onboarding.people import factory, noon, operator, post, sign_in, user, waiting
from tests.support.goods import make_listing

SECRET = "同行举报，勿外传"


@pytest.fixture
def owner(app: Flask) -> Actor:
    """Wei, whose factory is approved."""
    factory(WEI)
    operations.approve_case(actor=operator(HUA), case=waiting(SYSTEM, "factory")[0].public_id, now=noon())
    return user(WEI)


@pytest.fixture
def tan(app: Flask) -> FlaskClient:
    """The browser of Tan, who operates."""
    operator(TAN)
    browser = app.test_client()
    sign_in(browser, TAN)
    return browser


def state(listing: str) -> str:
    session().rollback()
    return session().scalars(select(Listing.state).where(Listing.public_id == listing)).one()


def down(client: FlaskClient, listing: str, **told: str) -> str:
    here = f"/ops/goods/{listing}"
    said = {"by": "", "reason_code": "brand", "told": "品名去掉别人的牌子", "internal": SECRET, **told}
    return post(client, f"{here}/takedown", page=f"{here}/takedown", **said).text


def test_she_sees_which_goods_are_meant_before_she_confirms(owner: Actor, tan: FlaskClient) -> None:
    first, second = (make_listing(owner, title=title).public_id for title in ("台灯", "壁灯"))
    assert "另外 1 款" in tan.get(f"/ops/goods/{first}").text
    page = tan.get(f"/ops/goods/{first}/takedown?by=factory").text
    assert "下架这 2 款" in page
    assert f"/ops/goods/{second}" in page
    assert "下架这 1 款" in tan.get(f"/ops/goods/{first}/takedown?by=nonsense").text


def test_taken_down_by_hand_and_put_back(owner: Actor, tan: FlaskClient) -> None:
    listing = make_listing(owner, title="台灯").public_id
    down(tan, listing)
    assert state(listing) == "taken_down"
    here = f"/ops/goods/{listing}"
    page = tan.get(here).text
    assert SECRET in page
    assert "恢复销售" in page
    assert "台灯" in tan.get("/ops/goods?state=taken_down&csv=goods").text
    post(tan, f"{here}/restoration", page=here, note="核实了")
    assert state(listing) == "published"


def test_a_reason_that_says_nothing_is_asked_again(owner: Actor, tan: FlaskClient) -> None:
    listing = make_listing(owner, title="台灯").public_id
    page = down(tan, listing, reason_code="other", told="")
    assert "这一项不能空着" in page
    assert SECRET in page
    assert state(listing) == "published"


def test_done_and_skipped_are_reported(owner: Actor, tan: FlaskClient) -> None:
    first, second = (make_listing(owner, title=title).public_id for title in ("台灯", "壁灯"))
    down(tan, first)
    page = down(tan, first, by="factory")
    assert "1 款没有下架" in page
    assert "已下架 1 款" in page
    assert state(second) == "taken_down"


def test_the_owner_reads_why_and_appeals(owner: Actor, client: FlaskClient, tan: FlaskClient) -> None:
    listing = make_listing(owner, title="台灯").public_id
    down(tan, listing)
    sign_in(client, WEI)
    here = f"/factory/listings/{listing}"
    page = client.get(here).text
    for part in ("被平台下架", "仿冒，或者和别人的品牌容易混淆", "品名去掉别人的牌子", "觉得不对？申诉"):
        assert part in page
    assert SECRET not in page + client.get("/factory/listings?state=taken_down").text
    assert "商品被平台下架" in client.get("/factory").text
    post(client, f"{here}/appeal", page=here, words="这是我自己的牌子")
    assert "您的申诉在看了" in client.get(here).text
    case = waiting(SYSTEM, "takedown")[0].public_id
    assert "这个决定是您自己做的" in tan.get(f"/ops/cases/{case}").text
    shown = tan.get(f"/ops/cases/{case}").text
    assert "这是我自己的牌子" in shown
    assert "平台下架的经过" in shown


def test_her_words_are_remarked_while_she_types(owner: Actor, client: FlaskClient) -> None:
    listing = make_listing(owner, title="台灯", state="draft", supply_fen=5_000)
    here, sku = f"/factory/listings/{listing.public_id}", listing.skus[0].public_id
    sign_in(client, WEI)
    typed = {"title": "NIKE风 台灯", "description": "", f"price_{sku}": "1.00", "then": "check"}
    page = post(client, here, page=here, **typed).text
    assert "容易和“耐克”混淆" in page or "要填" in page
