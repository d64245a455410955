"""Where money goes: at once the first time, later after a change, and never round the guards."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from commission.payees.models import PayoutAccount
from commission.payees.operations import come_into_force, confirm_account, withdraw_account
from commission.payees.queries import accounts_of, parties_sharing_account
from kernel.audit import AuditRow
from kernel.db import session, transaction
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.outbox import OutboxFact
from tests.cast import NOW
from tests.support.crowd import crowd
from tests.support.purses import DIGITS, NUMBER, give, owner_of

PARTY, OTHER = "fac_one", "fac_two"
SECOND = "1000 2000 3000 4000"
LATER = NOW + timedelta(hours=72)
LONG_AGO = NOW - timedelta(hours=72)


def shown(now=NOW) -> tuple[str, str]:  # noqa: ANN001  a moment
    found = accounts_of(PARTY, now=now)
    return (found.current.last_four if found.current else "", found.waiting.last_four if found.waiting else "")


def test_the_first_account_counts_at_once_and_a_change_after_three_days(app: Flask) -> None:
    give(PARTY)
    give(PARTY, number=SECOND)
    assert shown() == (DIGITS[-4:], "4000")
    assert shown(LATER - timedelta(microseconds=1)) == (DIGITS[-4:], "4000")
    assert shown(LATER) == ("4000", "")
    with transaction():
        row = come_into_force(party=PARTY, now=LATER)
    assert row
    assert (row.last_four, row.state) == ("4000", "active")


def test_a_second_owner_makes_a_change_count(app: Flask) -> None:
    give(PARTY)
    change = give(PARTY, number=SECOND)
    with pytest.raises(DomainError, match="second_owner"):
        confirm_account(account=change, since=LONG_AGO, actor=owner_of(PARTY), now=NOW)
    with pytest.raises(NotFoundError):
        confirm_account(account=change, since=LONG_AGO, actor=owner_of(OTHER, "usr_two"), now=NOW)
    confirm_account(account=change, since=LONG_AGO, actor=owner_of(PARTY, "usr_two"), now=NOW)
    assert shown() == ("4000", "")
    with pytest.raises(DomainError, match="gone"):
        withdraw_account(account=change, actor=owner_of(PARTY, "usr_two"), now=NOW)


@pytest.mark.parametrize("since", [None, LONG_AGO + timedelta(microseconds=1), NOW])
def test_an_owner_let_in_for_it_confirms_nothing(since: datetime | None, app: Flask) -> None:
    give(PARTY)
    change = give(PARTY, number=SECOND)
    with pytest.raises(DomainError, match="new_owner"):
        confirm_account(account=change, since=since, actor=owner_of(PARTY, "usr_two"), now=NOW)
    assert shown() == (DIGITS[-4:], "4000")


def test_a_change_is_taken_back(app: Flask) -> None:
    give(PARTY)
    withdraw_account(account=give(PARTY, number=SECOND), actor=owner_of(PARTY, "usr_two"), now=NOW)
    assert shown(LATER) == (DIGITS[-4:], "")
    give(PARTY, number=SECOND)


def test_one_change_waits_at_a_time_and_the_same_account_is_none(app: Flask) -> None:
    give(PARTY)
    with pytest.raises(DomainError, match="same"):
        give(PARTY)
    give(PARTY, number=SECOND)
    with pytest.raises(DomainError, match="waiting"):
        give(PARTY, number="5000 6000 7000 8000")
    with pytest.raises(InvalidInputError):
        give(PARTY, number="12")


def test_changes_at_once_leave_one(app: Flask) -> None:
    give(PARTY)

    def change(number: int) -> bool:
        try:
            return bool(give(PARTY, number=f"10002000300040{number:02d}"))
        except DomainError:
            return False

    assert sum(crowd(app, [lambda number=number: change(number) for number in range(4)])) == 1
    assert sum(crowd(app, [lambda: _first("fac_race") for _ in range(4)])) == 1


def _first(party: str) -> bool:
    try:
        return bool(give(party))
    except DomainError:
        return False


def test_who_shares_an_account_is_known(app: Flask) -> None:
    give(PARTY)
    give(OTHER)
    give("fac_three", number=SECOND)
    assert parties_sharing_account(PARTY) == {OTHER}


@pytest.mark.parametrize(
    "change",
    ["holder = 'x'", "number = 'x'", "usable_from = created_at", "party = 'x'", "state = 'new'", "state = 'withdrawn'"],
)
def test_the_database_keeps_what_an_account_says(change: str, app: Flask) -> None:
    give(PARTY)
    with pytest.raises(DBAPIError), transaction():
        session().execute(text(f"update payout_accounts set {change}"))  # noqa: S608  from the table above
    with pytest.raises(DBAPIError), transaction():
        session().execute(text("delete from payout_accounts"))


def test_the_database_refuses_a_change_that_counts_too_early(app: Flask) -> None:
    give(PARTY)
    change = give(PARTY, number=SECOND)
    mine = update(PayoutAccount).where(PayoutAccount.public_id == change)
    with transaction():
        active = update(PayoutAccount).where(PayoutAccount.state == "active")
        session().execute(active.values(state="replaced", ended_at=NOW))
    with pytest.raises(DBAPIError, match="not_early"), transaction():
        session().execute(mine.values(state="active", active_since=NOW))
    with pytest.raises(DBAPIError, match="second_owner"), transaction():
        session().execute(mine.values(confirmed_by="usr_owner", confirmed_at=NOW))


def test_the_number_is_nowhere_to_be_read(app: Flask) -> None:
    give(PARTY)
    give(PARTY, number=SECOND)
    audit = str(session().execute(select(AuditRow.__table__)).all())
    facts = str(session().execute(select(OutboxFact.__table__)).all())
    raw = str(session().execute(text("select * from payout_accounts")).all())
    for kept in (audit, facts, raw):
        assert DIGITS not in kept
        assert NUMBER not in kept
    assert "4531" in audit
