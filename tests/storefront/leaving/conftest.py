"""Owners who leave: proved sessions, a worker that runs by hand, the way to the last day."""

from collections.abc import Callable
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import select

from kernel.db import session
from kernel.files import Files
from kernel.permissions import Actor
from kernel.work import drain
from storefront.jobs import PLAN
from storefront.leaving.bundle import PARTS
from storefront.leaving.models import DataCopy
from storefront.leaving.operations import ask_copy, close_shop
from tests.cast import NOW
from tests.onboarding.people import proved

Proof = Callable[[Actor], str]


def home(actor: Actor) -> str:
    """The public id of somebody's house."""
    return actor.memberships[0].organisation


@pytest.fixture
def proof(app: Flask) -> Proof:
    """The session of somebody who has just proved herself."""

    return lambda actor, *, at=NOW: proved(actor, at=at)


@pytest.fixture
def leave(proof: Proof) -> Callable[[Actor], None]:
    """Announce that somebody's shop closes."""

    def announce(actor: Actor) -> None:
        mine = actor.memberships[0]
        close_shop(actor=actor, sid=proof(actor), organisation=mine.organisation, name=mine.name, now=NOW)

    return announce


@pytest.fixture
def copied(app: Flask, proof: Proof) -> Callable[[Actor], ZipFile]:
    """The copy of somebody's data, written by the worker."""

    def copy(actor: Actor) -> ZipFile:
        made = ask_copy(actor=actor, sid=proof(actor), organisation=home(actor), total=PARTS, now=NOW).public_id
        ports = app.extensions["ports"]
        drain(PLAN, ports=ports)
        session().rollback()
        found = session().scalars(select(DataCopy).where(DataCopy.public_id == made)).one()
        assert found.state == "ready", found.state
        return ZipFile(BytesIO(ports.get(Files).get(found.file_key)))

    return copy
