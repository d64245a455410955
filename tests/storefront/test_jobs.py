"""What follows from facts, and what runs by the clock."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from kernel.clock import business_date
from kernel.db import session
from kernel.jobs import Job
from kernel.outbox import Fact
from kernel.work import drain, start_schedules
from storefront.jobs import HANDLERS, PLAN
from storefront.orders import queries
from storefront.orders.operations import receive
from storefront.orders.tasks import complete_all
from tests.cast import NOW
from tests.storefront.shop import Shop


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


def test_all_due_orders_complete_however_many_a_batch_takes(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_AT_ONCE", 1)
    for order in [shop.shipped(), shop.shipped()]:
        receive(actor=shop.buyer, order=order, now=NOW)
    later = NOW + timedelta(days=9)
    assert complete_all(day=business_date(later), now=later) == 2
