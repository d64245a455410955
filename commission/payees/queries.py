"""What can be asked of payout accounts; the number itself is given to nobody here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import literal, select
from sqlalchemy.orm import aliased

from commission.payees.models import PayoutAccount
from commission.payees.rules import BANKS
from kernel.db import session

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select, SQLColumnExpression

    from kernel.text import Message

LIVE = PayoutAccount.state.in_(("new", "active"))


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as pages show it."""

    account: str
    party: str
    bank: Message | str
    last_four: str
    holder: str
    fits: bool
    state: str
    created_by: str
    created_at: datetime
    usable_from: datetime


@dataclass(frozen=True, slots=True)
class Accounts:
    """Where a party's money goes now, and where it will go after a change."""

    current: AccountLine | None
    waiting: AccountLine | None


def accounts_of(party: str, *, now: datetime) -> Accounts:
    """The accounts of a party (public id); a change whose time has come is the current one."""
    found = {
        row.state: row for row in session().scalars(select(PayoutAccount).where(PayoutAccount.party == party, LIVE))
    }
    waiting, current = found.get("new"), found.get("active")
    if waiting and waiting.usable_from <= now:
        return Accounts(line_of(waiting), None)
    return Accounts(line_of(current) if current else None, line_of(waiting) if waiting else None)


def account(public_id: str) -> AccountLine | None:
    """One account by its public id."""
    row = session().scalar(select(PayoutAccount).where(PayoutAccount.public_id == public_id))
    return line_of(row) if row else None


def replaced_by(public_id: str) -> AccountLine | None:
    """The account that this one takes the place of."""
    later = aliased(PayoutAccount)
    query = select(PayoutAccount).join(later, later.replaces_id == PayoutAccount.id)
    row = session().scalar(query.where(later.public_id == public_id))
    return line_of(row) if row else None


def with_account(parties: Collection[str]) -> set[str]:
    """Which of these parties have somewhere for their money to go."""
    known = select(PayoutAccount.party).where(PayoutAccount.state == "active", PayoutAccount.party.in_(parties))
    return set(session().scalars(known)) if parties else set()


def has_account(party: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Whether the party of a row has somewhere for its money to go, to select by."""
    return select(PayoutAccount.id).where(PayoutAccount.state == "active", PayoutAccount.party == party).exists()


def is_paid_in_person(party: str, *, now: datetime) -> bool:
    """Whether the money of a party (public id) goes to a person's own card, or will after a change."""
    columns = (PayoutAccount.state, PayoutAccount.personal, PayoutAccount.usable_from)
    live = session().execute(select(*columns).where(PayoutAccount.party == party, LIVE)).all()
    is_over = any(state == "new" and usable_from <= now for state, _personal, usable_from in live)
    return any(personal for state, personal, _from in live if not (is_over and state == "active"))


def has_account_in_name(party: SQLColumnExpression[str], *, now: datetime) -> ColumnElement[bool]:
    """Whether money of the party of a row goes to an account of the name on its licence, to select by.

    A change whose time has come counts in place of the account before it.
    """
    due = (PayoutAccount.state == "new") & (PayoutAccount.usable_from <= now)
    later = aliased(PayoutAccount)
    replaced = select(later.id).where(later.party == party, later.state == "new", later.usable_from <= now).exists()
    stands = due | ((PayoutAccount.state == "active") & ~replaced)
    fits = (PayoutAccount.party == party) & PayoutAccount.holder_fits
    return select(PayoutAccount.id).where(fits, stands).exists()


def parties_sharing_account(party: str) -> set[str]:
    """The other parties (public ids) that have an account of this one, or had it."""
    return set(session().scalars(sharing_account(literal(party))))


def sharing_account(party: ColumnElement[str]) -> Select[str]:
    """The same of the party of a row, to select by."""
    mine, other = aliased(PayoutAccount), aliased(PayoutAccount)
    same = (other.fingerprint == mine.fingerprint) & (other.party != mine.party)
    return select(other.party).join(mine, same).where(mine.party == party).distinct()


def doubtful() -> list[AccountLine]:
    """Live accounts for the finance desk to look at: of somebody else's name, or of two parties."""
    other = aliased(PayoutAccount)
    same: ColumnElement[bool] = (
        select(other.id)
        .where(other.fingerprint == PayoutAccount.fingerprint, other.party != PayoutAccount.party)
        .where(other.state.in_(("new", "active")))
        .exists()
    )
    query = select(PayoutAccount).where(LIVE, same | PayoutAccount.holder_fits.is_(False))
    return [line_of(row) for row in session().scalars(query.order_by(PayoutAccount.id.desc()).limit(50))]


def line_of(row: PayoutAccount) -> AccountLine:
    """A row without its number."""
    return AccountLine(
        account=row.public_id,
        party=row.party,
        bank=row.bank_name or BANKS[row.bank],
        last_four=row.last_four,
        holder=row.holder,
        fits=row.holder_fits,
        state=row.state,
        created_by=row.created_by,
        created_at=row.created_at,
        usable_from=row.usable_from,
    )
