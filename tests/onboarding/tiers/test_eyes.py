"""A visit is a second pair of eyes: not of who had a part in the factory, nor of who let it in; and it is told once."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError
from kernel.permissions import Actor
from onboarding.accounts.models import PastOwner
from onboarding.moderation.operations import approve_case, reinstate_factory, suspend_factory
from onboarding.tiers.models import Inspection, InspectionWithdrawal
from onboarding.tiers.operations import withdraw_inspection
from onboarding.tiers.rules import Tier, valid_until
from onboarding.verification.models import Application
from tests.cast import HUA, TAN, WEI
from tests.onboarding.people import factory, noon, operator, sign_in, user, waiting
from tests.onboarding.tiers.conftest import move
from tests.onboarding.tiers.test_pages import tells
from tests.onboarding.tiers.test_visits import WHY, copied
from tests.onboarding.tiers.visits import day, record, tier
from tests.support.crowd import crowd

REASON = "有人投诉"


def owned(person: Actor, owner: Actor) -> None:
    """Somebody once owned a factory with its owner, and parted from it."""
    times = {"owner_since": noon() - timedelta(days=90), "owner_until": noon() - timedelta(days=30)}
    home = owner.memberships[0].organisation_id
    with transaction():
        session().add(PastOwner(user_id=person.user_id, organisation_id=home, **times))


def refused(code: str, deed: Callable[[], object]) -> None:
    with pytest.raises(DomainError) as refusal:
        deed()
    assert refusal.value.code == code


def on_record() -> int:
    return session().scalar(select(func.count(Inspection.id))) or 0


def test_who_owned_it_decides_and_tells_nothing_about_it(
    client: FlaskClient, ready: Actor, tan: Actor, hua: Actor
) -> None:
    made, house = record(hua, ready), ready.memberships[0].organisation
    owned(tan, ready)
    for deed in (
        partial(record, tan, ready),
        partial(withdraw_inspection, actor=tan, inspection=made.public_id, reason=WHY, now=noon()),
        partial(suspend_factory, actor=tan, organisation=house, reason=REASON, now=noon()),
    ):
        refused("case.was_own", deed)
    with pytest.raises(SQLAlchemyError, match="strangers to the factory"), transaction():
        copied(made, inspected_by=tan.user_id)()
    sign_in(client, TAN)
    for page in (f"/ops/factories/{house}", f"/ops/factories/{house}/inspection", f"/ops/inspections/{made.public_id}"):
        shown = client.get(page).text
        assert "您以前是这家的老板" in shown
        assert not any(f"/{deed}" in shown for deed in ("suspension", "withdrawal", 'inspection" enctype'))


def test_who_let_it_in_does_not_visit_it(client: FlaskClient, ready: Actor, tan: Actor, hua: Actor) -> None:
    move(approved_by=tan.user_id)
    refused("inspection.own_decision", partial(record, tan, ready))
    made = record(hua, ready)
    with pytest.raises(SQLAlchemyError, match="others than approved"), transaction():
        copied(made, inspected_by=tan.user_id)()
    sign_in(client, TAN)
    house = f"/ops/factories/{ready.memberships[0].organisation}"
    assert f'href="{house}/inspection"' not in client.get(house).text
    assert "您审核通过的" in client.get(house).text
    assert "您审核通过的" in client.get(f"{house}/inspection").text
    assert "visited_on" not in client.get(f"{house}/inspection").text


def test_going_on_again_hides_nobody_and_is_no_check(tan: Actor, hua: Actor) -> None:
    factory(WEI)
    house = {"organisation": user(WEI).memberships[0].organisation}
    approve_case(actor=tan, case=waiting(tan, "factory")[0].public_id, now=noon())
    move(checked_at=noon() - timedelta(days=170))
    suspend_factory(actor=hua, reason=REASON, now=noon(), **house)
    reinstate_factory(actor=hua, now=noon(), **house)
    found = session().scalars(select(Application)).one()
    assert (found.approved_by, found.decided_by) == (tan.user_id, hua.user_id)
    assert found.checked_at
    assert found.checked_at < noon() - timedelta(days=169)


def test_who_let_it_in_takes_no_failed_visit_away(client: FlaskClient, ready: Actor, tan: Actor, hua: Actor) -> None:
    move(approved_by=tan.user_id)
    record(hua, ready, back=9)
    failed = record(hua, ready, passed=False)
    this = {"inspection": failed.public_id, "reason": WHY, "now": noon()}
    refused("inspection.own_failure", partial(withdraw_inspection, actor=tan, **this))
    row = {"inspection_id": failed.id, "withdrawn_by": tan.user_id, "withdrawn_at": noon(), "reason": WHY}
    with pytest.raises(SQLAlchemyError, match="failed inspections are withdrawn by others"), transaction():
        session().execute(insert(InspectionWithdrawal).values(**row))
    sign_in(client, TAN)
    shown = client.get(f"/ops/inspections/{failed.public_id}").text
    assert ("要由另一位同事来撤销" in shown, "/withdrawal" in shown) == (True, False)


def test_who_told_of_a_visit_does_not_withdraw_it(client: FlaskClient, ready: Actor, tan: Actor) -> None:
    made = record(tan, ready)
    refused(
        "inspection.own_record",
        partial(withdraw_inspection, actor=tan, inspection=made.public_id, reason=WHY, now=noon()),
    )
    row = {"inspection_id": made.id, "withdrawn_by": tan.user_id, "withdrawn_at": noon(), "reason": WHY}
    with pytest.raises(SQLAlchemyError, match="withdrawn by others"), transaction():
        session().execute(insert(InspectionWithdrawal).values(**row))
    sign_in(client, TAN)
    shown = client.get(f"/ops/inspections/{made.public_id}").text
    assert ("这次验厂是您记的" in shown, "/withdrawal" in shown) == (True, False)


def test_a_visit_before_the_factory_applied_does_not_count(ready: Actor, tan: Actor, hua: Actor) -> None:
    move(submitted_at=noon() - timedelta(days=3))
    with pytest.raises(InvalidInputError) as refusal:
        record(tan, ready, back=4)
    assert refusal.value.fields["visited_on"][1]["least"] == day(3).isoformat()
    made = record(tan, ready, back=3)
    early = {"visited_on": day(4), "valid_until": valid_until(day(4)), "inspected_by": hua.user_id}
    with pytest.raises(SQLAlchemyError, match="that have applied"), transaction():
        copied(made, **early)()


def test_a_visit_is_told_once(client: FlaskClient, ready: Actor, tan: Actor) -> None:
    sign_in(client, TAN)
    house = f"/ops/factories/{ready.memberships[0].organisation}"
    assert [tells(client, ready).location for _twice in range(2)] == [house] * 2
    assert "没有重复记" in client.get(house).text
    assert on_record() == 1
    made = session().scalars(select(Inspection)).one()
    with pytest.raises(SQLAlchemyError, match="told once"), transaction():
        copied(made)()


def test_of_three_tellings_at_once_one_is_kept(app: Flask, ready: Actor, tan: Actor) -> None:
    def told() -> str:
        try:
            return record(tan, ready).outcome
        except DomainError as refusal:
            return refusal.code

    assert sorted(crowd(app, [told] * 3)) == ["inspection.recorded"] * 2 + ["passed"]
    assert on_record() == 1


def test_what_was_withdrawn_is_told_anew(ready: Actor, tan: Actor) -> None:
    made = record(tan, ready, passed=False)
    refused("inspection.recorded", partial(record, tan, ready))
    withdraw_inspection(actor=operator(HUA), inspection=made.public_id, reason=WHY, now=noon())
    record(tan, ready)
    assert (on_record(), tier(ready)) == (2, Tier.INSPECTED)
