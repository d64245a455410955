"""Goods that right holders' notices keep off sale: taken down as by an operator, until the last cause is gone.

A measure stands beside the take-down of an operator: neither ends the other, and goods come back when none is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite

from kernel.clock import business_date
from kernel.db import is_sqlite, session
from kernel.errors import DomainError
from kernel.outbox import publish
from kernel.permissions import SYSTEM
from onboarding.listings.certified import check_certified
from onboarding.listings.facts import ListingLapsed, ListingPublished, ListingTakenDown
from onboarding.listings.models import Listing, Measure
from onboarding.listings.rules import LISTING, MEASURED
from onboarding.listings.sharing import standing_takedown
from onboarding.listings.steps import is_measured, take_step

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from kernel.permissions import Actor


def hold(*, actor: Actor, listings: Collection[str], cause: str, now: datetime) -> list[int]:
    """Take goods (public ids) off sale for a cause in the open transaction; the ids of these that were on sale.

    Those that are off sale otherwise cannot come on sale while the cause stands.
    """
    hidden = []
    for listing in _locked(Listing.public_id.in_(listings)):
        row = {"listing_id": listing.id, "cause": cause, "taken_at": now}
        dialect = sqlite if is_sqlite() else postgresql
        session().execute(dialect.insert(Measure).values(**row).on_conflict_do_nothing())
        if listing.state == "published":
            hidden.append(listing.id)
        if listing.state in LISTING.sources("take_down"):
            take_step(listing, "take_down", actor=actor, now=now, reason=str(MEASURED))
            publish(ListingTakenDown(listing.public_id), actor=actor, now=now)
    return hidden


def lift(*, cause: str, now: datetime) -> list[int]:
    """End what was taken down for a cause, once; the ids of the goods that are on sale again.

    Who may is settled by whoever ends the cause: a right holder who withdraws hers decides nothing of goods.
    """
    stands = (Measure.cause == cause) & Measure.ended_at.is_(None)
    ended = session().scalars(select(Measure.listing_id).where(stands)).all()
    listings = _locked(Listing.id.in_(ended))
    session().execute(update(Measure).where(stands).values(ended_at=now))
    return [one.id for one in listings if come_back(one, actor=SYSTEM, now=now)]


def come_back(found: Listing, *, actor: Actor, now: datetime) -> bool:
    """Put goods (held) that nothing keeps down any more back on sale as they were, and say whether they are.

    Without a certificate that they need they come back once there is one.
    """
    if found.state not in LISTING.sources("restore") or standing_takedown(found.id) is not None:
        return False
    if is_measured(found.id):
        found.reason = str(MEASURED) if found.state == "taken_down" else ""
        return False
    try:
        check_certified(found, today=business_date(now))
    except DomainError:
        if found.state != "lapsed":
            take_step(found, "lapse", actor=actor, now=now)
            publish(ListingLapsed(found.public_id), actor=actor, now=now)
        return False
    take_step(found, "restore", actor=actor, now=now)
    publish(ListingPublished(found.public_id), actor=actor, now=now)
    return True


def _locked(which: ColumnElement[bool]) -> Sequence[Listing]:
    """Goods held until the transaction ends, in the order of their ids."""
    query = select(Listing).where(which).order_by(Listing.id).with_for_update()
    return session().scalars(query.execution_options(populate_existing=True)).all()
