"""The application as tests build it: the real composition root, a test's own data directory."""

from pathlib import Path

from flask import Flask
from flask_migrate import upgrade

from kernel.db import db
from storefront.app import Services, create_app
from storefront.config import Config

SECRET = "tests-only-" + "x" * 32


def build(*, database_url: str, data_dir: Path, services: Services | None = None) -> Flask:
    """Return the application on this database; nothing outside `data_dir` is written."""
    config = Config(database_url=database_url, data_dir=data_dir, secret_key=SECRET, public_url="http://localhost")
    app = create_app(config, services)
    app.testing = True
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
