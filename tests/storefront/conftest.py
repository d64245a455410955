"""A shop on both databases: one or more factories with goods on sale, a buyer, the rail, the pages of buying."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from commission.ledger import ddl as ledger_guards
from commission.payments.facts import ChargeSucceeded, PayoutFailed, PayoutSucceeded, RefundSucceeded
from commission.payments.rail import Rail
from commission.payments.sandbox import SandboxRail
from commission.rates.operations import publish_first_card
from commission.settlement.tasks import book_payout_answer
from commission.settlement.views import blueprint as settlement
from kernel.db import db
from kernel.permissions import SYSTEM, Actor
from onboarding.listings import ddl as listing_guards
from storefront.cart.views import blueprint as cart
from storefront.orders.operations import record_payment, record_refund
from storefront.orders.views import blueprint as orders
from storefront.shipments.views import blueprint as shipments
from tests.cast import LIN, NOW, YU
from tests.storefront.shop import Shop, make_person
from tests.support import parts
from tests.support.databases import Database

WITHIN = {
    ChargeSucceeded: [record_payment],
    RefundSucceeded: [record_refund],
    PayoutSucceeded: [book_payout_answer],
    PayoutFailed: [book_payout_answer],
}


@pytest.fixture
def app(bare_database: Database, tmp_path: Path) -> Iterator[Flask]:
    built = parts.build(
        bare_database.url,
        tmp_path,
        blueprints=[cart, orders, shipments, settlement],
        within=WITHIN,
        triggers=[ledger_guards.create_triggers, listing_guards.create_triggers],
    )
    with built.app_context():
        publish_first_card(actor=SYSTEM, now=NOW)
        yield built
        db.session.remove()
    parts.close(built)


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
