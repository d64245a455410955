"""What the worker does for notices: end those whose fifteen days are over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.permissions import SYSTEM
from onboarding.notices.decisions import lapse_due

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.ports import Ports


def end_due(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as every task
    """End what is due by now; a second run finds nothing left."""
    lapse_due(actor=SYSTEM, now=now)
