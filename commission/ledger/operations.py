"""Posting entries and sealing blocks. Posting joins the caller's transaction: an entry belongs to its fact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select, text, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from commission.ledger.models import Account, Block, Entry, Posting
from commission.ledger.proof import account_names, canonical_entries
from commission.ledger.queries import unsealed
from commission.ledger.rules import BLOCK_SIZE, GENESIS, AccountKey, Legs, block_hash
from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import is_sqlite, session
from kernel.errors import DomainError
from kernel.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from kernel.permissions import Actor

# Posters hold this lock shared until they commit, the sealer alone: no entry can appear behind a sealed one.
_SEALING = 7_301


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be posted: which template built it, which fact it belongs to, its legs."""

    template: str
    fact_kind: str
    fact_id: str
    legs: Legs
    memo: str = ""


def post(
    *,
    fact_kind: str,
    fact_id: str,
    legs: Legs,
    at: datetime,
    currency: str,
    template: str = "",
    memo: str = "",
) -> int:
    """Post the one entry of a fact; its id. Raises DomainError `ledger.refused` when it was posted before.

    The template that built the legs has the name of the fact unless another is given: `sale_paid` of `sale.paid`.
    """
    template = template or fact_kind.replace(".", "_")
    return post_all([Draft(template, fact_kind, fact_id, legs, memo)], at=at, currency=currency)[0]


def post_all(drafts: Sequence[Draft], *, at: datetime, currency: str) -> Sequence[int]:
    """Post several entries of one currency in four statements; their ids. All or nothing, as `post`."""
    if not drafts:
        return []
    ids = _next_ids(len(drafts))
    accounts = _accounts({(leg.party, leg.kind) for draft in drafts for leg in draft.legs}, currency)
    numbered = list(zip(ids, drafts, strict=True))
    legs = [
        {"entry_id": entry_id, "account_id": accounts[leg.party, leg.kind], "amount_fen": leg.amount}
        for entry_id, draft in numbered
        for leg in draft.legs
    ]
    shared = {"at": at, "business_date": business_date(at), "currency": currency}
    entries = [_entry(entry_id, draft) | shared for entry_id, draft in numbered]
    try:
        session().execute(_INSERT_POSTINGS, legs)
        session().execute(_INSERT_ENTRIES, entries)
    except IntegrityError as error:
        facts = ", ".join(f"{draft.fact_kind}:{draft.fact_id}" for draft in drafts[:3])
        raise DomainError("ledger.refused", facts=facts) from error
    return ids


def lock_account(*, party: str, kind: str, currency: str) -> None:
    """Wait for rivals who decide about this account; postings to it go on. Held until the transaction ends."""
    mine = (Account.party == party, Account.kind == kind, Account.currency == currency)
    session().execute(select(Account.id).where(*mine).with_for_update(key_share=True))


def seal_blocks(*, actor: Actor, now: datetime) -> int:
    """Seal every entry that is in no block yet; how many blocks that made. Writes nothing when there is nothing."""
    made = 0
    while unsealed() and seal_block(actor=actor, now=now):
        made += 1
    return made


@operation("ledger.seal_block")
def seal_block(*, actor: Actor, now: datetime) -> int | None:
    """Seal the next entries, at most 1,000, into a block; its number, or None when all are sealed."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    if not is_sqlite():
        session().execute(select(func.pg_advisory_xact_lock(_SEALING)))
    last = session().scalar(select(Block).order_by(Block.number.desc()).limit(1))
    number, previous, reached = (last.number + 1, last.hash, last.last_entry) if last else (1, GENESIS, 0)
    ids = list(session().scalars(_NEXT_UNSEALED, {"reached": reached}))
    if not ids:
        return None
    block = {
        "number": number,
        "first_entry": ids[0],
        "last_entry": ids[-1],
        "entries": len(ids),
        "previous_hash": previous,
        "hash": block_hash(previous, canonical_entries(ids[0], ids[-1], account_names())),
        "sealed_at": now,
    }
    session().execute(insert(Block).values(**block))
    note(f"block:{number}", after={"entries": len(ids), "hash": block["hash"]})
    return number


def _entry(entry_id: int, draft: Draft) -> dict[str, object]:
    return {
        "id": entry_id,
        "template": draft.template,
        "fact_kind": draft.fact_kind,
        "fact_id": draft.fact_id,
        "legs": len(draft.legs),
        "memo": draft.memo,
    }


def _next_ids(count: int) -> Sequence[int]:
    if is_sqlite():
        last: int = session().scalar(_LAST_ID) or 0
        return range(last + 1, last + 1 + count)
    return list(session().scalars(_DRAW_IDS, {"lock": _SEALING, "count": count}))


def _accounts(keys: Iterable[AccountKey], currency: str) -> dict[AccountKey, int]:
    """Ids of accounts, made where missing; in key order, so that two transactions cannot wait for each other."""
    wanted = sorted(keys)
    found = _find_accounts(wanted, currency)
    if lacking := [key for key in wanted if key not in found]:
        rows = [{"party": party, "kind": kind, "currency": currency} for party, kind in lacking]
        session().execute(_ADD_ACCOUNT[session().get_bind().dialect.name], rows)
        found = _find_accounts(wanted, currency)
    return found


def _find_accounts(keys: list[AccountKey], currency: str) -> dict[AccountKey, int]:
    rows = session().execute(_FIND_ACCOUNTS, {"keys": keys, "currency": currency})
    return {(row.party, row.kind): row.id for row in rows}


_INSERT_POSTINGS = insert(Posting.__table__)  # type: ignore[arg-type]
_INSERT_ENTRIES = insert(Entry.__table__)  # type: ignore[arg-type]
_ADD_ACCOUNT = {
    "sqlite": sqlite.insert(Account.__table__).on_conflict_do_nothing(),  # type: ignore[arg-type]
    "postgresql": postgresql.insert(Account.__table__).on_conflict_do_nothing(),  # type: ignore[arg-type]
}
_FIND_ACCOUNTS = select(Account.id, Account.party, Account.kind).where(
    Account.currency == bindparam("currency"),
    tuple_(Account.party, Account.kind).in_(bindparam("keys", expanding=True)),
)
_LAST_ID = select(func.max(Entry.id))
_DRAW_IDS = text(
    "SELECT nextval('ledger_entry_ids') FROM (SELECT pg_advisory_xact_lock_shared(:lock) OFFSET 0) AS held,"
    " generate_series(1, :count)",
)
_NEXT_UNSEALED = select(Entry.id).where(Entry.id > bindparam("reached")).order_by(Entry.id).limit(BLOCK_SIZE)
