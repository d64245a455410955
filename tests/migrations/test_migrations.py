"""Every migration goes up and down again on both databases, and the tables are those that the models describe."""

from collections.abc import Iterator
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import inspect, text

from commission.ledger.ddl import guards, missing
from kernel.db import WRITING, db
from tests.support import house
from tests.support.databases import Database


@pytest.fixture
def app(bare_database: Database, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database without a table."""
    built = house.build(database_url=bare_database.url, data_dir=tmp_path)
    with built.app_context():
        yield built
    house.close(built)


def tables() -> set[str]:
    return set(inspect(db.engine).get_table_names()) - {"alembic_version"}


def test_up_is_what_the_models_say_and_down_leaves_nothing(app: Flask) -> None:
    flask_migrate.upgrade()
    assert tables() == set(db.metadata.tables)
    flask_migrate.check()  # ends the process when a model and its table differ
    flask_migrate.downgrade(revision="base")
    assert tables() == set()
    flask_migrate.upgrade()
    assert tables() == set(db.metadata.tables)


def test_up_brings_every_guard_of_the_books_and_of_stock(app: Flask) -> None:
    flask_migrate.upgrade()
    with db.engine.connect().execution_options(**{WRITING: True}) as connection:
        assert missing(connection) == []
        connection.execute(text(f"DROP TRIGGER {_dropped(connection.dialect.name)}"))
        assert missing(connection) == ["ledger_entries_no_update"]


def _dropped(dialect: str) -> str:
    [guard] = [guard for guard in guards(dialect) if guard.name == "ledger_entries_no_update"]
    return guard.name if dialect == "sqlite" else f"{guard.name} ON {guard.table}"
