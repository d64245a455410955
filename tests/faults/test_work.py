"""What the worker must not do: share a name, wait for a provider inside a transaction, read half a clock."""

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from kernel import jobs
from kernel.clock import Clock, ShiftedClock
from kernel.db import db, session, transaction
from kernel.notify import Message, deliver, send_message
from kernel.permissions import SYSTEM
from kernel.wording import Words
from kernel.work import Plan, run_next, worker_name
from tests.cast import NOW


def test_no_two_workers_share_a_name_for_their_leases() -> None:
    names = {worker_name("light") for _machine in range(100)}
    assert len(names) == 100
    assert max(map(len, names)) <= 60


def test_a_job_that_kills_its_workers_is_given_up_and_shown(app: Flask) -> None:
    with transaction():
        jobs.enqueue("sheet that eats all memory", {}, queue="heavy", now=NOW)
    for died in range(jobs.ATTEMPTS):
        assert jobs.claim(queue="heavy", worker=f"heavy-{died}", now=NOW + died * jobs.LEASE)
    later = NOW + jobs.ATTEMPTS * jobs.LEASE
    assert jobs.claim(queue="heavy", worker="the next", now=later) is None
    ports = app.extensions["ports"]
    ports.get(Clock).moment = later
    run_next(Plan(after={}, schedules=()), queue="heavy", worker="the next", ports=ports)
    assert [(job.name, job.error[:15]) for job in session().scalars(jobs.failed())] == [
        ("sheet that eats all memory", "its worker died")
    ]


def test_a_message_is_sent_outside_any_transaction(app: Flask) -> None:
    seen: list[tuple[str, bool]] = []

    class Provider:
        def send(self, **told: str) -> None:
            seen.append((told["text"], db.session().in_transaction()))

    with transaction():
        send_message(
            channel="sms", recipient="+8613800138001", language="zh", words=Words("已发货"), actor=SYSTEM, now=NOW
        )
    message = session().scalars(select(Message.public_id)).one()
    deliver(message, notify=Provider(), now=NOW)
    deliver(message, notify=Provider(), now=NOW)
    assert seen == [("已发货", False)]


def test_a_clock_that_is_killed_while_it_is_moved_still_tells_the_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = ShiftedClock(tmp_path / "shift")
    clock.move(by=timedelta(days=1))
    monkeypatch.setattr(Path, "replace", _killed)
    with pytest.raises(KeyboardInterrupt):
        clock.move(by=timedelta(days=1))
    assert clock.shift() == timedelta(days=1)


def _killed(*_told: object) -> None:
    raise KeyboardInterrupt
