"""Goods before an operator: their cases, decided one by one and together."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel import notify
from kernel.db import session
from kernel.errors import NotFoundError
from kernel.permissions import SYSTEM, Actor
from onboarding.listings.models import Listing
from onboarding.listings.operations import submit_listing
from onboarding.moderation import operations, queries
from tests.cast import HUA, TAN, WEI
from tests.onboarding.people import DANYANG, factory, noon, operator, post, sign_in, user, waiting
from tests.support.goods import make_listing


@pytest.fixture
def owner(app: Flask) -> Actor:
    """Wei, whose factory is approved."""
    factory(WEI)
    case = waiting(SYSTEM, "factory")[0]
    operations.approve_case(actor=operator(TAN), case=case.public_id, now=noon())
    return user(WEI)


def test_goods_go_before_the_operators_of_their_belt(owner: Actor) -> None:
    listing = _submitted(owner, "钛架眼镜")
    near = operator(TAN, scope_kind="belt", scope_value=DANYANG)
    line = waiting(near, "listing")[0]
    assert (line.subject, line.title, line.factory) == (listing, "钛架眼镜", "丹阳明视眼镜厂")
    assert queries.evidence(near, line.public_id).listing.title == "钛架眼镜"


def test_approving_publishes(owner: Actor) -> None:
    listing = _submitted(owner, "钛架眼镜")
    operations.approve_case(actor=user(TAN), case=_case(listing), now=noon())
    assert _state(listing) == ("published", "")


def test_refusing_gives_back_with_the_reason(owner: Actor) -> None:
    listing = _submitted(owner, "钛架眼镜")
    operations.refuse_case(actor=user(TAN), case=_case(listing), reason="图片不清楚。", now=noon())
    assert _state(listing) == ("refused", "图片不清楚。")
    assert "“钛架眼镜”未通过审核：图片不清楚。请登录" in notify.latest()[0].text


def test_an_operator_of_elsewhere_decides_no_goods(owner: Actor) -> None:
    listing = _submitted(owner, "钛架眼镜")
    far = operator(HUA, scope_kind="region", scope_value="浙江省")
    with pytest.raises(NotFoundError):
        operations.approve_case(actor=far, case=_case(listing), now=noon())
    assert _state(listing)[0] == "submitted"


def test_a_shelf_is_approved_at_once_without_a_flood_of_messages(owner: Actor, client: FlaskClient) -> None:
    listings = [_submitted(owner, title) for title in ("钛架", "板材", "儿童")]
    sign_in(client, TAN)
    before = len(notify.latest())
    cases = [_case(listing) for listing in listings]
    post(client, "/ops/approvals", page="/ops?type=listing", case=cases[:2], queue="type=listing")
    assert [_state(listing)[0] for listing in listings] == ["published", "published", "submitted"]
    assert "已通过 2 件" in client.get("/ops?type=listing").text
    assert len(notify.latest()) == before
    post(client, "/ops/approvals", page="/ops?type=listing", case=cases[2:], queue="type=listing")
    assert len(notify.latest()) == before + 1
    assert "“儿童”已通过审核并上架，您提交的商品都审完了" in notify.latest()[0].text


def test_the_case_of_goods_shows_prices_and_factory(owner: Actor, client: FlaskClient) -> None:
    listing = _submitted(owner, "钛架眼镜")
    sign_in(client, TAN)
    page = client.get(f"/ops/cases/{_case(listing)}").text
    for part in ("钛架眼镜", "¥128.00", "羊绒", "91310115MA1K35J59M"):
        assert part in page


def test_the_case_of_goods_names_every_claim_that_needs_proof(owner: Actor, client: FlaskClient) -> None:
    listing = _submitted(owner, "有机棉毛巾")
    sign_in(client, TAN)
    page = client.get(f"/ops/cases/{_case(listing)}").text
    assert "要证明" in page
    assert "产品质量法第五条" in page


def _submitted(owner: Actor, title: str) -> str:
    listing = make_listing(owner, title=title, state="draft").public_id
    submit_listing(actor=owner, listing=listing, now=noon())
    return listing


def _case(listing: str) -> str:
    return next(line.public_id for line in waiting(SYSTEM, "listing") if line.subject == listing)


def _state(listing: str) -> tuple[str, str]:
    session().rollback()
    found = session().query(Listing).filter_by(public_id=listing).one()
    return found.state, found.reason
