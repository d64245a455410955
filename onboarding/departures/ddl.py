"""What the table alone cannot state, on both databases: thirty days of notice, a day that stays, no way back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_SHORT = "departures are announced thirty days ahead"
_FIXED = "departures keep what was announced"
_MOVED = (
    "new.organisation_id <> old.organisation_id or new.announced_at <> old.announced_at "
    "or new.closes_at <> old.closes_at or (old.state <> 'announced' and new.state <> old.state)"
)
_EVENTS = ("insert", "update", "delete")


def create_triggers(connection: Connection) -> None:
    """Create the triggers of this context."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def drop_triggers(connection: Connection) -> None:
    """Drop them; missing ones are no error."""
    sqlite = connection.dialect.name == "sqlite"
    for event in _EVENTS:
        connection.execute(text(f"drop trigger if exists departures_on_{event}{'' if sqlite else ' on departures'}"))
    if not sqlite:
        connection.execute(text("drop function if exists departures_guard()"))


_SQLITE = (
    (
        "create trigger departures_on_insert before insert on departures "
        "when julianday(new.closes_at) - julianday(new.announced_at) < 30 "
        f"begin select raise(abort, '{_SHORT}'); end"
    ),
    (
        f"create trigger departures_on_update before update on departures when {_MOVED} "
        f"begin select raise(abort, '{_FIXED}'); end"
    ),
    f"create trigger departures_on_delete before delete on departures begin select raise(abort, '{_FIXED}'); end",
)
_POSTGRESQL = (
    (
        "create or replace function departures_guard() returns trigger language plpgsql as $$ begin "
        "if tg_op = 'INSERT' then "
        "if new.closes_at < new.announced_at + interval '30 days' then "
        f"raise exception using errcode = '23514', message = '{_SHORT}'; end if; "
        "return new; end if; "
        f"if tg_op = 'UPDATE' then if not ({_MOVED}) then return new; end if; end if; "
        f"raise exception using errcode = '23514', message = '{_FIXED}'; end $$"
    ),
    *(
        f"create trigger departures_on_{event} before {event} on departures "
        "for each row execute function departures_guard()"
        for event in _EVENTS
    ),
)
