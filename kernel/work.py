"""The worker's loop: relay facts into jobs, start schedules, run jobs under a lease, survive being killed anywhere."""

from __future__ import annotations

import os
import secrets
import threading
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from flask import current_app
from structlog import get_logger

from kernel import jobs
from kernel.audit import operation
from kernel.clock import Clock
from kernel.db import db, transaction
from kernel.permissions import SYSTEM, Actor
from kernel.relay import Ahead, relay

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from kernel.ports import Ports

_log = get_logger("worker")
Item = TypeVar("Item")


class Run(Protocol):
    """What a task does with its payload."""

    def __call__(self, payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:
        """Do the work; raising means trying again later."""


class RunTogether(Protocol):
    """What a task does with the payloads of many jobs at once."""

    def __call__(self, payloads: Sequence[dict[str, Any]], *, ports: Ports, now: datetime) -> None:
        """Do the work of all; raising means trying each half again."""


@dataclass(frozen=True)
class Task:
    """A named piece of work of one queue.

    `inside` tasks run in the transaction that marks their job done; others call out (rail, mail, files) between
    transactions of their own and must be harmless when repeated. `given_up` tells whoever waits for the result that
    none will come, once the last attempt has failed or killed its worker. `together` does at once what `run` does one
    by one, for tasks that are not `inside` and cost more to begin and to end than to do.
    """

    name: str
    run: Run
    queue: str = "light"
    inside: bool = True
    given_up: Run | None = None
    together: RunTogether | None = None


@dataclass(frozen=True)
class Schedule:
    """A task that starts once in every slot of time, on whichever machine comes first."""

    task: Task
    every: timedelta

    def slot(self, now: datetime) -> str:
        """The name of the slot that a moment falls into."""
        seconds = int(self.every.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC).isoformat()


@dataclass(frozen=True)
class Plan:
    """All that a worker can do: which tasks follow which fact, and what runs by the clock."""

    after: Mapping[str, Sequence[Task]]
    schedules: Sequence[Schedule]

    def tasks(self) -> dict[str, Task]:
        """Every task by its name."""
        followers = [task for tasks in self.after.values() for task in tasks]
        return {task.name: task for task in [*followers, *(schedule.task for schedule in self.schedules)]}


def work(plan: Plan, *, queue: str, ports: Ports, stop: threading.Event, pause: float = 0.2) -> None:
    """Run one queue until told to stop; the `index` queue also relays facts and starts schedules."""
    worker, ahead = worker_name(queue), Ahead(plan, ports=ports)

    def turn() -> bool:
        busy = False
        if queue == "index":
            busy = relay(plan, ports=ports, ahead=ahead)
            start_schedules(plan, now=ports.get(Clock).now())
        busy = run_together(plan, queue=queue, worker=worker, ports=ports) or busy
        return run_next(plan, queue=queue, worker=worker, ports=ports) or busy

    with _beside(ahead.look, worker, stop=stop, pause=pause) if queue == "index" else nullcontext():
        _repeat(turn, worker, stop=stop, pause=pause)


@contextmanager
def _beside(turn: Callable[[], bool], worker: str, *, stop: threading.Event, pause: float) -> Iterator[None]:
    """Repeat something on a thread of its own: what writes waits for others who write, and it must not."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  Flask's way into a thread

    def repeat() -> None:
        with app.app_context():
            _repeat(turn, worker, stop=stop, pause=pause)

    thread = threading.Thread(target=repeat, daemon=True)
    thread.start()
    yield
    thread.join()


def _repeat(turn: Callable[[], bool], worker: str, *, stop: threading.Event, pause: float) -> None:
    """Take turns until told to stop, with a pause after one that found nothing to do."""
    while not stop.is_set():
        busy = False
        try:
            busy = turn()
        except Exception:  # noqa: BLE001  whatever broke one turn, the next one must come
            _log.exception("worker stumbled", worker=worker)
            stop.wait(1)
        finally:
            db.session.remove()
        if not busy:
            stop.wait(pause)


def worker_name(queue: str) -> str:
    """A name for leases that no other worker has: process numbers repeat, in every container and after a restart."""
    return f"{queue}-{os.getpid()}-{secrets.token_hex(8)}"


def start_schedules(plan: Plan, *, now: datetime) -> None:
    """Make this slot's job of each schedule, unless it exists."""
    due = [schedule for schedule in plan.schedules if not jobs.has_slot(schedule.task.name, schedule.slot(now))]
    if not due:
        return
    with transaction():
        for schedule in due:
            jobs.enqueue(schedule.task.name, {}, queue=schedule.task.queue, now=now, slot=schedule.slot(now))


def run_next(plan: Plan, *, queue: str, worker: str, ports: Ports) -> bool:
    """Claim and run one job of a queue; true when there was one."""
    clock = ports.get(Clock)
    _bury(plan, queue=queue, worker=worker, ports=ports)
    if not jobs.has_due(queue=queue, now=clock.now()):
        return False
    job = jobs.claim(queue=queue, worker=worker, now=clock.now())
    if job is None:
        return False
    claimed = jobs.Claimed(job.id, job.name, dict(job.payload), job.attempts)
    try:
        task = plan.tasks()[claimed.name]
        with _held(claimed.id, worker=worker, clock=clock):
            _run(task, claimed.id, claimed.payload, worker=worker, ports=ports)
    except jobs.LeaseLostError:
        _log.warning("lease lost", job=claimed.id, task=claimed.name)
    except Exception as error:  # noqa: BLE001  any failure of a task is a failed try, kept with its reason
        _fail(plan, claimed, error, worker=worker, ports=ports)
    return True


def run_together(plan: Plan, *, queue: str, worker: str, ports: Ports) -> bool:
    """Claim and run at once all due jobs of a task that does them together; true when there were any."""
    clock = ports.get(Clock)
    tasks = {name: task for name, task in plan.tasks().items() if task.queue == queue and task.together}
    if not tasks:
        return False
    claimed = jobs.claim_together(queue=queue, names=tasks, worker=worker, now=clock.now())
    if not claimed:
        return False
    with _held(*(job.id for job in claimed), worker=worker, clock=clock):
        _try_together(plan, tasks[claimed[0].name], claimed, worker=worker, ports=ports)
    return True


def _try_together(plan: Plan, task: Task, claimed: list[jobs.Claimed], *, worker: str, ports: Ports) -> None:
    """Run jobs as one. Where that fails, each half alone: what one of them breaks, the others must not wait for."""
    if task.together is None:
        raise TypeError(task.name)
    now = ports.get(Clock).now()
    try:
        task.together([job.payload for job in claimed], ports=ports, now=now)
        jobs.finish_all([job.id for job in claimed], worker=worker, now=now)
    except Exception as error:  # noqa: BLE001  as in run_next
        db.session.rollback()
        if len(claimed) == 1:
            _fail(plan, claimed[0], error, worker=worker, ports=ports)
            return
        middle = len(claimed) // 2
        for half in (claimed[:middle], claimed[middle:]):
            _try_together(plan, task, half, worker=worker, ports=ports)


def _fail(plan: Plan, job: jobs.Claimed, error: Exception, *, worker: str, ports: Ports) -> None:
    """Give a job back that failed, with the reason; called where the exception is handled."""
    _log.exception("job failed", job=job.id, attempts=job.attempts)
    if job.attempts >= jobs.ATTEMPTS:
        _tell_given_up(plan, job.name, job.payload, ports=ports)
    with transaction():
        jobs.give_back(job.id, worker=worker, error=repr(error), attempts=job.attempts, now=ports.get(Clock).now())


def _bury(plan: Plan, *, queue: str, worker: str, ports: Ports) -> None:
    """Give up a job that killed its worker every time, so that the queue behind it moves on."""
    now = ports.get(Clock).now()
    dead = jobs.exhausted(queue=queue, now=now)
    if dead is None:
        return
    job_id, name, payload = dead.id, dead.name, dict(dead.payload)
    _log.error("job killed its worker every time", job=job_id, task=name)
    _tell_given_up(plan, name, payload, ports=ports)  # before the job is closed: killed in between, it is told again
    with transaction():
        jobs.give_up(job_id, worker=worker, now=now)


def _tell_given_up(plan: Plan, name: str, payload: dict[str, Any], *, ports: Ports) -> None:
    task = plan.tasks().get(name)
    if task is not None and task.given_up is not None:
        task.given_up(payload, ports=ports, now=ports.get(Clock).now())


def _run(task: Task, job_id: int, payload: dict[str, Any], *, worker: str, ports: Ports) -> None:
    now = ports.get(Clock).now()

    @operation(f"job.{task.name}", quiet=True)
    def finish(*, actor: Actor, now: datetime) -> None:  # noqa: ARG001  the audit row names the actor
        if task.inside:
            task.run(payload, ports=ports, now=now)
        jobs.finish(job_id, worker=worker, now=now)

    if not task.inside:
        task.run(payload, ports=ports, now=now)
    finish(actor=SYSTEM, now=now)


@contextmanager
def _held(*job_ids: int, worker: str, clock: Clock) -> Iterator[None]:
    """Renew the leases from a thread while the jobs run."""
    done = threading.Event()
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  Flask's way into a thread

    def beat() -> None:
        while not done.wait(jobs.LEASE.total_seconds() / 3):
            with app.app_context():
                try:
                    jobs.renew(*job_ids, worker=worker, now=clock.now())
                except Exception:  # noqa: BLE001  a lease that is not renewed runs out, which is safe
                    _log.exception("lease not renewed", jobs=job_ids)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def each(items: Iterable[Item], do: Callable[[Item], object]) -> None:
    """Do it for every item: one that fails does not keep the others waiting. Raises what failed, as a group."""
    failures: list[Exception] = []
    for item in items:
        try:
            do(item)
        except Exception as failure:  # noqa: BLE001  raised below, with the others
            db.session.rollback()
            failures.append(failure)
    if failures:
        raise ExceptionGroup(f"{len(failures)} failed", failures)


def drain(plan: Plan, *, ports: Ports) -> None:
    """Do in this process, now, all that waits; for commands and tests, while no worker runs."""
    busy, worker = True, worker_name("drain")
    while busy:
        busy = relay(plan, ports=ports)
        for queue in jobs.QUEUES:
            while run_together(plan, queue=queue, worker=worker, ports=ports):
                busy = True
            while run_next(plan, queue=queue, worker=worker, ports=ports):
                busy = True
