"""What can be asked of the journal; amounts in fen, debit positive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, cast, exists, func, select, tuple_

from commission.ledger.models import Account, Block, Entry, Posting
from commission.ledger.proof import Balance, Report, Violation, trial_balance, verify
from kernel.db import session

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import Select, Subquery


__all__ = [
    "Balance",
    "EntryView",
    "Report",
    "Violation",
    "balances",
    "entries_of",
    "party_balances",
    "posted_legs",
    "recent_entries",
    "trial_balance",
    "unsealed",
    "verify",
]


@dataclass(frozen=True, slots=True)
class EntryView:
    """An entry with its legs: (party, kind, fen)."""

    id: int
    template: str
    fact_kind: str
    fact_id: str
    currency: str
    at: datetime
    business_date: date
    memo: str
    legs: tuple[tuple[str, str, int], ...]

    @property
    def total(self) -> int:
        """Debits less credits: nothing, in an honest book."""
        return sum(fen for _, _, fen in self.legs)


def balances(party: str, *, currency: str) -> dict[str, int]:
    """What a party's accounts hold, by kind."""
    mine = party_balances()
    rows = session().execute(select(mine.c.kind, mine.c.fen).where(mine.c.party == party, mine.c.currency == currency))
    return {row.kind: row.fen for row in rows}


def party_balances(kinds: Collection[str] = ()) -> Subquery:
    """(party, kind, currency, fen) of every account with postings, to select from or join."""
    fen = cast(func.sum(Posting.amount_fen), BigInteger).label("fen")
    query = select(Account.party, Account.kind, Account.currency, fen).join(Posting, Posting.account_id == Account.id)
    if kinds:
        query = query.where(Account.kind.in_(kinds))
    return query.group_by(Account.party, Account.kind, Account.currency).subquery()


def posted_legs() -> Subquery:
    """(fact_kind, fact_id, party, kind, currency, fen) of every leg, to select from or join."""
    query = (
        select(
            Entry.fact_kind,
            Entry.fact_id,
            Account.party,
            Account.kind,
            Account.currency,
            Posting.amount_fen.label("fen"),
        )
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
    )
    return query.subquery()


def recent_entries(*, limit: int = 20) -> list[EntryView]:
    """The newest entries, newest first."""
    return _with_legs(select(Entry).order_by(Entry.id.desc()).limit(limit))


def entries_of(facts: Collection[tuple[str, str]]) -> list[EntryView]:
    """The entries of these facts (kind, id), as far as they are posted, oldest first."""
    return _with_legs(select(Entry).where(tuple_(Entry.fact_kind, Entry.fact_id).in_(facts)).order_by(Entry.id))


def unsealed() -> bool:
    """Whether some entry is in no block yet."""
    sealed = select(func.coalesce(func.max(Block.last_entry), 0)).scalar_subquery()
    return bool(session().scalar(select(exists().where(Entry.id > sealed))))


def _with_legs(query: Select[Entry]) -> list[EntryView]:
    """The entries of a query and all their legs, in two statements."""
    entries = list(session().scalars(query))
    legs: dict[int, list[tuple[str, str, int]]] = {}
    of_entries = (
        select(Posting.entry_id, Account.party, Account.kind, Posting.amount_fen)
        .join(Account, Account.id == Posting.account_id)
        .where(Posting.entry_id.in_([entry.id for entry in entries]))
        .order_by(Posting.entry_id, Posting.amount_fen.desc())
    )
    for row in session().execute(of_entries):
        legs.setdefault(row.entry_id, []).append((row.party, row.kind, row.amount_fen))
    return [_view(entry, tuple(legs.get(entry.id, ()))) for entry in entries]


def _view(entry: Entry, legs: tuple[tuple[str, str, int], ...]) -> EntryView:
    return EntryView(
        entry.id,
        entry.template,
        entry.fact_kind,
        entry.fact_id,
        entry.currency,
        entry.at,
        entry.business_date,
        entry.memo,
        legs,
    )
