"""Payments alone: nothing follows from their facts here."""

import pytest
from flask import Flask

from commission.payments.rail import Rail
from commission.payments.sandbox import SandboxRail
from kernel import outbox
from kernel.permissions import Actor, Role

LIN = Actor(user_id=1, user="usr_lin", name="林晓", roles=frozenset({Role.SHOPPER}))


@pytest.fixture
def rail(app: Flask) -> SandboxRail:
    outbox.wire({})
    found: SandboxRail = app.extensions["ports"].get(Rail)
    return found


@pytest.fixture
def lin() -> Actor:
    return LIN
