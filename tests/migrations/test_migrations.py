"""Every migration goes up and down again on both databases, and the tables are those that the models describe."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import flask_migrate
import pytest
from flask import Flask
from sqlalchemy import CheckConstraint, Connection, column, insert, inspect, text
from sqlalchemy import table as sql_table

from commission.ledger.ddl import guards, missing
from kernel.db import WRITING, db
from onboarding.tiers.rules import profile_mark
from onboarding.verification.rules import Told
from tests.migrations import old
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


def test_up_keeps_every_check_of_the_models(app: Flask) -> None:
    flask_migrate.upgrade()
    look = inspect(db.engine)
    for table in db.metadata.sorted_tables:
        meant = {str(one.name) for one in table.constraints if isinstance(one, CheckConstraint)}
        assert {one["name"] for one in look.get_check_constraints(table.name)} == meant, table.name


def test_orders_of_before_the_supply_leg_are_the_factorys_own(app: Flask) -> None:
    flask_migrate.upgrade(revision="0001")
    with _writing() as connection:
        for table, row in old.ORDER:
            connection.execute(insert(sql_table(table, *map(column, row))).values(row))
    flask_migrate.upgrade()
    assert _rows("SELECT shipper_id, shipper, way FROM orders") == [(1, "fac_1", "direct")]
    assert _rows("SELECT page, refunded_quantity FROM order_lines") == [("/goods/lst_1?sku=sku_1", 0)]
    assert _rows("SELECT language FROM users") == [("zh",)]
    flask_migrate.downgrade(revision="0001")
    assert _rows("SELECT number, way FROM orders") == [("Y1001-1", "direct")]


def test_who_owned_before_owns_since_she_came(app: Flask) -> None:
    flask_migrate.upgrade(revision="0001")
    with _writing() as connection:
        for table, row in (*old.ORDER[:2], old.OWNER):
            connection.execute(insert(sql_table(table, *map(column, row))).values(row))
    flask_migrate.upgrade()
    assert _rows("SELECT owner_since = created_at FROM memberships") == [(1,)]
    flask_migrate.downgrade(revision="0017")
    assert _rows("SELECT role FROM memberships") == [("owner",)]


def test_visits_of_before_keep_what_their_factory_tells_today(app: Flask) -> None:
    flask_migrate.upgrade(revision="0001")
    with _writing() as connection:
        for table, row in old.ORDER[:2]:
            connection.execute(insert(sql_table(table, *map(column, row))).values(row))
    flask_migrate.upgrade(revision="0021")
    with _writing() as connection:
        table, row = old.INSPECTION
        connection.execute(insert(sql_table(table, *map(column, row))).values(row))
    flask_migrate.upgrade()
    assert _rows("SELECT profile FROM inspections") == [(profile_mark(Told()),)]
    flask_migrate.downgrade(revision="0021")
    assert _rows("SELECT public_id FROM inspections") == [("ins_1",)]


def test_no_row_is_left_pointing_at_nothing(app: Flask) -> None:
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        flask_migrate.upgrade()
        assert _rows("PRAGMA foreign_keys") == [(1,)]
        assert _rows("PRAGMA foreign_key_check") == []


def _writing() -> AbstractContextManager[Connection]:
    return db.engine.execution_options(**{WRITING: True}).begin()


def _rows(query: str) -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def _dropped(dialect: str) -> str:
    [guard] = [guard for guard in guards(dialect) if guard.name == "ledger_entries_no_update"]
    return guard.name if dialect == "sqlite" else f"{guard.name} ON {guard.table}"
