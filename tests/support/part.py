"""A part of the application on a bare database, while the whole is not composed in the test at hand."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask

from kernel.assets import init_assets
from kernel.clock import Clock, FrozenClock
from kernel.crypto import Cipher
from kernel.db import db, metadata, prepare_engine, transaction
from kernel.files import Files, LocalFiles
from kernel.permissions import ANONYMOUS, Actor
from kernel.ports import Ports
from kernel.web import init_web
from onboarding.listings.ddl import create_triggers
from tests.cast import NOW

ROOT = Path(__file__).parents[2]


@contextmanager
def part(*blueprints: Blueprint, database_url: str, folder: Path) -> Iterator[Flask]:
    """An application with these blueprints, its context open; who is signed in is `app.extensions["people"][sid]`."""
    app = Flask("yuantou", static_folder=None, template_folder=str(ROOT / "kernel/templates"))
    app.config.update(
        SQLALCHEMY_DATABASE_URI=database_url,
        SECRET_KEY="tests-only-" + "x" * 32,
        WTF_CSRF_ENABLED=False,
        CHANNEL_NAME="源头",
        YUANTOU_ENV="development",
        SESSION_COOKIE_SECURE=False,
        TESTING=True,
        MAX_CONTENT_LENGTH=21 * 1024 * 1024,
    )
    app.extensions.update(cipher=Cipher(app.config["SECRET_KEY"]), people={})
    db.init_app(app)
    ports: dict[Any, object] = {Clock: FrozenClock(NOW), Files: LocalFiles(folder)}
    init_assets(app, ROOT / "static")
    init_web(app, ports=Ports(ports), load_actor=_load_actor(app))
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    with app.app_context():
        prepare_engine(db.engine)
        with transaction():
            metadata.create_all(db.session.connection())
            create_triggers(db.session.connection())
        yield app
        db.session.remove()
        db.engine.dispose()


def _load_actor(app: Flask) -> Any:  # noqa: ANN401
    def load(sid: str, *, now: object) -> Actor:
        found: Actor = app.extensions["people"].get(sid, ANONYMOUS)
        return found

    return load
