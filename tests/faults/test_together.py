"""What many facts ask for together: done ahead of its jobs, or by them at once; one that fails holds up no other."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from flask import Flask
from sqlalchemy import select, text

from kernel import jobs, outbox
from kernel.clock import Clock
from kernel.db import WRITING, db, session, transaction
from kernel.jobs import Job
from kernel.outbox import Fact, publish
from kernel.permissions import SYSTEM
from kernel.ports import Ports
from kernel.relay import AHEAD, Ahead, relay
from kernel.work import Plan, Task, run_next, run_together, work

POISON = 13


@dataclass(frozen=True, slots=True)
class Numbered(Fact):
    """Something that happened, by number."""

    kind: ClassVar[str] = "test.numbered"
    number: int


@dataclass
class Works:
    """A task that remembers what it did, and breaks on one number."""

    ports: Ports
    poison: int = POISON
    calls: list[list[int]] = field(default_factory=list)

    @property
    def plan(self) -> Plan:
        """What follows from the facts."""
        task = Task("test.note", self.one, queue="index", inside=False, together=self.many)
        return Plan(after={Numbered.kind: (task,)}, schedules=())

    @property
    def done(self) -> list[int]:
        """All that was done, in order."""
        return sorted(number for call in self.calls for number in call)

    def one(self, payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:
        self.many([payload], ports=ports, now=now)

    def many(self, payloads: Sequence[dict[str, Any]], *, ports: Ports, now: datetime) -> None:  # noqa: ARG002
        numbers = [payload["number"] for payload in payloads]
        if self.poison in numbers:
            raise ValueError(self.poison)
        self.calls.append(numbers)


@pytest.fixture
def works(app: Flask) -> Works:
    return Works(app.extensions["ports"])


def happen(works: Works, *numbers: int, ago: timedelta = timedelta()) -> None:
    with transaction():
        for number in numbers:
            publish(Numbered(number), actor=SYSTEM, now=works.ports.get(Clock).now() - ago)


def states() -> dict[int, str]:
    session().rollback()
    return {job.payload["number"]: job.state for job in session().scalars(select(Job).order_by(Job.id))}


def together(works: Works) -> bool:
    return run_together(works.plan, queue="index", worker="w", ports=works.ports)


def test_young_facts_are_done_ahead_and_their_jobs_are_written_as_done(works: Works) -> None:
    happen(works, *range(10))
    assert relay(works.plan, ports=works.ports)
    assert works.calls == [list(range(10))]
    assert set(states().values()) == {"done"}
    assert not outbox.waiting()
    assert not relay(works.plan, ports=works.ports)
    assert not together(works)


def test_nobody_who_holds_the_writers_lock_holds_up_what_is_done_ahead(app: Flask, works: Works) -> None:
    happen(works, 1, 2)
    stop = threading.Event()
    worker = threading.Thread(target=in_the_app, args=(app, works, stop))
    with db.engine.connect().execution_options(**{WRITING: True}) as other:
        other.execute(text("SELECT 1" if other.dialect.name == "sqlite" else "LOCK TABLE jobs IN EXCLUSIVE MODE"))
        worker.start()
        wait(lambda: works.calls == [[1, 2]])
        assert states() == {}
        other.rollback()
    wait(lambda: states() == {1: "done", 2: "done"})
    stop.set()
    worker.join()
    assert works.calls == [[1, 2]]


def in_the_app(app: Flask, works: Works, stop: threading.Event) -> None:
    with app.app_context():
        work(works.plan, queue="index", ports=works.ports, stop=stop, pause=0.02)


def wait(until: Callable[[], bool]) -> None:
    end = time.monotonic() + 15
    while not until():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_what_is_looked_at_is_looked_at_once_and_forgotten_when_relayed(works: Works) -> None:
    ahead = Ahead(works.plan, ports=works.ports)
    happen(works, 1, POISON)
    assert ahead.look()
    assert not ahead.look()
    happen(works, 2)
    assert ahead.look()
    assert works.calls == [[2]]
    relay(works.plan, ports=works.ports, ahead=ahead)
    assert states() == {1: "ready", POISON: "ready", 2: "done"}
    assert not ahead.look()
    assert ahead.known == 0


def test_a_fact_that_nobody_has_looked_at_waits_until_it_is_old(works: Works) -> None:
    ahead, clock = Ahead(works.plan, ports=works.ports), works.ports.get(Clock)
    happen(works, 1)
    assert not relay(works.plan, ports=works.ports, ahead=ahead)
    clock.moment += AHEAD + timedelta(seconds=1)  # type: ignore[attr-defined]
    assert relay(works.plan, ports=works.ports, ahead=ahead)
    assert states() == {1: "ready"}


def test_old_facts_become_jobs_that_count_their_attempts(works: Works) -> None:
    happen(works, 1, 2, ago=AHEAD + timedelta(seconds=1))
    relay(works.plan, ports=works.ports)
    assert works.calls == []
    assert set(states().values()) == {"ready"}
    assert together(works)
    assert works.calls == [[1, 2]]
    assert set(states().values()) == {"done"}


def test_what_fails_ahead_is_left_to_its_jobs_and_holds_up_no_other(works: Works) -> None:
    happen(works, *range(20))
    relay(works.plan, ports=works.ports)
    assert works.calls == []
    assert set(states().values()) == {"ready"}
    assert together(works)
    assert works.done == [number for number in range(20) if number != POISON]
    assert [number for number, state in states().items() if state != "done"] == [POISON]


def test_jobs_that_may_have_killed_their_worker_are_tried_alone(works: Works) -> None:
    works.poison = -1
    happen(works, 1, 2, ago=AHEAD * 2)
    relay(works.plan, ports=works.ports)
    clock = works.ports.get(Clock)
    for died in range(jobs.TRIES_TOGETHER):
        now = clock.now() + died * jobs.LEASE
        assert len(jobs.claim_together(queue="index", names=["test.note"], worker=f"w{died}", now=now)) == 2
    later = clock.now() + jobs.TRIES_TOGETHER * jobs.LEASE
    assert jobs.claim_together(queue="index", names=["test.note"], worker="w", now=later) == []
    clock.moment = later  # type: ignore[attr-defined]
    assert not together(works)
    assert run_next(works.plan, queue="index", worker="w", ports=works.ports)
    assert works.calls == [[1]]


def test_a_job_that_another_took_over_is_not_finished_here(works: Works) -> None:
    happen(works, 1, ago=AHEAD * 2)
    relay(works.plan, ports=works.ports)
    now = works.ports.get(Clock).now()
    [first] = jobs.claim_together(queue="index", names=["test.note"], worker="first", now=now)
    jobs.claim_together(queue="index", names=["test.note"], worker="second", now=now + jobs.LEASE)
    jobs.finish_all([first.id], worker="first", now=now + jobs.LEASE)
    assert states() == {1: "running"}
