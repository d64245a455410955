"""Lives of a payment and of one call to the rail, and how the key of a call is made."""

from __future__ import annotations

from datetime import timedelta

from kernel.permissions import Permission
from kernel.states import Lifecycle, Step

PAYMENT = Lifecycle(
    name="payment",
    start="pending",
    steps={
        ("pending", "pay"): Step("paid", Permission.ORDER_OWN_BUY),
        ("pending", "close"): Step("failed", Permission.ORDER_OWN_BUY),
        ("paid", "refund"): Step("refunded", Permission.SYSTEM_WORK_RUN),
    },
    labels={"pending": "待付款", "paid": "已付款", "failed": "未付款", "refunded": "已退款"},
)
INTENT = Lifecycle(
    name="intent",
    start="begun",
    steps={
        ("begun", "succeed"): Step("ok", Permission.SYSTEM_WORK_RUN),
        ("begun", "fail"): Step("failed", Permission.SYSTEM_WORK_RUN),
        ("begun", "lose"): Step("unknown", Permission.SYSTEM_WORK_RUN),
        ("unknown", "succeed"): Step("ok", Permission.SYSTEM_WORK_RUN),
        ("unknown", "fail"): Step("failed", Permission.SYSTEM_WORK_RUN),
    },
    labels={"begun": "已发起", "ok": "成功", "failed": "失败", "unknown": "结果待查"},
)
OPEN = ("begun", "unknown")
PROCESSING_BP = 60
"""What the rail keeps of a payment, in basis points, half-up in fen."""
LOOK_UP_AFTER = timedelta(seconds=10)
PAYS, DECLINES = "sandbox_pays", "sandbox_declines"
"""What a buyer may choose on the sandbox's page: the methods of its charges."""


def intent_key(intent: str) -> str:
    """The idempotency key of a call: made from its row's id alone, so that a repeat always carries the same."""
    return f"yuantou-{intent}"
