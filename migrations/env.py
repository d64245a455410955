"""How migrations run: one transaction on either database, with limits on waiting for locks on PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from flask import current_app
from sqlalchemy import Connection, text

from kernel.db import WRITING, metadata


def run() -> None:
    """Run the asked-for migrations in one transaction.

    SQLite changes a table by building it anew; meanwhile rows elsewhere point at nothing, so references are looked at
    once at the end (https://www.sqlite.org/lang_altertable.html, section 7).
    """
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect().execution_options(**{WRITING: True}) as connection, _references_checked_late(connection):
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            transactional_ddl=True,
            compare_type=True,
        )
        with context.begin_transaction():
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL lock_timeout = '4s'; SET LOCAL statement_timeout = '60s'"))
            context.run_migrations()
            if connection.dialect.name == "sqlite" and (dangling := connection.exec_driver_sql(_DANGLING).all()):
                raise RuntimeError(f"rows that point at nothing: {dangling[:5]}")


@contextmanager
def _references_checked_late(connection: Connection) -> Iterator[None]:
    """Switch SQLite's references off before the transaction begins, which alone is possible, and on again after it."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys=ON")


_DANGLING = "PRAGMA foreign_key_check"

run()
