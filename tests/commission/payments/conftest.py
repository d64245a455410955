"""Payments alone, on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from commission.payments.rail import Rail
from commission.payments.sandbox import SandboxRail
from kernel.permissions import Actor, Role
from tests.support import parts
from tests.support.databases import Database

LIN = Actor(user_id=1, user="usr_lin", name="林晓", roles=frozenset({Role.SHOPPER}))


@pytest.fixture
def app(bare_database: Database, tmp_path: Path) -> Iterator[Flask]:
    built = parts.build(bare_database.url, tmp_path)
    with built.app_context():
        yield built
    parts.close(built)


@pytest.fixture
def rail(app: Flask) -> SandboxRail:
    found: SandboxRail = app.extensions["ports"].get(Rail)
    return found


@pytest.fixture
def lin() -> Actor:
    return LIN
