"""What becomes of a merchant after she was let in: stopped, appealed, checked again, shown; as a factory."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel import notify
from kernel.clock import Clock
from kernel.db import session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import SYSTEM
from onboarding.accounts.models import Organisation
from onboarding.licences.models import Licence
from onboarding.moderation.operations import approve_case, close_factory, reinstate_factory, suspend_factory
from onboarding.standing.models import Check
from onboarding.standing.operations import answer_check, appeal, open_due_checks
from onboarding.verification.models import Application
from tests.cast import BO, HUA, MEI, TAN, WEI
from tests.onboarding.people import clerk, factory, merchant, noon, operator, post, sign_in, user, waiting

WHY = "投诉的人没有在我店里买过东西"
SHANGHAI, NINGBO = "上海市", "浙江省"


@pytest.fixture
def shop(app: Flask) -> Organisation:
    """Bo's shop, which trades; its code was given out in 浙江省."""
    return merchant(BO)


def stop(shop: Organisation) -> None:
    suspend_factory(actor=operator(TAN), organisation=shop.public_id, reason="有人投诉", now=noon())


def state() -> str:
    session().rollback()
    return session().scalars(select(Application.state).where(Application.kind == "merchant")).one()


def test_she_is_stopped_and_let_go_on(client: FlaskClient, shop: Organisation) -> None:
    stop(shop)
    assert "有人投诉" in notify.latest()[0].text
    assert client.get(f"/m/{shop.slug}").status_code == 404
    assert "这家店铺已暂停营业" in client.get(f"/m/{shop.slug}/licence").text
    reinstate_factory(actor=operator(TAN), organisation=shop.public_id, now=noon())
    assert client.get(f"/m/{shop.slug}").status_code == 200
    stop(shop)
    close_factory(actor=operator(TAN), organisation=shop.public_id, reason="多次投诉", now=noon())
    assert state() == "closed"


@pytest.mark.parametrize(("scope", "reaches"), [(NINGBO, True), (SHANGHAI, False)])
def test_she_lies_on_the_desk_of_the_province_of_her_code(shop: Organisation, scope: str, *, reaches: bool) -> None:
    hua = operator(HUA, scope_kind="region", scope_value=scope)
    if reaches:
        suspend_factory(actor=hua, organisation=shop.public_id, reason="有人投诉", now=noon())
        assert state() == "suspended"
    else:
        with pytest.raises(NotFoundError):
            suspend_factory(actor=hua, organisation=shop.public_id, reason="有人投诉", now=noon())


def test_an_operator_of_a_belt_does_not_see_her(shop: Organisation) -> None:
    merchant(WEI, uscc="92440101MA59ABCD1A", name="魏记", read=False)
    hua = operator(HUA, scope_kind="belt", scope_value="danyang-glasses")
    assert waiting(hua) == []
    with pytest.raises(NotFoundError):
        suspend_factory(actor=hua, organisation=shop.public_id, reason="有人投诉", now=noon())


def test_she_appeals_and_a_second_operator_grants_it(client: FlaskClient, shop: Organisation) -> None:
    stop(shop)
    sign_in(client, BO)
    assert 'href="/merchant/appeal"' in client.get("/merchant").text
    assert post(client, "/merchant/appeal", page="/merchant/appeal", words=WHY).location == "/merchant/appeal"
    case = waiting(operator(HUA), "appeal")[0].public_id
    with pytest.raises(DomainError, match=r"case\.own_decision"):
        approve_case(actor=operator(TAN), case=case, now=noon())
    approve_case(actor=operator(HUA), case=case, now=noon())
    assert state() == "approved"


def test_a_person_of_both_appeals_for_the_one_she_means(app: Flask) -> None:
    factory(WEI)
    shop = merchant(WEI, uscc="91310115MA1K35J59M", name="明视直营店")
    stop(shop)
    with pytest.raises(DomainError, match=r"appeal\.nothing"):
        appeal(actor=user(WEI), words=WHY, now=noon())
    assert appeal(actor=user(WEI), words=WHY, kind="merchant", now=noon()).organisation_id == shop.id


def test_she_is_checked_again_after_six_months(shop: Organisation) -> None:
    later = noon() + timedelta(days=184)
    assert open_due_checks(actor=SYSTEM, now=noon()) == 0
    assert open_due_checks(actor=SYSTEM, now=later) == 1
    answer_check(actor=user(BO), answer="same", kind="merchant", now=later)
    approve_case(actor=operator(TAN), case=waiting(operator(TAN), "recheck")[0].public_id, now=later)
    assert session().scalars(select(Check.state)).one() == "confirmed"
    assert open_due_checks(actor=SYSTEM, now=later) == 0


def test_a_merchant_of_before_shows_her_licence_first(client: FlaskClient, shop: Organisation) -> None:
    with transaction():
        session().execute(update(Application).values(checked_at=None, licence_id=None))
        session().query(Licence).delete()
    assert open_due_checks(actor=SYSTEM, now=noon()) == 1
    sign_in(client, BO)
    assert "/merchant/licence" in client.get("/merchant").text
    assert "没有变化" not in client.get("/merchant/licence").text
    with pytest.raises(DomainError, match=r"check\.no_photo"):
        answer_check(actor=user(BO), answer="same", kind="merchant", now=noon())


def test_her_licence_is_on_show_as_she_handed_it_in(client: FlaskClient, shop: Organisation) -> None:
    page = client.get(f"/m/{shop.slug}/licence").text
    for part in ("薄荷家居", "91330201MA2AF5T26N", "上次核验"):
        assert part in page
    assert client.get(f"/f/{shop.slug}/licence").status_code == 404
    assert f'href="/m/{shop.slug}/licence"' in client.get(f"/m/{shop.slug}").text


def test_a_clerk_of_hers_neither_appeals_nor_sees_the_licence(client: FlaskClient, shop: Organisation) -> None:
    clerk(MEI, BO)
    sign_in(client, MEI)
    assert client.get("/merchant").status_code == 200
    for path in ("/merchant/licence", "/merchant/appeal"):
        assert client.get(path).status_code == 404


def test_an_operator_finds_her_in_the_list_and_on_a_page(client: FlaskClient, shop: Organisation) -> None:
    factory(WEI)
    sign_in(client, TAN) if operator(TAN) else None
    listed = client.get("/ops/factories?kind=merchant").text
    assert "薄荷家居" in listed
    assert "丹阳明视眼镜厂" not in listed
    page = client.get(f"/ops/factories/{shop.public_id}").text
    for part in ("薄荷家居", f"/m/{shop.slug}", "暂停营业…", "商家"):
        assert part in page
    assert client.get("/ops/factories?region=浙江省").text.count("薄荷家居") == 1
    assert "薄荷家居" not in client.get("/ops/factories?region=江苏省").text


def test_an_operator_sees_her_case_on_one_screen(app: Flask, client: FlaskClient) -> None:
    assert app.extensions["ports"].get(Clock)
    merchant(BO, read=False)
    tan = operator(TAN)
    sign_in(client, TAN)
    page = client.get(f"/ops/cases/{waiting(tan, 'merchant')[0].public_id}").text
    for part in ("自动检查", "薄荷家居", "请对方补正…", "商家入驻"):
        assert part in page
    assert "所属产业带" not in page
