"""Fixtures: a clean database of each kind, and the application on it.

A test that asks for `database` or `app` runs twice, on SQLite and on PostgreSQL;
`@pytest.mark.only_on("postgresql")` and `--database=sqlite` narrow that.
"""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.support import ground
from tests.support.postgres import TEMPLATE, Server, Workroom, binaries, shared_server

KINDS = ("sqlite", "postgresql")


@dataclass(frozen=True)
class Database:
    """A database and its kind: `sqlite` or `postgresql`."""

    kind: str
    url: str


def pytest_addoption(parser: pytest.Parser) -> None:
    """Offer to narrow the kinds, and to keep fsync."""
    parser.addoption("--database", choices=[*KINDS, "both"], default="both", help="which databases to run on")
    parser.addoption("--durable", action="store_true", help="PostgreSQL with fsync on, as in production")


def pytest_configure(config: pytest.Config) -> None:
    """Lay the ground that the processes of this run share, and sweep what killed runs left."""
    if hasattr(config, "workerinput"):
        return
    for place in ground.abandoned():
        _remove(place)
    ground.lay()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server and remove the ground."""
    if not hasattr(config, "workerinput") and ground.VARIABLE in os.environ:
        Server(ground.path() / "pg").stop()
        ground.clear()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that needs a database on each kind."""
    for fixture in ("database", "bare_database"):
        if fixture in metafunc.fixturenames:
            asked = metafunc.config.getoption("--database")
            mark = metafunc.definition.get_closest_marker("only_on")
            kinds = [kind for kind in (mark.args if mark else KINDS) if asked in (kind, "both")]
            metafunc.parametrize(fixture, [_kind(kind) for kind in kinds], indirect=True)


@pytest.fixture
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    """A migrated database with nothing in it but what the migrations put there."""
    if request.param == "sqlite":
        copy = shutil.copyfile(_sqlite_template(), tmp_path / "yuantou.sqlite3")
        return Database("sqlite", f"sqlite:///{copy}")
    room: Workroom = request.getfixturevalue("workroom")
    room.empty()
    return Database("postgresql", room.url)


@pytest.fixture
def empty_again(request: pytest.FixtureRequest, database: Database, app: Flask) -> Callable[[], None]:
    """Leaves the database as it was before the test, as often as one likes: for properties of many examples."""
    from kernel.db import db

    def empty() -> None:
        db.session.remove()
        db.engine.dispose()
        if database.kind == "postgresql":
            request.getfixturevalue("workroom").empty()
            return
        file = Path(database.url.removeprefix("sqlite:///"))
        for beside in ("-wal", "-shm"):
            file.with_name(file.name + beside).unlink(missing_ok=True)
        shutil.copyfile(_sqlite_template(), file)

    return empty


@pytest.fixture(scope="session")
def workroom(request: pytest.FixtureRequest, worker_id: str) -> Iterator[Workroom]:
    """This process's PostgreSQL database; tests ask for `database`, which empties it first."""
    server = shared_server(durable=request.config.getoption("--durable"))
    ground.once("pg-template", lambda place: _build_template(server, place))
    with closing(Workroom(server, f"test_{worker_id}")) as room:
        yield room


@pytest.fixture
def bare_database(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[Database]:
    """A database without a table, for tests of the migrations themselves."""
    if request.param == "sqlite":
        yield Database("sqlite", f"sqlite:///{tmp_path / 'bare.sqlite3'}")
        return
    server, name = shared_server(durable=request.config.getoption("--durable")), f"bare_{worker_id}"
    server.copy(name)
    yield Database("postgresql", server.url(name))
    server.drop(name)


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    """The whole application on a clean database, with a data directory of its own."""
    from tests.support import house  # here, so that a test of a rule does not wait for the application
    from tests.support.visitor import Visitor

    built = house.build(database_url=database.url, data_dir=tmp_path / "data")
    built.test_client_class = Visitor
    with built.app_context():
        yield built
    house.close(built)


@pytest.fixture
def stand_still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time passes for the pages unless a test lets it: counts of half a minute begin again at its end."""
    from kernel.clock import ShiftedClock

    now = datetime.now(UTC)
    monkeypatch.setattr(ShiftedClock, "now", lambda clock: now + clock.shift())


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript, signed in as nobody."""
    return app.test_client()


def _kind(kind: str) -> object:
    missing = kind == "postgresql" and not binaries()
    reason = "no PostgreSQL server on this machine"
    return pytest.param(kind, marks=[pytest.mark.skip(reason=reason)] if missing and not os.getenv("CI") else [])


def _build_template(server: Server, scratch: Path) -> None:
    from tests.support import house

    server.copy(TEMPLATE)
    house.migrate(database_url=server.url(TEMPLATE), data_dir=scratch)


def _sqlite_template() -> Path:
    return ground.once("sqlite", _build_sqlite) / "template.sqlite3"


def _build_sqlite(place: Path) -> None:
    from tests.support import house

    place.mkdir()
    file = place / "template.sqlite3"
    house.migrate(database_url=f"sqlite:///{file}", data_dir=place / "data")
    connection = sqlite3.connect(file)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # so that one file is the whole database
    connection.close()


def _remove(place: Path) -> None:
    Server(place / "pg").stop()
    shutil.rmtree(place, ignore_errors=True)
