"""The application while there is no composition root yet: tables, triggers, first rate card, the pages of money."""

import sys
import types
from importlib.util import find_spec
from pathlib import Path

from flask import Flask

from commission.ledger.ddl import create_triggers
from commission.rates.operations import publish_first_card
from kernel.clock import Clock, FrozenClock
from kernel.db import db, metadata, prepare_engine, transaction
from kernel.permissions import SYSTEM
from kernel.ports import Ports
from kernel.web import init_web
from tests.cast import NOW

ROOT = Path(__file__).parents[2]


def build(*, database_url: str, data_dir: Path) -> Flask:
    from commission.rates.views import blueprint as rates
    from commission.settlement.views import blueprint as settlement

    app = Flask("yuantou", template_folder=ROOT / "kernel/templates", static_folder=ROOT / "static")
    app.config.update(
        SQLALCHEMY_DATABASE_URI=database_url,
        SECRET_KEY="tests-only-" + "x" * 32,
        CHANNEL_NAME="源头",
        YUANTOU_ENV="development",
        WTF_CSRF_ENABLED=False,
    )
    app.testing = True
    db.init_app(app)
    app.extensions["asset"] = lambda name: f"/static/{name}"
    app.register_blueprint(rates)
    app.register_blueprint(settlement)
    people = app.extensions["people"] = {}
    init_web(app, ports=Ports({Clock: FrozenClock(NOW)}), load_actor=lambda sid, now: people[sid])
    app.context_processor(lambda: {"asset": app.extensions["asset"]})
    with app.app_context():
        prepare_engine(db.engine)
    return app


def migrate(*, database_url: str, data_dir: Path) -> None:
    app = build(database_url=database_url, data_dir=data_dir)
    with app.app_context():
        with transaction():
            metadata.create_all(db.session.connection())
            create_triggers(db.session.connection())
        publish_first_card(actor=SYSTEM, now=NOW)
    close(app)


def close(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def install() -> None:
    """Stand in for `tests.support.house` until `storefront.app` is there."""
    if find_spec("storefront.app") is None:
        house = types.ModuleType("tests.support.house")
        house.__dict__.update(build=build, migrate=migrate, close=close)
        sys.modules["tests.support.house"] = house
