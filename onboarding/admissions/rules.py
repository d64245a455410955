"""How a merchant and a factory come to work together, and part."""

from __future__ import annotations

from kernel.permissions import Permission
from kernel.states import Lifecycle, Step
from kernel.text import lazy

WORDS_MOST = 200

ADMISSION = Lifecycle(
    name="admission",
    start="asked",
    steps={
        ("asked", "admit"): Step("admitted", Permission.FACTORY_MERCHANTS_ADMIT, "admission.granted"),
        ("asked", "refuse"): Step("refused", Permission.FACTORY_MERCHANTS_ADMIT, "admission.refused"),
        ("admitted", "end"): Step("ended", Permission.FACTORY_MERCHANTS_ADMIT, "admission.ended"),
        ("refused", "ask"): Step("asked", Permission.MERCHANT_GOODS_EDIT, "admission.asked"),
        ("ended", "ask"): Step("asked", Permission.MERCHANT_GOODS_EDIT, "admission.asked"),
    },
    labels={"asked": "待答复", "admitted": "已合作", "refused": "未同意", "ended": "已终止"},
    tones={"asked": "warn", "admitted": "good", "refused": "bad"},
)
TABS = {
    "asked": (lazy("待处理"), ("asked",)),
    "admitted": (lazy("已合作"), ("admitted",)),
    "other": (lazy("其他"), ("refused", "ended")),
}
