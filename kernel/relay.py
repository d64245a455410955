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
    from collections.abc import Mapping
    from datetime import datetime

    from kernel.outbox import OutboxFact, Waiting
    from kernel.ports import Ports
    from kernel.work import Plan, Task

AHEAD: Final = timedelta(seconds=10)
"""So young a fact must be for its work to be done ahead."""

_log = get_logger("relay")


class Ahead:
    """What is done ahead of its jobs. One thread looks; another may meanwhile relay what this is through with."""

    def __init__(self, plan: Plan, *, ports: Ports) -> None:
        self._plan, self._ports = plan, ports
        self._tasks = {task.name: task for tasks in plan.after.values() for task in tasks if task.together}
        self._through: dict[int, frozenset[str]] = {}

    @property
    def known(self) -> int:
        """How many facts are remembered."""
        return len(self._through)

    def look(self) -> bool:
        """Do what young facts ask for together, and remember it; true when there were any that are new."""
        now = self._ports.get(Clock).now()
        oldest = outbox.waiting()
        through = {fact: done for fact, done in self._through.items() if oldest and fact >= oldest[0].id}
        young = outbox.waiting(since=now - AHEAD, limit=jobs.TOGETHER + len(through))
        done: dict[int, frozenset[str]] = {fact.id: frozenset() for fact in young if fact.id not in through}
        for name, asked in self._asked([fact for fact in young if fact.id in done]).items():
            if self._do(name, asked, now=now):
                done |= {fact: done[fact] | {name} for fact in asked}
        self._through = through | done
        return bool(done)

    def is_through(self, fact: Waiting, *, now: datetime) -> bool:
        """Whether nothing more will be done ahead for this fact."""
        asks = any(task.together for task in self._plan.after.get(fact.kind, ()))
        return not asks or fact.id in self._through or fact.happened_at < now - AHEAD

    def has_done(self, task: Task, *, fact: int) -> bool:
        """Whether the work of a fact's task is done."""
        return task.name in self._through.get(fact, ())

    def _asked(self, facts: list[Waiting]) -> Mapping[str, dict[int, dict[str, Any]]]:
        payloads: dict[str, dict[int, dict[str, Any]]] = defaultdict(dict)
        for fact in facts:
            for task in self._plan.after.get(fact.kind, ()):
                if task.name in self._tasks:
                    payloads[task.name][fact.id] = fact.payload
        return payloads

    def _do(self, name: str, asked: dict[int, dict[str, Any]], *, now: datetime) -> bool:
        if (together := self._tasks[name].together) is None:
            raise TypeError(name)
        try:
            together(list(asked.values()), ports=self._ports, now=now)
        except Exception:  # noqa: BLE001  its jobs will try again, and say so when they fail
            _log.exception("not done ahead", task=name, facts=len(asked))
            db.session.rollback()
            return False
        return True


def relay(plan: Plan, *, ports: Ports, ahead: Ahead | None = None) -> bool:
    """Make the jobs that follow from new facts; true when there were any.

    Where nobody looks `ahead` on a thread of its own, that is done here.
    """
    now = ports.get(Clock).now()
    waiting = outbox.waiting(limit=jobs.TOGETHER)
    if waiting and ahead is None:
        ahead = Ahead(plan, ports=ports)
        ahead.look()
    if ahead is None or not (ready := [fact.id for fact in waiting if ahead.is_through(fact, now=now)]):
        return False
    with transaction():
        facts = outbox.unrelayed(ready)
        following = [(fact, task) for fact in facts for task in plan.after.get(fact.kind, ())]
        made = [_job(fact, task, now=now, is_done=ahead.has_done(task, fact=fact.id)) for fact, task in following]
        jobs.enqueue_all(made)
        outbox.mark_relayed(facts, now=now)
    return bool(facts)


def _job(fact: OutboxFact, task: Task, *, now: datetime, is_done: bool) -> dict[str, Any]:
    made = jobs.new_job(task.name, fact.payload, queue=task.queue, now=now, fact_id=fact.id)
    return made | ({"state": "done", "attempts": 1, "finished_at": now} if is_done else {})
