"""What follows from facts, and what runs by the clock."""

from flask import Flask
from sqlalchemy import select

from kernel.db import session
from kernel.jobs import Job
from kernel.outbox import Fact
from kernel.work import drain, start_schedules
from storefront.jobs import HANDLERS, PLAN
from tests.cast import NOW


def test_every_schedule_runs_through_the_worker(app: Flask) -> None:
    start_schedules(PLAN, now=NOW)
    drain(PLAN, ports=app.extensions["ports"])
    done = session().execute(select(Job.name, Job.state, Job.error).order_by(Job.name)).all()
    assert [tuple(row) for row in done] == sorted((each.task.name, "done", "") for each in PLAN.schedules)


def test_every_fact_of_the_house_stands_in_the_table() -> None:
    # By kind: a dataclass with slots is made twice, and both are subclasses.
    published = {fact.kind for fact in Fact.__subclasses__() if not fact.__module__.startswith("tests.")}
    assert published == {fact.kind for fact in HANDLERS}
    assert len({fact.kind for fact in HANDLERS}) == len(HANDLERS)
