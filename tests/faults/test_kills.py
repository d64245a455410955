"""Web and worker are killed at random on the road from joining to the payout: nothing is lost, nothing is twice."""

import os
import random
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from commission.payments.tasks import resolve_unknown
from commission.settlement.models import Payout
from kernel.clock import Clock, ShiftedClock
from kernel.db import session
from kernel.permissions import SYSTEM, Role
from kernel.work import drain
from onboarding.accounts.operations import ensure_user, grant_staff_role
from onboarding.listings.models import Listing
from storefront.jobs import PLAN
from storefront.orders.models import Order, OrderGroup
from storefront.shipments.models import Shipment
from tests.cast import FANG, TAN
from tests.faults.books import differences
from tests.faults.ground import inside, rail_of
from tests.faults.journey import Journal, Journey
from tests.faults.killer import Killer
from tests.support import house
from tests.support.databases import Database
from tests.support.server import Server

KILLS = int(os.getenv("KILLS", "100" if os.getenv("STORM") else "12"))
SEED = int(os.getenv("SEED", "20260302"))


@pytest.mark.storm
@pytest.mark.slow
def test_killed_at_random_nothing_is_lost_and_nothing_happens_twice(
    database: Database, tmp_path: Path, make_server: Callable[..., Server]
) -> None:
    with inside(database, tmp_path / "server0") as app:
        clock = staff(app)
        server = make_server(database_url=database.url, SECRET_KEY=house.SECRET, LIMITS_SCALE="1000")
        began, journal = time.monotonic(), Journal()
        killer = Killer(server, clock, random.Random(SEED), KILLS)  # noqa: S311  a repeatable storm
        killer.start()
        rounds, faults = travel(server, clock, journal, killer)
        server.kill()
        recover(app, clock)
        told = f"{sum(killer.done.values())} kills {dict(killer.done)}, {rounds} rounds, faults {faults}"
        print(f"{database.kind}: {told}, {time.monotonic() - began:.0f} s")  # noqa: T201
        assert faults == 0, server.log()[-6000:]
        check(app, journal, rounds)
        assert server.command("ledger", "verify")
        assert server.command("self-check").strip() == "ok"


def staff(app: Flask) -> ShiftedClock:
    """Tan decides, Fang pays; the clock that web and worker share."""
    clock = app.extensions["ports"].get(Clock)
    for person, role in ((TAN, Role.OPERATOR), (FANG, Role.FINANCE)):
        ensure_user(phone=person.phone, name=person.name, actor=SYSTEM, now=clock.now())
        scope = {"scope_kind": "channel", "scope_value": ""}
        grant_staff_role(phone=person.phone, role=role, **scope, actor=SYSTEM, now=clock.now())
    return clock


def travel(server: Server, clock: ShiftedClock, journal: Journal, killer: Killer) -> tuple[int, int]:
    """Round after round until the killer is done: how many rounds, and how often a page was the server's fault."""
    faults = 0
    for number in count(1):
        journey = Journey(server.port, clock, journal, number=number)
        journey.travel(payouts_known)
        faults += sum(browser.statuses.get(500, 0) for browser in journey.browsers.values())
        if killer.finished.is_set():
            break
    assert killer.failure is None, killer.failure
    return number, faults


def payouts_known() -> int:
    """How many payouts the books hold."""
    session().rollback()
    return session().scalar(select(func.count()).select_from(Payout)) or 0


def recover(app: Flask, clock: ShiftedClock) -> None:
    """What the worker of the next start does: leases run out, lost answers are looked up."""
    clock.move(by=timedelta(minutes=1))
    resolve_unknown({}, ports=app.extensions["ports"], now=clock.now())
    drain(PLAN, ports=app.extensions["ports"])
    session().rollback()


def check(app: Flask, journal: Journal, rounds: int) -> None:
    """Everything that somebody was told is there, once, and the rail's books are ours."""
    assert sorted(session().scalars(select(Listing.code))) == sorted(journal.listings)
    assert session().scalar(select(func.count()).select_from(OrderGroup)) == len(set(journal.orders)) == rounds
    orders = {row.public_id: row.state for row in session().scalars(select(Order))}
    assert orders.keys() == set(journal.paid) == set(journal.shipped) == set(journal.received)
    assert set(orders.values()) <= {"delivered", "completed"}
    assert session().scalar(select(func.count()).select_from(Shipment)) == rounds
    assert list(session().scalars(select(Payout.state))) == ["paid"] * journal.payouts
    rail = rail_of(app)
    assert (len(rail.charges()), len(rail.payouts())) == (rounds, journal.payouts)
    assert differences(rail) == []
