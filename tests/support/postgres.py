"""A PostgreSQL server for one test run, on a Unix socket, and one database per test process.

A copy of the template costs 50 ms with 80 tables; emptying what a test has written costs 6 ms.
So a process copies once and then empties, with triggers off: the ledger refuses DELETE otherwise.
"""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import psycopg
from psycopg import sql

from tests.support import ground

TEMPLATE = "template_yuantou"
HASTY = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
SETTINGS = ("listen_addresses=", "max_connections=300", "max_wal_size=4GB", "timezone=UTC")
ACCOUNTS = ("postgres", "nobody")


def binaries() -> Path | None:
    """Return the directory of the newest server programs on this machine, if any."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).parent if on_path else None


class Server:
    """A server whose data, log and socket are in one short directory."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def start(self, *, durable: bool = False) -> None:
        """Make the cluster and start it; `durable` keeps fsync, for tests that pull the plug."""
        self.place.mkdir()
        if os.getuid() == 0:
            shutil.chown(self.place, _account())
        settings = SETTINGS if durable else SETTINGS + HASTY
        options = " ".join(["-k", str(self.place), *(f"-c {setting}" for setting in settings)])
        locale = ("-E", "UTF8", "--locale=C.UTF-8")
        self._run("initdb", "-U", "yuantou", "--auth=trust", *locale, "--no-sync")
        self._run("pg_ctl", "-w", "-s", "-l", str(self.place / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Stop at once: nothing in it is worth saving."""
        if self._runs():
            self._run("pg_ctl", "-w", "-s", "-m", "immediate", "stop")

    def url(self, database: str) -> str:
        """Return what goes into DATABASE_URL."""
        return f"postgresql+psycopg://yuantou@/{database}?host={self.place}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """Return an autocommitting connection of the superuser."""
        return psycopg.connect(host=str(self.place), user="yuantou", dbname=database, autocommit=True)

    def copy(self, database: str, *, template: str = "template0") -> None:
        """Create a database by copying files, the cheaper of the two ways without fsync."""
        with self.connect() as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                    sql.Identifier(database), sql.Identifier(template)
                )
            )

    def drop(self, database: str) -> None:
        """Drop a database, whoever is still connected."""
        with self.connect() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))

    def _runs(self) -> bool:
        """A killed server leaves its pid behind, and by now that may be somebody else's."""
        note = self.place / "data" / "postmaster.pid"
        if not note.exists():
            return False
        command = Path("/proc", note.read_text().split("\n")[0], "cmdline")
        return command.exists() and str(note.parent) in command.read_text()

    def _run(self, program: str, *arguments: str) -> None:
        folder = binaries()
        assert folder, "no PostgreSQL server on this machine: deploy/install-test-needs.sh"
        command = [*_as_ordinary_user(), str(folder / program), "-D", str(self.place / "data"), *arguments]
        # pg_ctl leaves the server behind with our pipes, so output goes to a file, not to a pipe.
        with (self.place / "setup.log").open("a") as log:
            done = subprocess.run(command, check=False, cwd="/", stdout=log, stderr=log)
        assert done.returncode == 0, f"{command}: {(self.place / 'setup.log').read_text()}"


class Workroom:
    """One process's database: copied once from the template, emptied before each test."""

    def __init__(self, server: Server, name: str, *, template: str = TEMPLATE) -> None:
        server.copy(name, template=template)
        self.url = server.url(name)
        self._connection = server.connect(name)
        self._tables = self._column("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'")
        self._keep_seeds()

    def empty(self) -> None:
        """Leave each table and sequence as the migrations left them."""
        self._column(
            "SELECT pg_terminate_backend(pid)::text FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        written = self._not_empty()
        with self._connection.transaction():
            self._connection.execute("SET LOCAL session_replication_role = replica")
            for table in written:
                self._connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            for table in self._seeded:
                self._connection.execute(
                    sql.SQL("INSERT INTO {0} SELECT * FROM seed.{0}").format(sql.Identifier(table))
                )
        self._rewind_sequences()

    def close(self) -> None:
        """Let go of the connection; the database goes with the server."""
        self._connection.close()

    def _keep_seeds(self) -> None:
        self._seeded = self._not_empty()
        self._connection.execute("CREATE SCHEMA seed")
        for table in self._seeded:
            self._connection.execute(sql.SQL("CREATE TABLE seed.{0} AS TABLE public.{0}").format(sql.Identifier(table)))
        self._sequences = dict(self._positions())

    def _rewind_sequences(self) -> None:
        for name, position in self._positions():
            before = self._sequences.get(name)
            if position != before:
                self._connection.execute(
                    "SELECT setval(quote_ident(%s)::regclass, %s, %s)", [name, before or 1, before is not None]
                )

    def _positions(self) -> list[tuple[str, int | None]]:
        query = "SELECT sequencename::text, last_value FROM pg_sequences WHERE schemaname = 'public'"
        return list(self._connection.execute(query))

    def _not_empty(self) -> Sequence[str]:
        if not self._tables:
            return []
        one = sql.SQL("SELECT {}::text WHERE EXISTS (SELECT 1 FROM {})")
        each = [one.format(sql.Literal(name), sql.Identifier(name)) for name in self._tables]
        return self._column(sql.SQL(" UNION ALL ").join(each))

    def _column(self, query: sql.Composed | str) -> list[str]:
        return [row[0] for row in self._connection.execute(query)]


def shared_server(*, durable: bool) -> Server:
    """Return the server of this run, started by whoever asks first."""
    return Server(ground.once("pg", lambda place: Server(place).start(durable=durable)))


def _as_ordinary_user() -> list[str]:
    """PostgreSQL refuses root."""
    if os.getuid() != 0:
        return []
    account = _account()
    return ["setpriv", f"--reuid={account}", f"--regid={pwd.getpwnam(account).pw_gid}", "--clear-groups"]


def _account() -> str:
    known = {entry.pw_name for entry in pwd.getpwall()}
    return next(name for name in ACCOUNTS if name in known)
