"""What the database refuses of grants, roles and the trail, whoever writes past the operations."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from kernel.audit import AuditRow
from kernel.db import session, transaction
from onboarding.accounts.ddl import create_triggers, drop_triggers
from onboarding.accounts.models import HelpGrant, StaffRole
from onboarding.compliance.models import AgreementAcceptance
from tests.cast import MEI, WEI, YU
from tests.onboarding.helping.desk import grant
from tests.onboarding.people import noon, user


def row(**other: object) -> dict[str, object]:
    """A grant as the table takes it."""
    house = user(WEI).memberships[0].organisation_id
    whole = {
        "public_id": "hlp_x",
        "helper_id": user(MEI).user_id,
        "owner_id": user(WEI).user_id,
        "organisation_id": house,
        "sent_by": "协会",
        "granted_at": noon(),
        "expires_at": noon() + timedelta(days=30),
        "ended_at": None,
        "ended_by": None,
    }
    return {**whole, **other}


def refused(statement: object) -> None:
    """Run it past every operation."""
    with pytest.raises(IntegrityError), transaction():
        session().execute(statement)  # type: ignore[call-overload]


@pytest.fixture(autouse=True)
def _given(helping: FlaskClient) -> None:
    assert helping


def test_one_open_grant_of_a_helper_and_an_organisation() -> None:
    refused(insert(HelpGrant).values(row()))
    with transaction():
        session().execute(insert(HelpGrant).values(row(helper_id=user(YU).user_id)))


@pytest.mark.parametrize("wrong", ["not_herself", "sent_by", "expires", "ended", "ended_by"])
def test_a_grant_makes_sense(wrong: str) -> None:
    helper = user(YU).user_id
    values = {
        "not_herself": {"helper_id": user(WEI).user_id},
        "sent_by": {"helper_id": helper, "sent_by": ""},
        "expires": {"helper_id": helper, "expires_at": noon() - timedelta(days=1)},
        "ended": {"helper_id": helper, "ended_at": noon() - timedelta(days=1)},
        "ended_by": {"helper_id": helper, "ended_by": user(WEI).user_id},
    }[wrong]
    refused(insert(HelpGrant).values(row(**values)))


def test_a_grant_only_ends_and_only_once() -> None:
    this = HelpGrant.id == grant().id
    longer = update(HelpGrant).where(this).values(expires_at=noon() + timedelta(days=300))
    refused(longer)
    refused(update(HelpGrant).where(this).values(organisation_id=HelpGrant.organisation_id + 1))
    refused(delete(HelpGrant).where(this))
    ended = grant().granted_at + timedelta(hours=1)  # the pages' clock has moved on
    with transaction():
        session().execute(update(HelpGrant).where(this).values(ended_at=ended, ended_by=None))
    refused(update(HelpGrant).where(this).values(ended_at=None))
    with transaction():
        drop_triggers(session().connection())
    with transaction():
        session().execute(longer)
        create_triggers(session().connection())


def test_a_helper_is_sent_by_somebody_once_and_nobody_else_is() -> None:
    role = {"user_id": user(YU).user_id, "scope_kind": "channel", "scope_value": "", "created_at": noon()}
    refused(insert(StaffRole).values(**role, role="helper", sent_by=""))
    refused(insert(StaffRole).values(**role, role="operator", sent_by="协会"))
    other = {**role, "user_id": user(MEI).user_id}
    refused(insert(StaffRole).values(**other, role="helper", sent_by="别的协会"))


def test_the_trail_says_both_or_neither() -> None:
    row_ = {"at": noon(), "actor": "usr_x", "operation": "x", "reason": "", "changes": []}
    refused(insert(AuditRow).values(**row_, under="hlp_x"))
    refused(insert(AuditRow).values(**row_, on_behalf_of="usr_y"))


def test_nobody_accepts_through_herself(app: Flask) -> None:
    assert app
    wei = user(WEI)
    accepted = {"organisation_id": wei.memberships[0].organisation_id, "kind": "factory", "version": "2026-01-01"}
    who = {"digest": "0" * 64, "user_id": wei.user_id, "accepted_at": noon()}
    refused(insert(AgreementAcceptance).values(**accepted, **who, through_id=wei.user_id))
