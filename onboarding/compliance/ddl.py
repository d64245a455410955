"""What the table alone cannot state, on both databases: an acceptance is never changed, removed or replaced.

SQLite fires the delete trigger for REPLACE as well, as `recursive_triggers` is on for every connection of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_TABLE = "agreement_acceptances"
_SAID = "acceptances of agreements are append-only"
_EVENTS = ("update", "delete")


def create_triggers(connection: Connection) -> None:
    """Create the triggers of this context."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def drop_triggers(connection: Connection) -> None:
    """Drop them; missing ones are no error."""
    sqlite = connection.dialect.name == "sqlite"
    for event in _EVENTS if sqlite else (*_EVENTS, "truncate"):
        connection.execute(text(f"drop trigger if exists {_TABLE}_no_{event}{'' if sqlite else f' on {_TABLE}'}"))
    if not sqlite:
        connection.execute(text(f"drop function if exists {_TABLE}_refuse()"))


_SQLITE = tuple(
    f"create trigger {_TABLE}_no_{event} before {event} on {_TABLE} begin select raise(abort, '{_SAID}'); end"
    for event in _EVENTS
)
_POSTGRESQL = (
    (
        f"create or replace function {_TABLE}_refuse() returns trigger language plpgsql as $$ "
        f"begin raise exception using errcode = '23514', message = '{_SAID}'; end $$"
    ),
    *(
        f"create trigger {_TABLE}_no_{event} before {event} on {_TABLE} for each row execute function {_TABLE}_refuse()"
        for event in _EVENTS
    ),
    (
        f"create trigger {_TABLE}_no_truncate before truncate on {_TABLE} "
        f"for each statement execute function {_TABLE}_refuse()"
    ),
)
