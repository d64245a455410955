"""What the worker does for what is sought: sum up and forget."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.permissions import SYSTEM
from storefront.demand import operations

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.ports import Ports


def tidy(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as every task
    """Sum up the days that are over and forget what has served its time."""
    operations.tidy(actor=SYSTEM, now=now)
