"""What can be done with payout accounts: given, changed, confirmed by a second owner, withdrawn, in force, ended.

The number is kept encrypted and never noted: the audit trail, messages and facts have its last four digits at most.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from commission.payees.facts import AccountChanged
from commission.payees.models import Payee, PayoutAccount
from commission.payees.queries import registered
from commission.payees.rules import (
    BANKS,
    OTHER,
    is_settled,
    masked,
    may_object,
    number_fault,
    usable_from,
)
from kernel.audit import note, operation
from kernel.crypto import cipher
from kernel.db import is_sqlite, session
from kernel.errors import DomainError, InvalidInputError, NotFoundError
from kernel.ids import public_id
from kernel.outbox import publish
from kernel.permissions import Permission

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Select

    from commission.payees.rules import Details, Left, Registered
    from kernel.errors import Param
    from kernel.permissions import Actor


def know_payee(*, party: str, known: Registered, now: datetime) -> None:
    """Remember, in the open transaction, whom the licence of a party names from now on; held until it ends.

    Told by whoever knows licences, each time that one says something else.
    """
    said = {**asdict(known), "told_at": now}
    insert = (sqlite if is_sqlite() else postgresql).insert(Payee).values(party=party, **said)
    session().execute(insert.on_conflict_do_update(index_elements=[Payee.party], set_=said))


@operation("payee.give")
def give_account(*, party: str, details: Details, consent: bool, actor: Actor, now: datetime) -> str:
    """Keep where a party's money goes; the public id. Usable at once if it is the first, else after its cooling-off.

    Raises InvalidInputError for what cannot be an account or without consent, DomainError `payee.waiting` while
    another change waits, `payee.same` for the account that is in force already, `payee.left` for who has left.
    """
    _own(party, actor)
    _check(details, _held_payee(party), consent=consent)
    come_into_force(party=party, now=now)
    before = session().scalar(_row(party, "active"))
    row = _values(party, details, before=before, actor=actor, now=now)
    if before and before.fingerprint == row["fingerprint"]:
        raise DomainError("payee.same")
    insert = (sqlite if is_sqlite() else postgresql).insert(PayoutAccount).values(**row)
    if session().scalar(insert.on_conflict_do_nothing().returning(PayoutAccount.id)) is None:
        raise DomainError("payee.waiting")
    given = str(row["public_id"])
    note(f"payee:{party}", before=_told(before), after={"account": given, "masked": _masked(row)})
    _publish(given, party, "changed" if before else "given", actor=actor, now=now)
    return given


@operation("payee.confirm")
def confirm_account(*, account: str, since: datetime | None, actor: Actor, now: datetime) -> None:
    """Let a change count at once, as a second owner who owns the party `since` then.

    DomainError `payee.second_owner` for who asked for it, `payee.new_owner` for who owns it for less than 72 hours,
    `payee.left` once the party has left.
    """
    row = _change(account)
    _own(row.party, actor)
    _still_waits(row)
    if row.created_by == actor.user:
        raise DomainError("payee.second_owner")
    if not is_settled(since, now=now):
        raise DomainError("payee.new_owner")
    row.confirmed_by, row.confirmed_at = actor.user, now
    _activate(row, now=now)
    _publish(account, row.party, "confirmed", actor=actor, now=now)


@operation("payee.withdraw")
def withdraw_account(*, account: str, actor: Actor, now: datetime, left: Left | None = None) -> None:
    """Take a change back before it counts; any owner may, and who has `left` of late as `may_object` says."""
    row = _change(account)
    if not may_object(left, asked_by=row.created_by, asked=row.created_at):
        _own(row.party, actor, left_too=True)
    _still_waits(row)
    if row.usable_from <= now:
        raise DomainError("payee.gone")
    _withdraw(row, actor=actor, now=now)


def withdraw_with_owner(*, party: str, owner: str, actor: Actor, now: datetime) -> None:
    """Take back, in the open transaction, the change asked for by an owner (public id) who is one no more."""
    hers = _row(party, "new").where(PayoutAccount.created_by == owner, PayoutAccount.usable_from > now)
    row = session().scalar(hers)
    if row is not None:
        _withdraw(row, actor=actor, now=now)


def end_accounts(*, party: str, now: datetime) -> None:
    """End, in the open transaction, the accounts of a party that is thrown away, and forget whom its licence named."""
    session().execute(delete(Payee).where(Payee.party == party))
    for before, after in (("new", "withdrawn"), ("active", "ended")):
        row = session().scalar(_row(party, before))
        if row is not None:
            row.state, row.ended_at = after, now
            note(f"payee:{party}", after=_told(row))


def account_to_pay(*, party: str, now: datetime) -> PayoutAccount | None:
    """Where money may go to now, in the open transaction: no person's card but that of an individual business."""
    known, row = _held_payee(party), come_into_force(party=party, now=now)  # in the order of giving: no deadlock
    return None if row is None or (row.personal and not known.is_individual) else row


def come_into_force(*, party: str, now: datetime) -> PayoutAccount | None:
    """The account that a party's money goes to now, in the open transaction: a change whose time has come counts."""
    row = session().scalar(_row(party, "new").where(PayoutAccount.usable_from <= now))
    if row is not None:
        _activate(row, now=now)
        return row
    return session().scalar(_row(party, "active"))


def _own(party: str, actor: Actor, *, left_too: bool = False) -> None:
    """Only owners of the party itself: no staff and no machine says where somebody's money goes.

    Of a house that has left nothing is said any more; `left_too` where money only stays where it is.
    """
    right = Permission.SELLER_ORGANISATION_EDIT
    mine = [one for one in actor.memberships if one.organisation == party and right in one.permissions]
    if not mine:
        raise NotFoundError
    if mine[0].is_left and not left_too:
        raise DomainError("payee.left")


def _held_payee(party: str) -> Registered:
    """Whom the licence of a party names, held: it says nothing else before this transaction ends."""
    session().execute(select(Payee.id).where(Payee.party == party).with_for_update())
    return registered(party)


def _check(details: Details, known: Registered, *, consent: bool) -> None:
    faults: dict[str, tuple[str, dict[str, Param]]] = {}
    if details.personal and not known.is_individual:
        faults["personal"] = ("field.firm_account" if known.is_firm else "field.personal_unknown", {})
    if not details.holder:
        faults["holder"] = ("field.required", {})
    if details.bank not in BANKS:
        faults["bank"] = ("field.bank", {})
    if (details.bank == OTHER) != bool(details.bank_name):
        faults["bank_name"] = ("field.required", {})
    if fault := number_fault(details.digits, personal=details.personal):
        faults["number"] = (fault, {})
    if not consent:
        faults["consent"] = ("field.account_consent", {})
    if faults:
        raise InvalidInputError(faults)


def _values(
    party: str, details: Details, *, before: PayoutAccount | None, actor: Actor, now: datetime
) -> dict[str, object]:
    return {
        "public_id": public_id("pac"),
        "party": party,
        "kind": "bank",
        "personal": details.personal,
        "holder": details.holder,
        "bank": details.bank,
        "bank_name": details.bank_name,
        "branch": details.branch,
        "number": details.digits,
        "last_four": details.digits[-4:],
        "fingerprint": cipher().fingerprint(f"payout-account:{details.digits}"),
        "state": "new" if before else "active",
        "replaces_id": before.id if before else None,
        "created_by": actor.user,
        "created_at": now,
        "consented_at": now,
        "usable_from": usable_from(is_first=before is None, now=now),
        "active_since": None if before else now,
    }


def _change(account: str) -> PayoutAccount:
    """A change, under lock; whose it is and whether it still waits is for the caller to ask. NotFoundError."""
    query = select(PayoutAccount).where(PayoutAccount.public_id == account).with_for_update()
    row = session().scalar(query.execution_options(populate_existing=True))
    if row is None:
        raise NotFoundError
    return row


def _still_waits(row: PayoutAccount) -> None:
    if row.state != "new":
        raise DomainError("payee.gone")


def _withdraw(row: PayoutAccount, *, actor: Actor, now: datetime) -> None:
    row.state, row.ended_at = "withdrawn", now
    note(f"payee:{row.party}", before=_told(row), after={"withdrawn": True})
    _publish(row.public_id, row.party, "withdrawn", actor=actor, now=now)


def _activate(row: PayoutAccount, *, now: datetime) -> None:
    """Put an account into force in the place of the one before it."""
    old = update(PayoutAccount).where(PayoutAccount.party == row.party, PayoutAccount.state == "active")
    session().execute(old.values(state="replaced", ended_at=now))
    row.state, row.active_since = "active", now
    session().flush()
    note(f"payee:{row.party}", after=_told(row))


def _row(party: str, state: str) -> Select[PayoutAccount]:
    query = select(PayoutAccount).where(PayoutAccount.party == party, PayoutAccount.state == state)
    return query.with_for_update().execution_options(populate_existing=True)


def _told(row: PayoutAccount | None) -> dict[str, object]:
    if row is None:
        return {}
    return {"account": row.public_id, "masked": masked(row.bank, row.bank_name, row.last_four), "state": row.state}


def _masked(row: dict[str, object]) -> str:
    return masked(str(row["bank"]), str(row["bank_name"]), str(row["last_four"]))


def _publish(account: str, party: str, deed: str, *, actor: Actor, now: datetime) -> None:
    publish(AccountChanged(account=account, party=party, deed=deed), actor=actor, now=now)
