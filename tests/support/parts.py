"""An application of parts: tables, ports and pages of what a test asks for, without the whole composition."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from flask import Blueprint, Flask
from sqlalchemy.engine import Connection

from commission.payments.rail import Rail
from commission.payments.sandbox import SandboxRail
from kernel.clock import Clock, FrozenClock
from kernel.crypto import Cipher
from kernel.db import db, metadata, prepare_engine, transaction
from kernel.outbox import Fact, Within, wire
from kernel.permissions import ANONYMOUS, Actor
from kernel.ports import Ports
from kernel.web import init_web
from tests.cast import NOW

SECRET = "tests-only-" + "x" * 32
ROOT = Path(__file__).parents[2]


def build(
    url: str,
    data_dir: Path,
    *,
    blueprints: Sequence[Blueprint] = (),
    within: Mapping[type[Fact], Sequence[Within]] | None = None,
    triggers: Sequence[Callable[[Connection], None]] = (),
) -> Flask:
    """Return an application whose tables are made from the models that are imported.

    Who is signed in is `app.extensions["people"][sid]`.
    """
    app = Flask("yuantou", root_path=str(ROOT), template_folder="kernel/templates", static_folder="static")
    app.testing = True
    app.config.update(
        SECRET_KEY=SECRET,
        SQLALCHEMY_DATABASE_URI=url,
        SESSION_COOKIE_SECURE=False,
        CHANNEL_NAME="源头",
        YUANTOU_ENV="development",
        WTF_CSRF_ENABLED=False,
    )
    people: dict[str, Actor] = {}
    app.extensions.update(people=people, cipher=Cipher(SECRET), asset=lambda name: f"/static/{name}")
    ports = Ports({Clock: FrozenClock(NOW), Rail: SandboxRail(data_dir / "rail.sqlite3")})
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
        with transaction():
            metadata.create_all(db.session.connection())
            for make in triggers:
                make(db.session.connection())
    init_web(app, ports=ports, load_actor=_load_actor(people))
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    wire(within or {})
    return app


def close(app: Flask) -> None:
    """Let go of every connection."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    wire({})


def _load_actor(people: Mapping[str, Actor]) -> Callable[..., Actor]:
    def load(sid: str, *, now: datetime) -> Actor:
        return people.get(sid, ANONYMOUS)

    return load
