"""Work of payments behind the page: send money out, find out what became of lost answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from commission.payments.operations import perform, record_outcome, resolve
from commission.payments.queries import unanswered
from commission.payments.rail import Rail
from commission.payments.rules import LOOK_UP_AFTER
from kernel.permissions import SYSTEM
from kernel.work import each

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.ports import Ports


def send_refund(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:
    """Send a refund that was begun; runs after `payment.refund.begun`."""
    intent: str = payload["intent"]
    outcome = perform(intent, rail=ports.get(Rail))
    record_outcome(intent=intent, outcome=outcome, actor=SYSTEM, now=now)


def resolve_unknown(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  a schedule has no payload
    """Look up every intent without an answer by its key; one the rail never saw is sent again under the same key."""
    each(
        unanswered(before=now - LOOK_UP_AFTER),
        lambda intent: resolve(intent, rail=ports.get(Rail), now=now),
    )
