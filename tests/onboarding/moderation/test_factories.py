"""Factories as operators look after them: found, read, stopped with a reason; by nobody else."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kernel import notify
from kernel.db import session
from onboarding.moderation.operations import approve_case
from onboarding.verification.models import Application
from tests.cast import BO, LIN, TAN, WEI, YU, Person
from tests.onboarding.people import CODES, QINGHE, factory, noon, operator, post, sign_in, user, waiting
from tests.support.statements import statements

READS = ["/ops/factories/{}", "/ops/factories/{}/licence"]
WRITES = ["/ops/factories/{}/suspension", "/ops/factories/{}/reinstatement", "/ops/factories/{}/closing"]


@pytest.fixture
def house(app: Flask) -> str:
    """Wei's approved factory, by the public id of its organisation."""
    factory(WEI)
    tan = operator(TAN)
    approve_case(actor=tan, case=waiting(tan, "factory")[0].public_id, now=noon())
    return user(WEI).memberships[0].organisation


def state() -> tuple[str, str]:
    session().rollback()
    found = session().query(Application).order_by(Application.id).first()
    assert found
    return found.state, found.reason


def test_a_list_of_factories_is_narrowed_and_taken_along(client: FlaskClient, house: str) -> None:
    factory(BO, uscc=CODES[1], belt=QINGHE, name="清河样绒厂")
    sign_in(client, TAN)
    assert "丹阳明视眼镜厂" in client.get("/ops/factories?state=approved").text
    assert "清河样绒厂" not in client.get("/ops/factories?state=approved").text
    assert "清河样绒厂" in client.get("/ops/factories?q=样绒&sort=-name").text
    assert CODES[0] in client.get(f"/ops/factories?q={CODES[0]}&csv=factories").text
    assert "没有这样的工厂" in client.get("/ops/factories?check=late").text


def test_a_factory_shows_who_it_is_and_what_was_done(client: FlaskClient, house: str) -> None:
    sign_in(client, TAN)
    page = client.get(f"/ops/factories/{house}").text
    for part in ("丹阳明视眼镜厂", CODES[0], "魏国强", "工厂入驻", "审核通过", "提交入驻资料", "暂停营业"):
        assert part in page, part
    assert WEI.phone not in page


def test_a_factory_is_stopped_with_a_reason_and_let_go_on(client: FlaskClient, house: str) -> None:
    sign_in(client, TAN)
    here = f"/ops/factories/{house}"
    assert post(client, f"{here}/suspension", page=here, reason="x").status_code == 422
    assert state() == ("approved", "")
    assert post(client, f"{here}/suspension", page=here, reason="执照被吊销").status_code == 303
    assert state() == ("suspended", "执照被吊销")
    assert "已暂停营业：执照被吊销。" in notify.latest()[0].text
    assert post(client, f"{here}/reinstatement", page=here).status_code == 303
    assert state() == ("approved", "")
    assert "已恢复营业" in notify.latest()[0].text
    post(client, f"{here}/suspension", page=here, reason="执照被吊销")
    assert post(client, f"{here}/closing", page=here, reason="工厂搬走了").status_code == 303
    assert state() == ("closed", "工厂搬走了")
    assert "已关闭：工厂搬走了。" in notify.latest()[0].text


def test_what_the_state_does_not_allow_is_said(client: FlaskClient, house: str) -> None:
    sign_in(client, TAN)
    answer = post(client, f"/ops/factories/{house}/closing", page="/ops", reason="工厂搬走了")
    assert answer.status_code >= 400
    assert state() == ("approved", "")


@pytest.mark.parametrize("person", [LIN, WEI, YU])
def test_strangers_find_no_such_page(client: FlaskClient, house: str, person: Person) -> None:
    sign_in(client, person)
    urls = ["/ops/factories", *(url.format(house) for url in READS)]
    assert {client.get(url).status_code for url in urls} == {404}
    assert {post(client, url.format(house), reason="执照被吊销").status_code for url in WRITES} == {404}


def test_an_operator_of_elsewhere_finds_no_such_factory(client: FlaskClient, house: str) -> None:
    operator(YU, scope_kind="belt", scope_value=QINGHE)
    sign_in(client, YU)
    assert "丹阳明视眼镜厂" not in client.get("/ops/factories").text
    assert {client.get(url.format(house)).status_code for url in READS} == {404}
    assert {post(client, url.format(house), reason="执照被吊销").status_code for url in WRITES} == {404}
    assert state() == ("approved", "")


@pytest.mark.parametrize(("url", "at_most"), [("/ops/factories", 6), ("/ops/factories/{}", 17)])
def test_pages_ask_as_little_of_many(client: FlaskClient, house: str, url: str, at_most: int) -> None:
    sign_in(client, TAN)
    spent = []
    for owner in (None, BO):
        if owner:
            factory(owner, uscc=CODES[1], belt=QINGHE)
        with statements() as asked:
            assert client.get(url.format(house)).status_code == 200
        spent.append(len(asked))
    assert spent[1] <= spent[0] <= at_most, asked
