"""A shop on both databases: a factory with goods on sale, a buyer, the rail, the pages; time stands still."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commission.payments.rail import Rail
from commission.payments.sandbox import SandboxRail
from commission.rates.operations import publish_first_card
from kernel.clock import FrozenClock
from kernel.permissions import ANONYMOUS, SYSTEM, Actor
from storefront.app import default_services
from storefront.config import Config
from tests.cast import LIN, NOW, YU
from tests.storefront.shop import Shop, make_person
from tests.support import house
from tests.support.databases import Database
from tests.support.visitor import Visitor


@pytest.fixture
def app(database: Database, tmp_path: Path) -> Iterator[Flask]:
    """The whole application at NOW; who is signed in is `app.extensions["people"][sid]`."""
    services = replace(default_services(Config(data_dir=tmp_path)), clock=FrozenClock(NOW))
    built = house.build(database_url=database.url, data_dir=tmp_path, services=services)
    people: dict[str, Actor] = {}
    built.extensions.update(people=people, load_actor=_load_actor(people))
    built.config["WTF_CSRF_ENABLED"] = False
    built.test_client_class = Visitor
    with built.app_context():
        publish_first_card(actor=SYSTEM, now=NOW)
        yield built
    house.close(built)


@pytest.fixture
def rail(app: Flask) -> SandboxRail:
    found: SandboxRail = app.extensions["ports"].get(Rail)
    return found


@pytest.fixture
def lin(app: Flask) -> Actor:
    return make_person(LIN)


@pytest.fixture
def yu(app: Flask) -> Actor:
    return make_person(YU)


@pytest.fixture
def shop(app: Flask, lin: Actor) -> Shop:
    """Wei's factory with a scarf in two variants, ten pieces each at 128.00, and Lin who buys."""
    return Shop(app, lin)


@pytest.fixture
def bo(shop: Shop) -> Actor:
    """A merchant."""
    return shop.merchant()


@pytest.fixture
def resale(shop: Shop, bo: Actor) -> list[str]:
    """Her offers of Wei's scarf: 99.37, of which she owes 60.00."""
    return shop.resell(bo, shop.listing, price_fen=9_937)


@pytest.fixture
def browser(app: Flask, lin: Actor) -> FlaskClient:
    """Lin's browser."""
    return browser_of(app, lin)


def browser_of(app: Flask, actor: Actor) -> FlaskClient:
    """A browser in which somebody is signed in."""
    app.extensions["people"][actor.user] = actor
    client = app.test_client()
    with client.session_transaction() as session:
        session["sid"] = actor.user
    return client


def _load_actor(people: dict[str, Actor]) -> Callable[..., Actor]:
    def load(sid: str, *, now: object) -> Actor:
        return people.get(sid, ANONYMOUS)

    return load
