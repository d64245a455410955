"""Goods before an operator: their cases, decided one by one and together."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel import notify
from kernel.audit import AuditRow
from kernel.db import session
from kernel.errors import InvalidInputError, NotFoundError
from kernel.permissions import SYSTEM, Actor
from onboarding.listings.models import Listing
from onboarding.listings.operations import edit_listing, submit_listing
from onboarding.moderation import bulk, operations, queries
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
    post(client, "/ops/approvals", page="/ops?type=listing", case=cases[:2], queue="type=listing", sure="yes")
    assert [_state(listing)[0] for listing in listings] == ["published", "published", "submitted"]
    assert "已通过 2 件" in client.get("/ops?type=listing").text
    assert len(notify.latest()) == before
    post(client, "/ops/approvals", page="/ops?type=listing", case=cases[2:], queue="type=listing", sure="yes")
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


@pytest.mark.parametrize(("title", "skipped"), [("NIKE风 眼镜", True), ("钛架眼镜", False)])
def test_what_is_grave_is_not_approved_from_a_list(owner: Actor, title: str, *, skipped: bool) -> None:
    listing = _submitted(owner, title)
    tan, case = operator(TAN), _case(listing)
    result = bulk.approve_cases(actor=tan, cases=[case], now=noon())
    assert {name: why.code for name, why in result.skipped.items()} == ({case: "case.look_first"} if skipped else {})
    if skipped:
        operations.approve_case(actor=tan, case=case, now=noon())
    assert _state(listing)[0] == "published"


def test_goods_of_who_has_not_joined_are_approved_one_by_one_and_wait(app: Flask, client: FlaskClient) -> None:
    factory(WEI)
    tan, listing = operator(TAN), _submitted(user(WEI), "钛架眼镜")
    assert bulk.approve_cases(actor=tan, cases=[_case(listing)], now=noon()).done == ()
    sign_in(client, TAN)
    assert "工厂还没有入驻" in client.get(f"/ops/cases/{_case(listing)}").text
    operations.approve_case(actor=tan, case=_case(listing), now=noon())
    sign_in(client, WEI)
    page = client.get(f"/factory/listings/{listing}").text
    assert ("通过以后自动开卖" in page, "在售中。" in page) == (True, False)


def test_what_was_asked_has_to_be_changed_before_it_comes_again(owner: Actor) -> None:
    listing = _submitted(owner, "钛架眼镜")
    asked = {"fields": ["title", "price"], "reason": "品名写清楚，价格核对一下", "internal": "像是填错了"}
    operations.ask_case(actor=operator(TAN), case=_case(listing), **asked, now=noon())
    assert "还差几处要改：品名写清楚，价格核对一下。请登录" in notify.latest()[0].text
    for words, still in (({}, {"title", "price"}), ({"title": "钛架近视眼镜"}, {"price"})):
        edit_listing(actor=owner, listing=listing, words=words, prices={}, stock={}, now=noon())
        with pytest.raises(InvalidInputError) as refusal:
            submit_listing(actor=owner, listing=listing, now=noon())
        assert {name: fault[0] for name, fault in refusal.value.fields.items()} == dict.fromkeys(
            still, "listing.still_asked"
        )
    sku = session().query(Listing).filter_by(public_id=listing).one().skus[0].public_id
    edit_listing(actor=owner, listing=listing, words={}, prices={sku: 12_900}, stock={}, now=noon())
    submit_listing(actor=owner, listing=listing, now=noon())
    assert _state(listing)[0] == "submitted"


def test_the_next_operator_sees_what_was_asked_what_changed_and_the_note(owner: Actor, client: FlaskClient) -> None:
    listing = _submitted(owner, "钛架眼镜")
    asked = {"fields": ["title"], "reason": "品名写清楚", "internal": "像是搬来的"}
    operations.ask_case(actor=operator(TAN), case=_case(listing), **asked, now=noon())
    edit_listing(actor=owner, listing=listing, words={"title": "钛架近视眼镜"}, prices={}, stock={}, now=noon())
    sign_in(client, WEI)
    hers = client.get(f"/factory/listings/{listing}").text
    assert "审核员请您改这几处" in hers
    assert "像是搬来的" not in hers
    submit_listing(actor=owner, listing=listing, now=noon())
    sign_in(client, TAN)
    page = client.get(f"/ops/cases/{_case(listing)}").text
    for part in ("上次请工厂改的", "<del>钛架眼镜</del>", "<ins>钛架近视眼镜</ins>", "像是搬来的"):
        assert part in page


def test_an_internal_note_is_for_colleagues_alone(owner: Actor, client: FlaskClient) -> None:
    listing = _submitted(owner, "钛架眼镜")
    case = _case(listing)
    operations.refuse_case(actor=operator(TAN), case=case, reason="图片不清楚。", internal="像是同行", now=noon())
    sign_in(client, TAN)
    assert "像是同行" in client.get(f"/ops/cases/{case}").text
    audited = session().scalars(select(AuditRow).where(AuditRow.operation == "case.refuse")).one()
    told = str(audited.changes) + audited.reason + notify.latest()[0].text
    sign_in(client, WEI)
    for page in (told, client.get(f"/factory/listings/{listing}").text, client.get("/factory/listings").text):
        assert "像是同行" not in page


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
