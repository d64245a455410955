"""Transactions, operations, facts and jobs on both databases: what is written, what cannot be, what is once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest
from cryptography.fernet import InvalidToken
from flask import Flask
from sqlalchemy import create_engine, func, select, update
from sqlalchemy.exc import DBAPIError

from kernel import jobs, limits, outbox
from kernel.audit import AuditRow, note, operation
from kernel.crypto import Cipher
from kernel.db import prepare_engine, session, transaction
from kernel.errors import DomainError, TooManyError
from kernel.jobs import Job
from kernel.outbox import Fact, OutboxFact, publish
from kernel.permissions import SYSTEM, Actor
from kernel.work import Plan, Task, drain, relay
from onboarding.belts.models import Belt
from storefront.jobs import WITHIN
from tests.cast import NOW

BELT = {"name_zh": "清河羊绒", "name_en": "Qinghe", "province": "河北省", "city": "邢台市", "county": "清河县"}


@dataclass(frozen=True, slots=True)
class BeltOpened(Fact):
    """A fact of these tests."""

    kind: ClassVar[str] = "belt.opened"
    belt: str


def new_belt(slug: str) -> Belt:
    return Belt(slug=slug, trade="羊绒", category="服饰针织", **BELT)


@operation("belt.open")
def open_belt(*, slug: str, actor: Actor, now: datetime, fails: bool = False) -> None:
    session().add(new_belt(slug))
    note(f"belt:{slug}", after={"open": True}, reason="测试")
    publish(BeltOpened(slug), actor=actor, now=now)
    if fails:
        raise DomainError("belt.no")


def count(table: type) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0


@contextmanager
def wired(*handlers: object) -> Iterator[None]:
    outbox.wire({BeltOpened: handlers})  # type: ignore[dict-item]
    yield
    outbox.wire(WITHIN)


def test_a_write_outside_a_transaction_is_refused_by_the_database(app: Flask) -> None:
    session().add(new_belt("stray"))
    with pytest.raises(DBAPIError, match=r"read-only|readonly"):
        session().flush()
    session().rollback()
    with transaction():
        session().add(new_belt("kept"))
    assert session().scalars(select(Belt.slug).where(Belt.slug == "kept")).one()


def test_sqlite_has_a_commit_on_the_disk_before_it_answers(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'kept.db'}")
    prepare_engine(engine)
    with engine.connect() as connection:
        told = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "journal_mode")]
    engine.dispose()
    assert told == [2, "wal"]  # 2 is FULL: https://www.sqlite.org/pragma.html#pragma_synchronous


def test_an_operation_leaves_one_audit_row_and_its_fact_or_nothing_at_all(app: Flask) -> None:
    with pytest.raises(DomainError):
        open_belt(slug="failed", actor=SYSTEM, now=NOW, fails=True)
    assert (count(AuditRow), count(OutboxFact)) == (0, 0)
    open_belt(slug="new", actor=SYSTEM, now=NOW)
    row = session().scalars(select(AuditRow)).one()
    assert (row.operation, row.actor, row.reason) == ("belt.open", "system", "测试")
    assert session().scalars(select(OutboxFact.payload)).one() == {"belt": "new"}


def test_only_the_outermost_operation_is_audited(app: Flask) -> None:
    @operation("belts.open_two")
    def open_two(*, actor: Actor, now: datetime) -> None:
        open_belt(slug="one", actor=actor, now=now)
        open_belt(slug="two", actor=actor, now=now)

    open_two(actor=SYSTEM, now=NOW)
    row = session().scalars(select(AuditRow)).one()
    assert (row.operation, [change["subject"] for change in row.changes]) == (
        "belts.open_two",
        ["belt:one", "belt:two"],
    )


def test_a_handler_within_undoes_the_change_when_it_refuses(app: Flask) -> None:
    def refuse(_fact: Fact, *, actor: Actor, now: datetime) -> None:
        raise DomainError("belt.no")

    with wired(refuse), pytest.raises(DomainError):
        open_belt(slug="undone", actor=SYSTEM, now=NOW)
    assert session().scalars(select(Belt.slug).where(Belt.slug == "undone")).all() == []


def test_a_job_follows_a_fact_once_however_often_it_is_relayed(app: Flask) -> None:
    done: list[str] = []
    task = Task("test.follow", lambda payload, **_: done.append(payload["belt"]))
    plan = Plan(after={"belt.opened": [task]}, schedules=())
    open_belt(slug="followed", actor=SYSTEM, now=NOW)
    relay(plan, ports=app.extensions["ports"])
    with transaction():
        session().execute(update(OutboxFact).values(relayed_at=None))
    drain(plan, ports=app.extensions["ports"])
    assert done == ["followed"]


def test_a_lease_that_ran_out_is_taken_by_another_and_the_first_cannot_finish(app: Flask) -> None:
    with transaction():
        jobs.enqueue("test.job", {}, queue="light", now=NOW)
    first = jobs.claim(queue="light", worker="first", now=NOW)
    assert first is not None
    assert jobs.claim(queue="light", worker="second", now=NOW) is None
    assert jobs.claim(queue="light", worker="second", now=NOW + jobs.LEASE) is not None
    with pytest.raises(jobs.LeaseLostError), transaction():
        jobs.finish(first.id, worker="first", now=NOW)
    with transaction():
        jobs.finish(first.id, worker="second", now=NOW)
    assert session().scalars(select(Job.state)).one() == "done"


def test_a_slot_of_a_schedule_has_one_job(app: Flask) -> None:
    with transaction():
        for _ in range(3):
            jobs.enqueue("test.daily", {}, queue="light", now=NOW, slot="2026-03-02")
    assert count(Job) == 1


def test_limits_count_across_calls_and_start_again_with_the_next_window(app: Flask) -> None:
    hour = [("key", 2, timedelta(hours=1))]
    for _ in range(2):
        limits.hit(hour, now=NOW)
    with pytest.raises(TooManyError) as refused:
        limits.hit(hour, now=NOW)
    assert 0 < int(refused.value.params["seconds"]) <= 3601
    limits.hit(hour, now=NOW + timedelta(hours=1))


def test_what_is_encrypted_opens_only_with_its_secret() -> None:
    mine, other = Cipher("a" * 32), Cipher("b" * 32)
    assert mine.decrypt(mine.encrypt("文三路 1 号")) == "文三路 1 号"
    assert mine.fingerprint("x") != other.fingerprint("x")
    with pytest.raises(InvalidToken):
        other.decrypt(mine.encrypt("秘密"))
