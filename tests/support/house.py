"""The application as tests build it: the real composition root, a test's own data directory.

A run builds it thousands of times, so what comes out the same each time is made once: templates, routes, SQL.
"""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import Dialect, Engine, event
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from commission.payments.sandbox import SandboxRail
from kernel.db import db
from storefront.app import Services, create_app
from storefront.config import Config
from tests.support import ground

_SPOKEN: dict[str, tuple[Dialect, LRUCache[Any, Any]]] = {}
_STATEMENTS = 1_000  # each holds much
_RAIL = "sandbox-rail.db"
SECRET = "tests-only-" + "x" * 32


def build(*, database_url: str, data_dir: Path, services: Services | None = None) -> Flask:
    """Return the application on this database; nothing outside `data_dir` is written."""
    _lay_books_of_the_rail(data_dir)
    config = Config(database_url=database_url, data_dir=data_dir, secret_key=SECRET, public_url="http://localhost")
    app = create_app(config, services)
    app.testing = True
    with app.app_context():
        _remember_statements(db.engine)
        _do_not_wait_for_the_disk(db.engine)
    templates = ground.path() / "templates"
    templates.mkdir(exist_ok=True)
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(templates))
    return app


def migrate(*, database_url: str, data_dir: Path) -> None:
    """Run every migration on an empty database."""
    app = build(database_url=database_url, data_dir=data_dir)
    with app.app_context():
        upgrade()
    close(app)


def close(app: Flask) -> None:
    """Let go of every connection, so that the next test finds the database alone."""
    with app.app_context():
        for engine in db.engines.values():
            engine.dispose()


def _lay_books_of_the_rail(data_dir: Path) -> None:
    """Empty books of the sandbox, as it would make them itself, without waiting for the disk."""
    data_dir.mkdir(parents=True, exist_ok=True)
    if not (data_dir / _RAIL).exists():
        shutil.copyfile(ground.once("rail", _open_books) / _RAIL, data_dir / _RAIL)


def _open_books(place: Path) -> None:
    SandboxRail(place / _RAIL)


def _do_not_wait_for_the_disk(engine: Engine) -> None:
    """A test's power never fails; PostgreSQL's server of tests goes without fsync as well."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA synchronous=OFF"))


def _remember_statements(engine: Engine) -> None:
    """SQL follows from a statement and the kind of database; SQLAlchemy writes it anew for each engine."""
    kind = engine.dialect.name
    if kind not in _SPOKEN:
        engine.connect().close()  # what a dialect is told when it connects first
        engine.dispose()
        _SPOKEN[kind] = (engine.dialect, LRUCache(_STATEMENTS))
    engine.dialect, engine._compiled_cache = _SPOKEN[kind]  # noqa: SLF001


def _remembered(compile_rule: Callable[[Rule], None]) -> Callable[[Rule], None]:
    """What a route becomes follows from its rule alone; Werkzeug reads, writes and compiles it for each map."""
    known: dict[tuple[str, str], Rule] = {}

    def compiled(rule: Rule) -> None:
        key = (rule.rule, repr(rule.defaults))
        if key not in known:
            compile_rule(rule)
            known[key] = rule
        for name in ("_parts", "_trace", "_converters", "arguments", "_build", "_build_unknown"):
            setattr(rule, name, getattr(known[key], name))

    return compiled


Rule.compile = _remembered(Rule.compile)  # type: ignore[method-assign,assignment]
