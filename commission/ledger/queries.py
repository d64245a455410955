"""What can be asked of the journal; amounts in fen, debit positive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, case, cast, exists, func, or_, select, tuple_
from sqlalchemy.orm import aliased

from commission.ledger.models import Account, Block, Entry, Posting
from commission.ledger.proof import Balance, Report, Violation, trial_balance, verify
from kernel.db import session
from kernel.tables import Selected

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date, datetime

    from sqlalchemy import Select, Subquery


__all__ = [
    "Balance",
    "EntryView",
    "LegView",
    "Report",
    "Violation",
    "balances",
    "entries_of",
    "flow",
    "journal",
    "party_balances",
    "posted_legs",
    "recent_entries",
    "trial_balance",
    "unsealed",
    "verify",
    "waiting_since",
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


@dataclass(frozen=True, slots=True)
class LegView:
    """One leg of an entry, as the journal lists it; fen, debit positive."""

    entry: int
    at: datetime
    template: str
    voucher: str
    kind: str
    party: str
    fen: int

    @property
    def debit(self) -> int | None:
        """The amount on the left side, if it stands there."""
        return self.fen if self.fen > 0 else None

    @property
    def credit(self) -> int | None:
        """The amount on the right side, if it stands there."""
        return -self.fen if self.fen < 0 else None


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


def waiting_since(kind: str, *, until: str) -> Subquery:
    """(party, currency, since) of accounts of a kind: their first credit after the last fact `until`, if any."""
    leg, entry = aliased(Posting), aliased(Entry)
    emptied = select(func.max(entry.id)).join(leg, leg.entry_id == entry.id)
    last = emptied.where(leg.account_id == Account.id, entry.fact_kind == until).scalar_subquery()
    query = (
        select(Account.party, Account.currency, func.min(Entry.at).label("since"))
        .join(Posting, Posting.account_id == Account.id)
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Account.kind == kind, Posting.amount_fen < 0, Entry.id > func.coalesce(last, 0))
    )
    return query.group_by(Account.party, Account.currency).subquery()


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


def journal(
    *,
    template: str = "",
    kind: str = "",
    voucher: str = "",
    parties: Select[str] | None = None,
    since: date | None = None,
    until: date | None = None,
) -> Selected[LegView]:
    """The legs of the entries that fit, newest entry first; days are business days, `until` is the last one."""
    wanted = [Entry.template == template] if template else []
    wanted += [Account.kind == kind] if kind else []
    wanted += [Account.party.in_(parties)] if parties is not None else []
    wanted += [or_(Entry.memo == voucher, Entry.fact_id == voucher)] if voucher else []
    wanted += [Entry.business_date >= since] if since else []
    wanted += [Entry.business_date <= until] if until else []
    said = func.coalesce(func.nullif(Entry.memo, ""), Entry.fact_id)
    query = (
        select(Entry.id, Entry.at, Entry.template, said, Account.kind, Account.party, Posting.amount_fen)
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .where(*wanted)
    )
    order = (Entry.id.desc(), Posting.amount_fen.desc(), Account.id)
    return Selected(query, order, lambda rows: [LegView(*row) for row in rows])


def flow(kind: str, *, since: date) -> dict[date, tuple[int, int]]:
    """What came to and went from all accounts of a kind on each business day: (debits, credits), days without none."""
    sums = [cast(func.sum(case((side, func.abs(Posting.amount_fen)), else_=0)), BigInteger) for side in _BOTH_SIDES]
    columns: tuple[Any, ...] = (Entry.business_date, *sums)
    query = (
        select(*columns)
        .join(Posting, Posting.entry_id == Entry.id)
        .join(Account, Account.id == Posting.account_id)
        .where(Account.kind == kind, Entry.business_date >= since)
        .group_by(Entry.business_date)
    )
    return {day: (int(came), int(went)) for day, came, went in session().execute(query)}


def entries_of(facts: Collection[tuple[str, str]]) -> list[EntryView]:
    """The entries of these facts (kind, id), as far as they are posted, oldest first."""
    return _with_legs(select(Entry).where(tuple_(Entry.fact_kind, Entry.fact_id).in_(facts)).order_by(Entry.id))


def unsealed() -> bool:
    """Whether some entry is in no block yet."""
    sealed = select(func.coalesce(func.max(Block.last_entry), 0)).scalar_subquery()
    return bool(session().scalar(select(exists().where(Entry.id > sealed))))


_BOTH_SIDES = (Posting.amount_fen > 0, Posting.amount_fen < 0)


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
