"""What runs by the clock."""

from flask import Flask
from sqlalchemy import select

from kernel.db import session
from kernel.jobs import Job
from kernel.work import drain, start_schedules
from storefront.jobs import PLAN
from tests.cast import NOW


def test_every_schedule_runs_through_the_worker(app: Flask) -> None:
    start_schedules(PLAN, now=NOW)
    drain(PLAN, ports=app.extensions["ports"])
    done = session().execute(select(Job.name, Job.state, Job.error).order_by(Job.name)).all()
    assert [tuple(row) for row in done] == sorted((each.task.name, "done", "") for each in PLAN.schedules)
