"""The application as tests build it: the real composition root, a test's own data directory.

A run builds it thousands of times, so what comes out the same each time is compiled once: templates and routes.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from kernel.db import db
from storefront.app import Services, create_app
from storefront.config import Config
from tests.support import ground

SECRET = "tests-only-" + "x" * 32


def build(*, database_url: str, data_dir: Path, services: Services | None = None) -> Flask:
    """Return the application on this database; nothing outside `data_dir` is written."""
    config = Config(database_url=database_url, data_dir=data_dir, secret_key=SECRET, public_url="http://localhost")
    app = create_app(config, services)
    app.testing = True
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


def _remembered(compile_builder: Callable[..., Any]) -> Callable[..., Any]:
    """What builds the addresses of a route follows from its rule alone; Werkzeug writes and compiles it each time."""
    known: dict[tuple[object, ...], Any] = {}

    def compiled(rule: Rule, *args: bool) -> Any:  # noqa: ANN401  as in Werkzeug
        key = (rule.rule, tuple(rule._trace), repr(rule.defaults), args)  # noqa: SLF001
        if key not in known:
            known[key] = compile_builder(rule, *args)
        return known[key]

    return compiled


Rule._compile_builder = _remembered(Rule._compile_builder)  # type: ignore[method-assign]  # noqa: SLF001
