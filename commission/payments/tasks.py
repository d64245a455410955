"""Work of payments behind the page: send money out, find out what became of lost answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from structlog import get_logger

from commission.payments.operations import look_up, perform, record_outcome
from commission.payments.queries import unanswered
from commission.payments.rail import Rail
from commission.payments.rules import LOOK_UP_AFTER
from kernel.permissions import SYSTEM

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.ports import Ports

_log = get_logger("payments")


def send_refund(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:
    """Send a refund that was begun; runs after `payment.refund.begun`."""
    intent: str = payload["intent"]
    outcome = perform(intent, rail=ports.get(Rail))
    record_outcome(intent=intent, outcome=outcome, actor=SYSTEM, now=now)


def resolve_unknown(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  a schedule has no payload
    """Look up every intent without an answer by its key; one the rail never saw is sent again under the same key."""
    for intent in unanswered(before=now - LOOK_UP_AFTER):
        resolve(intent, rail=ports.get(Rail), now=now)


def resolve(intent: str, *, rail: Rail, now: datetime) -> str:
    """Settle one intent if the rail answers; returns its state."""
    outcome = look_up(intent, rail=rail)
    state = record_outcome(intent=intent, outcome=outcome, actor=SYSTEM, now=now)
    _log.info("intent looked up", intent=intent, state=state)
    return state
