"""What must hold for the whole journal, and what does not: set-based checks, and the hashes of every sealed block."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, and_, bindparam, case, cast, func, literal, or_, select

from commission.ledger.ddl import missing
from commission.ledger.models import Account, Block, Entry, Posting
from commission.ledger.rules import GENESIS, KINDS, AccountKey, block_hash
from kernel.db import session

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_SHOWN = 100  # violations of one kind: enough to act on, bounded on a ruined book
_BEFORE_ALL = -(2**63)


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken promise: what kind, of which thing, and the figures that show it."""

    code: str
    subject: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """What all accounts of one kind hold in one currency; fen, debit positive."""

    currency: str
    kind: str
    debit: int
    credit: int

    @property
    def total(self) -> int:
        """Debits less credits."""
        return self.debit - self.credit


@dataclass(frozen=True, slots=True)
class Report:
    """The state of the book: its size, its trial balance and every violation."""

    entries: int
    postings: int
    parties: int
    blocks: int
    sealed: int
    balances: tuple[Balance, ...] = ()
    violations: tuple[Violation, ...] = field(default=())

    @property
    def ok(self) -> bool:
        """Whether nothing is broken."""
        return not self.violations

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`; amounts in fen."""
        plain = asdict(self) | {"ok": self.ok}
        plain["balances"] = [asdict(balance) | {"total": balance.total} for balance in self.balances]
        return plain

    def as_text(self) -> str:
        """Lines for a terminal; amounts in fen."""
        size = f"{self.entries} entries, {self.postings} postings, {self.parties} parties"
        lines = [f"{size}, {self.blocks} blocks over {self.sealed} entries"]
        lines += [f"{item.currency} {item.kind:<18}{item.total:>20,}" for item in self.balances]
        lines += [f"BROKEN {item.code} {item.subject} {item.detail}".rstrip() for item in self.violations]
        return "\n".join([*lines, "ok" if self.ok else f"{len(self.violations)} violations"])


def verify(*, hashed: int | None = None) -> Report:
    """Check the whole journal. Every check is one statement over rows that never change, so traffic may go on.

    `hashed` limits the recomputed hashes to the newest blocks, for a page that cannot wait; the chain is followed
    through all of them.
    """
    counts = session().execute(_COUNTS).one()
    blocks = list(session().scalars(select(Block).order_by(Block.number)))
    balances = trial_balance()
    found = [*_missing_guards(), *_entries(), *_orphans(), *_sums(balances), *_chain(blocks, hashed)]
    sealed = sum(block.entries for block in blocks)
    return Report(*counts, len(blocks), sealed, tuple(balances), tuple(found))


def trial_balance() -> list[Balance]:
    """Debits and credits by currency and kind, in the order of the chart."""
    rows = session().execute(_TRIAL_BALANCE)
    return sorted((Balance(*row) for row in rows), key=lambda item: (item.currency, KINDS.index(item.kind)))


def canonical_entries(first: int, last: int, accounts: Mapping[int, AccountKey]) -> Iterator[list[object]]:
    """Entries with their legs as the plain lists that a block hashes, by id; `first` and `last` included."""
    span = {"first": first, "last": last}
    legs: dict[int, list[list[object]]] = {}
    for entry_id, account_id, amount in session().execute(_LEGS_BETWEEN, span):
        legs.setdefault(entry_id, []).append([*accounts.get(account_id, ("?", str(account_id))), amount])
    for row in session().execute(_ENTRIES_BETWEEN, span):
        plain = [*row[:6], row.at.isoformat(), row.business_date.isoformat(), row.memo]
        yield [*plain, legs.get(row.id, [])]


def account_names() -> dict[int, AccountKey]:
    """Party and kind by account id."""
    return {row.id: (row.party, row.kind) for row in session().execute(select(Account.id, Account.party, Account.kind))}


def _missing_guards() -> Iterator[Violation]:
    for name in missing(session().connection()):
        yield Violation("ledger.guard_missing", name)


def _entries() -> Iterator[Violation]:
    for row in session().execute(_WRONG_ENTRIES):
        subject = f"entry:{row.id}"
        if row.balance:
            yield Violation("ledger.unbalanced", subject, f"sum {row.balance}")
        if row.found != row.legs:
            yield Violation("ledger.legs", subject, f"{row.found} of {row.legs}")
        if row.foreign:
            yield Violation("ledger.currency", subject, f"{row.foreign} legs are not {row.currency}")
        if not (row.fact_kind and row.fact_id):
            yield Violation("ledger.fact_missing", subject)


def _orphans() -> Iterator[Violation]:
    for entry_id in session().scalars(_ORPHANS):
        yield Violation("ledger.orphan", f"entry:{entry_id}", "legs without their entry or account")


def _sums(balances: list[Balance]) -> Iterator[Violation]:
    totals: dict[str, int] = {}
    for balance in balances:
        totals[balance.currency] = totals.get(balance.currency, 0) + balance.total
    for currency, total in totals.items():
        if total:
            yield Violation("ledger.sum", currency, f"sum {total}")


def _chain(blocks: list[Block], hashed: int | None) -> Iterator[Violation]:
    accounts = account_names() if blocks else {}
    unread = 0 if hashed is None else len(blocks) - hashed
    previous, reached = GENESIS, _BEFORE_ALL
    for number, block in enumerate(blocks, start=1):
        subject = f"block:{block.number}"
        if (block.number, block.previous_hash) != (number, previous) or block.first_entry <= reached:
            yield Violation("ledger.chain", subject, "does not follow the block before")
        # From the end of the block before, so that nothing can hide between two blocks.
        entries = canonical_entries(reached + 1, block.last_entry, accounts)
        if number > unread and block_hash(block.previous_hash, entries) != block.hash:
            yield Violation("ledger.block_hash", subject, f"entries {block.first_entry} to {block.last_entry}")
        previous, reached = block.hash, block.last_entry


_COUNTS = select(
    select(func.count()).select_from(Entry).scalar_subquery(),
    select(func.count()).select_from(Posting).scalar_subquery(),
    select(func.count(Account.party.distinct())).scalar_subquery(),
)
_TRIAL_BALANCE = (
    select(
        Account.currency,
        Account.kind,
        # PostgreSQL widens sums to numeric; fen are whole.
        cast(func.sum(case((Posting.amount_fen > 0, Posting.amount_fen), else_=0)), BigInteger),
        cast(-func.sum(case((Posting.amount_fen < 0, Posting.amount_fen), else_=0)), BigInteger),
    )
    .join(Posting, Posting.account_id == Account.id)
    .group_by(Account.currency, Account.kind)
)
_FOREIGN = func.sum(case((Account.currency != Entry.currency, 1), else_=0))
_BALANCE = func.coalesce(func.sum(Posting.amount_fen), literal(0))
_FOUND = func.count(Posting.account_id)
_WRONG_ENTRIES = (
    select(
        Entry.id,
        Entry.legs,
        Entry.currency,
        Entry.fact_kind,
        Entry.fact_id,
        _FOUND.label("found"),
        _BALANCE.label("balance"),
        _FOREIGN.label("foreign"),
    )
    .outerjoin(Posting, Posting.entry_id == Entry.id)
    .outerjoin(Account, Account.id == Posting.account_id)
    .group_by(Entry.id)
    .having(or_(Entry.legs != _FOUND, _BALANCE != 0, _FOREIGN > 0, Entry.fact_kind == "", Entry.fact_id == ""))
    .order_by(Entry.id)
    .limit(_SHOWN)
)
_ORPHANS = (
    select(Posting.entry_id)
    .distinct()
    .outerjoin(Entry, Entry.id == Posting.entry_id)
    .outerjoin(Account, Account.id == Posting.account_id)
    .where(or_(Entry.id.is_(None), Account.id.is_(None)))
    .order_by(Posting.entry_id)
    .limit(_SHOWN)
)
_LEGS_BETWEEN = (
    select(Posting.entry_id, Posting.account_id, Posting.amount_fen)
    .where(and_(Posting.entry_id >= bindparam("first"), Posting.entry_id <= bindparam("last")))
    .order_by(Posting.entry_id, Posting.account_id)
)
_ENTRIES_BETWEEN = (
    select(
        Entry.id,
        Entry.template,
        Entry.fact_kind,
        Entry.fact_id,
        Entry.currency,
        Entry.legs,
        Entry.at,
        Entry.business_date,
        Entry.memo,
    )
    .where(and_(Entry.id >= bindparam("first"), Entry.id <= bindparam("last")))
    .order_by(Entry.id)
)
