"""The demo, loaded once for all processes of a run, and what it holds as something to compare."""

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from kernel.clock import FrozenClock
from kernel.db import metadata, session
from storefront.app import create_app, default_services
from storefront.config import Config
from storefront.demo.load import load
from storefront.reference import prepare
from storefront.search.index import TantivyIndex
from tests.cast import NOW
from tests.support import ground, house

# Every try leaves its trace in these, and chance its hash.
_TRACES = {"audit_rows", "jobs", "outbox_facts", "ledger_blocks", "alembic_version"}
_BY_CHANCE = {"slug", "rail_ref", "counterpart", "refused_key"}
_PUBLIC_ID = re.compile(r"\b([a-z]{2,4})_[0-9a-z]{10,}\b|(?<=/m/)[^/]+")


def loaded() -> Path:
    """A data folder with the demo in it, as it is on the day of `NOW`; whoever writes takes a copy."""
    return ground.once("demo", _load)


@contextmanager
def deployment(folder: Path, *, now: datetime = NOW) -> Iterator[Flask]:
    """The application on a data folder, its clock standing still."""
    config = Config(data_dir=folder)
    services = replace(default_services(config), clock=FrozenClock(now))
    app = create_app(config, services)
    with app.app_context():
        yield app
    house.close(app)
    if isinstance(services.index, TantivyIndex):
        services.index.close()


def load_into(app: Flask) -> str:
    """Load the demo, or the rest of it; the logins."""
    return load(ports=app.extensions["ports"], public_url="http://localhost")


def contents() -> dict[str, Counter[str]]:
    """Every table's rows as text, without keys and what chance has chosen."""
    return {table.name: _rows(table.name) for table in metadata.sorted_tables if table.name not in _TRACES}


def _load(folder: Path) -> None:
    folder.mkdir()
    with deployment(folder) as app:
        prepare(app)
        load_into(app)
    with closing(sqlite3.connect(folder / "yuantou.db")) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # so that one file is the whole database


def _rows(name: str) -> Counter[str]:
    table = metadata.tables[name]
    kept = [one for one in table.columns if one.name not in _BY_CHANCE and not re.search(r"(^|_)id$", one.name)]
    told: list[Any] = [*kept] or [table.c.id * 0]  # of a table of ids alone the rows are counted
    found = session().execute(select(*told))
    return Counter(_PUBLIC_ID.sub(r"\1", repr(tuple(row))) for row in found)
