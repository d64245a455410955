"""A sheet that the worker gave up on has counted what it wrote: the same file brings back nothing sold since."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.permissions import SYSTEM, Actor
from onboarding.listings import operations, writing
from onboarding.listings.models import SheetImport, SheetProgress, Sku
from onboarding.listings.settled import planned
from onboarding.listings.tasks import stop_sheet
from tests.cast import NOW
from tests.onboarding.listings.test_import import bring_in, listing, read, written
from tests.support.goods import make_factory, price_sheet

BEFORE = price_sheet("A1,羊绒围巾,驼色,50,100,9,2", "A2,羊绒帽,灰色,50,100,9,2")
SHEET = price_sheet("A1,羊绒围巾,驼色,50,100,30,2", "A2,羊绒帽,灰色,50,100,30,2")


@pytest.fixture
def wei(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Actor:
    owner = make_factory()
    bring_in(app, owner, BEFORE)
    monkeypatch.setattr(writing, "AT_ONCE", 1)
    return owner


@pytest.fixture
def stopped(app: Flask, wei: Actor) -> str:
    """A sheet of which the worker wrote the first of two goods and then gave up."""
    sheet = read(app, wei, SHEET)
    operations.import_listings(actor=wei, sheet_import=sheet, stock_meaning=None, markup_bp=None, now=NOW)
    found = (
        session().execute(select(SheetImport, SheetProgress).join(SheetProgress).where(SheetProgress.done == 0)).one()
    )
    plan = planned(found[0], found[1].answers)
    session().rollback()
    writing.write_some(actor=SYSTEM, sheet_import=sheet, plan=plan, now=NOW)
    stop_sheet({"sheet_import": sheet}, ports=app.extensions["ports"], now=NOW)
    return sheet


def sell(code: str, pieces: int) -> None:
    with transaction():
        sku = listing(code).skus[0].id
        session().execute(update(Sku).where(Sku.id == sku).values(on_hand=Sku.on_hand - pieces))


def stock() -> list[int]:
    session().rollback()
    return [listing(code).skus[0].on_hand for code in ("A1", "A2")]


def go_on(app: Flask, wei: Actor, sheet: str) -> None:
    operations.import_listings(actor=wei, sheet_import=sheet, stock_meaning=None, markup_bp=None, now=NOW)
    written(app, sheet)


@pytest.mark.usefixtures("stopped")
def test_handed_in_again_it_counts_only_what_was_not_written(app: Flask, wei: Actor) -> None:
    sell("A1", 20)
    bring_in(app, wei, SHEET)
    assert stock() == [10, 30]


def test_going_on_it_does_not_count_what_the_same_file_counted_meanwhile(app: Flask, wei: Actor, stopped: str) -> None:
    bring_in(app, wei, SHEET)
    sell("A2", 20)
    go_on(app, wei, stopped)
    assert stock() == [30, 10]


def test_going_on_alone_it_counts_the_rest(app: Flask, wei: Actor, stopped: str) -> None:
    assert stock() == [30, 9]
    go_on(app, wei, stopped)
    assert stock() == [30, 30]


def test_waiting_for_its_turn_it_does_not_count_what_the_same_file_made_meanwhile(app: Flask, wei: Actor) -> None:
    sheet = price_sheet("A1,羊绒围巾,驼色,50,100,30,2", "A3,羊绒手套,灰色,50,100,30,2")
    waits = read(app, wei, sheet)
    operations.import_listings(actor=wei, sheet_import=waits, stock_meaning=None, markup_bp=None, now=NOW)
    bring_in(app, wei, sheet)
    sell("A3", 20)
    written(app, waits)
    assert [listing(code).skus[0].on_hand for code in ("A1", "A3")] == [30, 10]
