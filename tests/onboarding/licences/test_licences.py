"""A photograph is handed in, read once by the worker whatever happens to it, and shown to its owner alone."""

from dataclasses import asdict, replace
from datetime import timedelta
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from kernel import jobs
from kernel.audit import AuditRow
from kernel.clock import Clock
from kernel.db import session, transaction
from kernel.errors import NotFoundError
from kernel.files import Files
from kernel.permissions import SYSTEM, Actor, Role
from kernel.relay import relay
from kernel.work import drain, run_next
from onboarding.licences import operations, queries, tasks
from onboarding.licences.models import Licence
from onboarding.licences.ocr import reader
from storefront.jobs import PLAN
from tests.cast import NOW, WEI, YU
from tests.support.goods import make_factory, signed_in
from tests.support.licences import NAME, READING, hand_in, picture, read_licence_of


@pytest.fixture
def wei(app: Flask) -> Actor:
    return make_factory(WEI)


def state() -> list[str]:
    session().rollback()
    return list(session().scalars(select(Licence.state).order_by(Licence.id)))


def test_a_photograph_waits_until_the_worker_has_read_it(
    app: Flask, wei: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "read_licence", lambda *_given, **_told: READING)
    licence, house = hand_in(app, wei), wei.memberships[0].organisation_id
    waiting = queries.newest_licence(house)
    assert waiting is not None
    assert (waiting.licence, waiting.state, waiting.fields, waiting.is_licence) == (licence, "waiting", {}, False)
    drain(PLAN, ports=app.extensions["ports"])
    read = queries.newest_licence(house)
    assert read is not None
    assert (read.state, read.is_licence, read.warnings, read.uploaded_at) == ("read", True, ("type_missing",), NOW)
    assert read.fields["name"] == queries.FieldLine(NAME.value, NAME.confidence, crop=queries.crop_size(asdict(NAME)))


def test_the_newest_counts(app: Flask, wei: Actor) -> None:
    house = wei.memberships[0].organisation_id
    assert queries.newest_licence(house) is None
    first, second = hand_in(app, wei), hand_in(app, wei)
    assert first != second
    assert queries.newest_licence(house).licence == second  # type: ignore[union-attr]


def test_a_second_reading_changes_nothing(app: Flask, wei: Actor) -> None:
    licence = read_licence_of(app, wei)
    operations.record_reading(actor=SYSTEM, licence=licence, reading=None, now=NOW + timedelta(days=1))
    tasks.give_up_licence({"licence": licence}, ports=app.extensions["ports"], now=NOW)
    tasks.read_licence({"licence": licence}, ports=app.extensions["ports"], now=NOW)
    row = session().scalars(select(Licence)).one()
    assert (row.state, row.read_at, row.reading["fields"]["name"]["box"]) == ("read", NOW, list(NAME.box or ()))
    told = session().scalars(select(AuditRow.changes).where(AuditRow.operation == "licence.read")).all()
    assert [bool(changes) for changes in told] == [True, False, False]


def test_whatever_a_picture_does_to_the_reader_it_is_unreadable(
    app: Flask, wei: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def burst(_jpeg: bytes, today: object) -> None:
        raise MemoryError

    monkeypatch.setattr(reader, "read_licence", burst)
    hand_in(app, wei)
    drain(PLAN, ports=app.extensions["ports"])
    assert (state(), jobs.waiting()["heavy"]) == (["unreadable"], 0)


def test_a_worker_killed_while_it_reads_leaves_the_licence_to_the_next(
    app: Flask, wei: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(_jpeg: bytes, today: object) -> None:
        raise KeyboardInterrupt

    ports, clock = app.extensions["ports"], app.extensions["ports"].get(Clock)
    hand_in(app, wei)
    relay(PLAN, ports=ports)
    monkeypatch.setattr(reader, "read_licence", killed)
    with pytest.raises(KeyboardInterrupt):
        run_next(PLAN, queue="heavy", worker="the first", ports=ports)
    assert state() == ["waiting"]
    monkeypatch.setattr(reader, "read_licence", lambda *_given, **_told: READING)
    assert not run_next(PLAN, queue="heavy", worker="the next", ports=ports)
    clock.move(by=jobs.LEASE)
    assert run_next(PLAN, queue="heavy", worker="the next", ports=ports)
    assert state() == ["read"]


def test_a_photograph_that_kills_every_worker_is_given_up(app: Flask, wei: Actor) -> None:
    ports, clock = app.extensions["ports"], app.extensions["ports"].get(Clock)
    hand_in(app, wei)
    relay(PLAN, ports=ports)
    for died in range(jobs.ATTEMPTS):
        assert jobs.claim(queue="heavy", worker=f"heavy-{died}", now=clock.now())
        clock.move(by=jobs.LEASE)
    run_next(PLAN, queue="heavy", worker="the last", ports=ports)
    assert state() == ["unreadable"]


def test_the_picture_is_read_outside_any_transaction(app: Flask, wei: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def look(_jpeg: bytes, today: object) -> object:
        seen.append((session().in_transaction(), str(today)))
        return READING

    monkeypatch.setattr(reader, "read_licence", look)
    tasks.read_licence({"licence": hand_in(app, wei)}, ports=app.extensions["ports"], now=NOW)
    assert [held for held, _today in seen] == [False]


def test_nobody_hands_in_a_licence_of_another_house(app: Flask, wei: Actor) -> None:
    yu = make_factory(YU)
    house = wei.memberships[0]
    mei = Actor(user_id=1, memberships=(replace(house, role=Role.CLERK),))
    for stranger in (yu, mei):
        with pytest.raises(NotFoundError):
            operations.upload_licence(actor=stranger, organisation=house.organisation, photo_key="a" * 64, now=NOW)
    with pytest.raises(NotFoundError):
        operations.upload_licence(actor=wei, organisation="fac_none", photo_key="a" * 64, now=NOW)
    assert state() == []


def test_the_picture_stands_upright_and_crops_are_large_enough(app: Flask, wei: Actor) -> None:
    data = picture((320, 480))
    licence, browser = read_licence_of(app, wei), signed_in(app, wei)
    assert app.extensions["ports"].get(Files).get(session().scalars(select(Licence.photo_key)).one()) == data
    photo, crop = (browser.get(f"/licences/{licence}/{what}") for what in ("photo", "crops/name"))
    assert {(one.status_code, one.mimetype) for one in (photo, crop)} == {(200, "image/jpeg")}
    assert photo.headers["Cache-Control"] == "no-store"
    assert Image.open(BytesIO(photo.data)).size == (480, 320)
    width, height = Image.open(BytesIO(crop.data)).size
    assert (height, width > 200) == (64, True)


def test_strangers_and_clerks_see_no_picture(app: Flask, wei: Actor) -> None:
    licence = read_licence_of(app, wei)
    yu, nobody = signed_in(app, make_factory(YU)), app.test_client()
    for what in ("photo", "crops/name"):
        assert yu.get(f"/licences/{licence}/{what}").status_code == 404
        assert nobody.get(f"/licences/{licence}/{what}").status_code == 302
    own = signed_in(app, wei)
    assert [own.get(f"/licences/{licence}/crops/{name}").status_code for name in ("type", "nothing")] == [404, 404]
    assert own.get(f"/licences/{hand_in(app, wei)}/crops/name").status_code == 404


def test_others_decide_with_what_they_know(app: Flask, wei: Actor) -> None:
    licence, house = read_licence_of(app, wei), wei.memberships[0].organisation_id
    assert queries.licence_if(licence, lambda owner: owner == house).public_id == licence
    with pytest.raises(NotFoundError):
        queries.licence_if(licence, lambda owner: owner != house)


@pytest.mark.parametrize(
    "wrong", [{"state": "lost"}, {"state": "waiting"}, {"read_at": None}, {"photo_key": "short"}], ids=str
)
def test_the_database_refuses_what_cannot_be(app: Flask, wei: Actor, wrong: dict[str, object]) -> None:
    read_licence_of(app, wei)
    with pytest.raises(IntegrityError), transaction():
        session().execute(update(Licence).values(**wrong))
    row = {"public_id": "lic_x", "organisation_id": 0, "photo_key": "a" * 64, "state": "waiting", "reading": {}}
    with pytest.raises(IntegrityError), transaction():
        session().execute(insert(Licence).values(**row, uploaded_at=NOW))
