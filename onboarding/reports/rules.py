"""What is true of reports: their reasons, what one needs, how one moves."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from kernel.permissions import Permission
from kernel.states import Lifecycle, Step
from kernel.text import lazy

REASONS: Final = {
    "fake": lazy("假货或侵权"),
    "banned": lazy("违禁品"),
    "false": lazy("虚假宣传"),
    "price": lazy("价格欺诈"),
    "unlike": lazy("图文不符"),
    "lured": lazy("诱导到站外交易"),
    "other": lazy("其他"),
}
WORDS_CAP: Final = 500
WORDS_LEAST: Final = 4
"""So much is to be said where the reason says nothing."""
PICTURES: Final = 3
SENT: Final = (20, timedelta(days=1))
_DECIDE: Final = Permission.OPS_CASES_DECIDE

REPORT: Final = Lifecycle(
    name="report",
    start="open",
    steps={
        ("open", "uphold"): Step("upheld", _DECIDE),
        ("open", "ask"): Step("mended", _DECIDE),
        ("open", "dismiss"): Step("unfounded", _DECIDE),
    },
    labels={"open": "等平台核实", "upheld": "商品已下架", "mended": "已要求卖家改正", "unfounded": "没有发现问题"},
    tones={"open": "warn", "upheld": "good", "mended": "good"},
)

Fault = tuple[str, dict[str, str | int]]


def faults(*, reason: str, words: str, pictures: int) -> dict[str, Fault]:
    """What is missing or wrong, by field."""
    found: dict[str, Fault] = {}
    if reason not in REASONS:
        found["reason"] = ("field.required", {})
    if len(words) > WORDS_CAP:
        found["words"] = ("field.too_long", {})
    elif reason == "other" and len(words) < WORDS_LEAST:
        found["words"] = ("field.report.words", {})
    if pictures > PICTURES:
        found["pictures"] = ("field.report.pictures", {"most": PICTURES})
    return found
