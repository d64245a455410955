"""Facts become jobs. What many facts ask for together is done first, ahead of its jobs.

A search must show a change within seconds, while others hold the writer's lock for most of the time. So work that may
be repeated and writes nothing into the database is done as soon as its facts can be read, without any lock; then its
jobs are written as done. Killed in between, it is done again. A fact that stays, because its work kills the worker,
soon takes the way of all others: a job with a lease and counted attempts.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from structlog import get_logger

from kernel import jobs, outbox
from kernel.clock import Clock
from kernel.db import db, transaction

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.outbox import OutboxFact
    from kernel.ports import Ports
    from kernel.work import Plan, Task

AHEAD: Final = timedelta(seconds=10)
"""So young a fact must be for its work to be done ahead."""

_log = get_logger("relay")


def relay(plan: Plan, *, ports: Ports) -> bool:
    """Make the jobs that follow from new facts; true when there were any."""
    if not outbox.waiting():
        return False
    done = _ahead(plan, ports=ports)
    now = ports.get(Clock).now()
    with transaction():
        facts = outbox.unrelayed(limit=jobs.TOGETHER)
        following = [(fact, task) for fact in facts for task in plan.after.get(fact.kind, ())]
        jobs.enqueue_all([_job(fact, task, now=now, is_done=(fact.id, task.name) in done) for fact, task in following])
        outbox.mark_relayed(facts, now=now)
    return bool(facts)


def _ahead(plan: Plan, *, ports: Ports) -> set[tuple[int, str]]:
    """Do what young facts ask for together; returns what is done, by fact and task. What fails is left to its jobs."""
    now = ports.get(Clock).now()
    payloads: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
    tasks = {task.name: task for following in plan.after.values() for task in following if task.together}
    for fact, kind, payload in outbox.young(since=now - AHEAD, limit=jobs.TOGETHER):
        for task in plan.after.get(kind, ()):
            if task.name in tasks:
                payloads[task.name][fact] = payload
    done = set[tuple[int, str]]()
    for name, asked in payloads.items():
        if (together := tasks[name].together) is None:
            continue
        try:
            together(list(asked.values()), ports=ports, now=now)
        except Exception:  # noqa: BLE001  its jobs will try again, and say so when they fail
            _log.exception("not done ahead", task=name, facts=len(asked))
            db.session.rollback()
        else:
            done |= {(fact, name) for fact in asked}
    return done


def _job(fact: OutboxFact, task: Task, *, now: datetime, is_done: bool) -> dict[str, Any]:
    made = jobs.new_job(task.name, fact.payload, queue=task.queue, now=now, fact_id=fact.id)
    return made | ({"state": "done", "attempts": 1, "finished_at": now} if is_done else {})
