"""How a merchant and a factory come to work together, and part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from kernel.money import share
from kernel.permissions import Permission
from kernel.states import Lifecycle, Step
from kernel.text import lazy

WORDS_MOST = 200
GROUPS_MOST: Final = 20
GROUP_NAME_MOST: Final = 20
WHOLE_BP: Final = 10_000
LEAST_SHARE_BP: Final = 100
"""What a group of merchants pays of the supply price: all of it, or down to a hundredth."""

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


@dataclass(frozen=True, slots=True)
class Deal:
    """What a merchant owes for goods by her price group: its own price for them (fen), else a share (basis points)."""

    share_bp: int = WHOLE_BP
    own_fen: int | None = None

    def price(self, supply_fen: int) -> int:
        """What she owes instead of a supply price, at least a fen."""
        return max(share(supply_fen, self.share_bp), 1) if self.own_fen is None else self.own_fen

    def tiers(self, ladder: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
        """Her ladder: each rung at her share. Rungs that no longer fall are left out; a price of her own has none."""
        if self.own_fen is not None:
            return ()
        found: list[tuple[int, int]] = []
        for least, fen in ladder:
            if not found or self.price(fen) < found[-1][1]:
                found.append((least, self.price(fen)))
        return tuple(found)
