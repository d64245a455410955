"""Guards that know both who leaves and what is traded, on both databases.

Nobody who leaves takes an order, whatever a query forgot to ask; nobody is closed while something of hers is open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

_SELLS = "who leaves takes no orders"
_OPEN = "nobody is closed while something is open"
_LEAVING = (
    "exists (select 1 from departures d where d.state in ('announced', 'closed') "
    "and d.organisation_id in (new.organisation_id, new.shipper_id))"
)
_UNDONE = (
    "new.state = 'closed' and old.state <> 'closed' and ("
    "exists (select 1 from orders o where o.state not in ('completed', 'cancelled') "
    "and (o.organisation_id = new.organisation_id or o.shipper_id = new.organisation_id)) "
    "or exists (select 1 from refunds r where (r.state in ('asked', 'agreed') "
    "or (r.state = 'refunded' and r.paid_at is null)) "
    "and (r.organisation_id = new.organisation_id or r.shipper_id = new.organisation_id)))"
)
_TRIGGERS = {"orders_of_the_leaving": "orders", "departures_nothing_open": "departures"}


def create_triggers(connection: Connection) -> None:
    """Create the triggers of this context."""
    for statement in _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL:
        connection.execute(text(statement))


def drop_triggers(connection: Connection) -> None:
    """Drop them; missing ones are no error."""
    sqlite = connection.dialect.name == "sqlite"
    for name, table in _TRIGGERS.items():
        connection.execute(text(f"drop trigger if exists {name}{'' if sqlite else f' on {table}'}"))
        if not sqlite:
            connection.execute(text(f"drop function if exists {name}()"))


def _sqlite(name: str, event: str, when: str, said: str) -> str:
    return f"create trigger {name} before {event} when {when} begin select raise(abort, '{said}'); end"


def _postgresql(name: str, event: str, when: str, said: str) -> tuple[str, str]:
    return (
        (
            f"create or replace function {name}() returns trigger language plpgsql as $$ begin if {when} then "
            f"raise exception using errcode = '23514', message = '{said}'; end if; return new; end $$"
        ),
        f"create trigger {name} before {event} for each row execute function {name}()",
    )


_GUARDS = (
    ("orders_of_the_leaving", "insert on orders", _LEAVING, _SELLS),
    ("departures_nothing_open", "update on departures", _UNDONE, _OPEN),
)
_SQLITE = tuple(_sqlite(*guard) for guard in _GUARDS)
_POSTGRESQL = tuple(statement for guard in _GUARDS for statement in _postgresql(*guard))
