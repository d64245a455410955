"""What a storm stands on: a deployment, the same database seen from inside, people who are signed in already."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask import Flask

from commission.payments.rail import Rail
from commission.payments.sandbox import SandboxRail
from kernel.clock import Clock
from kernel.db import db, session, transaction
from kernel.ids import public_id
from onboarding.accounts.models import User, WebSession
from onboarding.accounts.queries import token_fingerprint
from onboarding.offers.operations import open_own_offers
from storefront.reference import prepare
from tests.support import house
from tests.support.databases import Database
from tests.support.goods import make_factory, make_listing

COOKIE = "yuantou"


@contextmanager
def inside(database: Database, data_dir: Path) -> Iterator[Flask]:
    """The deployment's database from within this process, with its reference data."""
    app = house.build(database_url=database.url, data_dir=data_dir)
    prepare(app)
    with app.app_context():
        yield app
        db.session.remove()
    house.close(app)


def rail_of(app: Flask) -> SandboxRail:
    """The payment company's own books."""
    found: SandboxRail = app.extensions["ports"].get(Rail)
    return found


def on_sale(app: Flask, *, pieces: int) -> tuple[str, int]:
    """Wei's scarf with so many pieces: `(listing, sku id)`."""
    wei = make_factory()
    listing = make_listing(wei, stock=(pieces,))
    open_own_offers(actor=wei, listing=listing.public_id, now=app.extensions["ports"].get(Clock).now())
    return listing.public_id, listing.skus[0].id


def signed_in(app: Flask, count: int) -> list[dict[str, str]]:
    """So many shoppers who signed in a moment ago: the cookies of their browsers."""
    tokens = [secrets.token_urlsafe(32) for _ in range(count)]
    now = app.extensions["ports"].get(Clock).now()
    with transaction():
        for number, token in enumerate(tokens):
            user = User(public_id=public_id("usr"), phone=f"+86139{number:08}", name="顾客", created_at=now)
            user.phone_fingerprint = f"shopper-{number}"
            session().add(user)
            session().flush()
            signed = WebSession(user_id=user.id, created_at=now, proved_at=now, expires_at=now + timedelta(days=1))
            signed.token_fingerprint = token_fingerprint(token)
            session().add(signed)
    return [{COOKIE: cookie_of(app, token)} for token in tokens]


def cookie_of(app: Flask, token: str) -> str:
    """The cookie that a browser holds of a session token."""
    signer = app.session_interface.get_signing_serializer(app)
    assert signer
    return str(signer.dumps({"sid": token}))
