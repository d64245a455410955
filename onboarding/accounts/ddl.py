"""What tables alone cannot state, on both databases: a grant to a helper ends once, and nothing else of it changes.

Longer than the owner said, for another organisation, or alive again after its end: the database refuses each. Until
when somebody was an owner never changes, as she may still be told of what happens.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_TABLE: Final = "help_grants"
_SAID: Final = "a grant to a helper only ends, once"
_PAST: Final = "past_owners"
_PAST_SAID: Final = "until when somebody was an owner never changes"
_EVENTS: Final = ("update", "delete")
_KEPT: Final = (
    "id",
    "public_id",
    "helper_id",
    "owner_id",
    "organisation_id",
    "sent_by",
    "granted_at",
    "expires_at",
)


def create_triggers(connection: Connection) -> None:
    """Create the triggers of this context."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def drop_triggers(connection: Connection) -> None:
    """Drop them; missing ones are no error."""
    _drop(connection, _TABLE)


def create_past_triggers(connection: Connection) -> None:
    """Create the triggers that keep past owners."""
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.execute(text(_FUNCTION.format(table=_PAST, said=_PAST_SAID)))
    refuse = _ABORT.format(said=_PAST_SAID) if sqlite else f"for each row execute function {_PAST}_refuse()"
    for event in _EVENTS:
        connection.execute(text(f"create trigger {_PAST}_no_{event} before {event} on {_PAST} {refuse}"))


def drop_past_triggers(connection: Connection) -> None:
    """Drop them; missing ones are no error."""
    _drop(connection, _PAST)


def _drop(connection: Connection, table: str) -> None:
    sqlite = connection.dialect.name == "sqlite"
    for event in _EVENTS:
        connection.execute(text(f"drop trigger if exists {table}_no_{event}{'' if sqlite else f' on {table}'}"))
    if not sqlite:
        connection.execute(text(f"drop function if exists {table}_refuse()"))


def _changed(differs: str) -> str:
    """Whether an update does anything but end an open grant."""
    return f"old.ended_at is not null or {' or '.join(f'new.{name} {differs} old.{name}' for name in _KEPT)}"


_ABORT = "begin select raise(abort, '{said}'); end"
_FUNCTION = (
    "create or replace function {table}_refuse() returns trigger language plpgsql as $$ "
    "begin raise exception using errcode = '23514', message = '{said}'; end $$"
)
_SQLITE = (
    (
        f"create trigger {_TABLE}_no_update before update on {_TABLE} when {_changed('is not')} "
        f"{_ABORT.format(said=_SAID)}"
    ),
    f"create trigger {_TABLE}_no_delete before delete on {_TABLE} {_ABORT.format(said=_SAID)}",
)
_POSTGRESQL = (
    _FUNCTION.format(table=_TABLE, said=_SAID),
    (
        f"create trigger {_TABLE}_no_update before update on {_TABLE} for each row "
        f"when ({_changed('is distinct from')}) execute function {_TABLE}_refuse()"
    ),
    (f"create trigger {_TABLE}_no_delete before delete on {_TABLE} for each row execute function {_TABLE}_refuse()"),
)
