"""How a case moves."""

from __future__ import annotations

from kernel.permissions import Permission
from kernel.states import Lifecycle, Step

CASE = Lifecycle(
    name="case",
    start="open",
    steps={
        ("open", "approve"): Step("approved", Permission.OPS_CASES_DECIDE),
        ("open", "refuse"): Step("refused", Permission.OPS_CASES_DECIDE),
        ("open", "ask"): Step("returned", Permission.OPS_CASES_DECIDE),
    },
    labels={"open": "待处理", "approved": "已通过", "refused": "已退回", "returned": "待补正"},
    tones={"open": "warn", "approved": "good", "refused": "bad", "returned": "warn"},
)
SUBJECTS = ("factory", "listing")
BULK = 100
