"""The pictures on the rows of a price sheet become those of its goods: once, as drafts, by the same way as all."""

import pytest
from flask import Flask
from sqlalchemy import select, update

from kernel.db import session, transaction
from kernel.files import Files
from kernel.permissions import Actor
from onboarding.listings import operations
from onboarding.listings.models import Listing
from onboarding.listings.tasks import read_sheet, write_sheet
from onboarding.pictures import intake, tasks
from onboarding.pictures.operations import remove
from onboarding.pictures.queries import pictures_of
from tests.cast import NOW
from tests.onboarding.listings.sheets.pictured import floating, one_cell, pic, with_parts
from tests.support.pictures import drawn, saved, worked

ROWS = [["图片", "货号", "品名", "单价", "零售价"], ["", "A1", "茶杯", 5, 9], ["", "A2", "茶壶", 6, 9]]
ANCHORS = [one_cell(pic(1), 2, 20), one_cell(pic(2), 2, 20), one_cell(pic(3), 3, 20)]


def pictured() -> bytes:
    """Two pictures on the first row, one on the second that is no picture at all."""
    media = {f"xl/media/image{n}.png": saved(drawn(n, (240, 200)), "PNG") for n in (1, 2)}
    return with_parts({**media, "xl/media/image3.png": b"EMF"}, floating(*ANCHORS, rows=ROWS))


def brought_in(app: Flask, owner: Actor) -> str:
    ports, key = app.extensions["ports"], app.extensions["ports"].get(Files).put(pictured())
    sheet = operations.upload_sheet(actor=owner, filename="价目表.xlsx", file_key=key, now=NOW).public_id
    read_sheet({"sheet_import": sheet}, ports=ports, now=NOW)
    operations.import_listings(actor=owner, sheet_import=sheet, stock_meaning="total", markup_bp=5_000, now=NOW)
    write_sheet({"sheet_import": sheet}, ports=ports, now=NOW)
    return sheet


def goods(code: str) -> Listing:
    session().rollback()
    session().expire_all()
    return session().scalars(select(Listing).where(Listing.code == code)).one()


def test_each_goods_has_the_pictures_of_its_rows(app: Flask, wei: Actor) -> None:
    brought_in(app, wei)
    worked(app)
    cup, pot = goods("A1"), goods("A2")
    assert [(one.state, one.words, one.width) for one in pictures_of(cup.id)] == [("waiting", "茶杯", 240)] * 2
    assert cup.image == pictures_of(cup.id)[0].address
    assert (pictures_of(pot.id), pot.image.endswith(".svg")) == ([], True)


def test_the_same_sheet_again_adds_nothing_not_even_what_was_deleted(app: Flask, wei: Actor) -> None:
    brought_in(app, wei)
    worked(app)
    cup = goods("A1")
    remove(actor=wei, listing=cup.public_id, picture=pictures_of(cup.id)[0].public_id, now=NOW)
    brought_in(app, wei)
    worked(app)
    assert len(pictures_of(goods("A1").id)) == 1


def test_goods_that_were_on_sale_keep_the_pictures_they_have(app: Flask, wei: Actor) -> None:
    sheet = brought_in(app, wei)
    with transaction():
        session().execute(update(Listing).values(state="published", published_at=NOW))
    tasks.take_from_sheet({"sheet_import": sheet}, ports=app.extensions["ports"], now=NOW)
    assert pictures_of(goods("A1").id) == []


def test_a_worker_killed_between_two_pictures_goes_on_where_it_stopped(
    app: Flask, wei: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def second(data: bytes, **told: object) -> str:
        if taken:
            raise KeyboardInterrupt
        taken.append(data)
        return intake.take_in(data, **told)  # type: ignore[arg-type]

    taken: list[bytes] = []
    sheet, ports = brought_in(app, wei), app.extensions["ports"]
    with monkeypatch.context() as broken:
        broken.setattr(tasks, "take_in", second)
        with pytest.raises(KeyboardInterrupt):
            tasks.take_from_sheet({"sheet_import": sheet}, ports=ports, now=NOW)
    assert len(pictures_of(goods("A1").id)) == 1
    worked(app)
    assert len(pictures_of(goods("A1").id)) == 2
