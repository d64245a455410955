"""A factory rests: nothing of it can be bought until the day, and by itself it sells again."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, text, update
from sqlalchemy.exc import IntegrityError

from kernel.audit import AuditRow
from kernel.clock import business_date, start_of
from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.permissions import Actor
from onboarding.closings.models import Closing
from onboarding.closings.operations import reopen, rest
from onboarding.closings.queries import closing_of
from onboarding.closings.rules import rests_until
from onboarding.verification.models import Application
from tests.cast import MEI, WEI, YU
from tests.onboarding.people import clerk, factory, merchant, noon, post, sign_in, user

PAGE = "/factory/closing"


def open_factory() -> Actor:
    """Wei's factory, approved."""
    made = factory(WEI)
    with transaction():
        approved = {"state": "approved", "decided_at": noon()}
        session().execute(update(Application).where(Application.id == made.id).values(**approved))
    return user(WEI)


def in_days(days: int) -> str:
    return (business_date(noon()) + timedelta(days=days)).isoformat()


def test_a_rest_is_half_open() -> None:
    opens = start_of(business_date(noon()) + timedelta(days=3))
    assert rests_until(opens, opens - timedelta(microseconds=1)) == business_date(opens)
    assert rests_until(opens, opens) is None
    assert rests_until(None, opens) is None


def test_an_owner_rests_changes_the_day_and_opens_early(client: FlaskClient) -> None:
    home = open_factory().memberships[0].organisation_id
    sign_in(client, WEI)
    assert post(client, PAGE, page=PAGE, until=in_days(5), words="春节放假").location == PAGE
    assert "春节放假" in client.get(PAGE).text
    today = client.get("/factory").text
    assert "正在休息" in today
    assert f'href="{PAGE}"' in today
    assert f'value="{in_days(5)}"' in client.get(PAGE).text
    post(client, PAGE, page=PAGE, until=in_days(7))
    closing = closing_of(home, now=noon())
    assert closing
    assert closing.days == 7
    post(client, f"{PAGE}/end", page=PAGE)
    session().rollback()
    assert closing_of(home, now=noon()) is None
    rows = session().query(AuditRow).filter(AuditRow.operation.in_(["factory.rest", "factory.reopen"]))
    assert [row.operation for row in rows.order_by(AuditRow.id)] == ["factory.rest", "factory.rest", "factory.reopen"]


@pytest.mark.parametrize("days", [-1, 0, 61])
def test_a_day_out_of_reach_is_refused_with_the_bounds(client: FlaskClient, days: int) -> None:
    open_factory()
    sign_in(client, WEI)
    answer = post(client, PAGE, page=PAGE, until=in_days(days), words="放假")
    assert answer.status_code == 422
    assert in_days(60) in answer.text
    assert "放假" in answer.text


@pytest.mark.parametrize(("until", "words"), [("", ""), ("明天", ""), ("+1", "电话 138 0013 8002")])
def test_what_is_no_day_and_what_leads_elsewhere_is_refused(client: FlaskClient, until: str, words: str) -> None:
    open_factory()
    sign_in(client, WEI)
    answer = post(client, PAGE, page=PAGE, until=in_days(1) if until == "+1" else until, words=words)
    assert answer.status_code == 422


def test_only_the_owner_of_a_trading_factory_rests(app: Flask) -> None:
    made = factory(WEI)
    clerk(MEI, WEI)
    shop, home = merchant(YU), user(WEI).memberships[0].organisation
    tomorrow = business_date(noon()) + timedelta(days=1)
    with pytest.raises(DomainError, match=r"closing\.not_trading"):
        rest(actor=user(WEI), organisation=home, until=tomorrow, now=noon())
    assert made.state == "submitted"
    for other, where in ((MEI, home), (YU, home), (YU, shop.public_id)):
        with pytest.raises(NotFoundError):
            rest(actor=user(other), organisation=where, until=tomorrow, now=noon())
        with pytest.raises(NotFoundError):
            reopen(actor=user(other), organisation=where, now=noon())


def test_to_open_what_is_open_says_nothing(app: Flask) -> None:
    mine = open_factory()
    reopen(actor=mine, organisation=mine.memberships[0].organisation, now=noon())
    assert session().scalar(text("SELECT count(*) FROM outbox_facts WHERE kind = 'factory.reopened'")) == 0
    with pytest.raises(InvalidInputError):
        rest(actor=mine, organisation=mine.memberships[0].organisation, until=None, now=noon())


@pytest.mark.parametrize(
    ("days", "ends", "ended"), [(0, 1, None), (61, 1, None), (1, 0, None), (1, -1, None), (1, 1, 2)]
)
def test_the_table_refuses_what_no_rest_is(app: Flask, days: int, ends: int, ended: int | None) -> None:
    home, begun = open_factory().memberships[0].organisation_id, noon()
    row = {"organisation_id": home, "begun_at": begun, "days": days, "words": ""}
    row |= {"reopens_at": begun + timedelta(ends), "reopened_at": ended and begun + timedelta(ended)}
    with pytest.raises(IntegrityError), transaction():
        session().execute(insert(Closing).values(**row))
