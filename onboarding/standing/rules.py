"""How appeals, claims and checks move, and when a check is due."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from kernel.permissions import Permission
from kernel.states import Lifecycle, Step

if TYPE_CHECKING:
    from datetime import datetime

    from onboarding.licences.credit_code import Fault

WORDS: Final = range(4, 501)
"""How much an owner may say for herself."""
AGAINST: Final = ("refused", "suspended")
"""The decisions that can be appealed."""
CAUSES: Final = ("due", "expiry")
ANSWERS: Final = ("", "same", "photo")

EVERY: Final = timedelta(days=183)
"""Identities are verified again every six months (网络交易监督管理办法, article 24)."""
EXPIRING: Final = timedelta(days=30)
OVERDUE: Final = timedelta(days=30)
"""After so long without a word from the owner the operator is warned; nothing is closed by itself."""
AHEAD: Final = OVERDUE + timedelta(days=2)
"""So long before the six months are over a check opens: the owner has all her days, though the schedule runs late."""

_DECIDE, _OWNER = Permission.OPS_CASES_DECIDE, Permission.SELLER_ORGANISATION_EDIT
APPEAL: Final = Lifecycle(
    name="appeal",
    start="open",
    steps={("open", "grant"): Step("granted", _DECIDE), ("open", "dismiss"): Step("dismissed", _DECIDE)},
    labels={"open": "等待复核", "granted": "申诉成立", "dismissed": "申诉不成立"},
    tones={"open": "warn", "granted": "good", "dismissed": "bad"},
)
CLAIM: Final = Lifecycle(
    name="claim",
    start="open",
    steps={("open", "grant"): Step("granted", _DECIDE), ("open", "dismiss"): Step("dismissed", _DECIDE)},
    labels={"open": "等待核实", "granted": "认领成立", "dismissed": "认领不成立"},
    tones={"open": "warn", "granted": "good", "dismissed": "bad"},
)
CHECK: Final = Lifecycle(
    name="check",
    start="open",
    steps={
        ("open", "answer"): Step("answered", _OWNER),
        ("answered", "answer"): Step("answered", _OWNER),
        ("open", "confirm"): Step("confirmed", _DECIDE),
        ("answered", "confirm"): Step("confirmed", _DECIDE),
        ("answered", "ask_again"): Step("open", _DECIDE),
        ("open", "ask_again"): Step("open", _DECIDE),
    },
    labels={"open": "等工厂确认", "answered": "等审核员确认", "confirmed": "已复核"},
    tones={"open": "warn", "answered": "warn", "confirmed": "good"},
)


def words_fault(words: str) -> Fault | None:
    """What is wrong with what somebody says for herself, as `(code of refusal, params)`."""
    if len(words) in WORDS:
        return None
    return "field.standing_words", {"least": WORDS.start, "most": WORDS.stop - 1}


def is_overdue(opened_at: datetime, now: datetime) -> bool:
    """Whether an owner has left a check lying too long."""
    return now - opened_at > OVERDUE
