"""What the worker does for certificates: tell of what ends soon, let run out what has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from kernel.permissions import SYSTEM
from onboarding.certificates.operations import run_out

if TYPE_CHECKING:
    from datetime import datetime

    from kernel.ports import Ports


def let_run_out(payload: dict[str, Any], *, ports: Ports, now: datetime) -> None:  # noqa: ARG001  as every task
    """Do both for what is due by now; a second run finds nothing left."""
    run_out(actor=SYSTEM, now=now)
