"""What the tables alone cannot state, on both databases: a visit stays as it was told, and is told by a stranger.

Of strangers it is told once, by somebody else than approved the factory, and is taken from the record by yet another.
SQLite fires the delete trigger for REPLACE as well, as `recursive_triggers` is on for every connection of ours.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

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

_EYES: Final = {
    "was_own": (
        "inspections",
        _OWN,
        (
            "exists (select 1 from past_owners p where p.user_id = new.inspected_by "
            "and p.organisation_id = new.organisation_id)"
        ),
    ),
    "second": (
        "inspections",
        "inspections are by others than approved the factory",
        (
            "exists (select 1 from applications a where a.organisation_id = new.organisation_id "
            "and a.approved_by = new.inspected_by)"
        ),
    ),
    "early": (
        "inspections",
        "inspections are of factories that have applied",
        (
            "exists (select 1 from applications a where a.organisation_id = new.organisation_id "
            "and new.visited_on < {applied_on})"
        ),
    ),
    "twice": (
        "inspections",
        "inspections are told once",
        (
            "exists (select 1 from inspections i where i.organisation_id = new.organisation_id "
            "and i.inspected_by = new.inspected_by and i.visited_on = new.visited_on "
            "and not exists (select 1 from inspection_withdrawals w where w.inspection_id = i.id))"
        ),
    ),
    "other": (
        "inspection_withdrawals",
        "inspections are withdrawn by others than told of them",
        "exists (select 1 from inspections i where i.id = new.inspection_id and i.inspected_by = new.withdrawn_by)",
    ),
    "failure": (
        "inspection_withdrawals",
        "failed inspections are withdrawn by others than approved the factory",
        (
            "exists (select 1 from inspections i join applications a on a.organisation_id = i.organisation_id "
            "where i.id = new.inspection_id and i.outcome = 'failed' and a.approved_by = new.withdrawn_by)"
        ),
    ),
}
"""Who else may not tell of a visit or withdraw one, and when: table, refusal, condition; they came after the first."""
_APPLIED_ON: Final = {
    "sqlite": "date(a.submitted_at, '+8 hours')",
    "postgresql": "cast(a.submitted_at at time zone 'Asia/Shanghai' as date)",
}


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


def create_eyes(connection: Connection) -> None:
    """Create the triggers that came later: they ask for tables and columns that were not there before."""
    dialect = connection.dialect.name
    for name, (table, said, condition) in _EYES.items():
        when = condition.format(applied_on=_APPLIED_ON[dialect])
        guard = _aborts(name, table, when, said) if dialect == "sqlite" else _guard(name, when, said, table)
        for statement in guard:
            connection.execute(text(statement))


def drop_eyes(connection: Connection) -> None:
    """Drop these; missing ones are no error."""
    sqlite = connection.dialect.name == "sqlite"
    for name, (table, _said, _condition) in _EYES.items():
        connection.execute(text(f"drop trigger if exists {table}_{name}{'' if sqlite else f' on {table}'}"))
        if not sqlite:
            connection.execute(text(f"drop function if exists {table}_{name}()"))


def _aborts(name: str, table: str, condition: str, said: str) -> tuple[str]:
    """A trigger of SQLite that refuses new rows."""
    return (
        (
            f"create trigger {table}_{name} before insert on {table} when {condition} "
            f"begin select raise(abort, '{said}'); end"
        ),
    )


def _guard(name: str, condition: str, said: str, table: str = "inspections") -> tuple[str, str]:
    """A function of PostgreSQL that refuses new rows, and the trigger that calls it."""
    return (
        (
            f"create or replace function {table}_{name}() returns trigger language plpgsql as $$ begin "
            f"if {condition} then raise exception using errcode = '23514', message = '{said}'; end if; "
            "return new; end $$"
        ),
        (f"create trigger {table}_{name} before insert on {table} for each row execute function {table}_{name}()"),
    )


_SQLITE = (
    *(
        f"create trigger {table}_no_{event} before {event} on {table} begin select raise(abort, '{_KEPT}'); end"
        for table in _TABLES
        for event in _EVENTS
    ),
    *_aborts("own", "inspections", _IS_OWN, _OWN),
    *_aborts("long", "inspections", "new.valid_until > date(new.visited_on, '+12 months')", _LONG),
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
