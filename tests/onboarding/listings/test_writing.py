"""The worker writes the goods of a sheet: killed anywhere, beside a rival, given up, nothing is lost or made twice."""

import os
import threading
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import func, select

from kernel.db import db, session, transaction
from kernel.errors import DomainError
from kernel.outbox import OutboxFact
from kernel.permissions import Actor
from onboarding.listings import imports, operations, stock, tasks, writing
from onboarding.listings.models import Listing, SheetImport, SheetProgress, Sku
from onboarding.listings.tasks import stop_sheet, write_sheet
from tests.cast import NOW
from tests.faults.killing import killed_at
from tests.onboarding.listings.test_import import read, written
from tests.support.goods import make_factory, price_sheet, signed_in

EVERY = 1 if os.getenv("STORM") else 4


def asked(app: Flask, actor: Actor, name: str = "K", rows: int = 5) -> str:
    """A sheet whose goods are asked for and not written yet."""
    lines = [f"{name}{number},羊毛衫{name}{number},黑色/白色,50.00,99,10,2" for number in range(rows)]
    sheet = read(app, actor, price_sheet(*lines))
    operations.import_listings(actor=actor, sheet_import=sheet, stock_meaning="total", markup_bp=None, now=NOW)
    session().rollback()
    return sheet


def made() -> tuple[int, int, int]:
    """How many listings and SKUs there are, and pieces of them."""
    session().rollback()
    listings = session().scalar(select(func.count()).select_from(Listing)) or 0
    skus, pieces = session().execute(select(func.count(Sku.id), func.coalesce(func.sum(Sku.on_hand), 0))).one()
    return listings, skus, int(pieces)


def test_killed_at_any_moment_it_goes_on_where_it_stood(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "AT_ONCE", 2)
    wei = make_factory()
    for number in count():
        sheet = asked(app, wei, f"K{number}-")
        work = {"sheet_import": sheet}
        killed = killed_at(app, 1 + number * EVERY, lambda: write_sheet(work, ports=app.extensions["ports"], now=NOW))  # noqa: B023
        result = written(app, sheet)
        assert (result["created"], result["skus"], result["updated"]) == (5, 10, 0)
        assert made() == (5 * (number + 1), 10 * (number + 1), 50 * (number + 1))
        if not killed:
            break
    assert number > 40 // EVERY
    assert stock.imbalances() == []


def test_what_failed_half_way_is_tried_again_from_there(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "AT_ONCE", 2)
    sheet, true = asked(app, make_factory()), imports.open_stock
    for left in (0, 1):
        calls = count()
        broken = lambda *told, **more: true(*told, **more) if next(calls) < left else 1 // 0  # noqa: B023, E731
        monkeypatch.setattr(imports, "open_stock", broken)
        with pytest.raises(ZeroDivisionError):
            write_sheet({"sheet_import": sheet}, ports=app.extensions["ports"], now=NOW)
        session().rollback()
        assert made()[0] == session().scalar(select(SheetProgress.done)) == 2 * left
    monkeypatch.setattr(imports, "open_stock", true)
    assert (written(app, sheet)["created"], made()) == (5, (5, 10, 50))


def test_given_up_it_is_told_how_far_it_came_and_goes_on_when_asked(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "AT_ONCE", 2)
    wei = make_factory()
    sheet, plan = asked(app, wei), tasks.planned
    both = select(SheetImport, SheetProgress.answers).join(
        SheetProgress, SheetProgress.sheet_import_id == SheetImport.id
    )
    planned = plan(*session().execute(both).one())
    writing.write_some(actor=tasks.SYSTEM, sheet_import=sheet, plan=planned, now=NOW)
    stop_sheet({"sheet_import": sheet}, ports=app.extensions["ports"], now=NOW)
    session().rollback()
    browser, place = signed_in(app, wei), f"/factory/sheets/{sheet}"
    shown = browser.get(place).text
    assert ("写到第 2 款" in shown, "接着写" in shown) == (True, True)
    assert browser.post(f"{place}/listings").status_code == 303
    assert (written(app, sheet)["created"], made()) == (5, (5, 10, 50))


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "unguarded"])
@pytest.mark.only_on("postgresql")
def test_two_sheets_with_the_same_codes_at_once_make_each_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch, *, guarded: bool
) -> None:
    if not guarded:
        monkeypatch.setattr(imports, "hold_house", lambda _house: None)
    wei = make_factory()
    sheets = [asked(app, wei, rows=40), asked(app, wei, rows=40)]
    true, gate = imports.known_listings, threading.Barrier(2)

    def known(*told: object, **more: object) -> object:
        found = true(*told, **more)  # type: ignore[arg-type]
        if not guarded:
            gate.wait(10)
        return found

    monkeypatch.setattr(imports, "known_listings", known)
    failures = at_once(app, sheets)
    assert bool(failures) is not guarded
    if guarded:
        assert made()[0] == 40
        results = session().scalars(select(SheetImport.result)).all()
        assert sorted((one["created"], one["unchanged"]) for one in results) == [(0, 40), (40, 0)]


def at_once(app: Flask, sheets: list[str]) -> list[Exception]:
    """Two workers, each with a sheet of its own; what they failed with."""
    failures: list[Exception] = []

    def work(sheet: str) -> None:
        with app.app_context():
            try:
                write_sheet({"sheet_import": sheet}, ports=app.extensions["ports"], now=NOW)
            except Exception as failure:  # noqa: BLE001  told to the test
                failures.append(failure)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=work, args=(sheet,)) for sheet in sheets]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return failures


def test_the_end_is_published_once_for_whoever_waits_for_it(app: Flask) -> None:
    sheet = asked(app, make_factory())
    for _ in range(2):
        written(app, sheet)
    told = select(OutboxFact.payload).where(OutboxFact.kind == "sheet.imported")
    assert session().scalars(told).all() == [{"sheet_import": sheet}]


def test_goods_put_on_sale_meanwhile_are_not_changed_for_who_may_not(app: Flask) -> None:
    wei = make_factory()
    written(app, asked(app, wei))
    sheet = read(app, wei, price_sheet("K1,羊毛衫K1,黑色/白色,50.00,77,10,2"))
    operations.import_listings(actor=wei, sheet_import=sheet, stock_meaning="total", markup_bp=None, now=NOW)
    with transaction():
        progress = session().scalars(select(SheetProgress).order_by(SheetProgress.id.desc())).first()
        assert progress
        progress.answers = progress.answers | {"on_sale": False}
        session().query(Listing).filter_by(code="K1").update({"state": "published", "published_at": NOW})
    told = written(app, sheet)["left_out"]
    assert [(one["code"], one["title"]) for one in told] == [("listing.on_sale", "羊毛衫K1")]  # type: ignore[attr-defined]


def test_nothing_is_written_before_the_sheet_is_read(app: Flask) -> None:
    wei = make_factory()
    sheet = operations.upload_sheet(actor=wei, filename="x", file_key="a" * 64, now=NOW).public_id
    with pytest.raises(DomainError, match="not_read"):
        operations.import_listings(actor=wei, sheet_import=sheet, stock_meaning=None, markup_bp=None, now=NOW)
