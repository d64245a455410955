"""What the table alone cannot state, on both databases: a case is decided once, and what was decided stays.

Migrations and test grounds call `create_triggers` after the tables stand, and `drop_triggers` before they change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_TABLE = "cases"
_SAID = "a case is decided once"
_EVENTS = ("update", "delete")


def create_triggers(connection: Connection) -> None:
    """Create the triggers of this context."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def drop_triggers(connection: Connection) -> None:
    """Drop them; missing ones are no error."""
    sqlite = connection.dialect.name == "sqlite"
    for event in _EVENTS:
        connection.execute(text(f"drop trigger if exists {_TABLE}_no_{event}{'' if sqlite else f' on {_TABLE}'}"))
    if not sqlite:
        connection.execute(text(f"drop function if exists {_TABLE}_refuse()"))


_SQLITE = tuple(
    f"create trigger {_TABLE}_no_{event} before {event} on {_TABLE} when old.decided_at is not null "
    f"begin select raise(abort, '{_SAID}'); end"
    for event in _EVENTS
)
_POSTGRESQL = (
    (
        f"create or replace function {_TABLE}_refuse() returns trigger language plpgsql as $$ "
        f"begin raise exception using errcode = '23514', message = '{_SAID}'; end $$"
    ),
    *(
        f"create trigger {_TABLE}_no_{event} before {event} on {_TABLE} for each row "
        f"when (old.decided_at is not null) execute function {_TABLE}_refuse()"
        for event in _EVENTS
    ),
)
