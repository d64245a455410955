"""A hand on the database that knows nothing of us: no pragma, no session, plain SQL."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg

from commission.ledger.ddl import create_triggers, drop_trigger, guards
from kernel.db import db, transaction
from tests.support.databases import Database

REFUSED = (sqlite3.IntegrityError, psycopg.IntegrityError)


@contextmanager
def hand(database: Database) -> Iterator[Any]:
    """A connection of its own, in a transaction that is committed at the end."""
    db.session.rollback()  # our own open read would make TRUNCATE wait for us
    if database.kind == "sqlite":
        connection = sqlite3.connect(database.url.removeprefix("sqlite:///"), isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
    else:
        connection = psycopg.connect(database.url.replace("+psycopg", ""), options="-c lock_timeout=5s")
    try:
        yield connection
        connection.commit()
    finally:
        connection.close()


def run(database: Database, statements: Sequence[str]) -> None:
    """Run statements in one transaction, past everything but the database itself."""
    with hand(database) as connection:
        for statement in statements:
            connection.execute(statement)


def drop(*names: str) -> None:
    """Take guards away, as somebody with the owner's rights could."""
    with transaction():
        connection = db.session.connection()
        for guard in guards(connection.dialect.name):
            if guard.name in names:
                drop_trigger(connection, guard)


def restore() -> None:
    """Put the guards back: a database of a test process outlives the test."""
    db.session.rollback()
    with transaction():
        create_triggers(db.session.connection())
