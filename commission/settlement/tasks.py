"""What the worker does for settlement."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commission.payments.operations import perform, record_outcome
from commission.payments.rail import Rail
from commission.settlement.operations import record_payout, settle
from commission.settlement.queries import intent_of
from kernel.clock import business_date
from kernel.errors import NotFoundError
from kernel.permissions import SYSTEM

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from kernel.ports import Ports


def perform_payout(payload: Mapping[str, Any], *, ports: Ports, now: datetime) -> None:
    """Send a payout that was begun and book the answer; safe to repeat, since the intent keeps its key."""
    payout: str = payload["payout"]
    intent = intent_of(payout)
    if intent is None:
        raise NotFoundError
    outcome = perform(intent, rail=ports.get(Rail))
    record_outcome(intent=intent, outcome=outcome, actor=SYSTEM, now=now)
    record_payout(payout=payout, outcome=outcome, actor=SYSTEM, now=now)


def settle_due(payload: Mapping[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  every task's shape
    """Every day: release what is due by today's business date."""
    settle(day=business_date(now), actor=SYSTEM, now=now)
