"""The control: a gunicorn configuration that puts read-decide-write in the place of the guarded update of stock.

`GUNICORN_CMD_ARGS=--config=python:tests.faults.unguarded` loads it into the web processes of a test's server; nothing
in the product knows of it. On PostgreSQL the test drops the CHECK of the counters, on SQLite it is ignored from here.
"""

import time
from typing import Any

from sqlalchemy import event, select, update
from sqlalchemy.engine import Engine

from kernel.db import session

THINKING_SECONDS = 0.05  # between looking and writing, as any busy machine makes it


def post_fork(arbiter: Any, worker: Any) -> None:  # noqa: ANN401  gunicorn's hook
    """Take the guard away in one web process, before it composes the application."""
    from onboarding.listings import stock
    from storefront.orders import views

    event.listen(Engine, "connect", _ignore_checks)
    stock._hold = _write_what_was_decided  # noqa: SLF001  the guard
    views.place = _look_then(views.place)


def _ignore_checks(connection: Any, _record: object) -> None:  # noqa: ANN401
    if type(connection).__module__.startswith("sqlite3"):
        connection.execute("PRAGMA ignore_check_constraints=ON")


def _look_then(place: Any) -> Any:  # noqa: ANN401
    """Read what is left before the transaction, as code does that shows a page and then trusts it."""
    from onboarding.listings.models import Sku

    def look_and_place(**told: Any) -> Any:  # noqa: ANN401
        rows = session().execute(select(Sku.id, Sku.reserved, Sku.on_hand)).all()
        session().rollback()
        session().info["seen"] = {row[0]: (row[1], row[2]) for row in rows}
        time.sleep(THINKING_SECONDS)
        return place(**told)

    return look_and_place


def _write_what_was_decided(sku: int, pieces: int) -> bool:
    from onboarding.listings.stock import Sku, _short

    reserved, on_hand = session().info["seen"][sku]
    if reserved + pieces > on_hand:
        raise _short(sku)
    session().execute(update(Sku).where(Sku.id == sku).values(reserved=reserved + pieces))
    return True
