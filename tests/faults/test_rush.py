"""Fifty checkouts of ten pieces at one moment, over HTTP, against the real server."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.schema import AddConstraint, DropConstraint

from kernel.db import session, transaction
from onboarding.listings.models import Sku, StockMovement, StockReservation
from storefront.checks import self_check
from storefront.orders.models import Order
from tests.faults.ground import inside, on_sale, rail_of, signed_in
from tests.faults.rush import Rush, rush
from tests.support import house
from tests.support.databases import Database
from tests.support.goods import stock_of
from tests.support.server import Server

pytestmark = [pytest.mark.storm, pytest.mark.slow]
SHOPPERS, PIECES = 50, 10
UNGUARDED = "--config=python:tests.faults.unguarded"


@pytest.fixture
def shop(database: Database, tmp_path: Path) -> Iterator[Flask]:
    with inside(database, tmp_path / "server0") as app:
        yield app


def crowd(app: Flask, make_server: Callable[..., Server], database: Database, **environment: str) -> tuple[Rush, int]:
    listing, sku = on_sale(app, pieces=PIECES)
    cookies = signed_in(app, SHOPPERS)
    server = make_server(database_url=database.url, SECRET_KEY=house.SECRET, **environment)
    found = rush(server.port, cookies, listing=listing)
    print(f"{database.kind}: {len(found.payments)} sold of {PIECES} to {SHOPPERS}, {dict(found.statuses)}")  # noqa: T201
    assert found.faults == 0, server.log()[-6000:]
    return found, sku


@contextmanager
def without_the_check(database: Database) -> Iterator[None]:
    """PostgreSQL without the CHECK of the counters for a while; SQLite ignores it inside the control."""
    if database.kind == "sqlite":
        yield
        return
    [check] = [found for found in Sku.__table__.constraints if found.name == "ck_skus_stock"]
    with transaction():
        session().execute(DropConstraint(check))
    try:
        yield
    finally:
        with transaction():
            session().execute(update(Sku).values(on_hand=0, reserved=0))
            session().execute(AddConstraint(check))


def test_fifty_at_once_buy_exactly_what_is_there(
    shop: Flask, make_server: Callable[..., Server], database: Database
) -> None:
    found, sku = crowd(shop, make_server, database)
    assert len(found.payments) == PIECES
    assert all(answer.status == 422 and "羊绒围巾" in answer.text for answer in found.refused)
    session().rollback()
    assert dict(session().execute(select(Order.state, func.count()).group_by(Order.state)).all()) == {"paid": PIECES}
    assert stock_of(sku) == (0, 0)
    moves = select(func.sum(StockMovement.pieces)).where(StockMovement.sku_id == sku)
    assert session().scalar(moves.where(StockMovement.reason == "sold")) == -PIECES
    assert set(session().scalars(select(StockReservation.state))) == {"taken"}
    charges = rail_of(shop).charges()
    assert sorted(charge.counterpart for charge in charges) == sorted(found.payments)
    assert self_check() == []


def test_without_the_guard_the_same_fifty_oversell(
    shop: Flask, make_server: Callable[..., Server], database: Database
) -> None:
    with without_the_check(database):
        found, _sku = crowd(shop, make_server, database, GUNICORN_CMD_ARGS=UNGUARDED)
    assert len(found.payments) > PIECES
