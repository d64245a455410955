"""What the tables alone cannot state, on both databases: a visit stays as it was told, and is told by a stranger.

SQLite fires the delete trigger for REPLACE as well, as `recursive_triggers` is on for every connection of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_TABLES = ("inspections", "inspection_withdrawals")
_KEPT = "inspections and their withdrawals are append-only"
_OWN = "inspections are by strangers to the factory"
_LONG = "inspections count for twelve months at most"
_IS_OWN = (
    "exists (select 1 from memberships m where m.user_id = new.inspected_by "
    "and m.organisation_id = new.organisation_id) "
    "or exists (select 1 from help_grants g where g.helper_id = new.inspected_by "
    "and g.organisation_id = new.organisation_id)"
)
_EVENTS = ("update", "delete")


def create_triggers(connection: Connection) -> None:
    """Create the triggers of this context."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def drop_triggers(connection: Connection) -> None:
    """Drop them; missing ones are no error."""
    sqlite = connection.dialect.name == "sqlite"
    for table in _TABLES:
        for event in (*_EVENTS, *(() if sqlite else ("truncate",))):
            connection.execute(text(f"drop trigger if exists {table}_no_{event}{'' if sqlite else f' on {table}'}"))
    for name in ("own", "long"):
        connection.execute(text(f"drop trigger if exists inspections_{name}{'' if sqlite else ' on inspections'}"))
    if not sqlite:
        for function in ("refuse", "own", "long"):
            connection.execute(text(f"drop function if exists inspections_{function}()"))


def _guard(name: str, condition: str, said: str) -> tuple[str, str]:
    """A function of PostgreSQL that refuses new inspections, and the trigger that calls it."""
    return (
        (
            f"create or replace function inspections_{name}() returns trigger language plpgsql as $$ begin "
            f"if {condition} then raise exception using errcode = '23514', message = '{said}'; end if; "
            "return new; end $$"
        ),
        (
            f"create trigger inspections_{name} before insert on inspections "
            f"for each row execute function inspections_{name}()"
        ),
    )


_SQLITE = (
    *(
        f"create trigger {table}_no_{event} before {event} on {table} begin select raise(abort, '{_KEPT}'); end"
        for table in _TABLES
        for event in _EVENTS
    ),
    (
        f"create trigger inspections_own before insert on inspections when {_IS_OWN} "
        f"begin select raise(abort, '{_OWN}'); end"
    ),
    (
        "create trigger inspections_long before insert on inspections "
        "when new.valid_until > date(new.visited_on, '+12 months') "
        f"begin select raise(abort, '{_LONG}'); end"
    ),
)
_POSTGRESQL = (
    (
        "create or replace function inspections_refuse() returns trigger language plpgsql as $$ "
        f"begin raise exception using errcode = '23514', message = '{_KEPT}'; end $$"
    ),
    *(
        f"create trigger {table}_no_{event} before {event} on {table} "
        "for each row execute function inspections_refuse()"
        for table in _TABLES
        for event in _EVENTS
    ),
    *(
        f"create trigger {table}_no_truncate before truncate on {table} "
        "for each statement execute function inspections_refuse()"
        for table in _TABLES
    ),
    *_guard("own", _IS_OWN, _OWN),
    *_guard("long", "new.valid_until > new.visited_on + interval '12 months'", _LONG),
)
