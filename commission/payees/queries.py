"""What can be asked of payout accounts; the number itself is given to nobody here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, case, false, func, literal, select
from sqlalchemy.orm import aliased

from commission.payees.models import Payee, PayoutAccount
from commission.payees.rules import ALIKE, BANKS, Registered
from kernel.db import session

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import ColumnElement, Select, SQLColumnExpression

    from kernel.text import Message

LIVE = PayoutAccount.state.in_(("new", "active"))


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account as pages show it.

    `fits` is whether the licence names its holder, as it is now: a firm itself, or of an individual business its owner.
    No reason to refuse it, but for the finance desk to look. `is_held` is a person's card of what is no individual
    business (any more): no money goes there.
    """

    account: str
    party: str
    bank: Message | str
    last_four: str
    holder: str
    fits: bool
    is_held: bool
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
    found = {line.state: line for line in _lines(PayoutAccount.party == party, LIVE)}
    waiting, current = found.get("new"), found.get("active")
    if waiting and waiting.usable_from <= now:
        return Accounts(waiting, None)
    return Accounts(current, waiting)


def registered(party: str) -> Registered:
    """Whom the licence of a party (public id) names; nobody before it was told."""
    said = select(Payee.name, Payee.representative, Payee.is_individual, Payee.is_firm)
    row = session().execute(said.where(Payee.party == party)).one_or_none()
    return Registered(*row) if row else Registered("")


def account(public_id: str) -> AccountLine | None:
    """One account by its public id."""
    return next(iter(_lines(PayoutAccount.public_id == public_id)), None)


def replaced_by(public_id: str) -> AccountLine | None:
    """The account that this one takes the place of."""
    later = aliased(PayoutAccount)
    before = select(later.replaces_id).where(later.public_id == public_id)
    return next(iter(_lines(PayoutAccount.id.in_(before))), None)


def with_account(parties: Collection[str]) -> set[str]:
    """Which of these parties have somewhere for their money to go."""
    known = select(PayoutAccount.party).outerjoin(Payee, Payee.party == PayoutAccount.party)
    can = (PayoutAccount.state == "active") & ~HELD & PayoutAccount.party.in_(parties)
    return set(session().scalars(known.where(can))) if parties else set()


def has_account(party: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Whether the party of a row has somewhere for its money to go, to select by."""
    own = select(PayoutAccount.id).outerjoin(Payee, Payee.party == PayoutAccount.party)
    return own.where(PayoutAccount.state == "active", PayoutAccount.party == party, ~HELD).exists()


def has_held_account(party: SQLColumnExpression[str]) -> ColumnElement[bool]:
    """Whether the money of the party of a row waits, as its account is a person's card and it is a firm."""
    own = select(PayoutAccount.id).outerjoin(Payee, Payee.party == PayoutAccount.party)
    return own.where(PayoutAccount.state == "active", PayoutAccount.party == party, HELD).exists()


def is_held(party: str) -> bool:
    """The same of one party (public id)."""
    return bool(session().scalar(select(has_held_account(literal(party)))))


def is_paid_in_person(party: str, *, now: datetime) -> bool:
    """Whether the money of a party (public id) goes to a person's own card, or will after a change."""
    columns = (PayoutAccount.state, PayoutAccount.personal, PayoutAccount.usable_from)
    live = session().execute(select(*columns).where(PayoutAccount.party == party, LIVE)).all()
    is_over = any(state == "new" and usable_from <= now for state, _personal, usable_from in live)
    return any(personal for state, personal, _from in live if not (is_over and state == "active"))


def has_account_in_name(party: SQLColumnExpression[str], *, now: datetime) -> ColumnElement[bool]:
    """Whether money of the party of a row goes to an account of the name on its licence of today, to select by.

    A change whose time has come counts in place of the account before it.
    """
    due = (PayoutAccount.state == "new") & (PayoutAccount.usable_from <= now)
    later = aliased(PayoutAccount)
    replaced = select(later.id).where(later.party == party, later.state == "new", later.usable_from <= now)
    replaced = replaced.correlate_except(later)  # of the row outside: by itself a query looks no further than one up
    stands = due | ((PayoutAccount.state == "active") & ~replaced.exists())
    own = select(PayoutAccount.id).join(Payee, Payee.party == PayoutAccount.party)
    return own.where(PayoutAccount.party == party, FITS, stands).exists()


def parties_sharing_account(party: str) -> set[str]:
    """The other parties (public ids) that have an account of this one, or had it; drafts thrown away are none."""
    return set(session().scalars(sharing_account(literal(party))))


def sharing_account(party: ColumnElement[str]) -> Select[str]:
    """The same of the party of a row, to select by."""
    mine, other = aliased(PayoutAccount), aliased(PayoutAccount)
    same = (other.fingerprint == mine.fingerprint) & (other.party != mine.party) & (other.state != "ended")
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
    return _lines(LIVE, same | ~FITS, limit=50)


def _lines(*where: ColumnElement[bool], limit: int | None = None) -> list[AccountLine]:
    """Accounts, the newest first, each held against whom the licence of its party names now."""
    query = select(PayoutAccount, FITS, HELD).outerjoin(Payee, Payee.party == PayoutAccount.party).where(*where)
    rows = session().execute(query.order_by(PayoutAccount.id.desc()).limit(limit))
    return [_line(row, fits=bool(fits), is_held=bool(held)) for row, fits, held in rows]


def _line(row: PayoutAccount, *, fits: bool, is_held: bool) -> AccountLine:
    """A row without its number."""
    return AccountLine(
        account=row.public_id,
        party=row.party,
        bank=row.bank_name or BANKS[row.bank],
        last_four=row.last_four,
        holder=row.holder,
        fits=fits,
        is_held=is_held,
        state=row.state,
        created_by=row.created_by,
        created_at=row.created_at,
        usable_from=row.usable_from,
    )


def _plain(name: SQLColumnExpression[str]) -> ColumnElement[str]:
    said: ColumnElement[str] = func.coalesce(name, "")
    for written, plain in ALIKE:
        said = func.replace(said, written, plain)
    return said


_IS_ALONE: ColumnElement[bool] = func.coalesce(Payee.is_individual, false())
_HOLDER = _plain(PayoutAccount.holder)
HELD = and_(PayoutAccount.personal, ~_IS_ALONE)
"""Of an account with its payee (outer) joined: no money goes there."""
FITS = case(
    (PayoutAccount.personal, and_(_IS_ALONE, _plain(Payee.representative) == _HOLDER)),
    else_=_plain(Payee.name) == _HOLDER,
)
"""Of an account with its payee (outer) joined: the licence names its holder."""
