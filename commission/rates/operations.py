"""Publishing rate cards. A published card never changes; a new one replaces it from a later moment on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from commission.rates.models import RateCard, RateRule
from commission.rates.rules import BASES, FIRST_DAY, FIRST_RATES
from kernel.audit import note, operation
from kernel.clock import start_of
from kernel.db import session
from kernel.errors import DomainError
from kernel.permissions import Permission

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kernel.permissions import Actor


@operation("rates.publish_first_card")
def publish_first_card(*, actor: Actor, now: datetime) -> int:  # noqa: ARG001  the card has its own fixed day
    """Publish version 1, in force since the channel opened; nothing when there is a card already."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    if _last() is None:
        _write(1, FIRST_RATES, effective_from=start_of(FIRST_DAY), published_at=start_of(FIRST_DAY))
    return 1


@operation("rates.publish_card")
def publish_card(*, actor: Actor, rates: Mapping[str, int], effective_from: datetime, now: datetime) -> int:
    """Publish the next version: basis points by way, for all ways; in force from a moment still to come."""
    actor.require(Permission.SYSTEM_WORK_RUN)
    if set(rates) != set(BASES):
        raise DomainError("rates.incomplete", ways=", ".join(BASES))
    last = _last()
    if effective_from <= now or (last is not None and effective_from <= last.effective_from):
        raise DomainError("rates.backdated")
    version = 1 if last is None else last.version + 1
    _write(version, rates, effective_from=effective_from, published_at=now)
    return version


def _last() -> RateCard | None:
    return session().scalar(select(RateCard).order_by(RateCard.version.desc()).limit(1))


def _write(version: int, rates: Mapping[str, int], *, effective_from: datetime, published_at: datetime) -> None:
    rules = [
        {"card": version, "way": way, "basis_points": basis_points, "base": BASES[way]}
        for way, basis_points in rates.items()
    ]
    session().execute(insert(RateRule), rules)
    card = {"effective_from": effective_from, "published_at": published_at, "rules": len(rules)}
    session().execute(insert(RateCard).values(version=version, **card))
    note(f"rate_card:{version}", after=dict(rates))
