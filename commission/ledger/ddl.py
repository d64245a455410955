"""The triggers behind the journal's promises, for both databases; migrations drop and make them again.

Legs come first and the head that seals them last, so one pattern serves entries and rate cards: a head is refused
when its legs do not add up, legs are refused once their head is there, and nothing is ever changed or removed.
SQLite also refuses a row whose key exists, because REPLACE removes rows without asking delete triggers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import text

from commission.ledger.rules import GENESIS

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


@dataclass(frozen=True, slots=True)
class Guard:
    """One trigger: its name and table, and what makes it on each database (empty where it is not needed)."""

    name: str
    table: str
    sqlite: tuple[str, ...] = ()
    postgresql: tuple[str, ...] = ()

    def on(self, dialect: str) -> tuple[str, ...]:
        """The statements for a dialect."""
        return self.sqlite if dialect == "sqlite" else self.postgresql


# Every key by which REPLACE could reach a row; legs and blocks are out of its reach by their other triggers.
_KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "ledger_accounts": (("id",), ("party", "kind", "currency")),
    "ledger_entries": (("id",), ("fact_kind", "fact_id")),
    "ledger_postings": (),
    "ledger_blocks": (),
    "rate_cards": (("version",),),
    "rate_rules": (),
}
_SEALED = {"ledger_postings": ("entry_id", "ledger_entries", "id"), "rate_rules": ("card", "rate_cards", "version")}

_ENTRY_WRONG = """
    (SELECT count(*) <> NEW.legs OR coalesce(sum(p.amount_fen), 0) <> 0
         OR coalesce(sum(CASE WHEN a.currency = NEW.currency THEN 0 ELSE 1 END), 0) > 0
       FROM ledger_postings p JOIN ledger_accounts a ON a.id = p.account_id WHERE p.entry_id = NEW.id)
"""
_CARD_WRONG = "(SELECT count(*) FROM rate_rules r WHERE r.card = NEW.version) <> NEW.rules"
_BLOCK_WRONG = f"""
    NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM ledger_blocks)
    OR NEW.previous_hash <> coalesce((SELECT hash FROM ledger_blocks WHERE number = NEW.number - 1), '{GENESIS}')
    OR NEW.first_entry <= coalesce((SELECT last_entry FROM ledger_blocks WHERE number = NEW.number - 1), 0)
"""  # noqa: S608  a constant of ours
_WHOLE = """
    EXISTS (SELECT 1 FROM ledger_entries e WHERE e.id = NEW.entry_id
        AND e.legs = (SELECT count(*) FROM ledger_postings p WHERE p.entry_id = e.id)
        AND 0 = (SELECT sum(p.amount_fen) FROM ledger_postings p WHERE p.entry_id = e.id))
"""


def create_triggers(connection: Connection) -> None:
    """Make every trigger of this database; drops those that are there."""
    drop_triggers(connection)
    dialect = connection.dialect.name
    for guard in guards(dialect):
        for statement in guard.on(dialect):
            connection.execute(text(statement))


def drop_triggers(connection: Connection) -> None:
    """Remove every trigger, so that a migration can change the tables."""
    dialect = connection.dialect.name
    for guard in guards(dialect):
        drop_trigger(connection, guard)
        if dialect != "sqlite":
            connection.execute(text(f"DROP FUNCTION IF EXISTS {guard.name}()"))


def drop_trigger(connection: Connection, guard: Guard) -> None:
    """Remove one trigger; its table may be gone already."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"DROP TRIGGER IF EXISTS {guard.name}"))
    elif connection.scalar(text("SELECT to_regclass(:name)"), {"name": guard.table}):
        connection.execute(text(f"DROP TRIGGER IF EXISTS {guard.name} ON {guard.table}"))


def guards(dialect: str) -> list[Guard]:
    """The triggers that a database of this dialect must have."""
    everything = [*_append_only(), *_sealed(), *_heads(), _whole()]
    return [guard for guard in everything if guard.on(dialect)]


def missing(connection: Connection) -> list[str]:
    """Names of triggers that are gone or switched off."""
    dialect = connection.dialect.name
    living = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        if dialect == "sqlite"
        else "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled IN ('O', 'A')"
    )
    there = set(connection.scalars(text(living)))
    return [guard.name for guard in guards(dialect) if guard.name not in there]


def _append_only() -> list[Guard]:
    found = []
    for table, keys in _KEYS.items():
        found += [_refusing(f"{table}_no_{verb.lower()}", table, f"BEFORE {verb}") for verb in ("UPDATE", "DELETE")]
        found.append(_refusing(f"{table}_no_truncate", table, "BEFORE TRUNCATE", each="STATEMENT", sqlite=False))
        if keys:
            same = " OR ".join(" AND ".join(f"t.{name} = NEW.{name}" for name in key) for key in keys)
            exists = f"EXISTS (SELECT 1 FROM {table} t WHERE {same})"  # noqa: S608  names of ours, from the table above
            found.append(_refusing(f"{table}_no_replace", table, "BEFORE INSERT", exists, postgresql=False))
    return found


def _sealed() -> list[Guard]:
    found = []
    for legs, (link, head, key) in _SEALED.items():
        there = f"EXISTS (SELECT 1 FROM {head} WHERE {key} = NEW.{link})"  # noqa: S608  names of ours, as above
        found.append(_refusing(f"{legs}_sealed", legs, "BEFORE INSERT", there))
    return found


def _heads() -> list[Guard]:
    """After the insert, when SQLite knows the row's id; on PostgreSQL it is all one."""
    return [
        _refusing("ledger_entries_balanced", "ledger_entries", "AFTER INSERT", _ENTRY_WRONG),
        _refusing("rate_cards_whole", "rate_cards", "AFTER INSERT", _CARD_WRONG),
        _refusing("ledger_blocks_chained", "ledger_blocks", "BEFORE INSERT", _BLOCK_WRONG),
    ]


def _whole() -> Guard:
    """At commit PostgreSQL looks again: a rival may have added legs that neither transaction could see."""
    name = "ledger_postings_whole"
    body = f"IF NOT {_WHOLE} THEN {_raise(name)} END IF; RETURN NULL;"
    statement = (
        f"CREATE CONSTRAINT TRIGGER {name} AFTER INSERT ON ledger_postings "
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {name}()"
    )
    return Guard(name, "ledger_postings", postgresql=(_function(name, body), statement))


def _refusing(
    name: str,
    table: str,
    moment: str,
    when: str = "",
    *,
    each: str = "ROW",
    sqlite: bool = True,
    postgresql: bool = True,
) -> Guard:
    """A trigger that refuses always, or when a condition on NEW holds."""
    condition = f"WHEN {when}" if when else ""
    for_sqlite = f"CREATE TRIGGER {name} {moment} ON {table} {condition} BEGIN SELECT RAISE(ABORT, '{name}'); END"
    refusal = f"IF {when} THEN {_raise(name)} END IF;" if when else _raise(name)
    returned = "NEW" if "INSERT" in moment else "NULL"
    head = f"CREATE TRIGGER {name} {moment} ON {table} FOR EACH {each} EXECUTE FUNCTION {name}()"
    for_postgresql = (_function(name, f"{refusal} RETURN {returned};"), head)
    return Guard(name, table, (for_sqlite,) if sqlite else (), for_postgresql if postgresql else ())


def _raise(name: str) -> str:
    return f"RAISE EXCEPTION '{name}' USING ERRCODE = 'integrity_constraint_violation';"


def _function(name: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {body} END $$"
