"""The operators' pages, and whom they do not exist for."""

import re
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kernel import jobs
from kernel.db import session, transaction
from onboarding.moderation import chores, deeds, things
from onboarding.moderation.models import Case
from onboarding.verification.queries import are_approved
from storefront.jobs import PLAN
from tests.cast import BO, LIN, TAN, WEI, YU, Person
from tests.onboarding.people import CODES, DANYANG, QINGHE, factory, noon, operator, post, sign_in, user
from tests.support.laws.places import PACKAGES, ROOT
from tests.support.statements import statements

READS = ["/ops", "/ops/cases/{case}", "/ops/work", "/ops/audit"]
WRITES = ["/ops/cases/{case}/approval", "/ops/cases/{case}/refusal", "/ops/approvals", "/ops/refusals"]


@pytest.fixture
def case(app: Flask) -> str:
    """The open case of Wei's factory."""
    factory(WEI)
    return session().scalars(select(Case.public_id)).one()


@pytest.mark.parametrize("person", [YU, LIN, WEI])
def test_a_stranger_sees_nothing(client: FlaskClient, case: str, person: Person) -> None:
    if person is YU:
        factory(YU, uscc=CODES[1], belt=QINGHE)
    sign_in(client, person)
    assert {client.get(url.format(case=case)).status_code for url in READS} == {404}
    said = {post(client, url.format(case=case), reason="因为所以", case=case).status_code for url in WRITES}
    assert said == {404}


def test_signed_out_is_sent_to_sign_in(client: FlaskClient, case: str) -> None:
    for url in READS:
        path = url.format(case=case)
        assert client.get(path).location == f"/sign-in?next={path}"
    assert {post(client, url.format(case=case)).status_code for url in WRITES} == {401}


def test_an_operator_of_elsewhere_finds_no_such_case(client: FlaskClient, case: str) -> None:
    operator(TAN, scope_kind="region", scope_value="浙江省")
    sign_in(client, TAN)
    assert "丹阳明视眼镜厂" not in client.get("/ops").text
    assert client.get(f"/ops/cases/{case}").status_code == 404
    assert post(client, f"/ops/cases/{case}/approval").status_code == 404
    assert client.get("/ops/audit").status_code == 404
    assert client.get("/ops/work").status_code == 404


def test_a_case_shows_its_evidence_and_is_approved(client: FlaskClient, case: str) -> None:
    operator(TAN)
    sign_in(client, TAN)
    page = client.get(f"/ops/cases/{case}").text
    for part in (CODES[0], "上海市", "江苏省", "魏国强 138****8002", "不在同一个省"):
        assert part in page
    assert WEI.phone not in page
    assert post(client, f"/ops/cases/{case}/approval", page=f"/ops/cases/{case}").location == "/ops"
    assert are_approved({user(WEI).memberships[0].organisation_id})


def test_a_refusal_without_reason_keeps_the_page(client: FlaskClient, case: str) -> None:
    operator(TAN)
    sign_in(client, TAN)
    url, here = f"/ops/cases/{case}/refusal", f"/ops/cases/{case}"
    assert "请写明原因" in post(client, url, page=here, reason="x").text
    assert post(client, url, page=here, reason="名称和执照不一致").status_code == 302
    assert "名称和执照不一致" in client.get("/ops?state=refused").text


def test_after_a_decision_comes_the_next_case(client: FlaskClient, case: str) -> None:
    factory(BO, uscc=CODES[1], belt=QINGHE)
    operator(TAN)
    sign_in(client, TAN)
    following = session().scalars(select(Case.public_id).order_by(Case.id.desc())).first()
    answer = post(client, f"/ops/cases/{case}/approval", page=f"/ops/cases/{case}")
    assert answer.location == f"/ops/cases/{following}"


def test_after_the_last_of_a_list_comes_the_list(client: FlaskClient, case: str) -> None:
    factory(BO, uscc=CODES[1], belt=QINGHE)
    operator(TAN)
    sign_in(client, TAN)
    wanted = {"queue": f"type=factory&belt={DANYANG}"}
    here = f"/ops/cases/{case}?{urlencode(wanted)}"
    assert "这个列表里的最后一件" in client.get(here).text
    answer = post(client, f"/ops/cases/{case}/approval", page=here, **wanted)
    assert answer.location == f"/ops?{wanted['queue']}"


def test_the_queue_says_what_has_to_be_opened(client: FlaskClient, case: str) -> None:
    operator(TAN)
    sign_in(client, TAN)
    page = post(client, "/ops/approvals", page="/ops", case=[case], queue="type=factory&state=open").text
    assert ("1 件没有处理" in page, "入驻要核对执照" in page) == (True, True)


def test_what_could_not_be_decided_is_said_with_the_way_there(client: FlaskClient, case: str) -> None:
    operator(TAN)
    sign_in(client, TAN)
    post(client, f"/ops/cases/{case}/approval", page="/ops")
    page = post(client, "/ops/refusals", page="/account", case=[case, "cas_gone"], reason="请补上执照照片").text
    for words in ("2 件没有处理", f'href="/ops/cases/{case}"', "已经有人处理过了", "cas_gone"):
        assert words in page, words


def test_a_refusal_of_many_without_reason_keeps_what_was_ticked(client: FlaskClient, case: str) -> None:
    operator(TAN)
    sign_in(client, TAN)
    answer = post(client, "/ops/refusals", page="/ops", case=[case], reason="x", queue="type=factory&state=open")
    assert answer.status_code == 422
    assert "请写明原因" in answer.text
    assert re.search(rf'value="{case}"[^>]*checked', answer.text)


def test_the_audit_speaks_in_words_and_is_narrowed(client: FlaskClient, case: str) -> None:
    operator(TAN)
    sign_in(client, TAN)
    page = client.get("/ops/audit").text
    assert "提交入驻资料" in page
    assert "factory.apply" not in page
    narrowed = client.get("/ops/audit?by=&operation=account.").text
    assert "登录" in narrowed
    assert "提交入驻资料" not in narrowed
    assert "提交入驻资料" in client.get(f"/ops/audit?subject={user(WEI).memberships[0].organisation}").text
    assert "没有这样的记录" in client.get("/ops/audit?until=2020-01-01").text


def test_every_operation_job_and_thing_has_a_name() -> None:
    said = "".join(path.read_text(encoding="utf-8") for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    assert set(re.findall(r'@operation\(\s*"([a-z_.]+)"', said)) == set(deeds.DEEDS)
    assert set(PLAN.tasks()) == set(chores.JOBS)
    assert set(re.findall(r'note\(\s*f?"([a-z_]+)[:"]', said)) <= set(things.THINGS)


def test_a_job_that_failed_runs_again(client: FlaskClient, case: str) -> None:
    operator(TAN)
    sign_in(client, TAN)
    with transaction():
        jobs.enqueue("notify.deliver", {}, queue="light", now=noon())
        session().execute(update(jobs.Job).where(jobs.Job.name == "notify.deliver").values(state="failed", attempts=8))
    [broken] = session().scalars(jobs.failed())
    assert "发短信" in client.get("/ops/work").text
    post(client, "/ops/work/retries", page="/ops/work", job=broken.id)
    assert "1 个任务马上重跑" in client.get("/ops/work").text
    assert session().scalars(jobs.failed()).all() == []
    post(client, "/ops/work/retries", page="/ops", job=broken.id)
    assert "没有重跑" in client.get("/ops/work").text


@pytest.mark.parametrize(
    ("url", "at_most"),
    [
        ("/ops?state=open", 8),
        ("/ops?state=open&csv=cases", 5),
        ("/ops/cases/{case}", 17),
        ("/ops/work", 7),
        ("/ops/audit", 5),
    ],
)
def test_pages_ask_as_little_of_a_long_list(client: FlaskClient, case: str, url: str, at_most: int) -> None:
    operator(TAN)
    sign_in(client, TAN)
    spent = []
    for owner in (None, BO):
        if owner:
            factory(owner, uscc=CODES[1], belt=QINGHE)
        with statements() as asked:
            assert client.get(url.format(case=case)).status_code == 200
        spent.append(len(asked))
    assert spent[1] <= spent[0] <= at_most, asked


def test_the_work_page_stands_with_nothing_to_do(client: FlaskClient, case: str) -> None:
    operator(TAN)
    sign_in(client, TAN)
    assert "没有失败的任务" in client.get("/ops/work").text


@pytest.mark.parametrize(
    "url", ["/ops?type=nothing", "/ops?state=nothing", "/ops?page=x", "/ops?sort=nothing", "/ops/audit?since=soon"]
)
def test_a_strange_filter_is_refused(client: FlaskClient, case: str, url: str) -> None:
    operator(TAN)
    sign_in(client, TAN)
    assert client.get(url).status_code == 422
