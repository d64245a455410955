"""The application of money alone, while the whole one has no migration: `tests.support.house` as it will be."""

import sys
import types
from pathlib import Path

from flask import Flask

from commission.ledger.ddl import create_triggers
from commission.rates.views import blueprint as rates
from commission.settlement.operations import on_payout_answered
from commission.settlement.views import blueprint as settlement
from commission.payments.facts import PayoutFailed, PayoutSucceeded
from commission.payments.rail import Rail
from commission.payments.sandbox import SandboxRail
from kernel.assets import init_assets
from kernel.clock import Clock, FrozenClock
from kernel.crypto import Cipher
from kernel.db import db, metadata, prepare_engine, transaction
from kernel.outbox import wire
from kernel.permissions import ANONYMOUS
from kernel.ports import Ports
from kernel.web import init_web
from tests.cast import NOW

ROOT = Path(__file__).parents[2]
SECRET = "tests-only-" + "x" * 32


def build(*, database_url: str, data_dir: Path) -> Flask:
    """Return the pages of money on this database."""
    app = Flask("yuantou", root_path=str(ROOT), template_folder="kernel/templates", static_folder=None)
    app.testing = True
    app.config.update(
        SECRET_KEY=SECRET,
        SQLALCHEMY_DATABASE_URI=database_url,
        SESSION_COOKIE_SECURE=False,
        CHANNEL_NAME="源头",
        YUANTOU_ENV="development",
    )
    data_dir.mkdir(exist_ok=True)
    app.extensions["cipher"] = Cipher(SECRET)
    init_assets(app, ROOT / "static")
    ports = Ports({Clock: FrozenClock(NOW), Rail: SandboxRail(data_dir / "rail.sqlite3")})
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    init_web(app, ports=ports, load_actor=lambda sid, *, now: ANONYMOUS)
    for blueprint in (rates, settlement):
        app.register_blueprint(blueprint)
    wire({PayoutSucceeded: (on_payout_answered,), PayoutFailed: (on_payout_answered,)})
    return app


def migrate(*, database_url: str, data_dir: Path) -> None:
    """Make every table and every trigger of the journal."""
    app = build(database_url=database_url, data_dir=data_dir)
    with app.app_context(), transaction():
        metadata.create_all(db.session.connection())
        create_triggers(db.session.connection())
    close(app)


def close(app: Flask) -> None:
    """Let go of every connection."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def install() -> None:
    """Stand in until the first migration is there."""
    if not list((ROOT / "migrations" / "versions").glob("*.py")):
        house = types.ModuleType("tests.support.house")
        house.__dict__.update(build=build, migrate=migrate, close=close)
        sys.modules["tests.support.house"] = house
