"""A stateful sandbox rail: a payment company in one file, with its own durable state, for development and tests.

It shares nothing with our database, as an outside company would not; any number of processes may use it at once.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import time
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from commission.payments.rail import KeyReusedError, Outcome, RailUnknownError
from commission.payments.rules import DECLINES, PAYS, PROCESSING_BP
from kernel.money import Money, share

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BUSY_SECONDS = 10
_SCHEMA = """
create table if not exists movements (
    key text primary key,
    kind text not null check (kind in ('charge', 'refund', 'payout')),
    parameters text not null,
    amount integer not null check (amount > 0),
    currency text not null,
    counterpart text not null,
    state text not null check (state in ('ok', 'failed')),
    rail_ref text not null unique,
    fee integer not null check (fee >= 0),
    reason text not null
) strict
"""
_COLUMNS = "key, kind, amount, currency, counterpart, state, rail_ref, fee, reason"


class Movement(NamedTuple):
    """One call as the rail remembers it; `counterpart` is the reference, the charge or the payee. Amounts in fen."""

    key: str
    kind: str
    amount: int
    currency: str
    counterpart: str
    state: str
    rail_ref: str
    fee: int
    reason: str

    @property
    def outcome(self) -> Outcome:
        """The answer given for it, today as at first."""
        return Outcome(self.state, self.rail_ref, self.fee, self.reason)


@dataclass
class FaultPlan:
    """What goes wrong with the next calls, per call name, each entry used once: tests write it.

    `before`: lost on the way there; `after_commit_drop`: done, but the answer is lost; `slow`: late; "": nothing.
    """

    planned: dict[str, list[str]] = field(default_factory=dict)
    slow_seconds: float = 0.2

    @contextmanager
    def around(self, call: str) -> Iterator[None]:
        """Run one call of the rail with the next fault planned for it."""
        entries = self.planned.get(call, [])
        fault = entries.pop(0) if entries else ""
        if fault == "before":
            raise RailUnknownError(f"{call} never arrived")
        if fault == "slow":
            time.sleep(self.slow_seconds)
        yield
        if fault == "after_commit_drop":
            raise RailUnknownError(f"the answer to {call} was lost")


class SandboxRail:
    """Charges cost 60 basis points, half-up; refunds and payouts are free.

    A payout never exceeds the balance; a refund never exceeds its charge, and what is missing for it is owed.
    """

    def __init__(self, path: Path, faults: FaultPlan | None = None) -> None:
        self._path = path
        self.faults = faults or FaultPlan()
        path.parent.mkdir(parents=True, exist_ok=True)
        with self._books() as books:
            books.execute(_SCHEMA)

    def charge(self, *, key: str, amount: Money, reference: str, method: str = PAYS) -> Outcome:
        """Take money from a buyer; the method `sandbox_declines` is refused, as a card may be."""
        with self.faults.around("charge"):
            reason = "declined" if method == DECLINES else ""
            fee = share(amount.amount, PROCESSING_BP)
            return self._move("charge", key, amount, reference, fee=fee, reason=reason, more=[method])

    def refund(self, *, key: str, charge_ref: str, amount: Money) -> Outcome:
        """Give back part or all of a charge."""
        with self.faults.around("refund"):
            return self._move("refund", key, amount, charge_ref)

    def payout(self, *, key: str, amount: Money, payee: str) -> Outcome:
        """Send money to a party from the balance."""
        with self.faults.around("payout"):
            return self._move("payout", key, amount, payee)

    def query(self, *, key: str) -> Outcome | None:
        """What became of a key."""
        with self.faults.around("query"), self._books() as books:
            found = _movement(books, key)
            return found.outcome if found else None

    def balance(self, currency: str = "CNY") -> Money:
        """What the platform holds at the rail: charges less fees, refunds and payouts."""
        with self._books() as books:
            return Money(_balance(books, currency), currency)

    def charges(self) -> list[Movement]:
        """Every charge, oldest first."""
        return self._listing("charge")

    def refunds(self) -> list[Movement]:
        """Every refund, oldest first."""
        return self._listing("refund")

    def payouts(self) -> list[Movement]:
        """Every payout, oldest first."""
        return self._listing("payout")

    def _move(
        self,
        kind: str,
        key: str,
        amount: Money,
        counterpart: str,
        *,
        fee: int = 0,
        reason: str = "",
        more: list[str] | None = None,
    ) -> Outcome:
        """Answer a key as before, or decide it now: one immediate transaction, on disk before the answer."""
        parameters = _fingerprint(kind, amount, counterpart, more or [])
        with self._books() as books:
            books.execute("begin immediate")
            known = books.execute("select parameters from movements where key = ?", (key,)).fetchone()
            if known is None:
                reason = reason or _shortage(books, kind, amount, counterpart)
                state, fee = ("failed", 0) if reason else ("ok", fee)
                ref = f"sbx_{kind}_{secrets.token_hex(8)}"
                row = (key, kind, parameters, *_plain(amount), counterpart, state, ref, fee, reason)
                books.execute("insert into movements values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
            elif known[0] != parameters:
                books.execute("rollback")
                raise KeyReusedError(key)
            books.execute("commit")
            settled = _movement(books, key)
        if settled is None:
            raise AssertionError(key)
        return settled.outcome

    def _listing(self, kind: str) -> list[Movement]:
        query = f"select {_COLUMNS} from movements where kind = ? order by rowid"  # noqa: S608  our own column names
        with self._books() as books:
            return [Movement(*row) for row in books.execute(query, (kind,))]

    @contextmanager
    def _books(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None)) as books:
            books.execute("pragma journal_mode=wal")
            books.execute("pragma synchronous=full")
            yield books


def _fingerprint(kind: str, amount: Money, counterpart: str, more: list[str]) -> str:
    told = json.dumps([kind, *_plain(amount), counterpart, *more])
    return hashlib.sha256(told.encode()).hexdigest()


def _plain(amount: Money) -> tuple[int, str]:
    return amount.amount, amount.currency


def _movement(books: sqlite3.Connection, key: str) -> Movement | None:
    query = f"select {_COLUMNS} from movements where key = ?"  # noqa: S608  our own column names
    row = books.execute(query, (key,)).fetchone()
    return Movement(*row) if row else None


def _shortage(books: sqlite3.Connection, kind: str, amount: Money, counterpart: str) -> str:
    """Why money cannot go out, or nothing."""
    if kind == "refund" and amount.amount > _refundable(books, counterpart):
        return "refund_exceeds_charge"
    if kind == "payout" and amount.amount > _balance(books, amount.currency):
        return "balance_too_low"
    return ""


def _refundable(books: sqlite3.Connection, charge_ref: str) -> int:
    query = """
        select coalesce(sum(case kind when 'charge' then amount else -amount end), 0) from movements
        where state = 'ok' and (kind = 'charge' and rail_ref = :ref or kind = 'refund' and counterpart = :ref)
    """
    total: int = books.execute(query, {"ref": charge_ref}).fetchone()[0]
    return total


def _balance(books: sqlite3.Connection, currency: str) -> int:
    query = """
        select coalesce(sum(case kind when 'charge' then amount - fee else -amount end), 0) from movements
        where state = 'ok' and currency = ?
    """
    total: int = books.execute(query, (currency,)).fetchone()[0]
    return total
