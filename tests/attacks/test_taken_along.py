"""A copy of one's own data holds nothing of the other side: every table, letter and name in it."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask

from kernel.db import session, transaction
from kernel.files import Files
from kernel.ids import public_id
from storefront.leaving.bundle import write_bundle
from storefront.leaving.models import DataCopy
from storefront.leaving.queries import waiting_copy
from tests.attacks.sides import Sides
from tests.attacks.walk import Scan, Seen
from tests.cast import NOW

OWNERS = ("wei", "yu", "bo", "rui")
WORDS = (".csv", ".txt", ".svg")


@pytest.fixture
def sides(app: Flask) -> Sides:
    return Sides(app)


def taken(sides: Sides, who: str) -> list[Seen]:
    """Every part of somebody's copy, as if it were a page of her desk."""
    actor = sides.people[who]
    assert actor is not None
    mine, copy = actor.memberships[0], public_id("cpy")
    empty = {"state": "waiting", "done": 0, "total": 1, "size": 0, "file_key": "", "asked_at": NOW}
    with transaction():
        session().add(DataCopy(public_id=copy, organisation_id=mine.organisation_id, expires_at=None, **empty))
    subject, file = waiting_copy(copy), BytesIO()
    assert subject is not None
    pictures, files = sides.app.extensions["assets"].files, sides.app.extensions["ports"].get(Files)
    write_bundle(file, subject, files=files, pictures=pictures, on_part=lambda _done: None, now=NOW)
    archive = ZipFile(file)
    told = [name for name in archive.namelist() if name.endswith(WORDS)]
    return [
        Seen(who, f"{name} /{mine.kind}/leaving", 200, f"{name}\n{archive.read(name).decode('utf-8-sig')}")
        for name in told
    ]


def test_nobody_takes_along_what_is_of_the_other_side(sides: Sides) -> None:
    scan = Scan(sides)
    for who in OWNERS:
        seen = taken(sides, who)
        assert len(seen) > 10
        assert scan.leaks(seen) == []
    retail = Seen("wei", "orders.csv /factory/leaving", 200, "183.86")
    assert "wei sees what a shopper paid '183.86'" in scan.leaks([retail])[0]
