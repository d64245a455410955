"""What a factory tells of itself: its owner writes it, nothing of it must be told, nothing in it leads elsewhere."""

from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kernel.audit import AuditRow
from kernel.db import session
from kernel.errors import InvalidInputError, NotFoundError
from onboarding.verification.models import Profile
from onboarding.verification.operations import describe
from onboarding.verification.queries import factory_of, told_by
from onboarding.verification.rules import Told
from tests.cast import MEI, WEI, YU
from tests.onboarding.people import clerk, factory, merchant, noon, post, sign_in, user
from tests.support.crowd import crowd

SAID = {"founded": "2012", "people": "120", "capacity": "3 万件", "makes": "羊绒衫、围巾"}
PAGE = "/factory/profile"


def test_an_owner_tells_and_takes_back(client: FlaskClient) -> None:
    home = factory(WEI).organisation_id
    sign_in(client, WEI)
    assert told_by(home) == Told()
    assert post(client, PAGE, page=PAGE, **SAID).location == PAGE
    assert told_by(home) == Told(founded=2012, people=120, capacity="3 万件", makes="羊绒衫、围巾")
    assert 'value="2012"' in client.get(PAGE).text
    post(client, PAGE, page=PAGE, **dict.fromkeys(SAID, ""))
    assert told_by(home) == Told()
    rows = session().query(AuditRow).filter_by(operation="factory.describe").order_by(AuditRow.id).all()
    assert [row.changes[0]["before"]["founded"] for row in rows] == [None, 2012]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"founded": "1799"}, "1800 到"),
        ({"founded": "3012"}, "1800 到"),
        ({"people": "一百"}, "请填整数"),
        ({"people": "0"}, "之间的人数"),
        ({"capacity": "多" * 31}, "最多 30 个字"),
        ({"makes": "羊绒衫，电话 138 0013 8002"}, "不能留电话"),
        ({"makes": "加微信看样"}, "不能留电话"),
        ({"makes": "ＷＷＷ．一家厂"}, "不能留电话"),
        ({"makes": "shop.com看样"}, "不能留电话"),
        ({"makes": "全国最佳羊绒衫"}, "“最佳”不能用"),
    ],
)
def test_what_is_wrong_stands_beside_what_was_typed(client: FlaskClient, wrong: dict[str, str], said: str) -> None:
    home = factory(WEI).organisation_id
    sign_in(client, WEI)
    answer = post(client, PAGE, page=PAGE, **{**SAID, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert next(iter(wrong.values())) in answer.text
    assert told_by(home) == Told()


def test_figures_of_a_month_are_no_telephone(app: Flask) -> None:
    mine = factory(WEI)
    describe(actor=user(WEI), told=Told(capacity="1,200,000 双"), now=noon())
    assert told_by(mine.organisation_id).capacity == "1,200,000 双"
    with pytest.raises(InvalidInputError):
        describe(actor=user(WEI), told=Told(capacity="0319-8123456"), now=noon())


def test_only_the_owner_writes_it(app: Flask) -> None:
    factory(WEI)
    clerk(MEI, WEI)
    merchant(MEI)  # an owner, but of a shop
    for other in (MEI, YU):
        with pytest.raises(NotFoundError):
            describe(actor=user(other), told=Told(founded=2012), now=noon())


def test_a_clerk_and_a_stranger_find_no_page(client: FlaskClient) -> None:
    factory(WEI)
    clerk(MEI, WEI)
    assert factory_of(user(MEI)) is not None
    sign_in(client, MEI)
    assert client.get(PAGE).status_code == 404


def test_a_first_profile_written_twice_at_once_is_one(app: Flask) -> None:
    factory(WEI)
    wei, told = user(WEI), Told(people=120)
    crowd(app, [partial(describe, actor=wei, told=told, now=noon())] * 4)
    assert session().scalars(select(Profile.people)).all() == [120]
