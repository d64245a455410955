"""How an organisation leaves, and how long ahead that is told."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kernel.clock import business_date, start_of
from kernel.permissions import Permission
from kernel.states import Lifecycle, Step

if TYPE_CHECKING:
    from datetime import datetime

NOTICE: Final = timedelta(days=30)
"""Who ends her trade says so on her page thirty days ahead, without a gap (E-commerce Law, article 16)."""

DEPARTURE: Final = Lifecycle(
    name="departure",
    start="announced",
    steps={
        ("announced", "withdraw"): Step("withdrawn", Permission.SELLER_ORGANISATION_EDIT, "departure.withdrawn"),
        ("announced", "finish"): Step("closed", Permission.SYSTEM_WORK_RUN, "departure.finished"),
    },
    labels={"announced": "关店公示中", "withdrawn": "已撤回关店", "closed": "已关店"},
    tones={"announced": "warn", "closed": "bad"},
)
STANDING: Final = ("announced", "closed")
"""States in which an organisation sells nothing."""


def closes_at(now: datetime) -> datetime:
    """The beginning (Shanghai) of the first day that has thirty whole days between it and the announcement."""
    return start_of(business_date(now) + NOTICE + timedelta(days=1))
