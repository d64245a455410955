"""Jobs are rows: made from facts or schedules, claimed with a lease, finished in the transaction of their effect."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from sqlalchemy import JSON, CheckConstraint, Index, String, UniqueConstraint, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from kernel.audit import note, operation
from kernel.db import Base, Id, Instant, Ref, is_sqlite, session, transaction
from kernel.errors import DomainError, NotFoundError
from kernel.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from sqlalchemy import ColumnElement, Select

    from kernel.permissions import Actor

LEASE = timedelta(seconds=15)
ATTEMPTS = 8
QUEUES = ("index", "light", "heavy")
TOGETHER: Final = 500
"""So many jobs of one task are taken at once, where it can do them together."""
TRIES_TOGETHER: Final = 2
"""So often a job is tried with others; then alone, since one of them may be what kills the worker."""


class Job(Base):
    """One piece of work; a fact's handler or a schedule's slot exists once."""

    __tablename__ = "jobs"
    __table_args__ = (
        UniqueConstraint("fact_id", "name"),
        UniqueConstraint("slot", "name"),
        CheckConstraint("state in ('ready', 'running', 'done', 'failed')", name="state"),
        CheckConstraint("queue in ('index', 'light', 'heavy')", name="queue"),
        CheckConstraint("(state = 'running') = (lease_until is not null)", name="lease"),
        Index("ix_jobs_due", "queue", "state", "run_at"),
    )

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80))
    queue: Mapped[str] = mapped_column(String(10))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    fact_id: Mapped[Ref | None]
    slot: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10))
    attempts: Mapped[int]
    run_at: Mapped[Instant]
    lease_until: Mapped[Instant | None]
    lease_by: Mapped[str | None] = mapped_column(String(60))
    finished_at: Mapped[Instant | None]
    error: Mapped[str] = mapped_column(String(500))


class Claimed(NamedTuple):
    """A job as one of many that a worker took at once; `attempts` counts this one."""

    id: int
    name: str
    payload: dict[str, Any]
    attempts: int


class LeaseLostError(DomainError):
    """Another worker holds the job now: what was done for it is rolled back."""


def enqueue(
    name: str,
    payload: dict[str, Any],
    *,
    queue: str,
    now: datetime,
    fact_id: int | None = None,
    slot: str | None = None,
) -> None:
    """Make a job in the open transaction; a second one for the same fact or slot is none."""
    enqueue_all([new_job(name, payload, queue=queue, now=now, fact_id=fact_id, slot=slot)])


def new_job(
    name: str,
    payload: dict[str, Any],
    *,
    queue: str,
    now: datetime,
    fact_id: int | None = None,
    slot: str | None = None,
) -> dict[str, Any]:
    """A job that is ready, as a row."""
    return {
        "name": name,
        "queue": queue,
        "payload": payload,
        "fact_id": fact_id,
        "slot": slot,
        "state": "ready",
        "attempts": 0,
        "run_at": now,
        "finished_at": None,
        "error": "",
    }


def enqueue_all(rows: Sequence[dict[str, Any]]) -> None:
    """Make many jobs in the open transaction, as `enqueue` makes one."""
    if rows:
        dialect = sqlite if is_sqlite() else postgresql
        session().execute(dialect.insert(Job.__table__).on_conflict_do_nothing(), list(rows))


def has_due(*, queue: str, now: datetime) -> bool:
    """Whether a queue has something to do; a cheap read before taking the writer's lock."""
    return session().scalar(select(Job.id).where(Job.queue == queue, _due(now)).limit(1)) is not None


def has_slot(name: str, slot: str) -> bool:
    """Whether a schedule's slot has its job already."""
    return session().scalar(select(Job.id).where(Job.name == name, Job.slot == slot)) is not None


def claim(*, queue: str, worker: str, now: datetime) -> Job | None:
    """Take the next due job of a queue, or one whose lease ran out; commits the lease."""
    with transaction():
        query = select(Job).where(Job.queue == queue, _due(now)).order_by(Job.run_at, Job.id).limit(1)
        job = session().scalar(query.with_for_update(skip_locked=True))
        if job is not None:
            job.state, job.lease_by, job.lease_until = "running", worker, now + LEASE
            job.attempts += 1
        return job


def claim_together(*, queue: str, names: Collection[str], worker: str, now: datetime) -> list[Claimed]:
    """Take all due jobs of one of these tasks, the one that waits longest, up to `TOGETHER`; commits the leases."""
    due = (Job.queue == queue) & _due(now) & (Job.attempts < TRIES_TOGETHER)
    first = select(Job.name).where(due, Job.name.in_(names)).order_by(Job.run_at, Job.id).limit(1)
    name = session().scalar(first)
    if name is None:
        return []
    columns = (Job.id, Job.name, Job.payload, Job.attempts + 1)
    same = select(*columns).where(due, Job.name == name).order_by(Job.run_at, Job.id).limit(TOGETHER)
    lease = {"state": "running", "lease_by": worker, "lease_until": now + LEASE, "attempts": Job.attempts + 1}
    with transaction():
        found = [Claimed(*row) for row in session().execute(same.with_for_update(skip_locked=True))]
        taken = update(Job).where(Job.id.in_([job.id for job in found])).values(**lease)
        session().execute(taken, execution_options={"synchronize_session": False})
    return found


def _due(now: datetime) -> ColumnElement[bool]:
    return or_(
        (Job.state == "ready") & (Job.run_at <= now),
        (Job.state == "running") & (Job.lease_until <= now) & (Job.attempts < ATTEMPTS),
    )


def exhausted(*, queue: str, now: datetime) -> Job | None:
    """A job whose worker died at its last attempt: whoever runs it again would die too."""
    dead = (Job.state == "running") & (Job.lease_until <= now) & (Job.attempts >= ATTEMPTS)
    return session().scalar(select(Job).where(Job.queue == queue, dead).order_by(Job.id).limit(1))


def give_up(job_id: int, *, worker: str, now: datetime) -> None:
    """Count a job whose worker died at its last attempt as failed; another worker may have done so before."""
    dead = (Job.id == job_id) & (Job.state == "running") & (Job.lease_until <= now) & (Job.attempts >= ATTEMPTS)
    failed_now = {
        "state": "failed",
        "lease_by": None,
        "lease_until": None,
        "error": f"its worker died; {worker} gave up",
    }
    session().execute(update(Job).where(dead).values(**failed_now))


def finish(job_id: int, *, worker: str, now: datetime) -> None:
    """Mark a job done in the transaction of its effect; a lost lease undoes both."""
    done = {"state": "done", "lease_by": None, "lease_until": None, "finished_at": now, "error": ""}
    _release(job_id, worker, done)


def finish_all(job_ids: Collection[int], *, worker: str, now: datetime) -> None:
    """Mark jobs done whose effect may come twice: one whose lease was lost is another worker's to finish."""
    done = {"state": "done", "lease_by": None, "lease_until": None, "finished_at": now, "error": ""}
    with transaction():
        finished = update(Job).where(_held(job_ids, worker)).values(**done)
        session().execute(finished, execution_options={"synchronize_session": False})


def give_back(job_id: int, *, worker: str, error: str, attempts: int, now: datetime) -> None:
    """Return a job that failed: again later, doubling the wait, and for good after the last attempt."""
    state = "failed" if attempts >= ATTEMPTS else "ready"
    wait = timedelta(seconds=min(2**attempts, 3600))
    again = {
        "state": state,
        "lease_by": None,
        "lease_until": None,
        "run_at": now + wait,
        "error": error[:500],
    }
    _release(job_id, worker, again)


def renew(*job_ids: int, worker: str, now: datetime) -> None:
    """Hold on to jobs that take long."""
    with transaction():
        session().execute(update(Job).where(_held(job_ids, worker)).values(lease_until=now + LEASE))


@operation("job.retry")
def retry(*, actor: Actor, job: int, now: datetime) -> None:
    """Let a job that was given up run again, with all its attempts; `job.not_failed` when it is no longer so."""
    if not actor.may(Permission.OPS_JOBS_RETRY):
        raise NotFoundError
    again = {"state": "ready", "attempts": 0, "run_at": now, "error": ""}
    given_up = (Job.id == job) & (Job.state == "failed")
    name = session().scalar(update(Job).where(given_up).values(**again).returning(Job.name))
    if name is None:
        raise DomainError("job.not_failed")
    note(f"job:{name}", before={"state": "failed"}, after={"state": "ready"})


def forget_done(*, before: datetime) -> None:
    """Drop finished jobs of long ago; the newest run of each schedule stays visible."""
    newest = select(func.max(Job.id)).where(Job.slot.is_not(None)).group_by(Job.name)
    old = (Job.state == "done") & (Job.finished_at < before) & Job.id.not_in(newest)
    with transaction():
        session().execute(delete(Job).where(old))


def lag(*, now: datetime) -> int:
    """Seconds by which the oldest due job is late; 0 when nothing waits."""
    oldest = session().scalar(select(func.min(Job.run_at)).where(Job.state == "ready", Job.run_at <= now))
    return 0 if oldest is None else int((now - oldest).total_seconds())


def last_runs() -> dict[str, Job]:
    """The newest finished run of each schedule, by its name."""
    newest = select(func.max(Job.id)).where(Job.slot.is_not(None), Job.state == "done").group_by(Job.name)
    return {job.name: job for job in session().scalars(select(Job).where(Job.id.in_(newest)))}


def failed() -> Select[Job]:
    """Jobs that were given up, as a statement."""
    return select(Job).where(Job.state == "failed")


def waiting() -> dict[str, int]:
    """How many jobs wait or run, by queue."""
    query = select(Job.queue, func.count()).where(Job.state.in_(["ready", "running"])).group_by(Job.queue)
    counted = {name: int(count) for name, count in session().execute(query)}
    return {queue: counted.get(queue, 0) for queue in QUEUES}


def _release(job_id: int, worker: str, values: dict[str, Any]) -> None:
    released = session().execute(update(Job).where(_held([job_id], worker)).values(**values))
    if released.rowcount != 1:  # type: ignore[attr-defined]
        raise LeaseLostError("job.lease_lost")


def _held(job_ids: Collection[int], worker: str) -> ColumnElement[bool]:
    """Those of the jobs that this worker still holds."""
    return Job.id.in_(job_ids) & (Job.lease_by == worker) & (Job.state == "running")
