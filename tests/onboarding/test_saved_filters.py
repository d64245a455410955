"""Filters that operators keep for themselves: named, counted, few, and nobody else's."""

from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError
from werkzeug.test import TestResponse

from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.permissions import Actor
from kernel.saved import MOST, SavedFilter, drop_filter, prefer_filter, save_filter, saved_filters
from tests.cast import BO, HUA, LIN, TAN, WEI
from tests.onboarding.people import CODES, QINGHE, factory, noon, operator, post, sign_in, token, user
from tests.support.crowd import crowd
from tests.support.statements import statements

QUERY = "type=&state=open&region=&belt=qinghe-cashmere&age=&q="


@pytest.fixture
def tan(app: Flask) -> Actor:
    return operator(TAN)


def keep(actor: Actor, name: str, query: str = QUERY, *, usual: bool = False) -> None:
    save_filter(actor=actor, page="/ops", name=name, query=query, usual=usual, now=noon())


def names(actor: Actor) -> list[tuple[str, bool]]:
    return [(one.name, one.usual) for one in saved_filters(actor, "/ops")]


def test_a_filter_is_kept_shown_with_its_count_and_dropped(tan: Actor, client: FlaskClient) -> None:
    factory(WEI)
    factory(BO, uscc=CODES[1], belt=QINGHE, name="清河厂")
    sign_in(client, TAN)
    here = f"/ops?{QUERY}"
    assert _save(client, "清河").location == here
    page = client.get("/ops").text
    assert "筛选“清河”存好了" in page
    assert '<span class="chip-count">1</span>' in page
    saved = saved_filters(tan, "/ops")[0].public_id
    assert post(client, f"/desk/filters/{saved}/removal", page="/ops").location == "/ops"
    assert names(tan) == []


def test_a_list_starts_with_the_one_that_is_usual(tan: Actor, client: FlaskClient) -> None:
    sign_in(client, TAN)
    keep(tan, "清河", usual=True)
    assert client.get("/ops").location == f"/ops?{QUERY}"
    keep(tan, "全部", "state=", usual=True)
    assert names(tan) == [("清河", False), ("全部", True)]
    saved = saved_filters(tan, "/ops")[1].public_id
    post(client, f"/desk/filters/{saved}/usual", page="/ops?state=")
    assert client.get("/ops").status_code == 200
    prefer_filter(actor=tan, saved=saved, usual=True, now=noon())
    assert client.get("/ops").location == "/ops?state="


def test_the_same_name_takes_the_new_filter(tan: Actor) -> None:
    keep(tan, "清河", usual=True)
    keep(tan, " 清河 ", "state=approved")
    assert [(one.query, one.usual) for one in saved_filters(tan, "/ops")] == [("state=approved", True)]


def test_of_several_preferred_at_once_one_is_usual(app: Flask, tan: Actor) -> None:
    for name in ("甲", "乙", "丙", "丁"):
        keep(tan, name)
    all_of_them = [one.public_id for one in saved_filters(tan, "/ops")]
    for _round in range(4):
        crowd(app, [partial(prefer_filter, actor=tan, saved=one, usual=True, now=noon()) for one in all_of_them])
    assert sum(usual for _name, usual in names(tan)) == 1


def test_twenty_are_enough(tan: Actor) -> None:
    for number in range(MOST):
        keep(tan, f"第 {number} 个")
    with pytest.raises(DomainError, match=r"filter\.too_many"):
        keep(tan, "又一个")
    drop_filter(actor=tan, saved=saved_filters(tan, "/ops")[3].public_id, now=noon())
    keep(tan, "又一个")
    assert names(tan)[3] == ("又一个", False)


@pytest.mark.parametrize(("name", "code"), [("", "field.required"), ("x" * 31, "field.too_long")])
def test_a_filter_needs_a_name(tan: Actor, client: FlaskClient, name: str, code: str) -> None:
    with pytest.raises(InvalidInputError) as refusal:
        keep(tan, name)
    assert refusal.value.fields["name"][0] == code
    sign_in(client, TAN)
    _save(client, name)
    assert 'class="toast" data-kind="bad"' in client.get("/ops").text


def test_nobody_touches_anothers(tan: Actor) -> None:
    keep(tan, "清河")
    saved, hua = saved_filters(tan, "/ops")[0].public_id, operator(HUA, scope_kind="region", scope_value="浙江省")
    for refused in (hua, user(LIN)):
        with pytest.raises(NotFoundError):
            drop_filter(actor=refused, saved=saved, now=noon())
        with pytest.raises(NotFoundError):
            prefer_filter(actor=refused, saved=saved, usual=True, now=noon())
    keep(hua, "浙江")
    assert names(hua) == [("浙江", False)]
    with pytest.raises(NotFoundError):
        keep(user(LIN), "清河")


@pytest.mark.parametrize("page", ["/finance/parties", "/factory/orders", "/ops/work", "//evil.example", "/ops/cases/x"])
def test_only_lists_of_ones_own_desk_keep_filters(tan: Actor, client: FlaskClient, page: str) -> None:
    sign_in(client, TAN)
    assert _save(client, "清河", page).status_code == 404


def test_a_filter_of_before_that_the_list_no_longer_knows_harms_nobody(tan: Actor, client: FlaskClient) -> None:
    keep(tan, "旧的", "state=gone")
    sign_in(client, TAN)
    assert "旧的" in client.get("/ops").text


def test_chips_cost_two_statements_however_many(tan: Actor, client: FlaskClient) -> None:
    sign_in(client, TAN)
    spent = []
    for count in (2, 8):
        for number in range(count):
            keep(tan, f"第 {number} 个", f"{QUERY}&n={number}")
        with statements() as asked:
            client.get("/ops?state=open")
        spent.append(len(asked))
    assert spent[0] == spent[1] <= 9


@pytest.mark.parametrize(
    "broken", [{"place": 21}, {"place": 0}, {"name": ""}, {"page": "ops"}, {"name": "甲"}, {"usual": True}]
)
def test_the_database_guards_them(tan: Actor, broken: dict[str, object]) -> None:
    keep(tan, "甲", usual=True)
    keep(tan, "乙")
    other = SavedFilter.name == "乙"
    with pytest.raises(IntegrityError), transaction():
        session().execute(update(SavedFilter).where(other).values(**broken))
    row = session().execute(select(SavedFilter.__table__).where(other)).one()._asdict()
    with pytest.raises(IntegrityError), transaction():
        session().execute(insert(SavedFilter).values({**row, "id": 99, "public_id": "flt_x", "name": "丙"}))


@pytest.mark.parametrize("query", ["", "sort=nothing", "page=0"])
def test_a_list_opens_though_its_usual_filter_leads_nowhere(tan: Actor, client: FlaskClient, query: str) -> None:
    sign_in(client, TAN)
    keep(tan, "旧的", query, usual=True)
    assert client.get("/ops").status_code == 200


@pytest.mark.parametrize("query", ["state=\nX-Evil: 1", "state=#", "state=%00"])
def test_nothing_in_a_filter_ends_its_address(tan: Actor, client: FlaskClient, query: str) -> None:
    sign_in(client, TAN)
    place = _save(client, "怪的", query=query).location
    assert client.get(place).status_code in {200, 422}
    assert saved_filters(tan, "/ops")[0].query == place.removeprefix("/ops?")


def _save(client: FlaskClient, name: str, page: str = "/ops", query: str = QUERY) -> TestResponse:
    form = {"csrf_token": token(client, "/ops"), "page": page, "query": query, "name": name}
    return client.post("/desk/filters", data=form)
