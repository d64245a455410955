"""What can be done about leaving, once it is decided above: say so, take it back, be gone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.exc import IntegrityError

from kernel.audit import note, operation
from kernel.clock import business_date
from kernel.db import session
from kernel.errors import DomainError, NotFoundError
from kernel.ids import public_id
from kernel.outbox import publish
from kernel.permissions import Actor, Permission
from onboarding.accounts.operations import leave_organisation
from onboarding.departures.facts import FACTS, DepartureAnnounced
from onboarding.departures.models import Departure
from onboarding.departures.queries import held, house_of
from onboarding.departures.rules import DEPARTURE, closes_at

if TYPE_CHECKING:
    from datetime import datetime

    from onboarding.departures.queries import House


@operation("departure.announce")
def announce(*, actor: Actor, organisation: str, now: datetime) -> Departure:
    """Sell nothing from now on and be closed thirty days later. `departure.announced` when that was said before."""
    house = house_of(actor, organisation, lock=True)
    if held(house.id) is not None:
        raise DomainError("departure.announced")
    made = Departure(
        public_id=public_id("dep"),
        organisation_id=house.id,
        state=DEPARTURE.start,
        announced_at=now,
        announced_by=actor.user_id,
        closes_at=closes_at(now),
        ended_at=None,
    )
    session().add(made)
    try:
        session().flush()
    except IntegrityError as error:
        raise DomainError("departure.announced") from error
    day = business_date(made.closes_at).isoformat()
    note(f"{house.kind}:{organisation}", after={"departure": made.state, "closes_on": day})
    publish(DepartureAnnounced(organisation=organisation, closes_on=day), actor=actor, now=now)
    return made


@operation("departure.withdraw")
def withdraw(*, actor: Actor, organisation: str, now: datetime) -> None:
    """Stay after all. `departure.state` when there is nothing to take back, or it is closed."""
    _move(house_of(actor, organisation, lock=True), "withdraw", actor=actor, now=now)


@operation("departure.finish")
def finish(*, actor: Actor, house: House, now: datetime) -> None:
    """Be gone; whether nothing is open is for the caller to know, whether it is not too early for the table."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    _move(house, "finish", actor=actor, now=now)
    leave_organisation(actor=actor, organisation=house.organisation, now=now)


def _move(house: House, action: str, *, actor: Actor, now: datetime) -> None:
    found = held(house.id)
    if found is None:
        raise NotFoundError
    step, before = DEPARTURE.step(found.state, action), found.state
    found.state, found.ended_at = step.to, now
    session().flush()
    note(f"{house.kind}:{house.organisation}", before={"departure": before}, after={"departure": step.to})
    publish(FACTS[step.fact](organisation=house.organisation), actor=actor, now=now)  # type: ignore[call-arg]
