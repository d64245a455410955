"""Every schedule runs on a fresh deployment, and on one whose jobs are old."""

from datetime import timedelta

from sqlalchemy import select

from kernel.clock import Clock
from kernel.db import session
from kernel.jobs import Job
from kernel.work import drain, start_schedules
from storefront.jobs import PLAN, SCHEDULES
from tests.storefront.shop import Shop


def test_every_schedule_does_its_work_and_old_jobs_are_forgotten(shop: Shop) -> None:
    clock = shop.ports.get(Clock)
    for _day in range(3):
        start_schedules(PLAN, now=clock.now())
        drain(PLAN, ports=shop.ports)
        assert set(session().scalars(select(Job.error))) == {""}
        clock.moment += timedelta(days=8)
    assert len(session().scalars(select(Job.id)).all()) <= 2 * len(SCHEDULES)
