"""The application as tests build it: the real composition root, a test's own data directory."""

from pathlib import Path

from flask import Flask

from kernel.db import upgrade
from storefront.app import create_app
from storefront.config import Config

SECRET = "tests-only-" + "x" * 32


def build(*, database_url: str, data_dir: Path) -> Flask:
    """Return the application on this database; nothing outside `data_dir` is written."""
    environment = {
        "YUANTOU_ENV": "development",
        "DATABASE_URL": database_url,
        "DATA_DIR": str(data_dir),
        "SECRET_KEY": SECRET,
        "PUBLIC_URL": "http://localhost",
    }
    app = create_app(Config.from_environment(environment))
    app.testing = True
    return app


def migrate(*, database_url: str, data_dir: Path) -> None:
    """Run every migration on an empty database."""
    app = build(database_url=database_url, data_dir=data_dir)
    upgrade(app)
    close(app)


def close(app: Flask) -> None:
    """Let go of every connection, so that the next test finds the database alone."""
    with app.app_context():
        for engine in app.extensions["sqlalchemy"].engines.values():
            engine.dispose()
