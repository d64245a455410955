"""What tables alone cannot state, on both databases: what an account says is never changed, and none is removed.

No payout goes to a person's card but that of an individual business, whatever became of the party meanwhile.

SQLite fires the delete trigger for REPLACE as well, as `recursive_triggers` is on for every connection of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_TABLE = "payout_accounts"
_SAID = "what a payout account says never changes"
_KEPT = (
    "id, public_id, party, kind, personal, holder, bank, bank_name, branch, number, last_four, "
    "fingerprint, replaces_id, created_by, created_at, consented_at, usable_from"
)
_OVER = (
    "old.state in ('replaced', 'withdrawn', 'ended') "
    "or (old.state = 'active' and new.state not in ('replaced', 'ended'))"
)
_PAID = "payouts"
_TO_CARD = "only an individual business is paid to the card of a person"
_IS_TO_CARD = (
    "exists (select 1 from payout_accounts a where a.id = new.account_id and a.personal and not exists "
    "(select 1 from payees p where p.party = new.party and p.is_individual))"
)


def create_triggers(connection: Connection) -> None:
    """Create the triggers of this context."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def drop_triggers(connection: Connection) -> None:
    """Drop them; missing ones are no error."""
    sqlite = connection.dialect.name == "sqlite"
    for event in ("update", "back", "delete") if sqlite else ("update", "back", "delete", "truncate"):
        connection.execute(text(f"drop trigger if exists {_TABLE}_no_{event}{'' if sqlite else f' on {_TABLE}'}"))
    if not sqlite:
        connection.execute(text(f"drop function if exists {_TABLE}_refuse()"))


def create_payout_triggers(connection: Connection) -> None:
    """Create the triggers of payouts."""
    if connection.dialect.name != "sqlite":
        connection.execute(text(_PAYOUT_FUNCTION))
    for name, event in _PAYOUT_EVENTS.items():
        made = f"create trigger {_PAID}_no_card_{name} before {event} on {_PAID}"
        guard = (
            _PAYOUT_GUARD if connection.dialect.name == "sqlite" else f"for each row execute function {_PAID}_card()"
        )
        connection.execute(text(f"{made} {guard}"))


def drop_payout_triggers(connection: Connection) -> None:
    """Drop them; missing ones are no error."""
    sqlite = connection.dialect.name == "sqlite"
    for name in _PAYOUT_EVENTS:
        connection.execute(text(f"drop trigger if exists {_PAID}_no_card_{name}{'' if sqlite else f' on {_PAID}'}"))
    if not sqlite:
        connection.execute(text(f"drop function if exists {_PAID}_card()"))


_PAYOUT_EVENTS = {"insert": "insert", "update": "update of account_id, party"}
_PAYOUT_GUARD = f"when {_IS_TO_CARD} begin select raise(abort, '{_TO_CARD}'); end"
_PAYOUT_FUNCTION = (
    f"create or replace function {_PAID}_card() returns trigger language plpgsql as $$ begin "
    f"if {_IS_TO_CARD} then raise exception using errcode = '23514', message = '{_TO_CARD}'; end if; "
    "return new; end $$"
)
_ABORT = f"begin select raise(abort, '{_SAID}'); end"
_SQLITE = (
    f"create trigger {_TABLE}_no_update before update of {_KEPT} on {_TABLE} {_ABORT}",
    f"create trigger {_TABLE}_no_back before update on {_TABLE} when {_OVER} {_ABORT}",
    f"create trigger {_TABLE}_no_delete before delete on {_TABLE} {_ABORT}",
)
_REFUSE = f"execute function {_TABLE}_refuse()"
_POSTGRESQL = (
    (
        f"create or replace function {_TABLE}_refuse() returns trigger language plpgsql as $$ "
        f"begin raise exception using errcode = '23514', message = '{_SAID}'; end $$"
    ),
    f"create trigger {_TABLE}_no_update before update of {_KEPT} on {_TABLE} for each row {_REFUSE}",
    f"create trigger {_TABLE}_no_back before update on {_TABLE} for each row when ({_OVER}) {_REFUSE}",
    f"create trigger {_TABLE}_no_delete before delete on {_TABLE} for each row {_REFUSE}",
    f"create trigger {_TABLE}_no_truncate before truncate on {_TABLE} for each statement {_REFUSE}",
)
