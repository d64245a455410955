"""What the tables alone cannot state, on both databases: evidence and steps stay, and so does what has ended; goods
that a measure keeps down are not on sale.

Migrations and test grounds call `create_triggers` after the tables stand, and `drop_triggers` before they change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_KEPT = {
    "notices": "old.ended_at is not null",
    "measures": "old.ended_at is not null",
    "notice_evidence": "old.id is not null",
    "notice_steps": "old.id is not null",
}
_SAID = "what was done about a notice stays as it was"
_FUNCTION = "notices_refuse"
_EVENTS = ("update", "delete")
_MEASURED = (
    "new.state = 'published' and exists (select 1 from measures m where m.listing_id = new.id and m.ended_at is null)"
)
_HELD = "goods that a notice keeps down are not on sale"


def create_triggers(connection: Connection) -> None:
    """Create the triggers of this context."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def drop_triggers(connection: Connection) -> None:
    """Drop them; missing ones are no error."""
    sqlite = connection.dialect.name == "sqlite"
    for table in _KEPT:
        for event in _EVENTS:
            connection.execute(text(f"drop trigger if exists {table}_no_{event}{'' if sqlite else f' on {table}'}"))
    connection.execute(text(f"drop trigger if exists listings_measured{'' if sqlite else ' on listings'}"))
    for function in () if sqlite else (_FUNCTION, "listings_measured"):
        connection.execute(text(f"drop function if exists {function}()"))


_SQLITE = (
    *(
        f"create trigger {table}_no_{event} before {event} on {table} when {kept} "
        f"begin select raise(abort, '{_SAID}'); end"
        for table, kept in _KEPT.items()
        for event in _EVENTS
    ),
    (
        f"create trigger listings_measured after update of state on listings when {_MEASURED} "
        f"begin select raise(abort, '{_HELD}'); end"
    ),
)
_POSTGRESQL = (
    (
        f"create or replace function {_FUNCTION}() returns trigger language plpgsql as $$ "
        f"begin raise exception using errcode = '23514', message = '{_SAID}'; end $$"
    ),
    *(
        f"create trigger {table}_no_{event} before {event} on {table} for each row "
        f"when ({kept}) execute function {_FUNCTION}()"
        for table, kept in _KEPT.items()
        for event in _EVENTS
    ),
    (
        "create or replace function listings_measured() returns trigger language plpgsql as $$ "
        f"begin if {_MEASURED} then "
        f"raise exception using errcode = '23514', message = '{_HELD}'; end if; return null; end $$"
    ),
    (
        "create trigger listings_measured after update of state on listings "
        "for each row execute function listings_measured()"
    ),
)
